"""The four time limits of one call on one timer. It knows time, not what is waited for."""

import asyncio
from math import inf
from types import TracebackType
from typing import Self

from passerelle.config.schema import Timeouts
from passerelle.gateway.errors import Limit, timed_out


class Limits:
    """Around everything that one call does; raises TimedOut naming the limit that passed.

    A wait is announced with `wait_for` and ended with `rest`, both of which only move a number: the timer looks at
    it when it fires, and is not set anew for each delta.
    """

    def __init__(self, timeouts: Timeouts, host: str) -> None:
        self._seconds: dict[Limit, float] = {
            "connect_s": timeouts.connect_s,
            "first_byte_s": timeouts.first_byte_s,
            "idle_s": timeouts.idle_s,
            "total_s": timeouts.total_s,
        }
        self._host = host
        self._limit: Limit = "total_s"
        self._due = inf

    def wait_for(self, limit: Limit) -> None:
        self._limit = limit
        self._due = self._loop.time() + self._seconds[limit]

    def rest(self) -> None:
        """Nothing of the gateway's is waited for: only the limit on the whole counts."""
        self._due = inf

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + self._seconds["total_s"]
        self._alarm = await asyncio.timeout(None).__aenter__()
        self._look()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        try:
            await self._alarm.__aexit__(kind, error, trace)
        except TimeoutError:
            raise timed_out(self._limit, self._seconds[self._limit], self._host) from None

    def _look(self) -> None:
        """Sound the alarm if something is due; else look again when it may be: no wait is shorter than the
        shortest limit, so none that begins meanwhile is missed.
        """
        now = self._loop.time()
        if now >= min(self._due, self._end):
            if self._end <= self._due:
                self._limit = "total_s"
            self._alarm.reschedule(now)
            return
        self._timer = self._loop.call_at(min(self._due, self._end, now + min(self._seconds.values())), self._look)
