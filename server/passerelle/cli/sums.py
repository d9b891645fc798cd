"""The cells of `passerelle usage`: sums as columns, and what is to be said of them. It prints nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from passerelle.cli.charts import bar
from passerelle.cli.columns import Column, fitting, width_of
from passerelle.cli.figures import THOUSAND, UNKNOWN, count, share, usd_column
from passerelle.cli.output import homely
from passerelle.money.amounts import dollars
from passerelle.protocol.money import UsageKey, UsageReport, UsageRow, UsageSum
from passerelle.words.uris import to_path

NOTHING: Mapping[str, str] = {}
NONE = "(none)"
ID = 8
NARROWEST_BAR, WIDEST_BAR = 8, 24
P50 = "p50"


class Line(NamedTuple):
    """A row: what it is of, a text for each column of labels; how long its bar is, 1 for the dearest beside it."""

    labels: Sequence[str]
    sum: UsageSum
    part: float = 0.0
    is_total: bool = False


class Sheet(NamedTuple):
    """What is to be shown: groups of rows with one set of columns, and sentences around them."""

    headings: Sequence[str]
    groups: Sequence[Sequence[Line]]
    report: UsageReport
    above: Sequence[str] = ()
    below: Sequence[str] = ()

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group]

    @property
    def beginnings(self) -> list[int]:
        """The numbers of the rows that begin a group."""
        return list(accumulate(map(len, self.groups)))


def lines_of(keys: Sequence[UsageKey], rows: Sequence[UsageRow], titles: Mapping[str, str] = NOTHING) -> list[Line]:
    """A line for each row of a report that was grouped by the first key and split by the second, if there is one.

    `titles` are those of conversations, by id.
    """
    dearest = max(map(cost_of, rows), default=0.0) or 1.0
    lines: list[Line] = []
    above = ""
    for row in rows:
        names = [label(by, key or "", titles) for by, key in zip(keys, (row.key, row.split), strict=False)]
        if len(names) > 1 and names[0] == above:
            names[0] = ""  # One name above the parts of a group is enough.
        else:
            above = names[0]
        lines.append(Line(names, row, cost_of(row) / dearest))
    return lines


def label(by: UsageKey, key: str, titles: Mapping[str, str]) -> str:
    """What stands for a group."""
    if not key:
        return NONE
    match by:
        case "day":
            return f"{key} {date.fromisoformat(key):%a}"
        case "hour":
            return f"{key.replace('T', ' ')}:00"
        case "workspace":
            path = to_path(key)
            return key if path is None else homely(str(path))
        case "conversation":
            return f"{key[:ID]} {titles.get(key, '')}".rstrip()
        case _:
            return key


def cost_of(one: UsageSum) -> float:
    """All that is known of it, in US dollars: what gateways said and what is estimated."""
    return one.cost_usd + one.estimated_usd


def columns_of(sheet: Sheet, room: int) -> list[Column]:
    """As many columns as there is room for, the bars as long as they can be."""
    lines = sheet.lines
    labels = [
        Column(heading, [line.labels[number] for line in lines], kind="text")
        for number, heading in enumerate(sheet.headings)
    ]
    bars = Column("", ["█" * NARROWEST_BAR if line.part else "" for line in lines], 3, "chart")
    chosen = fitting([*labels, bars, *_figures([line.sum for line in lines])], room)
    length = min(WIDEST_BAR, NARROWEST_BAR + room - width_of(chosen))
    drawn = bars._replace(cells=[bar(line.part, 1.0, length) for line in lines])
    return [drawn if column is bars else column for column in chosen]


def notes(report: UsageReport, shown: Sequence[Column]) -> list[str]:
    """What a reader of the table must know, a sentence each."""
    said, total, suggestions = [], report.total, report.suggestions
    if total.errors:
        said.append(f"{total.errors:,} of {total.attempts:,} attempts at {total.requests:,} requests failed.")
    if total.estimated_usd:
        said.append(
            f"≈ holds estimates, {dollars(total.estimated_usd)} in all, where no gateway has said what it costs."
        )
    if total.unknown:
        many = "1 attempt at a model" if total.unknown == 1 else f"{total.unknown:,} attempts at models"
        said.append(f"+ {UNKNOWN} is what nobody knows: the cost of {many} without a price.")
    if any(column.heading == P50 for column in shown):
        said.append("p50 and p95: half of the answers, and 95 in 100, began within this time.")
    if suggestions.shown:
        each = f", {dollars(suggestions.cost_usd / suggestions.accepted)} for each" if suggestions.accepted else ""
        said.append(f"Ghost text: {suggestions.shown:,} shown, {suggestions.accepted:,} accepted{each}.")
    return said


def _figures(sums: Sequence[UsageSum]) -> list[Column]:
    costs = usd_column([cost_of(one) for one in sums])
    begun = [one.first_delta_ms for one in sums]
    is_estimate = ["≈ " if one.estimated_usd else "" for one in sums]
    return [
        Column("Cost", [mark + text for mark, text in zip(is_estimate, costs, strict=True)]),
        Column("", [f"+ {UNKNOWN}" if one.unknown else "" for one in sums], kind="text"),
        Column("Requests", [f"{one.requests:,}" for one in sums], 2),
        Column("Input", [count(one.input_tokens) for one in sums], 5),
        Column("Cached", [share(one.cached_tokens, one.input_tokens) for one in sums], 1),
        Column("Output", [count(one.output_tokens) for one in sums], 6),
        Column("Saved", usd_column([one.saved_usd for one in sums]) if any(one.saved_usd for one in sums) else [], 4),
        Column(P50, ["" if ms is None else f"{ms.p50 / THOUSAND:.2f} s" for ms in begun], 7),
        Column("p95", ["" if ms is None else f"{ms.p95 / THOUSAND:.2f} s" for ms in begun], 8),
        Column("Failed", [f"{one.errors:,}" if one.errors else "" for one in sums], 9),
    ]
