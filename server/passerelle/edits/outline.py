"""What a text defines: named things with their extent, by their first lines, indentation and closing brackets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from passerelle.edits.headers import (
    MARKDOWN,
    SECTIONS,
    closes,
    header_of,
    is_comment,
    is_decorator,
)
from passerelle.edits.indentation import is_blank, width

MOST_DEEP = 8
Lines = Sequence[str]


class Item(NamedTuple):
    """A named thing: lines `first` to before `last`; comments and decorators right above it begin at `lead`."""

    key: str
    is_strong: bool
    lead: int
    first: int
    last: int
    inner: tuple["Item", ...] = ()

    def walk(self) -> Iterator["Item"]:
        """It, and what is inside of it."""
        yield self
        for item in self.inner:
            yield from item.walk()


def outline(lines: Lines, language: str) -> tuple[Item, ...]:
    """The things that stand side by side, in order; what they hold is inside of them."""
    return tuple(_Reader(lines, language).items(0, len(lines)))


class _Reader:
    def __init__(self, lines: Lines, language: str) -> None:
        self._lines = lines
        self._language = language
        self._is_prose = language in MARKDOWN
        self._is_sections = language in SECTIONS or self._is_prose
        self._unclosed: dict[int, int] = {}
        """Before an end, the depth at which nothing is closed any more: it need not be looked for again."""
        self._quoted = _quoted(lines, ("```", "~~~") if self._is_prose else ('"""', "'''"))

    def items(self, at: int, end: int, depth: int = 0) -> Iterator[Item]:
        floor = at
        while at < end:
            following = self._lines[at + 1] if at + 1 < end else ""
            header = None if self._quoted[at] else header_of(self._lines[at], following, self._language)
            if header is None:
                at += 1
                continue
            last = self._section_end(at, end, header.level) if header.level else self._extent(at, end)
            inner = tuple(self.items(at + 1, last, depth + 1)) if depth < MOST_DEEP else ()
            yield Item(header.key, header.is_strong, self._lead(at, floor), at, last, inner)
            at = floor = last

    def _lead(self, first: int, floor: int) -> int:
        at = first
        while at > floor and not self._is_prose and _is_lead(self._lines[at - 1]):
            at -= 1
        return at

    def _section_end(self, at: int, end: int, level: int) -> int:
        """A section goes on until the next one that is not below it."""
        last = at + 1
        while last < end:
            header = None if self._quoted[last] else header_of(self._lines[last], "", self._language)
            if (header and 0 < header.level <= level) or (not self._is_prose and self._lines[last].startswith("[[")):
                while last > at + 1 and not self._is_prose and is_comment(self._lines[last - 1]):
                    last -= 1
                break
            last += 1
        return self._without_blanks(at, last)

    def _extent(self, at: int, end: int) -> int:
        """What stands deeper belongs to it, and what closes what it opened, and what that opens."""
        last, goes_on = self._stretch(at, end)
        while goes_on:
            last, goes_on = self._stretch(last - 1, end)
        return last

    def _stretch(self, at: int, end: int) -> tuple[int, bool]:
        """How far it goes from a line on, and whether the last line opens something again, as `):` does."""
        if self._opens_block(at) and (closed := self._closed(at, end)):
            return closed, False
        depth, last = width(self._lines[at]), at + 1
        for place in range(at + 1, end):
            line = self._lines[place]
            if self._quoted[place] or (not is_blank(line) and width(line) > depth):
                last = place + 1
            elif not is_blank(line) and not is_comment(line):
                break
        else:
            return last, False
        is_closing = width(line) == depth and closes(line)
        if (last == at + 1 and line.lstrip().startswith("{")) or (is_closing and self._opens_block(place)):
            return self._closed(place, end) or place + 1, False
        return (place + 1, line.rstrip().endswith((":", "(", "["))) if is_closing else (last, False)

    def _opens_block(self, at: int) -> bool:
        return self._lines[at].rstrip().endswith("{")

    def _closed(self, at: int, end: int) -> int | None:
        """After the bracket that closes a block, which stands where its line began; None if none does.

        Labels, preprocessor lines and quoted text may stand further left before it; another definition may not.
        """
        depth = width(self._lines[at])
        if depth <= self._unclosed.get(end, -1):
            return None
        for place in range(at + 1, end):
            line = self._lines[place]
            if is_blank(line) or self._quoted[place] or width(line) > depth:
                continue
            if closes(line) and not self._opens_block(place):
                return place + 1
            header = header_of(line, "", self._language)
            if header and header.is_strong:
                return None
        self._unclosed[end] = depth
        return None

    def _without_blanks(self, first: int, last: int) -> int:
        while last > first + 1 and is_blank(self._lines[last - 1]):
            last -= 1
        return last


def _is_lead(line: str) -> bool:
    return is_comment(line) or is_decorator(line)


def _quoted(lines: Lines, marks: tuple[str, ...]) -> list[bool]:
    """For each line, whether it begins inside a text that is quoted over several lines."""
    inside: list[bool] = []
    mark = ""
    for line in lines:
        inside.append(bool(mark))
        rest = line
        while (found := _first(rest, (mark,) if mark else marks)) is not None:
            rest = rest[rest.index(found) + 3 :]
            mark = "" if mark else found
    return inside


def _first(text: str, marks: tuple[str, ...]) -> str | None:
    there = [(text.index(mark), mark) for mark in marks if mark in text]
    return min(there)[1] if there else None
