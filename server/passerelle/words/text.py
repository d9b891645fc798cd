"""Positions in text: LSP counts columns in UTF-8 bytes, UTF-16 units or code points; Python in code points."""

import re
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")

LINE_END = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """Lines with their ends, split where LSP splits (CRLF, CR, LF) and nowhere else; never empty.

    `str.splitlines` also splits at U+2028 and others, which editors count as part of a line.
    """
    lines: list[str] = []
    start = 0
    for match in LINE_END.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    lines.append(text[start:])
    return lines


def code_points(line: str, column: int, encoding: Encoding) -> int:
    """The index into `line` of a column given in `encoding` units; past the end or inside a character: clamped."""
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    units = 0
    for index, character in enumerate(line):
        units += units_of(character, encoding)
        if units > column:
            return index
    return len(line)


def column_of(line: str, index: int, encoding: Encoding) -> int:
    """The column, in `encoding` units, of a code-point index into `line`."""
    head = line[:index]
    if encoding == "utf-32" or head.isascii():
        return len(head)
    return sum(units_of(character, encoding) for character in head)


def units_of(character: str, encoding: Encoding) -> int:
    """How many units one character takes."""
    if encoding == "utf-16":
        return 2 if character > "\uffff" else 1
    if encoding == "utf-8":
        return len(character.encode("utf-8", "surrogatepass"))
    return 1
