"""The two halves of a ledger without their threads, for tests of what the file does to them."""

import sqlite3
from pathlib import Path

from msgspec.structs import replace

from passerelle.money.book import Book
from passerelle.money.reading import Reading
from passerelle.money.rows import Columns, begun_columns, ended_columns
from passerelle.money.standings import standings
from passerelle.money.statements import Table, change, insert
from support.attempts import BEGUN, ENDED, EVERYTHING, NOON_S
from support.ledger import written

NEVER_S = 1e9
LEASE: Columns = {"owner": "o", "lease_ms": 0}


class Desk:
    """A book and a reader of it, as a ledger has them on its threads."""

    def __init__(self, folder: Path, retry_s: float = NEVER_S) -> None:
        self.path = folder / "ledger.db"
        self.book = Book(self.path, patience_s=0.0, retry_s=retry_s)
        self.reading = Reading(self.path, self.book.replace_broken)

    def begin(self, key: str) -> tuple[float, float]:
        """Write an attempt; what was spent and in flight before."""
        row = {**begun_columns(replace(BEGUN, key=key), 2.0), **LEASE}

        def work(connection: sqlite3.Connection, table: Table) -> tuple[float, float]:
            stands = standing_of(connection)
            insert(connection, table, row)
            return stands

        return self.book.write(work)

    def end(self, key: str) -> None:
        columns = ended_columns(ENDED, NOON_S)
        assert self.book.write(lambda connection, table: change(connection, table, key, columns))

    def standing(self) -> tuple[float, float]:
        return self.reading.read(self.book.source(), standing_of)

    def keys(self) -> list[str]:
        """Of the file."""
        return [str(row["key"]) for row in written(self.path.parent)]

    def close(self) -> None:
        self.reading.close()
        self.book.close()


def standing_of(connection: sqlite3.Connection) -> tuple[float, float]:
    [one] = standings(connection, [EVERYTHING])
    return one.spent_usd, one.in_flight_usd
