"""One thread that does what it is handed, in that order. It knows nothing of ledgers."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Worker:
    """Its thread begins with the first work. `chores` is called on it after each work, and again when as many seconds
    have passed as it returned; None is: not before there is work again.
    """

    def __init__(self, name: str, chores: Callable[[], float | None] = lambda: None) -> None:
        self._name = name
        self._chores = chores
        self._queue: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def hand(self, work: Callable[[], object]) -> None:
        """Have it done; nobody waits for it. An exception is logged."""
        if self._thread is None:
            # A daemon thread: an interpreter that ends without `aclose` does not wait for a disk.
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._queue.put(work)

    def do(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have it done; what it returns or raises. It is done also if whoever waits for that is cancelled."""
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # From now on it cannot be cancelled.
        self.hand(lambda: _answer(answer, work))
        return asyncio.wrap_future(answer)

    async def aclose(self, last: Callable[[], object]) -> None:
        """Do what was handed over, `last` of all, and end the thread. Nothing where it never began."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            self._queue.put(last)
            self._queue.put(None)
            await asyncio.to_thread(thread.join)

    def _run(self) -> None:
        rest_s: float | None = None
        while (work := self._next(rest_s)) is not None:
            _log_failure(work)
            rest_s = _log_failure(self._chores)

    def _next(self, rest_s: float | None) -> Callable[[], object] | None:
        try:
            return self._queue.get(timeout=rest_s)
        except queue.Empty:
            return _nothing


def _answer(answer: Future[T], work: Callable[[], T]) -> None:
    try:
        result = work()
    except Exception as error:  # noqa: BLE001  # It is for whoever waits.
        answer.set_exception(error)
    else:
        answer.set_result(result)


def _nothing() -> None:
    """Time for chores only."""


def _log_failure(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001  # The thread goes on with what comes next.
        log.error("work failed error=%s", type(error).__name__)  # noqa: TRY400  # The message may hold what is private.
        return None
