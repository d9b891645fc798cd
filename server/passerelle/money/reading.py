"""A connection for reports, on a thread of its own: it keeps nobody from writing, and writes nothing."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from passerelle.money.database import FileId, LaterVersion, Source, fill_spare, is_broken, opened, transaction
from passerelle.words.failures import Failure

T = TypeVar("T")

STEPS = 100_000
"""Of SQLite's machine, a few milliseconds, after which it sees whether it is to stop."""


class Reading:
    """Opened with the first work, and again where the ledger is another file by now. `found_broken` is told of a file
    that cannot be one.
    """

    def __init__(self, path: Path, found_broken: Callable[[Source], None]) -> None:
        self._path = path
        self._found_broken = found_broken
        self._connection: sqlite3.Connection | None = None
        self._file: FileId | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Break off what is being read: nobody wants it any more. The only thing that another thread may call."""
        self._is_stopped = True

    def read(self, source: Source, work: Callable[[sqlite3.Connection], T]) -> T:
        """All that it selects is of one moment. Raises what it raises, and Failure where the file cannot be read."""
        try:
            connection = self._reach(source)
            connection.execute("PRAGMA query_only = OFF")
            with transaction(connection, "DEFERRED"):
                connection.execute("DELETE FROM spare")
                fill_spare(connection, source.rows)
            connection.execute("PRAGMA query_only = ON")
            with transaction(connection, "DEFERRED"):
                return work(connection)
        except (OSError, sqlite3.DatabaseError, LaterVersion) as error:
            self.close()
            if is_broken(error):
                self._found_broken(source)
            raise Failure("misconfigured", f"The ledger {self._path} cannot be read ({error}). Try again.") from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _reach(self, source: Source) -> sqlite3.Connection:
        if self._connection is None or self._file != source.file:
            self.close()
            self._connection = opened(None if source.file is None else self._path)
            self._connection.set_progress_handler(lambda: self._is_stopped, STEPS)
            self._file = source.file
        return self._connection
