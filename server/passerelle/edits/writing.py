"""Hunks → the fewest edits of whole lines in LSP's terms; a line that stays is not touched, nor is its end."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from passerelle.edits.hunks import Hunk, Selection
from passerelle.edits.indentation import is_blank
from passerelle.edits.matching import common
from passerelle.protocol.apply import TextEdit
from passerelle.protocol.lsp import Position, Range
from passerelle.words.failures import InvalidParams
from passerelle.words.text import Encoding, code_points, column_of, split_lines


class Writer:
    """A document as lines without their ends, and the way back."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        raw = split_lines(text)
        self._encoding = encoding
        self._has_final_end = not raw[-1]
        self._count = len(raw)
        self.lines = [line.rstrip("\r\n") for line in raw[: -1 if self._has_final_end else None]]
        self._line_end = raw[0][len(self.lines[0]) :] if self._count > 1 else "\n"

    def selection(self, span: Range | None) -> Selection | None:
        """The place that a client named. Raises InvalidParams where the document has no such lines."""
        if span is None:
            return None
        (first, start), (last, end) = sorted((self._spot(span.start), self._spot(span.end)))
        return Selection(first, start, last, end)

    def edits(self, hunks: Sequence[Hunk]) -> list[TextEdit]:
        """In the order of the document, and apart from each other by a line at least."""
        found: list[Hunk] = []
        for hunk in hunks:
            for change in _changes(self.lines, hunk):
                if found and found[-1].last == change.first:
                    before = found.pop()
                    found.append(Hunk(before.first, change.last, before.lines + change.lines))
                else:
                    found.append(change)
        return [self._edit(change) for change in found]

    def _spot(self, position: Position) -> tuple[int, int]:
        if not 0 <= position.line < self._count or position.character < 0:
            raise InvalidParams(f"range: the document has {self._count} lines, and no line {position.line}")
        line = self.lines[position.line] if position.line < len(self.lines) else ""
        return position.line, code_points(line, position.character, self._encoding)

    def _edit(self, change: Hunk) -> TextEdit:
        start, end = Position(line=change.first, character=0), Position(line=change.last, character=0)
        new_text = "".join(line + self._line_end for line in change.lines)
        if change.last == len(self.lines) and not self._has_final_end:
            # The document ends without a line end, and goes on doing so: the one before goes or comes instead.
            end = self._end_of(change.last - 1)
            new_text = self._line_end.join(change.lines)
            if change.first == change.last:
                start, new_text = end, self._line_end + new_text
            elif not change.lines and change.first > 0:
                start = self._end_of(change.first - 1)
        return TextEdit(range=Range(start=start, end=end), new_text=new_text)

    def _end_of(self, line: int) -> Position:
        text = self.lines[line]
        return Position(line=line, character=column_of(text, len(text), self._encoding))


def _changes(lines: Sequence[str], hunk: Hunk) -> Iterator[Hunk]:
    """What of a hunk is different from what is there."""
    new = hunk.lines
    # A blank line is as good as another: blanks in it are nobody's wish.
    old = ["" if is_blank(line) else line for line in lines[hunk.first : hunk.last]]
    for (i, j), (i_end, j_end) in pairwise([(-1, -1), *common(old, new), (len(old), len(new))]):
        if i + 1 < i_end or j + 1 < j_end:
            yield Hunk(hunk.first + i + 1, hunk.first + i_end, list(new[j + 1 : j_end]))
