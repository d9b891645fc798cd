"""The imports of a block, beside those of the document: what the document lacks comes after what it has."""

import re
from collections.abc import Iterator, Sequence

from passerelle.edits.headers import closes, is_comment, is_import, opens
from passerelle.edits.hunks import Hunk
from passerelle.edits.indentation import indent_of, is_blank, width
from passerelle.edits.outline import Item

Run = tuple[int, int]
_NAMES = re.compile(r"((?:import|export)\s[^{]*\{|from\s+\S+\s+import\s+|use\s[\w:]+::\{)([\w\s,*]+)(\}.*|)")
"""Of an import that names what it takes: what stands before the names, the names, and what stands after them."""


def import_runs(lines: Sequence[str], items: Sequence[Item]) -> Iterator[Run]:
    """The imports outside of items; one that opens a bracket goes on until it is closed."""
    inside = {line for item in items for line in range(item.first, item.last)}
    at = 0
    while at < len(lines):
        last = at + 1
        if at not in inside and is_import(lines[at]) and not width(lines[at]):
            if opens(lines[at]):
                last = next((place + 1 for place in range(at + 1, len(lines)) if closes(lines[place])), last)
            yield at, last
        at = last


def imported(document: Sequence[str], items: Sequence[Item], parts: Sequence[Sequence[str]]) -> Iterator[Hunk]:
    """What of the parts, each of them one import, the document lacks."""
    there = {line.strip() for line in document}
    known = list(import_runs(document, items))
    openings = {document[first].strip(): (first, last) for first, last in known if last > first + 1}
    place = known[-1][1] if known else _top(document)
    for part in parts:
        missing = [line for line in part if line.strip() not in there]
        if not missing:
            continue
        if group := openings.get(part[0].strip()):
            indent = indent_of(document[group[0] + 1])
            yield Hunk(group[1] - 1, group[1] - 1, [indent + line.strip() for line in missing])
        elif len(part) == 1 and (joined := _joined(document, known, part[0])):
            yield joined
        else:
            yield Hunk(place, place, [*part, *([] if known else [""])])


def _joined(document: Sequence[str], known: Sequence[Run], line: str) -> Hunk | None:
    """The names that a line imports beside those that the document imports from the same place already."""
    wanted = _NAMES.fullmatch(line)
    for first, last in known:
        there = _NAMES.fullmatch(document[first])
        if wanted and there and last == first + 1 and (there[1], there[3]) == (wanted[1], wanted[3]):
            names = dict.fromkeys(_split(there[2]) + _split(wanted[2]))
            return Hunk(first, last, [there[1] + there[2].replace(there[2].strip(), ", ".join(names)) + there[3]])
    return None


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _top(document: Sequence[str]) -> int:
    """After the comments that a document begins with."""
    place = 0
    while place < len(document) and is_comment(document[place]):
        place += 1
    while place < len(document) and place and is_blank(document[place]):
        place += 1
    return place
