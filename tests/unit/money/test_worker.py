"""The thread of a ledger: order, exceptions, chores, and its end."""

import asyncio
import threading

import pytest

from passerelle.money.worker import Worker

PROBLEM_S = 20.0


async def ended(worker: Worker) -> None:
    await worker.aclose(lambda: None)


async def test_work_is_done_in_its_order_on_one_thread() -> None:
    worker = Worker("w")
    done: list[object] = []
    for number in range(100):
        worker.hand(lambda number=number: done.append((number, threading.current_thread().name)))  # type: ignore[misc]

    assert await worker.do(lambda: len(done)) == 100
    assert done == [(number, "w") for number in range(100)]
    await ended(worker)


async def test_whoever_waits_gets_the_exception() -> None:
    worker = Worker("w")

    with pytest.raises(ZeroDivisionError):
        await worker.do(lambda: 1 // 0)
    worker.hand(lambda: 1 // 0)
    assert await worker.do(lambda: 1) == 1
    await ended(worker)


async def test_what_was_handed_over_is_done_though_nobody_waits_any_more() -> None:
    worker = Worker("w")
    goes_on, done = threading.Event(), threading.Event()
    worker.hand(lambda: goes_on.wait(PROBLEM_S))
    waiting = asyncio.ensure_future(worker.do(done.set))
    waiting.cancel()
    goes_on.set()

    await worker.do(lambda: None)
    assert done.is_set()
    await ended(worker)


async def test_chores_are_done_after_each_work_and_when_it_is_time() -> None:
    loop = asyncio.get_running_loop()
    chores: asyncio.Queue[None] = asyncio.Queue()

    def do_chores() -> float:
        loop.call_soon_threadsafe(chores.put_nowait, None)
        return 0.001

    worker = Worker("w", do_chores)
    worker.hand(lambda: None)
    async with asyncio.timeout(PROBLEM_S):
        for _ in range(3):
            await chores.get()
    await ended(worker)


async def test_it_ends_when_all_is_done() -> None:
    worker = Worker("w")
    done: list[int] = []
    for number in range(10):
        worker.hand(lambda number=number: done.append(number))  # type: ignore[misc]
    await worker.aclose(lambda: done.append(10))

    assert done == list(range(11))
    assert "w" not in [thread.name for thread in threading.enumerate()]


async def test_it_has_no_thread_without_work() -> None:
    worker = Worker("never")
    await worker.aclose(lambda: pytest.fail("it never began"))

    assert "never" not in [thread.name for thread in threading.enumerate()]
