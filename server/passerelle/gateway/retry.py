"""Whether and when a failed request is tried again. Pure; the caller asks only while nothing was shown yet."""

from collections.abc import Callable
from http import HTTPStatus

from passerelle.gateway.errors import TimedOut
from passerelle.words.failures import Failure

MAX_ATTEMPTS = 3
MAX_WAIT_S = 30.0
"""A gateway that asks for more is not waited for: the person learns how long it will take, and decides."""

PATIENCE_S = 60.0
"""After this long a person wants to know; another attempt could take as long again."""

_FIRST_WAIT_S = 0.5
_GROWTH = 2.5
_PASSING = ("rateLimited", "unavailable", "unreachable", "streamBroken")


def delay_before_retry(failure: Failure, attempt: int, elapsed_s: float, random: Callable[[], float]) -> float | None:
    """Seconds to wait before the next attempt, or None to give up and show the failure.

    `attempt` counts those made, from 1; `elapsed_s` runs since the first began; `random` gives 0 ≤ x < 1. What
    `retry-after` asks for is a minimum. Half of each wait is chance: many chats that failed together should not
    come back together, yet each wait should be longer than the one before.
    """
    if attempt >= MAX_ATTEMPTS or elapsed_s > PATIENCE_S or not is_worth_retrying(failure, attempt):
        return None
    asked_s = failure.retry_after_s or 0.0
    if asked_s > MAX_WAIT_S:
        return None
    backoff_s = _FIRST_WAIT_S * _GROWTH ** (attempt - 1)
    return asked_s + backoff_s * (0.5 + random() / 2)


def is_worth_retrying(failure: Failure, attempt: int) -> bool:
    """Whether the same request may succeed later: 408, 409, 429, ≥ 500, 424 once, and broken connections.

    A limit on the answer itself is not tried again, for that wait was long and what it cost is unknown.
    """
    if isinstance(failure, TimedOut):
        return failure.limit == "connect_s"
    if failure.status == HTTPStatus.FAILED_DEPENDENCY:  # The gateway has tried every provider already.
        return attempt == 1
    return failure.status == HTTPStatus.CONFLICT or failure.kind in _PASSING
