"""The ledger as the thread that writes has it: in its file, or beside it in memory while that cannot be written."""

import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from passerelle.money.database import (
    PATIENCE_S,
    FileId,
    LaterVersion,
    Source,
    be_patient,
    check_version,
    file_id,
    fill_spare,
    is_broken,
    opened,
    refusal,
    set_aside,
    spare_rows,
    transaction,
)
from passerelle.money.statements import Table, bring_back

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[sqlite3.Connection, Table], T]

RETRY_S = 5.0
REFUSED_PATIENCE_S = 0.1
"""While the file refuses, nobody waits long for it again."""

_BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)


class Book:
    """What is written goes into the file; where it refuses, into memory, and from there into the file with whatever is
    written next. A broken file is given another name, and a new one begun. `problem` says either.
    """

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S, retry_s: float = RETRY_S) -> None:
        self._path = path
        self._patience_s = patience_s
        self._retry_s = retry_s
        self._connection: sqlite3.Connection | None = None
        self._file: FileId | None = None
        self._reached: FileId | None = None
        self._lacks = False
        self._retry_at_s = 0.0
        self._refusal: str | None = None
        self._begun_anew: str | None = None

    @property
    def problem(self) -> str | None:
        """A sentence, or two, for a person."""
        return " ".join(filter(None, (self._begun_anew, self._refusal))) or None

    def write(self, work: Work[T]) -> T:
        """Do it in one transaction, a second time where the file did not take the first. Raises what it raises."""
        try:
            connection = self._reach()
            with transaction(connection, "IMMEDIATE"):
                check_version(connection)
                bring_back(connection)
                result = work(connection, "attempts")
        except _BUGS:
            raise
        except (OSError, sqlite3.Error, LaterVersion) as error:
            self._give_way(error)
            return self._write_beside(work)
        self._note_taken(connection)
        return result

    def retry(self) -> float | None:
        """Write what the file lacks, if it is time; how many seconds until it is, None where it lacks nothing."""
        if self._lacks and time.monotonic() >= self._retry_at_s:
            self.write(_nothing)
        return max(0.0, self._retry_at_s - time.monotonic()) if self._lacks else None

    def source(self) -> Source:
        """Where a reader finds everything, now."""
        if self._connection is None or self._file != file_id(self._path):
            self.write(_nothing)
        return Source(file=self._file, rows=[] if self._connection is None else spare_rows(self._connection))

    def replace_broken(self, source: Source) -> None:
        """Begin a new file in place of one that a reader has found broken."""
        if source.file is not None and source.file == self._file:
            self._begin_anew()

    def close(self) -> None:
        if self._lacks:
            self.write(_nothing)
        if self._connection is not None:
            if lost := len(spare_rows(self._connection)):
                log.error("ledger closed without attempts=%d problem=%s", lost, self.problem)
            self._connection.close()
            self._connection = None

    def _reach(self) -> sqlite3.Connection:
        """The connection to the file that is there now, which may have been moved, deleted or made meanwhile."""
        found = file_id(self._path)
        if self._connection is None or found is None or found != self._file:
            self._reached = found
            connection = opened(self._path, self._patience_s if self._refusal is None else REFUSED_PATIENCE_S)
            self._use(connection)
            self._file = self._reached = file_id(self._path)
            return connection
        return self._connection

    def _use(self, connection: sqlite3.Connection) -> None:
        """In place of the one before, with what only that one has. It is one in memory until something else is said."""
        old, self._connection, self._file = self._connection, connection, None
        if old is not None:
            fill_spare(connection, spare_rows(old))
            old.close()

    def _write_beside(self, work: Work[T]) -> T:
        self._lacks = True
        connection = self._connection
        if connection is not None:
            try:
                with transaction(connection, "DEFERRED"):
                    return work(connection, "spare")
            except _BUGS:
                raise
            except sqlite3.Error as error:
                log.warning("ledger not read error=%s", error)
        connection = opened(None)
        self._use(connection)
        with transaction(connection, "DEFERRED"):
            return work(connection, "spare")

    def _give_way(self, error: Exception) -> None:
        """The file did not take it."""
        self._retry_at_s = time.monotonic() + self._retry_s
        if is_broken(error):
            self._begin_anew()
        else:
            self._refuse(error)

    def _begin_anew(self) -> None:
        """Move the broken file out of the way, unless another daemon has: what is written next begins a new one."""
        self._use(opened(None))  # Windows moves no file that is open.
        if self._reached is None or self._reached != file_id(self._path):
            return
        try:
            aside = set_aside(self._path, datetime.now(UTC))
        except OSError as error:
            self._refuse(error)
            return
        log.error("ledger broken moved=%s", aside)
        self._begun_anew = f"The ledger was damaged and is begun anew. What it held is in {aside}."
        self._retry_at_s = 0.0

    def _refuse(self, error: Exception) -> None:
        sentence = refusal(error, self._path)
        if self._refusal is None:
            log.warning("ledger not written error=%s", error)
        self._refusal = sentence
        if isinstance(error, LaterVersion):
            self._use(opened(None))
        elif self._connection is not None:
            be_patient(self._connection, REFUSED_PATIENCE_S)

    def _note_taken(self, connection: sqlite3.Connection) -> None:
        self._lacks = False
        if self._refusal is not None:
            log.info("ledger written again")
            self._refusal = None
            be_patient(connection, self._patience_s)


def _nothing(_connection: sqlite3.Connection, _table: Table) -> None:
    """What the file lacks goes with it."""
