"""Background tasks with an owner: each has a name, its exception is looked at, all end with `aclose`."""

import asyncio
import logging
import traceback
from collections.abc import Coroutine
from typing import TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Tasks:
    """A set of tasks that fail apart; a `TaskGroup` would cancel the others with the first that fails."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[object, object, T], *, name: str) -> asyncio.Task[T]:
        """Run `work` until it ends or `aclose` cancels it; an exception that nobody awaits is logged."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def aclose(self) -> None:
        """Cancel what still runs and wait until all have ended."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("task failed name=%s error=%s at=%s", task.get_name(), type(error).__name__, _place(error))


def _place(error: BaseException) -> str:
    """File and line, without the message: that may quote a prompt or a key."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
