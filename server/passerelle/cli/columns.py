"""Which columns of a table a terminal has room for. Pure: it measures texts and prints nothing."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

GAP = 2
"""Between two columns."""


class Column(NamedTuple):
    """One column, cell by cell. Of those with the highest `rank` a narrow terminal has no room; 0 always stays."""

    heading: str
    cells: Sequence[str]
    rank: int = 0
    kind: Literal["text", "number", "chart"] = "number"


def fitting(columns: Sequence[Column], room: int) -> list[Column]:
    """Those that fit side by side into `room` characters, in their order. A column of empty cells never does."""
    chosen: list[Column] = []
    filled = [column for column in columns if any(column.cells)]
    for column in sorted(filled, key=lambda column: column.rank):
        if not column.rank or width_of([*chosen, column]) <= room:
            chosen.append(column)
    return [column for column in columns if any(column is one for one in chosen)]


def width_of(columns: Sequence[Column]) -> int:
    """Of all of them side by side."""
    widths = [max(map(len, (column.heading, *column.cells))) for column in columns]
    return sum(widths) + GAP * (len(widths) - 1)
