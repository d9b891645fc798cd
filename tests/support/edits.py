"""Edits of a document, as an editor applies them: positions are counted here, by nothing of the daemon's."""

from collections.abc import Sequence

from passerelle.edits.hunks import Hunk
from passerelle.edits.placing import place
from passerelle.edits.writing import Writer
from passerelle.protocol.apply import Placed, TextEdit
from passerelle.protocol.lsp import Position, Range
from passerelle.words.text import Encoding

UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def applied(text: str, edits: Sequence[TextEdit], encoding: Encoding) -> str:
    """The text with all edits made at once, the last one first."""
    for edit in reversed(edits):
        start, end = offset(text, edit.range.start, encoding), offset(text, edit.range.end, encoding)
        assert start <= end
        text = text[:start] + edit.new_text + text[end:]
    return text


def offset(text: str, position: Position, encoding: Encoding) -> int:
    """Where a position is; it must exist."""
    start = 0
    for _ in range(position.line):
        ends = [at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0]
        end = min(ends)
        start = end + (2 if text.startswith("\r\n", end) else 1)
    codec, size = UNITS[encoding]
    units = text[start:].encode(codec, "surrogatepass")[: position.character * size]
    assert len(units) == position.character * size
    return start + len(units.decode(codec, "surrogatepass"))


def in_order(edits: Sequence[TextEdit]) -> bool:
    """Whether they stand in the order of the document, and none touches another."""
    ends = [(edit.range.end.line, edit.range.end.character) for edit in edits]
    starts = [(edit.range.start.line, edit.range.start.character) for edit in edits]
    return all(end < start for end, start in zip(ends, starts[1:], strict=False))


def spliced(lines: Sequence[str], hunks: Sequence[Hunk]) -> list[str]:
    """The document's lines as the hunks want them."""
    result = list(lines)
    for hunk in reversed(hunks):
        result[hunk.first : hunk.last] = hunk.lines
    return result


def apply(
    text: str, code: str, language: str = "", *, span: Range | None = None, encoding: Encoding = "utf-16"
) -> tuple[str, Placed]:
    """The text with the code in its place."""
    writer = Writer(text, encoding)
    placement = place(writer.lines, code, writer.selection(span), language)
    edits = writer.edits(placement.hunks)
    assert in_order(edits)
    return applied(text, edits, encoding), placement.placed


def at(line: int, character: int = 0, last: int | None = None, end: int | None = None) -> Range:
    """A cursor, or a selection."""
    start = Position(line=line, character=character)
    stop = start if last is None else Position(line=last, character=end or 0)
    return Range(start=start, end=stop)
