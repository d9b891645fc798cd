"""TOML text → its values, by tomllib, and the place of each key, by a scanner of ours that knows no values."""

import re
import tomllib
from bisect import bisect_right
from contextlib import suppress
from typing import NamedTuple

Tree = dict[str, object]
Keys = tuple[str, ...]
"""The way to a value. The index of a table in an array of tables is one of its keys, as text."""
Place = tuple[int, int]
"""Line and column, in code points, from 1."""

MOST_DEEP = 32
MOST_KEYS = 5_000


class SyntaxFault(Exception):
    """The text is not TOML, or would exhaust who reads it; `place` is where. The message holds no value."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class Document(NamedTuple):
    tree: Tree
    places: dict[Keys, Place]


def read_document(text: str) -> Document:
    """The values of `text`, and a place for each key, each table and each table in an array. Raises SyntaxFault.

    The scanner goes first: tomllib needs quadratic time for a key with thousands of dots.
    """
    text = text.replace("\r\n", "\n")
    scanner = _Scanner(text)
    with suppress(_Astray):  # Not TOML: tomllib says why, and reads no further than we did.
        scanner.document()
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fault(error, text) from None
    except RecursionError:
        raise SyntaxFault("lists are nested too deeply", (1, 1)) from None
    except ValueError:  # Of `int`, for more than 4300 digits.
        raise SyntaxFault("a number has too many digits", (1, 1)) from None
    return Document(tree, scanner.places())


def place_of(places: dict[Keys, Place], keys: Keys) -> Place:
    """The place of a key or, where it is not written, of the table that it is missing from."""
    while keys and keys not in places:
        keys = keys[:-1]
    return places.get(keys, (1, 1))


def dotted(keys: Keys) -> str:
    """A key as it is written in TOML: `models."openai/*".top_p`."""
    return ".".join(key if _BARE.fullmatch(key) else f'"{key.translate(_ESCAPES)}"' for key in keys)


def _fault(error: tomllib.TOMLDecodeError, text: str) -> SyntaxFault:
    message, _, where = str(error).rpartition(" (at ")
    numbers = [int(number) for number in re.findall(r"\d+", where)]
    if len(numbers) == 2:  # noqa: PLR2004 - Line and column; else it says "end of document".
        return SyntaxFault(message, (numbers[0], numbers[1]))
    return SyntaxFault(message, (text.count("\n") + 1, len(text) - text.rfind("\n")))


_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x20), 0x7F)} | {ord('"'): '\\"', ord("\\"): "\\\\"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_HEADER = re.compile(r"\[\[?[ \t]*")
_HEADER_END = re.compile(r"[ \t]*\]\]?")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_KEY = re.compile(r"""(?P<bare>[A-Za-z0-9_-]+)|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_SCALAR = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'  # One or two quotes may stand before the closing three.
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
    r"""|[^\s,\]}\[{"'#][^,\]}#\n]*+""",  # A number, a moment, true or false.
    re.DOTALL,
)


class _Astray(Exception):
    """What follows is not TOML."""


class _Scanner:
    """Finds keys. It takes whatever tomllib takes, and more: it never says that a text is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._found: dict[Keys, int] = {}
        self._counts: dict[Keys, int] = {}  # Of `[[tables]]` seen so far.

    def places(self) -> dict[Keys, Place]:
        return {keys: self._place(offset) for keys, offset in self._found.items()}

    def document(self) -> None:
        table: Keys = ()
        while self._skip_blank():
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Keys:
        is_array = self._text.startswith("[[", self._at)
        self._take(_HEADER)
        table: Keys = ()
        for key, offset in self._key():
            if table in self._counts:
                table = (*table, str(self._counts[table] - 1))
            table = (*table, key)
            self._put(table, offset)
        self._take(_HEADER_END)
        if is_array:
            number = self._counts.get(table, 0)
            self._counts[table] = number + 1
            table = (*table, str(number))
            self._put(table, offset)
        elif table in self._counts:
            raise _Astray  # A table of the name of an array.
        return table

    def _pair(self, table: Keys) -> None:
        *parents, (last, offset) = self._key()
        for key, parent_offset in parents:
            table = (*table, key)
            self._put(table, parent_offset)
        keys = (*table, last)
        if keys in self._found:
            line, _ = self._place(self._found[keys])
            raise SyntaxFault(f"`{dotted(keys)}` is set twice, first in line {line}", self._place(offset))
        self._put(keys, offset)
        self._take(_EQUALS)
        self._value(keys)

    def _key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key and their offsets."""
        parts = []
        while True:
            offset = self._at
            match = self._take(_KEY)
            text = match[0]
            parts.append((text if match["bare"] else _unquoted(text), offset))
            if _DOT.match(self._text, self._at) is None:
                return parts
            self._take(_DOT)

    def _value(self, keys: Keys) -> None:
        match self._next():
            case "{":
                self._inline_table(keys)
            case "[":
                self._array(keys)
            case _:
                self._take(_SCALAR)

    def _inline_table(self, keys: Keys) -> None:
        self._at += 1
        while self._more("}"):
            self._pair(keys)

    def _array(self, keys: Keys) -> None:
        self._at += 1
        number = 0
        while self._more("]"):
            element = (*keys, str(number))
            if self._next() in "{[":
                self._check_depth(element, self._at)
            if self._next() == "{":
                self._put(element, self._at)
            self._value(element)
            number += 1

    def _more(self, end: str) -> bool:
        """Go past a comma to the next item; False past the end of the items."""
        self._skip_blank()
        if self._next() == ",":
            self._at += 1
            self._skip_blank()
        if self._next() != end:
            return True
        self._at += 1
        return False

    def _put(self, keys: Keys, offset: int) -> None:
        """Keep the first place of a key; a table may be named again, by those in it."""
        self._check_depth(keys, offset)
        self._found.setdefault(keys, offset)
        if len(self._found) > MOST_KEYS:
            raise SyntaxFault(f"more than {MOST_KEYS} keys", self._place(offset))

    def _check_depth(self, keys: Keys, offset: int) -> None:
        if len(keys) > MOST_DEEP:
            raise SyntaxFault("keys are nested too deeply", self._place(offset))

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def _next(self) -> str:
        """The next character; a line end stands for the end of the text."""
        return self._text[self._at : self._at + 1] or "\n"

    def _skip_blank(self) -> bool:
        """Go past blanks, line ends and comments; whether anything follows."""
        self._take(_BLANK)
        return self._at < len(self._text)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _Astray
        self._at = match.end()
        return match


def _unquoted(text: str) -> str:
    try:
        tree = tomllib.loads(f"key = {text}")
    except tomllib.TOMLDecodeError:
        raise _Astray from None
    return str(tree["key"])
