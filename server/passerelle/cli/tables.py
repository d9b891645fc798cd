"""Tables on a terminal, by rich: no borders, numbers to the right, nothing cut off."""

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passerelle.cli.columns import Column
from passerelle.cli.output import clean, fit


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[str] = (),
    whole: Collection[str] = (),
) -> None:
    """`numbers` names the headings whose cells stand at the right; these and those in `whole` keep to one line."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for heading in headings:
        justify: Literal["left", "right"] = "right" if heading in numbers else "left"
        table.add_column(heading, justify=justify, no_wrap=heading in numbers or heading in whole, overflow="fold")
    for row in rows:
        table.add_row(*(Text(fit(clean(cell), sys.stdout)) for cell in row))
    Console(highlight=False).print(table)


def print_columns(columns: Sequence[Column], *, apart: Collection[int] = (), strong: Collection[int] = ()) -> None:
    """What `fitting` chose. `apart` and `strong` are numbers of rows: with an empty line before them, and bold."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.kind == "number" else "left"
        style = "cyan" if column.kind == "chart" else ""
        table.add_column(column.heading, justify=justify, style=style, no_wrap=column.kind != "text", overflow="fold")
    for number, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
        if number in apart:
            table.add_section()
        style = "bold" if number in strong else ""
        table.add_row(*(Text(fit(clean(cell), sys.stdout)) for cell in cells), style=style)
    Console(highlight=False).print(table)


def print_aside(lines: Iterable[str]) -> None:
    """Lines around a table: dim, and broken between words."""
    console = Console(highlight=False)
    for line in lines:
        console.print(Text(fit(clean(line), sys.stdout), style="dim"))
