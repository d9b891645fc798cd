"""What was spent, in groups: questions to the ledger, and the shape of their answers. It reads only; for a thread.

All sums are SQLite's, of whole numbers, so that every grouping comes to the same total. What is being answered is left
out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from itertools import chain, pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, Struct
from msgspec.structs import asdict

from passerelle.catalogue.model import iso_utc
from passerelle.money.amounts import usd
from passerelle.money.period import offsets
from passerelle.money.rows import milliseconds
from passerelle.protocol.money import Percentiles, Suggestions, UsageKey, UsageReport, UsageRow, UsageSum

if TYPE_CHECKING:
    from sqlite3 import Connection  # At run time only where a ledger is opened.

COUNTED = "state <> 'open' AND at_ms >= :since_ms AND at_ms < :until_ms"
"""Which attempts are in a report; `bounds_ms` has its parameters."""
INLINE = "inline"
"""The role of ghost text."""

_COLUMNS: dict[UsageKey, str] = {
    "model": "coalesce(answered_model, model)",
    "provider": "coalesce(provider, '')",
    "role": "role",
    "workspace": "coalesce(workspace, '')",
    "client": "client",
    "conversation": "coalesce(conversation, '')",
    "gateway": "gateway",
}
_CLOCKS: dict[UsageKey, str] = {
    "hour": "strftime('%Y-%m-%dT%H', {}, 'unixepoch')",
    "day": "strftime('%Y-%m-%d', {}, 'unixepoch')",
    "week": "strftime('%Y-%m-%d', {}, 'unixepoch', 'weekday 0', '-6 days')",  # The Sunday to come, and back to Monday.
    "month": "strftime('%Y-%m', {}, 'unixepoch')",
}
_FIRST_S = 1_767_225_600.0
"""2026, in which the first ledger was begun."""
_NEVER_MS = 1 << 62
_EACH = (
    "count(*) FILTER (WHERE number = 1)",
    "count(*)",
    "count(error)",
    "sum(input_tokens)",
    "sum(output_tokens)",
    "sum(cached_tokens)",
    "sum(cache_write_tokens)",
    "sum(reasoning_tokens)",
    "coalesce(sum(cost_picousd) FILTER (WHERE cost_source = 'gateway'), 0)",
    "coalesce(sum(cost_picousd) FILTER (WHERE cost_source = 'estimate'), 0)",
    "coalesce(sum(saved_picousd), 0)",
    "count(*) FILTER (WHERE cost_source = 'unknown')",
)
_SUMS, _COUNT = ", ".join(_EACH), len(_EACH)
_COST, _ESTIMATED = 8, 9
"""Places in it."""
_TIMES = "group_concat(first_delta_ms), group_concat(total_ms) FILTER (WHERE error IS NULL)"
"""As text: SQLite has no percentiles, and this is the fastest way to bring numbers over."""


class Question(Struct, frozen=True, kw_only=True):
    """What is asked: attempts from `since_s` on and before `until_s` (Unix time; None: no limit), in these groups."""

    since_s: float | None
    until_s: float | None
    group_by: UsageKey
    split_by: UsageKey | None
    zone: tzinfo | None
    now_s: float


class _Group(NamedTuple):
    key: str
    split: str
    sums: tuple[int, ...]
    first_delta_ms: list[int]
    total_ms: list[int]


def report(connection: "Connection", question: Question) -> UsageReport:
    """Rows by time, or dearest first, and what they come to."""
    groups = _ordered(_groups(connection, question), question)
    return UsageReport(
        rows=[_row(group, is_split=question.split_by is not None) for group in groups],
        total=_sum(groups),
        since=None if question.since_s is None else iso_utc(question.since_s),
        until=iso_utc(question.now_s if question.until_s is None else question.until_s),
        suggestions=_suggestions(connection, question),
    )


def bounds_ms(since_s: float | None, until_s: float | None) -> dict[str, int]:
    """The parameters of `COUNTED`."""
    return {
        "since_ms": 0 if since_s is None else milliseconds(since_s),
        "until_ms": _NEVER_MS if until_s is None else milliseconds(until_s),
    }


def _groups(connection: "Connection", question: Question) -> list[_Group]:
    sql = f"""
        SELECT {_key(question, question.group_by)}, {_key(question, question.split_by)}, {_SUMS}, {_TIMES}
        FROM every_attempt WHERE {COUNTED} GROUP BY 1, 2
    """  # noqa: S608  # Nothing in it comes from outside.
    found = connection.execute(sql, bounds_ms(question.since_s, question.until_s))
    return [_Group(row[0], row[1], row[2:-2], _numbers(row[-2]), _numbers(row[-1])) for row in found]


def _numbers(text: str | None) -> list[int]:
    return sorted(map(int, text.split(","))) if text else []


def _key(question: Question, key: UsageKey | None) -> str:
    """What names an attempt's group, in SQL."""
    if key is None:
        return "''"
    if key in _COLUMNS:
        return _COLUMNS[key]
    # Whatever is asked for, there is nothing before and after.
    known = offsets(max(question.since_s or 0.0, _FIRST_S), min(question.until_s or inf, question.now_s), question.zone)
    changes = [f"(at_ms >= {at_s}000) * {after - before}" for (_, before), (at_s, after) in pairwise(known)]
    return _CLOCKS[key].format(" + ".join(["at_ms / 1000", str(known[0][1]), *changes]))


