"""Where a block goes: lines of the document, and what they become."""

from typing import NamedTuple

from passerelle.protocol.apply import Placed


class Hunk(NamedTuple):
    """The document's lines from `first` to before `last` become `lines`. Lines are without their ends."""

    first: int
    last: int
    lines: list[str]


class Selection(NamedTuple):
    """Start and end as line and code point; the same twice for a cursor. Both may lie behind the last line."""

    first: int
    start: int
    last: int
    end: int

    @property
    def is_empty(self) -> bool:
        return (self.first, self.start) == (self.last, self.end)


class Placement(NamedTuple):
    """`hunks` are in the order of the document and do not overlap; what they say may be there already."""

    placed: Placed
    hunks: list[Hunk]
