"""What a gateway said lately: it is not asked again for it each time, nor twice at once."""

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Hashable
from typing import Generic, TypeVar

from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

MOST_KEPT = 200
V = TypeVar("V")


class Lately(Generic[V]):
    """Answers by what was asked, each good for `fresh_s` seconds. Those of long ago are let go."""

    def __init__(self, tasks: Tasks, fresh_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._tasks = tasks
        self._fresh_s = fresh_s
        self._now = now
        self._answers: dict[Hashable, tuple[float, V]] = {}
        self._asking: dict[Hashable, asyncio.Task[V | Failure]] = {}

    async def get(self, key: Hashable, ask: Callable[[], Coroutine[object, object, V]]) -> V:
        """The answer, from memory while it is fresh; who asks meanwhile shares it, and may be cancelled alone.

        Raises the Failure that `ask` does; that is not kept.
        """
        since, answer = self._answers.get(key, (-math.inf, None))
        if answer is not None and self._now() - since < self._fresh_s:
            return answer
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = self._tasks.start(self._ask(key, ask), name="question to a gateway")
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        said = await asyncio.shield(task)
        if isinstance(said, Failure):
            raise said
        return said

    def last(self, key: Hashable) -> V | None:
        """The last answer, however old; None if there was none."""
        return self._answers[key][1] if key in self._answers else None

    async def _ask(self, key: Hashable, ask: Callable[[], Coroutine[object, object, V]]) -> V | Failure:
        """A Failure is returned, not raised: it is expected, and a task's exception is logged as a fault."""
        try:
            answer = await ask()
        except Failure as failure:
            return failure
        self._answers.pop(key, None)  # So that the latest stands last.
        self._answers[key] = (self._now(), answer)
        if len(self._answers) > MOST_KEPT:
            del self._answers[next(iter(self._answers))]
        return answer
