"""The ledger as a text: what is in it, exactly, and nothing that a spreadsheet would run."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator

import pytest

from passerelle.money.database import opened
from passerelle.money.export import export

NOON_MS = 1_795_176_000_123
ROW: dict[str, str | int | None] = {
    "key": "k1",
    "request": "r1",
    "number": 2,
    "at_ms": NOON_MS,
    "state": "settled",
    "owner": "o1",
    "lease_ms": 0,
    "gateway": "vercel",
    "origin": "https://ai-gateway.vercel.sh",
    "key_reference": "env:AI_GATEWAY_API_KEY",
    "generation": "gen_1",
    "model": "a/b",
    "answered_model": "a/b-2",
    "provider": "bedrock",
    "role": "chat",
    "client": "neovim",
    "workspace": "file:///work",
    "conversation": "c1",
    "input_tokens": 1_300,
    "output_tokens": 34,
    "cached_tokens": 1_000,
    "cache_write_tokens": 200,
    "reasoning_tokens": 5,
    "counted": 1,
    "bound_picousd": 9,
    "cost_picousd": 620_000_001,
    "cost_source": "gateway",
    "market_picousd": 10**15,
    "saved_picousd": -1,
    "byok": 0,
    "first_delta_ms": 500,
    "total_ms": 2_000,
    "finish": "stop",
    "error": None,
    "status": None,
}
AS_JSON = {
    "at": "2026-11-20T12:00:00.123Z",
    "request": "r1",
    "attempt": 2,
    "gateway": "vercel",
    "origin": "https://ai-gateway.vercel.sh",
    "key": "env:AI_GATEWAY_API_KEY",
    "generation": "gen_1",
    "model": "a/b",
    "answeredModel": "a/b-2",
    "provider": "bedrock",
    "role": "chat",
    "client": "neovim",
    "workspace": "file:///work",
    "conversation": "c1",
    "inputTokens": 1300,
    "outputTokens": 34,
    "cachedTokens": 1000,
    "cacheWriteTokens": 200,
    "reasoningTokens": 5,
    "tokensCounted": True,
    "costUsd": 0.000620000001,
    "costSource": "gateway",
    "marketUsd": 1000.0,
    "savedUsd": -1e-12,
    "byok": False,
    "firstDeltaMs": 500,
    "totalMs": 2000,
    "finish": "stop",
    "error": None,
    "status": None,
}
AS_CSV = {
    **{name: "" if value is None else str(value) for name, value in AS_JSON.items()},
    "tokensCounted": "true",
    "byok": "false",
    "costUsd": "0.000620000001",
    "marketUsd": "1000",
    "savedUsd": "-0.000000000001",
}


@pytest.fixture
def ledger() -> Iterator[sqlite3.Connection]:
    connection = opened(None)
    yield connection
    connection.close()


def write(ledger: sqlite3.Connection, **different: str | int | None) -> None:
    whole = ROW | different
    ledger.execute(
        f"INSERT INTO attempts ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})",  # noqa: S608
        list(whole.values()),
    )


def as_csv(ledger: sqlite3.Connection) -> list[dict[str, str]]:
    text, _ = export(ledger, "csv", since_s=None, until_s=None)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_attempt_is_a_line_with_exact_amounts(ledger: sqlite3.Connection) -> None:
    write(ledger)

    text, rows = export(ledger, "csv", since_s=None, until_s=None)

    assert rows == 1
    assert text.splitlines(keepends=True)[0] == ",".join(AS_JSON) + "\r\n"
    assert as_csv(ledger) == [AS_CSV]


def test_each_attempt_is_an_object(ledger: sqlite3.Connection) -> None:
    write(ledger)

    text, rows = export(ledger, "json", since_s=None, until_s=None)

    assert (json.loads(text), rows) == ([AS_JSON], 1)


def test_rows_are_the_earliest_first_and_none_that_runs(ledger: sqlite3.Connection) -> None:
    for number, state in enumerate(["settled", "pending", "open", "settled"]):
        write(ledger, key=f"k{number}", generation=f"gen_{number}", at_ms=NOON_MS - number, state=state)

    assert [row["generation"] for row in as_csv(ledger)] == ["gen_3", "gen_1", "gen_0"]
    _, rows = export(ledger, "json", since_s=(NOON_MS - 1) / 1000, until_s=NOON_MS / 1000)
    assert rows == 1


def test_an_empty_ledger_is_a_heading_or_an_empty_list(ledger: sqlite3.Connection) -> None:
    assert export(ledger, "csv", since_s=None, until_s=None) == (",".join(AS_JSON) + "\r\n", 0)
    assert export(ledger, "json", since_s=None, until_s=None) == ("[]", 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("a=1", "a=1"),
        ('say "a, b"\r\nand c', 'say "a, b"\r\nand c'),
        ("日本", "日本"),
    ],
)
def test_a_cell_is_text_whatever_it_begins_with(ledger: sqlite3.Connection, value: str, expected: str) -> None:
    write(ledger, client=value)

    assert as_csv(ledger)[0]["client"] == expected
    assert json.loads(export(ledger, "json", since_s=None, until_s=None)[0])[0]["client"] == value
