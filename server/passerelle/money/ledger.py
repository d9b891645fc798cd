"""The ledger: what each attempt to get an answer has cost. The daemons of one person share it.

Nothing here waits for a disk: one thread writes, and one reads. It decides nothing about budgets.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from passerelle.money.records import AttemptBegun, AttemptEnded, Filter, Settlement, Standing, Unsettled
from passerelle.money.rows import Columns, begun_columns, ended_columns, milliseconds, settled_columns
from passerelle.money.standings import standings
from passerelle.money.statements import (
    Table,
    change,
    expire,
    give_up,
    insert,
    orphan,
    pending,
    postpone,
    remove,
    suggest,
)
from passerelle.money.worker import Worker

if TYPE_CHECKING:
    from sqlite3 import Connection

    # They load SQLite, which start-up shall not wait for: imported on the threads that use them.
    from passerelle.money.book import Book, Work
    from passerelle.money.database import Source
    from passerelle.money.reading import Reading

FILE = "ledger.db"
LEASE_S = 30.0
BATCH = 500
DAY_S = 86_400.0

T = TypeVar("T")


class Admission(Protocol):
    """Whether an attempt may be sent, and what it may cost at most; None where there is no price."""

    @property
    def admitted(self) -> bool: ...

    @property
    def bound_usd(self) -> float | None: ...


V = TypeVar("V", bound=Admission)


class Ledger:
    """In a file in `folder`, which is made with the first that is written; in memory while that cannot be written.

    An attempt is open while it is being answered and its daemon alive, which renews its lease of `lease_s`. One whose
    lease is over is taken for settled by any daemon, or for pending if its gateway can be asked what it charged; the
    word of its own daemon on how it ended wins all the same. `now` is Unix time.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time, lease_s: float = LEASE_S) -> None:
        self._path = folder / FILE
        self._now = now
        self._lease_s = lease_s
        self._owner = uuid.uuid4().hex
        self._running: dict[str, AttemptBegun] = {}
        self._renew_at_s: float | None = None
        self._book: Book | None = None
        self._reading: Reading | None = None
        self._writer = Worker("ledger writer", self._do_chores)
        self._reader = Worker("ledger reader")

    @property
    def problem(self) -> str | None:
        """A sentence for a person, where the file cannot be written or had to be begun anew."""
        return None if self._book is None else self._book.problem

    async def begin(
        self, attempt: AttemptBegun, filters: Sequence[Filter], decide: Callable[[Sequence[Standing]], V]
    ) -> V:
        """Write it if `decide` admits it, seeing how the filters stand; no other daemon writes between.

        `decide` is called once, on the ledger's thread.
        """
        verdicts: list[V] = []

        def work(connection: "Connection", table: Table) -> V:
            if not verdicts:  # There is one, where the file refused what had been decided.
                orphan(connection, table, self._owner, self._now(), self._lease_s)
                verdicts.append(decide(standings(connection, filters)))
            [verdict] = verdicts
            if verdict.admitted:
                insert(connection, table, {**begun_columns(attempt, verdict.bound_usd), **self._lease()})
                self._running[attempt.key] = attempt
            return verdict

        try:
            return await self._write(work)
        except BaseException:  # Cancelled, too: whoever began it will not send it.
            self._writer.hand(lambda: self._dismiss(attempt.key))
            raise

    def heard(self, key: str, generation: str) -> None:
        """The gateway calls it so; from now on it can be asked what it charged, whatever becomes of this daemon."""
        self._writer.hand(lambda: self._hear(key, generation))

    def end(self, key: str, ended: AttemptEnded) -> Coroutine[object, object, None]:
        """What came of it; only the first word on an attempt that was begun here counts. It is handed over at once, and
        written also if whoever awaits that is cancelled.
        """
        return _awaited(self._writer.do(lambda: self._end(key, ended)))

    def dismiss(self, key: str) -> Coroutine[object, object, None]:
        """It never reached a gateway. Handed over as an end is."""
        return _awaited(self._writer.do(lambda: self._dismiss(key)))

    async def standings(self, filters: Sequence[Filter]) -> list[Standing]:
        """How each of them stands now. Raises Failure where the ledger cannot be read."""
        return await self.read(lambda connection: standings(connection, filters))

    async def is_there(self) -> bool:
        """Whether there is anything to read; to ask makes no file."""
        return self._book is not None or await asyncio.to_thread(self._path.exists)

    async def read(self, work: Callable[["Connection"], T]) -> T:
        """What `work` makes of the relation `every_attempt`, all of one moment, on a thread where it may take its time.

        Raises what it raises, and Failure where the ledger cannot be read.
        """
        source = await self._writer.do(lambda: self._opened_book().source())
        return await self._reader.do(lambda: self._opened_reading().read(source, work))

    async def unsettled(self) -> list[Unsettled]:
        """Those whose gateway is to be asked by now what it charged. They are this daemon's for as long as a lease: no
        other is told of them meanwhile, and nor is this one, unless `try_later` says so.
        """

        def work(connection: "Connection", table: Table) -> list[Unsettled]:
            now_s = self._now()
            orphan(connection, table, self._owner, now_s, self._lease_s)
            found = pending(connection, now_s, BATCH)
            for one in found:
                postpone(connection, table, one.key, now_s + self._lease_s, tries=0)
            return found

        return await self._write(work)

    async def settle(self, key: str, settlement: Settlement) -> None:
        """The gateway has said what it charged; only its first word counts."""
        await self._write(lambda c, table: change(c, table, key, settled_columns(settlement), state="pending"))

    async def try_later(self, key: str, at_s: float) -> None:
        """The gateway did not say: one more try was in vain, the next is at `at_s`."""
        await self._write(lambda c, table: postpone(c, table, key, at_s, tries=1))

    async def give_up(self, key: str) -> None:
        """The gateway will not say any more: the estimate is final."""
        await self._write(lambda c, table: give_up(c, table, key))

    async def expire(self, before_s: float) -> int:
        """Delete the attempts from before that, and say how many they were. What is unfinished is kept for a day."""
        unfinished_s = min(before_s, self._now() - DAY_S)
        total = 0
        while count := await self._write(lambda c, table: expire(c, table, before_s, unfinished_s, BATCH)):
            total += count  # One batch after the other: a chat that begins shall not wait for all of them.
        return total

    async def note_suggestion(self, event: Literal["shown", "accepted"], client: str) -> None:
        """Ghost text was shown or accepted."""
        await self._write(lambda c, table: suggest(c, table, self._now(), event, client))

    async def aclose(self) -> None:
        """Write what can be written, and end both threads."""
        if self._reading is not None:
            self._reading.stop()
        await self._reader.aclose(self._close_reading)
        await self._writer.aclose(self._close_book)

    async def _write(self, work: "Work[T]") -> T:
        return await self._writer.do(lambda: self._opened_book().write(work))

    def _hear(self, key: str, generation: str) -> None:
        if key in self._running:
            self._opened_book().write(lambda c, table: change(c, table, key, {"generation": generation}))

    def _end(self, key: str, ended: AttemptEnded) -> None:
        if (begun := self._running.pop(key, None)) is not None:
            columns = ended_columns(ended, self._now())
            self._opened_book().write(lambda c, table: self._put(c, table, begun, columns))

    def _dismiss(self, key: str) -> None:
        if (begun := self._running.pop(key, None)) is None:
            return

        def work(connection: "Connection", table: Table) -> None:
            if table == "attempts":
                remove(connection, key)
            else:
                self._put(connection, table, begun, {"state": "dismissed"})

        self._opened_book().write(work)

    def _put(self, connection: "Connection", table: Table, begun: AttemptBegun, columns: Columns) -> None:
        """Change its row; a whole one, where the file is not at hand or not the one that it was begun in."""
        if not change(connection, table, begun.key, columns):
            insert(connection, table, {**begun_columns(begun, begun.bound_usd), **self._lease(), **columns})

    def _lease(self) -> Columns:
        return {"owner": self._owner, "lease_ms": milliseconds(self._now() + self._lease_s)}

    def _do_chores(self) -> float | None:
        if self._book is None:
            return None
        rests_s = [rest_s for rest_s in (self._renew(), self._book.retry()) if rest_s is not None]
        return min(rests_s, default=None)

    def _renew(self) -> float | None:
        """Lengthen the leases of what is being answered here, three times in each; seconds until the next time.

        Whatever another daemon took for an orphan meanwhile is open again.
        """
        if not self._running:
            self._renew_at_s = None
            return None
        now_s = time.monotonic()
        if self._renew_at_s is not None and now_s >= self._renew_at_s:
            self._renew_at_s = None
            self._opened_book().write(self._renew_all)
        if self._renew_at_s is None:
            self._renew_at_s = now_s + self._lease_s / 3
        return max(0.0, self._renew_at_s - now_s)

    def _renew_all(self, connection: "Connection", table: Table) -> None:
        columns = {**self._lease(), "state": "open", "error": None, "next_try_ms": None}
        for key in self._running:
            change(connection, table, key, columns)

    def _opened_book(self) -> "Book":
        if self._book is None:
            from passerelle.money.book import Book  # noqa: PLC0415  # SQLite is loaded with it.

            self._book = Book(self._path)
        return self._book

    def _opened_reading(self) -> "Reading":
        if self._reading is None:
            from passerelle.money.reading import Reading  # noqa: PLC0415  # SQLite is loaded with it.

            self._reading = Reading(self._path, lambda source: self._writer.hand(lambda: self._replace(source)))
        return self._reading

    def _replace(self, source: "Source") -> None:
        self._opened_book().replace_broken(source)

    def _close_book(self) -> None:
        if self._book is not None:
            book, self._book = self._book, None
            book.close()

    def _close_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()


async def _awaited(answer: asyncio.Future[T]) -> T:
    return await answer
