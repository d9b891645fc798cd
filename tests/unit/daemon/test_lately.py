"""What a gateway said is kept for a while, shared by who asks at once, and let go."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from passerelle.daemon.lately import MOST_KEPT, Lately
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks


class Gateway:
    """Answers with how often it was asked, when it is let."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.failure: Failure | None = None

    async def ask(self) -> int:
        self.asked += 1
        number = self.asked
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return number


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    yield tasks
    await tasks.aclose()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def lately(tasks: Tasks, gateway: Gateway) -> Lately[int]:
    return Lately(tasks, 60, lambda: gateway.now_s)


async def test_an_answer_is_good_for_a_while_and_known_for_longer(lately: Lately[int], gateway: Gateway) -> None:
    gateway.may_answer.set()
    assert lately.last("a") is None
    assert await lately.get("a", gateway.ask) == 1

    gateway.now_s += 59
    assert await lately.get("a", gateway.ask) == 1
    assert await lately.get("b", gateway.ask) == 2
    gateway.now_s += 1
    assert lately.last("a") == 1
    assert await lately.get("a", gateway.ask) == 3


async def test_who_asks_meanwhile_shares_the_question_and_may_leave(lately: Lately[int], gateway: Gateway) -> None:
    first, second = (asyncio.create_task(lately.get("a", gateway.ask)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    gateway.may_answer.set()

    assert await second == 1
    assert first.cancelled()


async def test_a_failure_is_for_all_who_asked_and_is_not_kept(lately: Lately[int], gateway: Gateway) -> None:
    gateway.may_answer.set()
    gateway.failure = Failure("unavailable", "busy")
    outcomes = await asyncio.gather(*(lately.get("a", gateway.ask) for _ in range(3)), return_exceptions=True)
    assert outcomes == [gateway.failure] * 3

    gateway.failure = None
    assert await lately.get("a", gateway.ask) == 2


async def test_what_was_asked_long_ago_is_let_go(lately: Lately[int], gateway: Gateway) -> None:
    gateway.may_answer.set()
    for key in range(MOST_KEPT):
        await lately.get(key, gateway.ask)
    gateway.now_s += 60
    await lately.get(0, gateway.ask)
    await lately.get("one more", gateway.ask)

    assert lately.last(0) is not None
    assert lately.last(1) is None
