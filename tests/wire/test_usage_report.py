"""What was spent, asked of a real database: every grouping comes to the same, by the person's clocks."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from passerelle.money.database import opened
from passerelle.money.period import zone_of
from passerelle.money.report import Question, report
from passerelle.protocol.money import Percentiles, Suggestions, UsageKey, UsageReport, UsageRow, UsageSum

KEYS: tuple[UsageKey, ...] = get_args(UsageKey)
SUMMED = [name for name in UsageSum.__struct_fields__ if name not in {"first_delta_ms", "total_ms"}]
AMOUNTS = {"cost_usd", "estimated_usd", "saved_usd"}
NOW_S = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
ROW: dict[str, str | int | None] = {
    "request": "r",
    "number": 1,
    "state": "settled",
    "owner": "o",
    "lease_ms": 0,
    "gateway": "vercel",
    "origin": "https://ai-gateway.vercel.sh",
    "model": "a/b",
    "role": "chat",
    "client": "neovim",
    "input_tokens": 100,
    "output_tokens": 10,
    "cost_picousd": 10**9,
    "cost_source": "gateway",
    "saved_picousd": 0,
    "first_delta_ms": 500,
    "total_ms": 2_000,
}


@pytest.fixture
def ledger() -> Iterator[sqlite3.Connection]:
    connection = opened(None)
    yield connection
    connection.close()


def ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000)


def write(ledger: sqlite3.Connection, rows: Sequence[dict[str, str | int | None]]) -> None:
    ledger.execute("DELETE FROM attempts")
    for number, row in enumerate(rows):
        whole = {**ROW, "key": f"{number:09}", "at_ms": ms("2026-11-20T12:00"), **row}
        ledger.execute(
            f"INSERT INTO attempts ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})",  # noqa: S608
            list(whole.values()),
        )


def ask(
    ledger: sqlite3.Connection,
    by: UsageKey,
    split: UsageKey | None = None,
    *,
    since: str | None = None,
    until: str | None = None,
    zone: str = "Europe/Paris",
) -> UsageReport:
    question = Question(
        since_s=since and ms(since) / 1000,
        until_s=until and ms(until) / 1000,
        group_by=by,
        split_by=split,
        zone=zone_of(zone),
        now_s=NOW_S,
    )
    return report(ledger, question)


def keys(answer: UsageReport) -> list[tuple[str, str | None]]:
    return [(row.key, None if row.split is UNSET else row.split) for row in answer.rows]


def test_an_empty_ledger_has_no_rows_and_sums_of_nothing(ledger: sqlite3.Connection) -> None:
    answer = ask(ledger, "day", "model")

    assert answer == UsageReport(
        rows=[],
        total=UsageSum(**dict.fromkeys(SUMMED, 0), first_delta_ms=None, total_ms=None),
        since=None,
        until="2026-12-01T00:00:00Z",
        suggestions=Suggestions(shown=0, accepted=0, cost_usd=0.0),
    )


def test_a_sum_keeps_apart_what_is_said_estimated_and_unknown(ledger: sqlite3.Connection) -> None:
    write(
        ledger,
        [
            {"cached_tokens": 50, "cache_write_tokens": 20, "reasoning_tokens": 5, "saved_picousd": 3 * 10**8},
            {"number": 2, "error": "rateLimited", "cost_source": "estimate", "cost_picousd": 0, "total_ms": 9},
            {"cost_source": "estimate", "cost_picousd": 5 * 10**8, "first_delta_ms": None, "saved_picousd": -(10**8)},
            {"cost_source": "unknown", "cost_picousd": None, "saved_picousd": None, "state": "pending"},
            {"state": "open", "cost_source": "estimate", "total_ms": None},
        ],
    )

    assert ask(ledger, "day").rows == [
        UsageRow(
            requests=3,
            attempts=4,
            errors=1,
            input_tokens=400,
            output_tokens=40,
            cached_tokens=50,
            cache_write_tokens=20,
            reasoning_tokens=5,
            cost_usd=0.001,
            estimated_usd=0.0005,
            saved_usd=0.0002,
            unknown=1,
            first_delta_ms=Percentiles(p50=500.0, p95=500.0),
            total_ms=Percentiles(p50=2000.0, p95=2000.0),
            key="2026-11-20",
        )
    ]


@pytest.mark.parametrize(
    ("times", "p50", "p95"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([3, 1, 2], 2, 3),
        (list(range(1, 21)), 10, 19),
        (list(range(100, 0, -1)), 50, 95),
        (list(range(1, 102)), 51, 96),
    ],
)
def test_percentiles_are_times_that_there_were(
    ledger: sqlite3.Connection, times: list[int], p50: float, p95: float
) -> None:
    write(ledger, [{"first_delta_ms": time, "model": f"m{time % 3}"} for time in times])

    assert ask(ledger, "gateway").rows[0].first_delta_ms == Percentiles(p50=p50, p95=p95)
    assert ask(ledger, "model").total.first_delta_ms == Percentiles(p50=p50, p95=p95)


@pytest.mark.parametrize(
    ("by", "zone", "at", "expected"),
    [
        ("day", "Europe/Paris", "2026-11-20T22:59", "2026-11-20"),
        ("day", "Europe/Paris", "2026-11-20T23:00", "2026-11-21"),
        ("day", "Europe/Paris", "2026-07-01T22:00", "2026-07-02"),
        ("day", "Asia/Kolkata", "2026-11-20T18:29", "2026-11-20"),
        ("day", "Asia/Kolkata", "2026-11-20T18:30", "2026-11-21"),
        ("day", "America/Los_Angeles", "2026-11-20T07:59", "2026-11-19"),
        ("hour", "Asia/Kathmandu", "2026-11-20T18:15", "2026-11-21T00"),
        ("hour", "Europe/Paris", "2026-10-25T00:30", "2026-10-25T02"),
        ("hour", "Europe/Paris", "2026-10-25T01:30", "2026-10-25T02"),
        ("hour", "Europe/Paris", "2026-03-29T01:00", "2026-03-29T03"),
        ("week", "Europe/Paris", "2026-11-15T22:59", "2026-11-09"),
        ("week", "Europe/Paris", "2026-11-15T23:00", "2026-11-16"),
        ("week", "UTC", "2027-01-01T12:00", "2026-12-28"),
        ("week", "UTC", "2026-11-22T23:59", "2026-11-16"),
        ("month", "Europe/Paris", "2026-10-31T22:59", "2026-10"),
        ("month", "Europe/Paris", "2026-10-31T23:00", "2026-11"),
    ],
)
def test_a_row_is_in_the_day_that_the_clocks_showed(
    ledger: sqlite3.Connection, by: UsageKey, zone: str, at: str, expected: str
) -> None:
    write(ledger, [{"at_ms": ms(at)}])

    for since in (None, "2025-01-01", at):
        assert keys(ask(ledger, by, zone=zone, since=since)) == [(expected, None)]


def test_what_is_asked_for_is_from_its_beginning_and_before_its_end(ledger: sqlite3.Connection) -> None:
    write(ledger, [{"at_ms": ms("2026-11-20T00:00") + more} for more in (-1, 0, 1, 86_399_999, 86_400_000)])

    answer = ask(ledger, "day", since="2026-11-20", until="2026-11-21", zone="UTC")

    assert (answer.total.attempts, answer.since, answer.until) == (3, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")


def test_rows_are_in_order_of_time_or_dearest_first(ledger: sqlite3.Connection) -> None:
    write(
        ledger,
        [
            {"at_ms": ms(f"2026-11-{day}"), "model": model, "cost_picousd": cost, "cost_source": source}
            for day, model, cost, source in [
                (21, "dear", 9, "estimate"),
                (20, "dear", 1, "gateway"),
                (20, "cheap", 2, "gateway"),
                (20, "alike", 2, "gateway"),
            ]
        ],
    )

    assert keys(ask(ledger, "day")) == [("2026-11-20", None), ("2026-11-21", None)]
    assert keys(ask(ledger, "model")) == [("dear", None), ("alike", None), ("cheap", None)]
    assert keys(ask(ledger, "day", "model")) == [
        ("2026-11-20", "alike"),
        ("2026-11-20", "cheap"),
        ("2026-11-20", "dear"),
        ("2026-11-21", "dear"),
    ]
    assert keys(ask(ledger, "model", "day"))[:2] == [("dear", "2026-11-20"), ("dear", "2026-11-21")]


def test_groups_by_name(ledger: sqlite3.Connection) -> None:
    write(
        ledger,
        [{"answered_model": "a/c", "provider": "bedrock", "workspace": "file:///w", "conversation": "c1"}, {}],
    )

    assert keys(ask(ledger, "model", "provider")) == [("a/b", ""), ("a/c", "bedrock")]
    assert keys(ask(ledger, "workspace", "conversation")) == [("", ""), ("file:///w", "c1")]
    assert keys(ask(ledger, "client", "role")) == [("neovim", "chat")]
    assert keys(ask(ledger, "gateway")) == [("vercel", None)]


def test_suggestions_are_counted_with_what_ghost_text_cost(ledger: sqlite3.Connection) -> None:
    write(ledger, [{"role": "inline"}, {"role": "inline", "cost_source": "estimate"}, {"role": "chat"}])
    noon = ms("2026-11-20T12:00")
    shown = [(noon, "shown"), (noon, "shown"), (noon, "accepted"), (noon + 1, "shown")]
    ledger.executemany("INSERT INTO suggestions (at_ms, event, client) VALUES (?, ?, 'neovim')", shown)

    assert ask(ledger, "day").suggestions == Suggestions(shown=3, accepted=1, cost_usd=0.002)
    assert ask(ledger, "day", until="2026-11-20T12:00").suggestions == Suggestions(shown=0, accepted=0, cost_usd=0.0)


NAMES = st.sampled_from(["a", "b", "c"])
COUNTS = st.integers(0, 10**7)
MANY_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "at_ms": st.integers(ms("2026-01-01"), ms("2028-01-01")),
            "number": st.integers(1, 3),
            "state": st.sampled_from(["open", "pending", "settled", "settled"]),
            "gateway": NAMES,
            "model": NAMES,
            "answered_model": st.one_of(st.none(), NAMES),
            "provider": st.one_of(st.none(), NAMES),
            "role": NAMES,
            "client": NAMES,
            "workspace": st.one_of(st.none(), NAMES),
            "conversation": st.one_of(st.none(), NAMES),
            "input_tokens": COUNTS,
            "output_tokens": COUNTS,
            "cached_tokens": COUNTS,
            "cache_write_tokens": COUNTS,
            "reasoning_tokens": COUNTS,
            "cost_picousd": st.one_of(st.none(), st.integers(0, 10**14)),
            "cost_source": st.sampled_from(["gateway", "estimate", "unknown"]),
            "saved_picousd": st.one_of(st.none(), st.integers(-(10**12), 10**12)),
            "error": st.one_of(st.none(), NAMES),
            "first_delta_ms": st.one_of(st.none(), st.integers(0, 60_000)),
            "total_ms": st.one_of(st.none(), st.integers(0, 60_000)),
        }
    ),
    max_size=30,
)


def summed(rows: Sequence[UsageSum]) -> dict[str, int]:
    """In picodollars, where it is money: sums of floats would depend on their order."""
    return {
        name: sum(round(getattr(row, name) * (10**12 if name in AMOUNTS else 1)) for row in rows) for name in SUMMED
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=MANY_ROWS,
    zone=st.sampled_from(["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"]),
    days=st.tuples(st.integers(0, 730), st.integers(0, 730)),
)
def test_every_grouping_comes_to_the_same_and_to_what_is_in_the_rows(
    ledger: sqlite3.Connection, rows: list[dict[str, str | int | None]], zone: str, days: tuple[int, int]
) -> None:
    write(ledger, rows)
    bounds = [f"{datetime.fromtimestamp(ms('2026-01-01') / 1000 + day * 86_400, UTC):%Y-%m-%d}" for day in sorted(days)]
    since, until = bounds
    counted = [
        row
        for row in rows
        if row["state"] != "open" and isinstance(row["at_ms"], int) and ms(since) <= row["at_ms"] < ms(until)
    ]
    by_role = Counter(str(row["role"]) for row in counted)
    tokens = sum(row["input_tokens"] for row in counted if isinstance(row["input_tokens"], int))

    total = ask(ledger, "day", since=since, until=until, zone=zone).total

    assert (total.attempts, total.input_tokens) == (len(counted), tokens)
    assert total.requests == sum(row["number"] == 1 for row in counted)
    assert {row.key: row.attempts for row in ask(ledger, "role", since=since, until=until).rows} == by_role
    for by in KEYS:
        for split in (None, *KEYS):
            answer = ask(ledger, by, split, since=since, until=until, zone=zone)
            assert answer.total == total
            assert summed(answer.rows) == summed([total])
            assert len(set(keys(answer))) == len(answer.rows)


def test_a_large_ledger_is_summed_quickly(ledger: sqlite3.Connection) -> None:
    write(ledger, [])
    whole = {**ROW, "key": "", "at_ms": 0}
    first_ms, minute_ms = ms("2026-01-01"), 5 * 60_000
    rows = (
        {**whole, "key": f"{at:09}", "at_ms": first_ms + at * minute_ms, "model": f"m{at % 9}"} for at in range(100_000)
    )
    ledger.execute("BEGIN")
    ledger.executemany(
        f"INSERT INTO attempts ({', '.join(whole)}) VALUES ({', '.join(f':{name}' for name in whole)})",  # noqa: S608
        rows,
    )
    ledger.execute("COMMIT")
    began_s = time.process_time()

    answer = ask(ledger, "day", "model")

    assert answer.total.attempts == 100_000
    assert time.process_time() - began_s < 5  # Two fifths of a second, on a machine that has nothing else to do.
