"""Puts each thing that a block defines in the place of its namesake in the document."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from passerelle.edits.block import Block
from passerelle.edits.elision import fill
from passerelle.edits.headers import SETTINGS, closes, is_comment, is_decorator
from passerelle.edits.hunks import Hunk, Selection
from passerelle.edits.imports import import_runs, imported
from passerelle.edits.indentation import indent_of, is_blank, width
from passerelle.edits.outline import Item, outline

MOST_NAMESAKES = 50
"""That are compared, where many things have one name."""


class Piece(NamedTuple):
    """Lines of the block that belong together: an item, or what stands beside items."""

    first: int
    last: int
    item: Item | None
    namesake: Item | None


def redefined(document: Sequence[str], block: Block, selection: Selection | None) -> list[Hunk] | None:
    """The hunks, in order; None for a block that defines nothing that the document has."""
    try:
        hunks = _Redefinition(document, block, selection).hunks()
    except _Astray:
        return None
    hunks.sort(key=lambda hunk: hunk[:2])
    return None if any(one.last > other.first for one, other in pairwise(hunks)) else hunks


class _Astray(Exception):
    """The block does not show where it goes."""


class _Redefinition:
    def __init__(self, document: Sequence[str], block: Block, selection: Selection | None) -> None:
        self._document = document
        self._block = block
        self._selection = selection
        self._known = outline(document, block.language)
        self._there = {line.strip() for line in document}
        self._imports = list(import_runs(block.lines, block.items))
        self._imported = {line for first, last in self._imports for line in range(first, last)}

    def hunks(self) -> list[Hunk]:
        namesakes = self._namesakes(self._block.items, (item for top in self._known for item in top.walk()))
        pieces = list(self._pieces(self._block.items, namesakes, (0, len(self._block.lines))))
        is_named = any(piece.item and piece.item.is_strong and piece.namesake for piece in pieces)
        if not is_named and not (pieces and all(piece.namesake for piece in pieces)):
            raise _Astray
        end = len(self._document)
        while is_blank(self._document[end - 1]):
            end -= 1
        parts = [self._block.lines[first:last] for first, last in self._imports]
        return [*imported(self._document, self._known, parts), *self._side_by_side(pieces, end, "")]

    def _namesakes(self, items: Sequence[Item], known: Iterable[Item]) -> dict[int, Item | None]:
        """By the line where an item of the block begins, what the document defines by its name.

        Where both have several of one name, as overloads are, they belong together in order.
        """
        by_name: defaultdict[str, list[Item]] = defaultdict(list)
        for item in known:
            by_name[item.key].append(item)
        counts = Counter(item.key for item in items)
        namesakes: dict[int, Item | None] = {}
        for item in items:
            found = by_name[item.key]
            namesake = found[0] if len(found) == counts[item.key] else self._nearest(item, found)
            namesakes[item.lead] = namesake
            if namesake is not None:
                found.remove(namesake)
            counts[item.key] -= 1
        return namesakes

    def _nearest(self, item: Item, found: Sequence[Item]) -> Item | None:
        """Of several of one name the one that is selected, stands as deep, or is most alike; None where none is."""
        if self._selection is not None and len(found) <= MOST_NAMESAKES:
            line = self._selection.first
            if selected := [other for other in found if other.lead <= line < other.last]:
                return selected[-1]
        if not item.is_strong and len(found) > MOST_NAMESAKES:
            return None
        depth = width(self._block.lines[item.first])
        as_deep = [other for other in found[:MOST_NAMESAKES] if width(self._document[other.first]) == depth]
        if not item.is_strong and len(as_deep) != 1:
            return None
        return max(as_deep or found[:MOST_NAMESAKES], key=lambda other: self._alikeness(item, other), default=None)

    def _alikeness(self, item: Item, other: Item) -> int:
        lines = Counter(line.strip() for line in self._block.lines[item.lead : item.last])
        return (lines & Counter(line.strip() for line in self._document[other.lead : other.last])).total()

    def _pieces(
        self, items: Sequence[Item], namesakes: dict[int, Item | None], scope: tuple[int, int]
    ) -> Iterator[Piece]:
        """The items, and the runs of lines between them that say something new."""
        at, end = scope
        for item in items:
            yield from self._loose(at, item.lead)
            yield Piece(item.lead, item.last, item, namesakes[item.lead])
            at = item.last
        yield from self._loose(at, end)

    def _loose(self, at: int, end: int) -> Iterator[Piece]:
        while at < end:
            last = at
            while last < end and not self._is_pause(last):
                last += 1
            if any(line.strip() not in self._there for line in self._block.lines[at:last]):
                yield Piece(at, last, None, None)
            at = max(last, at + 1)

    def _is_pause(self, line: int) -> bool:
        return is_blank(self._block.lines[line]) or self._block.marks[line] or line in self._imported

    def _side_by_side(self, pieces: Sequence[Piece], end: int, indent: str) -> Iterator[Hunk]:
        """What has a namesake takes its place; what is new comes after what it follows in the block, at the depth
        `indent` where that is not known from a neighbour.
        """
        place: int | None = None
        after = next((piece.namesake for piece in pieces if piece.namesake), None)
        for piece in pieces:
            if piece.item and piece.namesake:
                yield from self._replaced(piece.item, piece.namesake)
                place, indent = piece.namesake.last, indent_of(self._document[piece.namesake.first])
            elif place is None and after is not None:
                lines = self._moved(piece, indent_of(self._document[after.first]))
                yield Hunk(after.lead, after.lead, [*lines, *self._gap(piece.last, 1)])
            else:
                at = end if place is None else place
                gap = self._gap(piece.first - 1, -1) or [""] * bool(piece.item and piece.item.is_strong)
                yield Hunk(at, at, [*gap, *self._moved(piece, indent)])

    def _moved(self, piece: Piece, indent: str) -> list[str]:
        first = piece.item.first if piece.item else piece.first
        return self._block.moved(indent, piece.first, piece.last, indent_of(self._block.lines[first]))

    def _gap(self, at: int, step: int) -> list[str]:
        """As many blank lines as the block has there; beside code that it leaves out, one."""
        count = 0
        while 0 <= at < len(self._block.lines) and is_blank(self._block.lines[at]):
            at, count = at + step, count + 1
        is_marked = 0 <= at < len(self._block.lines) and self._block.marks[at]
        return [""] * (1 if is_marked else count)

    def _replaced(self, item: Item, namesake: Item) -> Iterator[Hunk]:
        if self._is_partial(item, namesake):
            yield from self._merged(item, namesake)
            return
        lines = self._body(item, item.first, item.last, namesake)
        marks = self._block.marks[item.first : item.last]
        if any(marks):
            filled = fill(self._document[namesake.first : namesake.last], lines, marks, is_closed=True)
            if filled is None:
                raise _Astray
            lines = filled
        yield self._with_lead(item, namesake, namesake.last, lines)

    def _is_partial(self, item: Item, namesake: Item) -> bool:
        """Whether a container lacks, in the block, things that it has in the document: those stay. A function is no
        container: what it lacks it shall lack.
        """
        if item.key.endswith("()"):
            return False
        held = {inner.key for inner in self._members(namesake)}
        return not held <= {inner.key for inner in self._members(item)}

    def _members(self, item: Item) -> list[Item]:
        is_settings = self._block.language in SETTINGS
        return [inner for inner in item.inner if is_settings or inner.is_strong or inner.key.endswith("{")]

    def _merged(self, item: Item, namesake: Item) -> Iterator[Hunk]:
        """The head of the block's, and its members each in its place."""
        members, known = self._members(item), self._members(namesake)
        end = item.last - closes(self._block.lines[item.last - 1]) if item.last > item.first + 1 else item.last
        yield from self._head(item, members[0].lead if members else end, namesake, known[0].lead)
        namesakes = self._namesakes(members, known)
        pieces = list(self._pieces(members, namesakes, (members[0].lead, end))) if members else []
        indent = indent_of(self._document[known[0].first])
        yield from self._side_by_side(pieces, known[-1].last, indent)

    def _head(self, item: Item, end: int, namesake: Item, known_end: int) -> Iterator[Hunk]:
        """What stands before the members, if the block shows it; else the first line alone."""
        lines = self._body(item, item.first, end, namesake)
        while lines and is_blank(lines[-1]):
            lines.pop()
        while is_blank(self._document[known_end - 1]):
            known_end -= 1
        shown = self._block.marks[item.first : end].count(True) == 0 and len(lines) > 1
        if shown:
            yield self._with_lead(item, namesake, known_end, lines)
        elif _ending(lines[0]) == _ending(self._document[namesake.first]):
            yield self._with_lead(item, namesake, namesake.first + 1, lines[:1])

    def _body(self, item: Item, first: int, last: int, namesake: Item) -> list[str]:
        target = indent_of(self._document[namesake.first])
        return self._block.moved(target, first, last, indent_of(self._block.lines[item.first]))

    def _with_lead(self, item: Item, namesake: Item, last: int, lines: list[str]) -> Hunk:
        """With the comments and decorators above it: those of the block, and those of a kind that it does not show."""
        lead = self._body(item, item.lead, item.first, namesake)
        known = self._document[namesake.lead : namesake.first]
        shown = [kind for kind in (is_comment, is_decorator) if any(map(kind, lead))]
        kept = [line for line in known if not any(kind(line) for kind in shown)]
        both = [*kept, *lead] if kept and is_comment(kept[0]) else [*lead, *kept]
        return Hunk(namesake.lead, last, [*both, *lines])


def _ending(line: str) -> str:
    return line.rstrip()[-1:]
