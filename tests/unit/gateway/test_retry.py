from itertools import pairwise

import pytest

from passerelle.gateway.errors import Asked, Limit, failure_of, timed_out
from passerelle.gateway.retry import MAX_ATTEMPTS, MAX_WAIT_S, PATIENCE_S, delay_before_retry
from passerelle.words.failures import Failure


def by_status(status: int, **headers: str) -> Failure:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return failure_of(status, named, b"", Asked(gateway="work", key_reference="env:K"), now=0)


def delay(failure: Failure, attempt: int = 1, elapsed_s: float = 0.0, chance: float = 0.0) -> float | None:
    return delay_before_retry(failure, attempt, elapsed_s, lambda: chance)


PASSING = [408, 409, 424, 429, 500, 502, 503, 504, 529]
LASTING = [400, 401, 402, 403, 404, 405, 413, 418, 422]


@pytest.mark.parametrize("status", PASSING)
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert delay(by_status(status)) is not None


@pytest.mark.parametrize("status", LASTING)
def test_what_stays_is_not_tried_again(status: int) -> None:
    assert delay(by_status(status)) is None


@pytest.mark.parametrize("kind", ["unreachable", "streamBroken"])
def test_a_broken_connection_is_tried_again(kind: str) -> None:
    assert delay(Failure("unreachable" if kind == "unreachable" else "streamBroken", "x")) is not None


@pytest.mark.parametrize("limit", ["first_byte_s", "idle_s", "total_s"])
def test_a_limit_on_the_answer_is_final(limit: Limit) -> None:
    assert delay(timed_out(limit, 1, "host")) is None


def test_a_limit_on_connecting_is_not() -> None:
    assert delay(timed_out("connect_s", 1, "host")) is not None


def test_a_failed_dependency_is_tried_again_once() -> None:
    assert delay(by_status(424), attempt=2) is None
    assert delay(by_status(503), attempt=2) is not None


def test_attempts_are_bounded() -> None:
    assert delay(by_status(503), attempt=MAX_ATTEMPTS) is None


def test_patience_is_bounded() -> None:
    assert delay(by_status(503), elapsed_s=PATIENCE_S + 1) is None


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_waits_grow_whatever_chance_says(chance: float) -> None:
    waits = [delay(by_status(503), attempt, chance=chance) or 0 for attempt in range(1, MAX_ATTEMPTS)]
    assert 0 < waits[0] < 1
    assert all(later > 1.1 * earlier for earlier, later in pairwise(waits))
    longest_first, shortest_second = (delay(by_status(503), 1, chance=1.0), delay(by_status(503), 2, chance=0.0))
    assert longest_first is not None
    assert shortest_second is not None
    assert shortest_second > 1.1 * longest_first


def test_chance_spreads_those_that_failed_together() -> None:
    assert delay(by_status(503), chance=0.0) != delay(by_status(503), chance=0.9)
    assert delay(by_status(429, retry_after="5"), chance=0.0) != delay(by_status(429, retry_after="5"), chance=0.9)


def test_what_the_gateway_asks_for_is_a_minimum() -> None:
    assert (delay(by_status(429, retry_after="5")) or 0) >= 5
    assert (delay(by_status(429, retry_after_ms="0")) or 0) > 0


def test_a_wait_that_is_too_long_is_left_to_the_person_who_is_told() -> None:
    failure = by_status(429, retry_after=str(MAX_WAIT_S + 1))
    assert delay(failure) is None
    assert failure.retry_after_s == MAX_WAIT_S + 1
    assert "31 s" in failure.message
