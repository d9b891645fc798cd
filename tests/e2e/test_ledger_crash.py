"""Daemons that are killed at any moment: the ledger has each request that the gateway got, and has it once."""

import asyncio
import itertools
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from passerelle.money.ledger import FILE, LEASE_S, Ledger
from support.daemon import Home
from support.gateway import CHAT_PATH, Exchange, Script, ScriptedGateway
from support.ledger import Row, written
from support.rpc_client import RpcClient
from support.shapes import CHUNK_END, DONE, STREAM_HEAD, delta, event

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

RUNS = 200
AT_ONCE = 4
CHATS = 3
"""At once in each daemon, and one after the other."""
MOST_STEPS = 30
"""Of a daemon's life: requests that its gateway has got, and pieces of answers that it has sent."""
LONGEST_S = 0.01
"""After the last of them: in that time a daemon has come to where nobody outside can see it."""
PAUSE_S = 0.002
COST_USD = 0.001


class Life:
    """Of one daemon, as its gateway sees it."""

    def __init__(self, steps: int, rest_s: float, end: Callable[[], None]) -> None:
        self._steps = steps
        self._rest_s = rest_s
        self._end = end

    def step(self) -> None:
        self._steps -= 1
        if self._steps == 0:
            asyncio.get_running_loop().call_later(self._rest_s, self._end)


class Counting(ScriptedGateway):
    """Counts what it is asked for, by model, and names its answers after that. A model is `run-N/M`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.lives: dict[str, Life] = {}

    def answer(self, exchange: Exchange) -> Script:
        if exchange.request.path != CHAT_PATH:
            return super().answer(exchange)
        model = str(exchange.request.json["model"])
        self.asked[model] += 1
        life = self.lives[model.partition("/")[0]]
        life.step()
        pieces = enumerate(pieces_of(model), start=1)
        return [step for number, piece in pieces for step in (paused(life, number * PAUSE_S), piece)]


def paused(life: Life, pause_s: float) -> asyncio.Event:
    """It is over after that time, which is a step."""

    def go_on() -> None:
        over.set()
        life.step()

    over = asyncio.Event()
    asyncio.get_running_loop().call_later(pause_s, go_on)
    return over


def generation_of(model: object) -> str:
    return f"gen_{model}"


def pieces_of(model: str) -> list[bytes]:
    named = {"id": generation_of(model), "model": model, "generationId": generation_of(model)}
    usage = {"prompt_tokens": 10, "completion_tokens": 2, "cost": COST_USD}
    return [
        STREAM_HEAD,
        event(delta({"role": "assistant"}, **named)),
        event(delta({"content": "Hello"}, **named)),
        event(delta({"content": " again"}, **named)),
        event(delta({}, finish="stop", usage=usage, **named)) + DONE + CHUNK_END,
    ]


class Crashes:
    """Runs of daemons on one ledger. `answered` are the models of the answers that clients had."""

    def __init__(self, home: Home, gateway: Counting) -> None:
        self.home = home
        self.gateway = gateway
        self.answered: set[str] = set()

    async def go_through(self, runs: Iterator[tuple[str, int, float]]) -> None:
        """One run after the other, as long as there are any."""
        for name, steps, rest_s in runs:
            async with self.home.daemon() as client, asyncio.TaskGroup() as tasks:
                self.gateway.lives[name] = Life(steps, rest_s, client.process.kill)
                numbers = itertools.count()
                for _ in range(CHATS):
                    tasks.create_task(self._chat_on(client, name, numbers))
                client.exit_code = -signal.SIGKILL
                await client.ended()
                client.forgive()

    async def _chat_on(self, client: RpcClient, name: str, numbers: Iterator[int]) -> None:
        while client.process.returncode is None:
            model = f"{name}/{next(numbers)}"
            try:
                await client.chat(model=model)
            except (AssertionError, ConnectionError):
                return  # It was killed.
            self.answered.add(model)


@pytest_asyncio.fixture(loop_scope="module")
async def crashes(tmp_path: Path) -> AsyncIterator[Crashes]:
    async with Counting().serving() as gateway:
        assert isinstance(gateway, Counting)
        yield Crashes(Home(tmp_path, gateway), gateway)


def kind_of(row: Row) -> str:
    """How far it had come."""
    return "ended" if row["cost_source"] == "gateway" else "begun" if row["generation"] is None else "heard"


async def test_what_a_gateway_got_is_in_the_ledger_once(crashes: Crashes) -> None:
    moments = random.Random(4)  # noqa: S311  # It is to be the same each time.
    runs = [(f"run-{number}", moments.randint(1, MOST_STEPS), moments.uniform(0, LONGEST_S)) for number in range(RUNS)]
    left = iter(runs)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(crashes.go_through(left))

    folder = crashes.home.path / "state"
    found = {str(row["model"]): row for row in written(folder)}
    asked = crashes.gateway.asked
    assert set(asked.values()) == {1}
    assert asked.keys() <= found.keys()
    assert len(found) == len(written(folder))
    assert {kind_of(row) for row in found.values()} == {"begun", "heard", "ended"}, "the moments were not spread"
    assert [model for model in crashes.answered if found[model]["cost_picousd"] != COST_USD * 10**12] == []
    assert [model for model, row in found.items() if row["generation"] not in (None, generation_of(model))] == []
    await leave_nothing_open(folder)

    kinds = {model: kind_of(row) for model, row in found.items()}
    states = {str(row["model"]): row["state"] for row in written(folder)}
    assert states == {model: "pending" if kind == "heard" else "settled" for model, kind in kinds.items()}


async def leave_nothing_open(folder: Path) -> None:
    """As a daemon does when every lease is over."""
    ledger = Ledger(folder, now=lambda: time.time() + LEASE_S + 1)
    await ledger.unsettled()
    assert ledger.problem is None
    await ledger.aclose()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
