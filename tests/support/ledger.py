"""The ledger of a home, read with SQLite itself: what is on disk, whatever any daemon says."""

import sqlite3
from contextlib import closing

from support.daemon import Home

Row = dict[str, object]
PICO = 1e-12


def ledger_rows(home: Home) -> list[Row]:
    """Every attempt, oldest first; `cost_usd` beside the columns of the file."""
    [path] = home.path.rglob("ledger.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM attempts ORDER BY at_ms, number")]
    return [row | {"cost_usd": _usd(row["cost_picousd"])} for row in rows]


def _usd(picousd: object) -> float | None:
    return picousd * PICO if isinstance(picousd, int) else None
