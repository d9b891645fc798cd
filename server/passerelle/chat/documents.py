"""The open documents of one client: their unsaved text, kept as lines and changed in place."""

from passerelle.protocol.lsp import ContentChange, Position, Range, TextDocumentItem
from passerelle.words.text import Encoding, code_points, split_lines


class Document:
    """One open document. Positions are in the client's position encoding; a file from disk has no version."""

    def __init__(self, language: str, text: str, version: int | None = None) -> None:
        self.language = language
        self.version = version
        self._lines = split_lines(text)

    def text(self) -> str:
        """The whole text, as the editor shows it."""
        return "".join(self._lines)

    def text_in(self, span: Range, encoding: Encoding) -> str:
        """The text of a range; a position past the end means the end."""
        (first, start), (last, end) = self._places(span, encoding)
        if first == last:
            return self._lines[first][start:end]
        middle = "".join(self._lines[first + 1 : last])
        return self._lines[first][start:] + middle + self._lines[last][:end]

    def apply(self, change: ContentChange, encoding: Encoding) -> None:
        """One change of `textDocument/didChange`."""
        if change.range is None:
            self._lines = split_lines(change.text)
            return
        (first, start), (last, end) = self._places(change.range, encoding)
        text = self._lines[first][:start] + change.text + self._lines[last][end:]
        # A CR kept before the change and an LF after it become one line end: split them together.
        if first > 0 and not start and self._lines[first - 1].endswith("\r"):
            first -= 1
            text = self._lines[first] + text
        lines = split_lines(text)
        is_last_line = last + 1 == len(self._lines)
        if not is_last_line and not lines[-1]:
            lines.pop()
        self._lines[first : last + 1] = lines

    def _places(self, span: Range, encoding: Encoding) -> tuple[tuple[int, int], tuple[int, int]]:
        """Start and end in this order, whichever way round the client wrote them."""
        first, second = sorted((self._place(span.start, encoding), self._place(span.end, encoding)))
        return first, second

    def _place(self, position: Position, encoding: Encoding) -> tuple[int, int]:
        """A line's index and the code point in it, clamped to what is there and before the line's end."""
        if position.line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        line = self._lines[position.line]
        return position.line, code_points(line.rstrip("\r\n"), position.character, encoding)


class Documents:
    """All that one client has open, by URI."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}

    def __getitem__(self, uri: str) -> Document | None:
        return self._open.get(uri)

    def open(self, item: TextDocumentItem) -> None:
        self._open[item.uri] = Document(item.language_id, item.text, item.version)

    def close(self, uri: str) -> None:
        self._open.pop(uri, None)
