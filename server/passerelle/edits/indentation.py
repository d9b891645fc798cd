"""Indentation: how a text does it, and lines that are made to do it likewise."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_LEADING = re.compile(r"[ \t]*")
TAB = "\t"


def indent_of(line: str) -> str:
    """The blanks that a line begins with."""
    match = _LEADING.match(line)
    return match[0] if match else ""


def width(line: str) -> int:
    """How deep a line stands; a tab counts as four."""
    return len(indent_of(line).expandtabs(4))


def is_blank(line: str) -> bool:
    return not line.strip()


def unit_of(lines: Iterable[str]) -> str | None:
    """What one level is here: a tab, two or four spaces; None where it does not show."""
    deep = [indent_of(line) for line in lines if line[:1] in {" ", TAB} and not is_blank(line)]
    if not deep:
        return None
    if 2 * sum(indent.startswith(TAB) for indent in deep) > len(deep):
        return TAB
    widths = Counter(len(indent) % 4 for indent in deep if not indent.startswith(TAB))
    if 4 * widths[2] > len(deep):
        return "  "
    return "    " if 10 * widths[0] >= 9 * len(deep) else None


def moved(lines: Sequence[str], base: str, target: str, units: tuple[str | None, str | None]) -> list[str]:
    """The lines with those that stand at the indentation `base` at `target`, and all others as deep below it as before.

    `units` are a level of theirs and one of the document; where they differ, the ones become the others.
    """
    return [_moved(line, base, target, units) for line in lines]


def _moved(line: str, base: str, target: str, units: tuple[str | None, str | None]) -> str:
    if is_blank(line):
        return ""
    if not line.startswith(base):  # The text of a string that goes over several lines.
        return line
    rest = line.removeprefix(base)
    own, unit = units
    if own is None or unit is None or own == unit:
        return target + rest
    inner = indent_of(rest)
    depth = inner.count(own)
    return target + unit * depth + inner.replace(own, "") + rest[len(inner) :]
