"""The ledger as a text: a row for each attempt, for spreadsheets (CSV) and for programs (JSON). It reads only; for a
thread. The columns are part of the protocol.
"""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from passerelle.money.amounts import usd
from passerelle.money.report import COUNTED, bounds_ms
from passerelle.money.rows import Row, Value
from passerelle.protocol.money import UsageFormat

if TYPE_CHECKING:
    from sqlite3 import Connection  # At run time only where a ledger is opened.

_COLUMNS: dict[str, str] = {
    "at": "at_ms",
    "request": "request",
    "attempt": "number",
    "gateway": "gateway",
    "origin": "origin",
    "key": "key_reference",
    "generation": "generation",
    "model": "model",
    "answeredModel": "answered_model",
    "provider": "provider",
    "role": "role",
    "client": "client",
    "workspace": "workspace",
    "conversation": "conversation",
    "inputTokens": "input_tokens",
    "outputTokens": "output_tokens",
    "cachedTokens": "cached_tokens",
    "cacheWriteTokens": "cache_write_tokens",
    "reasoningTokens": "reasoning_tokens",
    "tokensCounted": "counted",
    "costUsd": "cost_picousd",
    "costSource": "cost_source",
    "marketUsd": "market_picousd",
    "savedUsd": "saved_picousd",
    "byok": "byok",
    "firstDeltaMs": "first_delta_ms",
    "totalMs": "total_ms",
    "finish": "finish",
    "error": "error",
    "status": "status",
}
_AMOUNTS = frozenset({"costUsd", "marketUsd", "savedUsd"})
_YES_OR_NO = frozenset({"tokensCounted", "byok"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What begins a cell that a spreadsheet would run."""


def export(
    connection: "Connection", kind: UsageFormat, *, since_s: float | None, until_s: float | None
) -> tuple[str, int]:
    """The text, and how many attempts are in it, the earliest first."""
    sql = f"SELECT {', '.join(_COLUMNS.values())} FROM every_attempt WHERE {COUNTED} ORDER BY at_ms, key"  # noqa: S608
    rows = connection.execute(sql, bounds_ms(since_s, until_s)).fetchall()
    return _csv(rows) if kind == "csv" else _json(rows), len(rows)


def _csv(rows: Sequence[Row]) -> str:
    """As RFC 4180 has it."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(_COLUMNS)
    for row in rows:
        lines.writerow([_cell(name, value) for name, value in zip(_COLUMNS, row, strict=True)])
    return text.getvalue()


def _json(rows: Sequence[Row]) -> str:
    return msgspec.json.encode(
        [{name: _value(name, value) for name, value in zip(_COLUMNS, row, strict=True)} for row in rows]
    ).decode()


def _cell(name: str, value: Value) -> str | int | float | None:
    """Amounts are exact; what a spreadsheet would run is text."""
    if isinstance(value, int) and name in _AMOUNTS:
        return f"{Decimal(value).scaleb(-12).normalize():f}"
    shown = _value(name, value)
    if isinstance(shown, bool):
        return str(shown).lower()
    return f"'{shown}" if isinstance(shown, str) and shown.startswith(_FORMULA) else shown


def _value(name: str, value: Value) -> str | int | float | None:
    if not isinstance(value, int):
        return value
    if name == "at":
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if name in _AMOUNTS:
        return usd(value)
    return bool(value) if name in _YES_OR_NO else value
