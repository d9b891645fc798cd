"""What `passerelle usage` shows: rows, columns, and the sentences below them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import pytest

from passerelle.cli.columns import width_of
from passerelle.cli.overview import DAYS, trend
from passerelle.cli.sums import Line, Sheet, columns_of, label, lines_of, notes
from passerelle.protocol.money import UsageKey, UsageReport, UsageRow, UsageSum
from passerelle.words.uris import to_uri
from support.fake_results import usage_report, usage_sum

TIMES = {"firstDeltaMs": {"p50": 640.0, "p95": 1900.0}}


def row(key: str, cost_usd: float, **more: object) -> UsageRow:
    return msgspec.convert(usage_sum(cost_usd, key=key, **more), UsageRow)


def cells(lines: list[Line], room: int = 200) -> dict[str, list[str]]:
    sheet = Sheet(["Model"], [lines], report_of({}))
    return {column.heading: list(column.cells) for column in columns_of(sheet, room) if column.heading}


def report_of(rows: Mapping[str, float], **total: object) -> UsageReport:
    return msgspec.convert(usage_report(rows, **total), UsageReport)


@pytest.mark.parametrize(
    ("by", "key", "text"),
    [
        ("day", "2026-11-20", "2026-11-20 Fri"),
        ("hour", "2026-11-20T14", "2026-11-20 14:00"),
        ("week", "2026-11-16", "2026-11-16"),
        ("month", "2026-11", "2026-11"),
        ("model", "openai/gpt-5", "openai/gpt-5"),
        ("workspace", to_uri(Path.home() / "projects" / "a b"), str(Path("~/projects/a b"))),
        ("workspace", "vscode-remote://x/y", "vscode-remote://x/y"),
        ("provider", "", "(none)"),
        ("conversation", "0123456789abcdef", "01234567 A talk"),
        ("conversation", "fedcba9876543210", "fedcba98"),
    ],
)
def test_a_group_is_named_as_a_person_does(by: UsageKey, key: str, text: str) -> None:
    assert label(by, key, {"0123456789abcdef": "A talk"}) == text


def test_each_row_has_its_figures() -> None:
    lines = lines_of(["model"], [row("a/b", 12.3456, errors=2), row("c/d", 0.002, estimatedUsd=0.5, inputTokens=0)])

    assert cells(lines) == {
        "Model": ["a/b", "c/d"],
        "Cost": ["$12.35", "≈ $0.50"],
        "Requests": ["12", "12"],
        "Input": ["48K", "0"],
        "Cached": ["62%", "–"],
        "Output": ["3,100", "3,100"],
        "Saved": ["$0.0780", "$0.0780"],
        "p50": ["0.64 s", "0.64 s"],
        "p95": ["1.90 s", "1.90 s"],
        "Failed": ["2", ""],
    }


def test_what_nobody_knows_is_marked_and_not_added() -> None:
    lines = lines_of(["model"], [row("a/b", 1.0, unknown=3), row("c/d", 0.5)])
    sheet = Sheet(["Model"], [lines], report_of({}))

    assert [list(column.cells) for column in columns_of(sheet, 200)][3] == ["+ ?", ""]


def test_what_did_not_happen_takes_no_room() -> None:
    line = Line(["a"], row("a/b", 1.0, savedUsd=0.0, firstDeltaMs=None))

    assert {"Saved", "p50", "p95", "Failed"}.isdisjoint(cells([line]))


@pytest.mark.parametrize("room", [40, 60, 80, 100, 120, 200])
def test_a_table_is_never_wider_than_the_terminal(room: int) -> None:
    lines = lines_of(["model"], [row("anthropic/claude-sonnet-4", 12.0, unknown=1, errors=2), row("b", 3.0)])
    columns = columns_of(Sheet(["Model"], [lines], report_of({})), room)

    assert [column.heading for column in columns if column.heading][:2] == ["Model", "Cost"]
    assert width_of(columns) <= max(room, 42)


def test_bars_use_the_room_that_is_left_and_compare_rows_of_one_group() -> None:
    lines = [
        *lines_of(["model"], [row("a", 4.0), row("b", 1.0)]),
        *lines_of(["model"], [row("c", 0.1)]),
        Line(["Total"], row("", 5.1), is_total=True),
    ]
    (bars,) = (column for column in columns_of(Sheet([""], [lines], report_of({})), 200) if column.kind == "chart")

    assert [len(cell) for cell in bars.cells] == [24, 6, 24, 0]


@pytest.mark.parametrize(
    ("total", "said"),
    [
        ({}, []),
        ({"attempts": 14, "errors": 2}, ["2 of 14 attempts at 12 requests failed."]),
        (
            {"estimatedUsd": 0.002},
            ["≈ holds estimates, $0.0020 in all, where no gateway has said what it costs."],
        ),
        ({"unknown": 1}, ["+ ? is what nobody knows: the cost of 1 attempt at a model without a price."]),
        ({"unknown": 3}, ["+ ? is what nobody knows: the cost of 3 attempts at models without a price."]),
    ],
)
def test_a_reader_is_told_what_the_marks_mean(total: dict[str, object], said: list[str]) -> None:
    assert notes(report_of({"a": 1.0}, **total), []) == said


@pytest.mark.parametrize(
    ("accepted", "said"),
    [(0, "Ghost text: 10 shown, 0 accepted."), (4, "Ghost text: 10 shown, 4 accepted, $0.0050 for each.")],
)
def test_ghost_text_has_a_price_for_each_that_was_accepted(accepted: int, said: str) -> None:
    suggestions = {"shown": 10, "accepted": accepted, "costUsd": 0.02}
    report = msgspec.convert(usage_report({"a": 1.0}) | {"suggestions": suggestions}, UsageReport)

    assert notes(report, []) == [said]


def test_percentiles_are_explained_where_they_are_shown() -> None:
    columns = columns_of(Sheet(["Model"], [lines_of(["model"], [row("a", 1.0)])], report_of({})), 200)

    assert notes(report_of({"a": 1.0}), columns) == [
        "p50 and p95: half of the answers, and 95 in 100, began within this time."
    ]


def test_the_trend_has_a_character_for_each_day() -> None:
    rows = [row("2026-11-01", 1.0), row("2026-11-20", 2.0, estimatedUsd=0.5)]
    chart, _, words = trend(rows, date(2026, 10, 26)).partition("  ")

    assert (len(chart), chart.count("▁"), chart[6], chart[25]) == (DAYS, DAYS - 2, "▄", "█")
    assert words == "at most $2.50, on 2026-11-20"


def test_groups_that_are_split_repeat_no_name() -> None:
    rows = [
        msgspec.convert(usage_sum(1.0, key=key, split=split), UsageRow)
        for key, split in (("2026-11-20", "a/b"), ("2026-11-20", "c/d"), ("2026-11-21", ""))
    ]

    assert [line.labels for line in lines_of(["day", "model"], rows)] == [
        ["2026-11-20 Fri", "a/b"],
        ["", "c/d"],
        ["2026-11-21 Sat", "(none)"],
    ]


def test_a_sum_is_what_its_gateways_and_our_estimates_come_to() -> None:
    one = msgspec.convert(usage_sum(0.1, estimatedUsd=0.2), UsageSum)

    assert cells([Line(["a"], one)])["Cost"] == ["≈ $0.3000"]
