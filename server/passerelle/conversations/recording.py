"""The way of one conversation's records to its journal, seen from the event loop, which never waits for the disk."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from passerelle.conversations.journal import Journal
from passerelle.conversations.records import AnyRecord, TurnEnded

log = logging.getLogger(__name__)

Then = Callable[[], None]


class Recording:
    """Hands records over to the thread that writes, one batch after the other; what comes meanwhile is the next batch.

    Without a journal nothing is written: of a private conversation no byte reaches the disk. `noted` is called when
    the last batch is answered, or `problem` is another. Nobody waits for the disk longer than `patience_s`.
    """

    def __init__(self, journal: Journal | None, thread: Executor, noted: Then, *, patience_s: float) -> None:
        self.is_private = journal is None
        self._journal = journal
        self._thread = thread
        self._noted = noted
        self._patience_s = patience_s
        self._records: list[AnyRecord] = []
        self._in_flight = False
        self._handed_over: list[Then] = []
        self._waiting: list[Then] = []
        self._is_slow = False
        self.problem: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether all is on disk."""
        return not (self._in_flight or self._records or self.problem)

    def add(self, records: Sequence[AnyRecord], then: Then) -> None:
        """Write them together. `then` is called in its order once they are on disk, or will not be for now."""
        if self._journal is None:
            then()
            return
        self._records += records
        if self._is_slow:
            then()
        else:
            self._waiting.append(then)
        if not self._in_flight:
            self._hand_over(self._journal)

    async def write(self, records: Sequence[AnyRecord]) -> None:
        """Write them together, and wait until they are on disk, or will not be for now."""
        answered = asyncio.Event()
        self.add(records, answered.set)
        await answered.wait()

    def retry(self) -> None:
        """Try again to write what could not be written."""
        if self._journal is not None and not self._in_flight:
            self._hand_over(self._journal)

    async def delete(self) -> None:
        """Delete the journal. Raises OSError. What is written afterwards goes nowhere."""
        if self._journal is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._journal.delete)

    async def settle(self) -> None:
        """Wait until the disk has taken all that there is, or has refused it twice."""
        await self._answer()
        if self.problem is not None:
            self.retry()
            await self._answer()

    async def _answer(self) -> None:
        while self._in_flight:
            answered = asyncio.Event()
            self._handed_over.append(answered.set)
            await answered.wait()

    def _hand_over(self, journal: Journal) -> None:
        loop = asyncio.get_running_loop()
        records, self._records = self._records, []
        self._handed_over, self._waiting = self._waiting, []
        self._in_flight = True
        patience = loop.call_later(self._patience_s, self._go_on)
        work = loop.run_in_executor(self._thread, journal.append, records)

        def answered(work: asyncio.Future[str | None]) -> None:
            patience.cancel()
            self._answered(work.result())

        work.add_done_callback(answered)
        if any(isinstance(record, TurnEnded) for record in records):
            loop.run_in_executor(self._thread, _sync, journal)

    def _go_on(self) -> None:
        """The disk is slow: until it answers, nobody waits for it."""
        self._is_slow = True
        thens = [*self._handed_over, *self._waiting]
        self._handed_over, self._waiting = [], []
        _call(thens)

    def _answered(self, reason: str | None) -> None:
        self._in_flight = False
        self._is_slow = False
        changed = reason != self.problem
        self.problem = reason
        thens, self._handed_over = self._handed_over, []
        _call(thens)
        if self._records and self._journal is not None:
            self._hand_over(self._journal)
        if changed or not self._in_flight:
            self._noted()


def _call(thens: list[Then]) -> None:
    for then in thens:
        then()


def _sync(journal: Journal) -> None:
    try:
        journal.sync()
    except OSError as error:
        log.warning("conversation not synced to the disk error=%s", error.strerror)
