"""The rows of a ledger, read with SQLite itself: what is on disk, whatever any daemon says."""

import sqlite3
from contextlib import closing
from pathlib import Path

from support.daemon import Home

Row = dict[str, object]
PICO = 1e-12


def ledger_rows(home: Home) -> list[Row]:
    """Every attempt of a home, oldest first; `cost_usd` beside the columns of the file."""
    [path] = home.path.rglob("ledger.db")
    return [row | {"cost_usd": _usd(row["cost_picousd"])} for row in written(path.parent, "at_ms, number")]


def written(folder: Path, order: str = "key") -> list[Row]:
    """Every attempt in the file of a folder."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        return rows_of(connection, "attempts", order)


def rows_of(connection: sqlite3.Connection, relation: str, order: str = "key") -> list[Row]:
    cursor = connection.execute(f"SELECT * FROM {relation} ORDER BY {order}")  # noqa: S608
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


def _usd(picousd: object) -> float | None:
    return picousd * PICO if isinstance(picousd, int) else None
