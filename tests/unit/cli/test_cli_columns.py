"""Which columns a terminal has room for."""

import pytest

from passerelle.cli.columns import Column, fitting, width_of

COLUMNS = [
    Column("Name", ["anthropic"]),
    Column("", ["", ""], 1),
    Column("Much", ["long text"], 2),
    Column("Cost", ["$1"]),
    Column("N", ["7"], 3),
]


@pytest.mark.parametrize(
    ("room", "headings"),
    [
        (0, ["Name", "Cost"]),
        (17, ["Name", "Cost"]),
        (18, ["Name", "Cost", "N"]),
        (25, ["Name", "Cost", "N"]),
        (26, ["Name", "Much", "Cost"]),
        (29, ["Name", "Much", "Cost", "N"]),
        (200, ["Name", "Much", "Cost", "N"]),
    ],
)
def test_what_matters_stays_and_an_empty_column_never_does(room: int, headings: list[str]) -> None:
    chosen = fitting(COLUMNS, room)

    assert [column.heading for column in chosen] == headings
    assert width_of(chosen) <= max(room, 15)


def test_no_column_has_no_width() -> None:
    assert fitting([], 80) == []