def _ordered(groups: list[_Group], question: Question) -> list[_Group]:
    """By time, earliest first; else dearest first. Groups are compared as wholes, then the parts of each."""
    spent: Counter[str] = Counter()
    for group in groups:
        spent[group.key] += _spent(group)

    def place(group: _Group) -> tuple[int, str, int, str]:
        whole = 0 if question.group_by in _CLOCKS else -spent[group.key]
        part = 0 if question.split_by in _CLOCKS else -_spent(group)
        return whole, group.key, part, group.split

    return sorted(groups, key=place)


def _spent(group: _Group) -> int:
    return group.sums[_COST] + group.sums[_ESTIMATED]


def _row(group: _Group, *, is_split: bool) -> UsageRow:
    return UsageRow(**asdict(_sum([group])), key=group.key, split=group.split if is_split else UNSET)


def _sum(groups: Sequence[_Group]) -> UsageSum:
    columns = zip(*(group.sums for group in groups), strict=True)
    sums = [sum(column) for column in columns] or [0] * _COUNT
    return UsageSum(
        requests=sums[0],
        attempts=sums[1],
        errors=sums[2],
        input_tokens=sums[3],
        output_tokens=sums[4],
        cached_tokens=sums[5],
        cache_write_tokens=sums[6],
        reasoning_tokens=sums[7],
        cost_usd=usd(sums[_COST]),
        estimated_usd=usd(sums[_ESTIMATED]),
        saved_usd=usd(sums[10]),
        unknown=sums[11],
        first_delta_ms=_percentiles(group.first_delta_ms for group in groups),
        total_ms=_percentiles(group.total_ms for group in groups),
    )


def _percentiles(lists: Iterable[list[int]]) -> Percentiles | None:
    """By nearest rank: each is a time that there was."""
    times = sorted(chain.from_iterable(lists))
    if not times:
        return None
    at = [-(-len(times) * percent // 100) - 1 for percent in (50, 95)]
    return Percentiles(p50=float(times[at[0]]), p95=float(times[at[1]]))


def _suggestions(connection: "Connection", question: Question) -> Suggestions:
    bounds = bounds_ms(question.since_s, question.until_s)
    sql = "SELECT event, count(*) FROM suggestions WHERE at_ms >= :since_ms AND at_ms < :until_ms GROUP BY event"
    counts = dict(connection.execute(sql, bounds).fetchall())
    sql = f"SELECT coalesce(sum(cost_picousd), 0) FROM every_attempt WHERE role = :role AND {COUNTED}"  # noqa: S608
    (cost,) = connection.execute(sql, bounds | {"role": INLINE}).fetchone()
    return Suggestions(shown=counts.get("shown", 0), accepted=counts.get("accepted", 0), cost_usd=usd(cost))
