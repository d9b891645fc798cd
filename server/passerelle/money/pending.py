"""When the ledger is to be looked at next for attempts that wait for their cost. Reads, and decides nothing else."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection  # At run time only where a ledger is opened.

_DUE = """
    SELECT key, CASE state WHEN 'open' THEN lease_ms ELSE next_try_ms END AS due_ms
    FROM every_attempt WHERE state <> 'settled'
"""


def next_due_s(connection: "Connection", but_for: Collection[str]) -> float | None:
    """Unix time at which an attempt may be asked for, or one whose daemon died be found; None if there is none.

    `but_for` holds keys of attempts that are not looked at.
    """
    due_ms = (due_ms for key, due_ms in connection.execute(_DUE) if key not in but_for and due_ms is not None)
    earliest_ms = min(due_ms, default=None)
    return None if earliest_ms is None else earliest_ms / 1000
