"""Where in a settings file a cursor stands, while the text is being written and is no TOML yet. Pure.

It reads from the top to the cursor and forgives: a string ends with its line, an array where a new table or key begins.
"""

import re
from typing import Literal, NamedTuple

from passerelle.config.toml import Keys

Kind = Literal["header", "key", "value", "nothing"]
_BLANK = re.compile(r"[ \t\r]+|#[^\n]*")
_BARE = re.compile(r"[^\s\"'\[\]{}=,.#]+")
_VALUE = re.compile(r"[^\s\"'\[\]{},#]+")
_STRING = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*(?:"{3,5}|$)|\'\'\'.*?(?:\'{3,5}|$)', re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*("?)|\'[^\'\n]*(\'?)')
_FRESH_LINE = re.compile(r"[ \t]*(?:\[\[?[ \t]*[A-Za-z][^\n\]]*\]|[A-Za-z0-9_-]+[ \t]*=)")
"""A line that begins a table or a key, whatever was left open above it."""


class Where(NamedTuple):
    """What is being written. `above` is the way to it: of a key its table, of a part of a header the parts before it,
    of a value its key. `typed` is what there is of it, without its quote, from the offset `start` on.
    """

    kind: Kind
    above: Keys = ()
    typed: str = ""
    start: int = 0
    quote: str = ""


def where(before: str) -> Where:
    """What a text ends in."""
    return _Reader(before).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._table: Keys = ()
        self._mode: Literal["key", "header", "value", "after"] = "key"
        self._parts: list[str] = []
        self._open: list[tuple[str, Keys]] = []
        """Brackets, each with the key that its content belongs to."""
        self._is_array_table = False
        self._last = Where("key")

    def read(self) -> Where:
        while self._at < len(self._text):
            ended = self._step()
            if ended is not None:
                return ended
        return self._last if self._last.start + len(self._last.typed) == self._at else self._expected()

    def _step(self) -> Where | None:
        """One token; what the text ends in, where it ends inside of it."""
        if blank := _BLANK.match(self._text, self._at):
            self._at = blank.end()
            is_comment = blank[0].startswith("#")
            return Where("nothing") if is_comment and self._at == len(self._text) else None
        character = self._text[self._at]
        if character == "\n":
            self._at += 1
            self._end_line()
        elif character in "\"'":
            return self._string(character)
        elif character in "[]{}=,.":
            self._at += 1
            self._punctuation(character)
        else:
            pattern = _VALUE if self._mode == "value" else _BARE
            match = pattern.match(self._text, self._at)
            self._at = match.end() if match else self._at + 1
            self._word(match[0] if match else character)
        return None

    def _expected(self) -> Where:
        """What comes next, where nothing of it is there."""
        kind: Kind = "nothing" if self._mode == "after" else self._mode
        return Where(kind, self._above(), "", self._at)

    def _above(self) -> Keys:
        if self._mode == "header":
            return tuple(self._parts)
        scope = self._open[-1][1] if self._open else self._table
        is_inner = bool(self._open) and self._open[-1][0] == "["
        return scope if is_inner else (*scope, *self._parts)

    def _word(self, word: str, *, start: int | None = None) -> None:
        begin = self._at - len(word) if start is None else start
        kind: Kind = "nothing" if self._mode == "after" else self._mode
        self._last = Where(kind, self._above(), word, begin)
        if self._mode in {"key", "header"}:
            self._parts.append(word)
        else:
            self._mode = "after"

    def _string(self, quote: str) -> Where | None:
        if self._text.startswith(quote * 3, self._at):
            match = _STRING.match(self._text, self._at)
            self._at = match.end() if match else len(self._text)
            self._mode = "after"
            return Where("nothing") if self._at == len(self._text) else None
        match = _QUOTED.match(self._text, self._at)
        assert match is not None  # noqa: S101  # It begins with a quote.
        start, self._at = self._at + 1, match.end()
        is_closed = bool(match[1] or match[2])
        word = self._text[start : self._at - is_closed]
        if not is_closed and self._at == len(self._text):
            kind: Kind = "nothing" if self._mode == "after" else self._mode
            return Where(kind, self._above(), word, start, quote)
        self._word(word, start=start)
        return None

    def _punctuation(self, mark: str) -> None:
        match mark:
            case "[" if self._mode == "key" and not self._parts and not self._open:
                self._mode = "header"
            case "[" if self._mode == "header":
                self._is_array_table = True
            case "]" if self._mode == "header":
                self._table = (*self._parts, "0") if self._is_array_table else tuple(self._parts)
                self._mode, self._parts, self._is_array_table = "after", [], False
            case "=" if self._mode == "key":
                self._mode = "value"
            case "[" | "{" if self._mode == "value":
                self._open.append((mark, self._above()))
                self._parts = []
                self._mode = "value" if mark == "[" else "key"
            case "]" | "}" if self._open:
                self._open.pop()
                self._mode, self._parts = "after", []
            case "," if self._open:
                self._parts = []
                self._mode = "value" if self._open[-1][0] == "[" else "key"

    def _end_line(self) -> None:
        is_in_array = bool(self._open) and self._open[-1][0] == "["
        if is_in_array and _FRESH_LINE.match(self._text, self._at) is None:
            return
        self._open, self._parts, self._mode, self._is_array_table = [], [], "key", False
