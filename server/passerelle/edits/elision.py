"""Code that a block leaves out, as models write it (`# ... existing code ...`), put back from the document."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby, takewhile

from passerelle.edits.indentation import is_blank
from passerelle.edits.matching import Pair, common

_COMMENT = re.compile(r"(?:#|//|--|/\*+|<!--|\{/\*|;+|%|\"\"\")\s*(?P<words>.*?)\s*(?:\*/\}?|-->|\"\"\")?")
_DOTS = re.compile(r"(?:\.{3}|…)")
_LEFT_OUT = re.compile(
    r"\b(?:existing|unchanged|the rest|rest of|remaining|omitted|same as|as before|previous|other)\b", re.IGNORECASE
)
_IN_WORDS = re.compile(
    r"(?:(?:keep|leave|and|all|the|your)\s+)*(?:existing|rest of|remaining|other|unchanged|same)\b(?:\s+[\w-]+){0,5}",
    re.IGNORECASE,
)
"""How it is said without dots, by short comments that also say what is left out."""
_WHAT = re.compile(
    r"\b(?:code|methods?|functions?|implementations?|imports?|fields?|content|logic|lines|body|file|class|unchanged"
    r"|before|same)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(r"</?[\w.:-]+|(?:return|raise|throw|yield)\b|[^=({<>:+*/%]+")
"""What a line is about: its tag, what it sets or calls."""
LONGEST = 120
ALIKE = 0.6
MOST_PARTS = 40
MOST_WORK = 200_000
REACH = 10
"""How many lines more than itself a part of the block may stand for."""


def is_elision(line: str, language: str) -> bool:
    """Whether a line stands for code that is not shown. A bare `...` does, except in Python, where it is code."""
    text = line.strip()
    if not text or len(text) > LONGEST:
        return False
    if _DOTS.fullmatch(text):
        return language not in {"python", "py", "pyi"}
    match = _COMMENT.fullmatch(text)
    if match is None or not match["words"]:
        return False
    words = match["words"]
    if _DOTS.match(words) or (_DOTS.search(words) and _LEFT_OUT.search(words)):
        return True
    return _IN_WORDS.fullmatch(words) is not None and _WHAT.search(words) is not None


def fill(region: Sequence[str], block: Sequence[str], marks: Sequence[bool], *, is_closed: bool) -> list[str] | None:
    """The block with the lines of the region in the place of those that are marked; None where it does not show which.

    `is_closed`: the block begins and ends where the region does. Else only what is between its first and its last line
    that the region has too.
    """
    parts = _parts(block, marks)
    if len(parts) > MOST_PARTS:
        return None
    filled: list[str] = []
    at = 0
    for number, part in enumerate(parts):
        rest = region[at:]
        pairs = _pairs(rest, part)
        first, last = _span(rest, part, pairs) if pairs else (None, None)
        if is_closed and number == len(parts) - 1 and part:
            first, last = _beginning_of_end(rest, part) if first is None else first, len(rest)
        elif is_closed and number == 0 and part:
            first, last = 0, last or 1
        if first is not None and last is not None:
            filled += [*rest[:first], *part]
            at += last
        elif part:
            return None
    return [*filled, *region[at:]]


def _parts(block: Sequence[str], marks: Sequence[bool]) -> list[list[str]]:
    """What stands between the marks; empty at an end that is marked. Blank lines beside a mark are the document's."""
    runs = [
        (is_mark, [line for line, _ in run])
        for is_mark, run in groupby(zip(block, marks, strict=True), key=lambda pair: pair[1])
    ]
    parts = [run for is_mark, run in runs if not is_mark]
    begins, ends = runs[0][0], runs[-1][0]
    trimmed = [
        _trimmed(part, start=begins or number > 0, end=ends or number < len(parts) - 1)
        for number, part in enumerate(parts)
    ]
    return [*([[]] if begins else []), *trimmed, *([[]] if ends else [])]


def _trimmed(lines: list[str], *, start: bool, end: bool) -> list[str]:
    while start and lines and is_blank(lines[0]):
        lines = lines[1:]
    while end and lines and is_blank(lines[-1]):
        lines = lines[:-1]
    return lines


def _pairs(region: Sequence[str], part: Sequence[str]) -> list[Pair]:
    """Lines that both have and that say something, as far as they can belong together."""
    found = common([line.strip() for line in region], [line.strip() for line in part], MOST_WORK)
    telling = [(i, j) for i, j in found if any(map(str.isalnum, part[j]))]
    while telling and telling[-1][0] - telling[0][0] > 2 * (telling[-1][1] - telling[0][1]) + REACH:
        telling.pop()
    return telling


def _span(region: Sequence[str], part: Sequence[str], pairs: Sequence[Pair]) -> Pair:
    """The lines of the region that a part takes the place of: from its first line that the region has to its last, and
    those beside them that are lines of the part, changed.
    """
    (first, own_first), (last, own_last) = pairs[0], pairs[-1]
    while first > 0 and own_first > 0 and _are_alike(region[first - 1], part[own_first - 1]):
        first, own_first = first - 1, own_first - 1
    after = zip(region[last + 1 :], part[own_last + 1 :], strict=False)
    changed = takewhile(lambda lines: _are_alike(*lines), after)
    return first, last + 1 + sum(1 for _ in changed)


def _beginning_of_end(region: Sequence[str], part: Sequence[str]) -> int:
    """Where a last part begins that goes to the region's end: at what both have there, be it a bracket."""
    at = len(region)
    for line in reversed(part):
        while at and is_blank(region[at - 1]):
            at -= 1
        if not at or region[at - 1].strip() != line.strip():
            return at - (at > 0 and _are_alike(region[at - 1], line))
        at -= 1
    return at


def _are_alike(line: str, other: str) -> bool:
    """Whether one is the other, changed: `return a + b` and `return a - b`, but not `self.a = a` and `self.b = b`."""
    line, other = line.strip(), other.strip()
    head, other_head = _HEAD.match(line), _HEAD.match(other)
    if head is None or other_head is None or head[0].strip() != other_head[0].strip():
        return False
    if line.startswith("<"):
        return True
    return max(len(line), len(other)) <= LONGEST and SequenceMatcher(None, line, other).ratio() > ALIKE
