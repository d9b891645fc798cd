"""A block of code from an answer, made ready to be put among the lines of a document."""

from collections.abc import Sequence

from passerelle.edits.elision import is_elision
from passerelle.edits.indentation import indent_of, moved, unit_of
from passerelle.edits.outline import outline


class Block:
    """`lines` neither begin nor end with a blank one. `marks` says which of them stand for code that is not shown."""

    def __init__(self, lines: Sequence[str], document: Sequence[str], language: str) -> None:
        there = {line.strip() for line in document}
        self.lines = lines
        self.language = language
        self.marks = [line.strip() not in there and is_elision(line, language) for line in lines]
        self.items = outline(lines, language)
        self.base = indent_of(lines[0])
        self.unit = unit_of(document)
        self._own_unit = unit_of(line.removeprefix(self.base) for line in lines)

    @property
    def is_whole(self) -> bool:
        """Whether it leaves nothing out."""
        return not any(self.marks)

    def moved(self, target: str, first: int = 0, last: int | None = None, base: str | None = None) -> list[str]:
        """Some of its lines, with those at its `base` moved to the indentation `target`."""
        base = self.base if base is None else base
        return moved(self.lines[first:last], base, target, (self._own_unit, self.unit))
