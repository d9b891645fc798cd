"""Statements about attempts, each within a transaction of the caller. They know no file.

`table` is "attempts", or "spare" while the file cannot be written: a row is taken there before it is changed, and one
that is to be deleted there is "dismissed".
"""

from typing import TYPE_CHECKING, Literal

from passerelle.money.records import Unsettled
from passerelle.money.rows import Columns, milliseconds

if TYPE_CHECKING:
    from sqlite3 import Connection  # Loaded by whoever opens a connection, for start-up is a target.

Table = Literal["attempts", "spare"]

DAEMON_ENDED = "daemonEnded"
"""The error of an attempt whose daemon ended before it did."""

# No name in a statement comes from outside: tables and columns are literals of this package.
# ruff: noqa: S608


def insert(connection: "Connection", table: Table, row: Columns) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)


def change(connection: "Connection", table: Table, key: str, columns: Columns, *, state: str | None = None) -> bool:
    """Change the row of `key`, if there is one, and it is in that `state`; whether it was."""
    if table == "spare":
        _take(connection, key)
    changes = ", ".join(f"{name} = :{name}" for name in columns)
    condition = "key = :key AND (:of_state IS NULL OR state = :of_state)"
    found = connection.execute(
        f"UPDATE {table} SET {changes} WHERE {condition}", {**columns, "key": key, "of_state": state}
    )
    return found.rowcount > 0


def postpone(connection: "Connection", table: Table, key: str, next_try_s: float, *, tries: int) -> None:
    """Ask the gateway of a pending one later; with `tries` more that were in vain. Nothing is lost where it cannot be
    written: it is asked again.
    """
    if table == "attempts":
        connection.execute(
            "UPDATE attempts SET tries = tries + ?, next_try_ms = ? WHERE key = ? AND state = 'pending'",
            (tries, milliseconds(next_try_s), key),
        )


def give_up(connection: "Connection", table: Table, key: str) -> None:
    """A pending one is final as it is; some time later, where it cannot be written."""
    if table == "attempts":
        change(connection, table, key, {"state": "settled", "next_try_ms": None}, state="pending")


def remove(connection: "Connection", key: str) -> None:
    connection.execute("DELETE FROM attempts WHERE key = ?", (key,))


def bring_back(connection: "Connection") -> None:
    """Move what was kept beside the file into it."""
    if is_spare(connection):
        connection.execute("DELETE FROM attempts WHERE key IN (SELECT key FROM spare)")
        connection.execute("INSERT INTO attempts SELECT * FROM spare WHERE state <> 'dismissed'")
        connection.execute("DELETE FROM spare")


def is_spare(connection: "Connection") -> bool:
    """Whether the file lacks something."""
    return connection.execute("SELECT 1 FROM spare LIMIT 1").fetchone() is not None


def pending(connection: "Connection", now_s: float, most: int) -> list[Unsettled]:
    """Those whose gateway is to be asked by now, the longest waiting first."""
    rows = connection.execute(
        f"""
        SELECT key, at_ms, gateway, origin, key_reference, generation, tries, next_try_ms FROM {relation(connection)}
        WHERE state = 'pending' AND state <> 'settled' AND next_try_ms <= ? ORDER BY next_try_ms LIMIT ?
        """,
        (milliseconds(now_s), most),
    )
    return [
        Unsettled(
            key=key,
            at_s=at_ms / 1000,
            gateway=gateway,
            origin=origin,
            key_reference=key_reference,
            generation=generation,
            tries=tries,
            next_try_s=next_try_ms / 1000,
        )
        for key, at_ms, gateway, origin, key_reference, generation, tries, next_try_ms in rows
    ]


def orphan(connection: "Connection", table: Table, owner: str, now_s: float, lease_s: float) -> None:
    """Take the open ones whose daemon has ended for what they are. `owner` is alive, whatever its leases say.

    A lease that ends much later than any can was given before the clock was set back.
    """
    if table == "attempts":
        connection.execute(
            """
            UPDATE attempts SET
                state = CASE WHEN generation IS NULL THEN 'settled' ELSE 'pending' END,
                next_try_ms = CASE WHEN generation IS NOT NULL THEN :now END,
                error = :error
            WHERE state = 'open' AND state <> 'settled' AND owner <> :owner AND lease_ms NOT BETWEEN :now AND :latest
            """,
            {
                "now": milliseconds(now_s),
                "latest": milliseconds(now_s + 10 * lease_s),
                "owner": owner,
                "error": DAEMON_ENDED,
            },
        )


def expire(connection: "Connection", table: Table, before_s: float, unfinished_before_s: float, most: int) -> int:
    """Delete some of those from before that; how many. From a file that cannot be written, none."""
    if table == "spare":
        return 0
    deleted = connection.execute(
        """
        DELETE FROM attempts WHERE key IN (
            SELECT key FROM attempts WHERE at_ms < :before AND (state = 'settled' OR at_ms < :unfinished) LIMIT :most
        )
        """,
        {"before": milliseconds(before_s), "unfinished": milliseconds(unfinished_before_s), "most": most},
    )
    connection.execute("DELETE FROM suggestions WHERE at_ms < ?", (milliseconds(before_s),))
    return deleted.rowcount


def suggest(connection: "Connection", table: Table, at_s: float, event: str, client: str) -> None:
    """Note what became of ghost text. It is no money: a file that cannot be written goes without."""
    if table == "attempts":
        connection.execute(
            "INSERT INTO suggestions (at_ms, event, client) VALUES (?, ?, ?)", (milliseconds(at_s), event, client)
        )


def relation(connection: "Connection") -> Literal["attempts", "every_attempt"]:
    """Where all attempts are; the view of both tables costs much more than one table."""
    return "every_attempt" if is_spare(connection) else "attempts"


def _take(connection: "Connection", key: str) -> None:
    connection.execute("INSERT OR IGNORE INTO spare SELECT * FROM attempts WHERE key = ?", (key,))
