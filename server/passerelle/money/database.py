"""A connection to the ledger's file: opened, brought to today's schema, and what its errors mean. Blocks: for threads.

It knows nothing of attempts.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from passerelle.money.rows import Row
from passerelle.money.schema import ATTEMPTS, MIGRATIONS

PATIENCE_S = 2.0
"""How long another daemon, or another program, may hold the file; each of ours holds it for a few milliseconds."""

IN_MEMORY = ":memory:"

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SPARE = f"""
    CREATE TEMP TABLE spare ({ATTEMPTS}) WITHOUT ROWID;
    CREATE TEMP VIEW every_attempt AS
        SELECT * FROM main.attempts WHERE key NOT IN (SELECT key FROM spare)
        UNION ALL
        SELECT * FROM spare WHERE state <> 'dismissed'
"""  # noqa: S608  # Nothing in it comes from outside.


class LaterVersion(Exception):
    """The file was written by a version of us that is yet to come here."""


class FileId(Struct, frozen=True, kw_only=True):
    """What tells a file from another that had its name."""

    device: int
    number: int


class Source(Struct, frozen=True, kw_only=True):
    """Where all attempts are: a file, None where memory serves, and the rows that it lacks."""

    file: FileId | None
    rows: list[Row]


def opened(path: Path | None, patience_s: float = PATIENCE_S) -> sqlite3.Connection:
    """A connection to the ledger, made where there is none; None is one in memory. No transaction is begun by itself.

    Beside the tables of the schema it has `spare`, in memory: rows that the file has not taken yet, in place of those
    of the same key. `every_attempt` is both. Raises sqlite3.Error, OSError or LaterVersion.
    """
    if path is not None:
        _make(path)
    connection = sqlite3.connect(path or IN_MEMORY, timeout=patience_s, isolation_level=None)
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        _begin_log(connection)
        _migrate(connection)
        _run(connection, _SPARE)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"]) -> Iterator[None]:
    """All of the block or nothing. "IMMEDIATE" keeps other writers out from its beginning."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # Some errors have ended it already.
            connection.execute("ROLLBACK")
        raise


def be_patient(connection: sqlite3.Connection, patience_s: float) -> None:
    """Wait so long for whoever else has the file."""
    connection.execute(f"PRAGMA busy_timeout = {round(patience_s * 1000)}")


def spare_rows(connection: sqlite3.Connection) -> list[Row]:
    """What the file lacks."""
    return connection.execute("SELECT * FROM spare").fetchall()


def fill_spare(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO spare VALUES ({places})", rows)  # noqa: S608


def file_id(path: Path) -> FileId | None:
    """Of the file that has this name now; None where there is none that can be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileId(device=found.st_dev, number=found.st_ino)


def check_version(connection: sqlite3.Connection) -> None:
    """Raises LaterVersion where a newer daemon has changed the schema meanwhile."""
    if _version(connection) > len(MIGRATIONS):
        raise LaterVersion


def is_broken(error: Exception) -> bool:
    """Whether the file is no ledger any more."""
    return isinstance(error, sqlite3.Error) and _code(error) in _BROKEN


def refusal(error: Exception, path: Path) -> str:
    """Why nothing can be written, and what to do, in a sentence for a person."""
    match _code(error):
        case _ if isinstance(error, LaterVersion):
            reason = f"A newer Passerelle has written the ledger {path}. Update this one, too."
        case sqlite3.SQLITE_FULL:
            reason = f"No space is left on the disk for the ledger {path}. Make room there."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            reason = f"Another program has locked the ledger {path}. Close it there."
        case _:
            why = error.strerror if isinstance(error, OSError) else str(error)
            reason = f"The ledger {path} cannot be written ({why}). See to it that you may write there."
    return f"{reason} Until then, what is spent is kept in memory only."


def set_aside(path: Path, moment: datetime) -> Path:
    """Give a broken ledger another name, with what belongs to it; where it is now. Raises OSError."""
    name = f"{path.name}.broken-{moment:%Y%m%d-%H%M%S}"
    aside = path.with_name(name)
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{name}-{number}")
    # The file itself is the last: whoever makes a new one meanwhile must not find the log of the old one beside it.
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    path.rename(aside)
    return aside


def _make(path: Path) -> None:
    """An empty file that only its owner can read; SQLite gives those beside it the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A file that exists is not opened here: closing it would end the locks that this process has on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _begin_log(connection: sqlite3.Connection) -> None:
    """A write-ahead log, where the file system can: each commit is then one write, and readers do not wait."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _migrate(connection: sqlite3.Connection) -> None:
    check_version(connection)
    if _version(connection) == len(MIGRATIONS):
        return
    with transaction(connection, "IMMEDIATE"):
        # Another daemon may have been faster.
        check_version(connection)
        for migration in MIGRATIONS[_version(connection) :]:
            _run(connection, migration)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _run(connection: sqlite3.Connection, script: str) -> None:
    """`executescript` would end the transaction."""
    for statement in script.split(";"):
        connection.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _code(error: Exception) -> int | None:
    """SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
