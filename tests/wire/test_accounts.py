"""When a gateway is asked for its credits, and when a person is warned: with a clock of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from passerelle.config.schema import Config, Spending
from passerelle.daemon.credits import Accounts
from passerelle.daemon.gateways import OFFLINE, Gateways
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from passerelle.words.references import Reference
from passerelle.words.tasks import Tasks
from support.gateway import ScriptedGateway
from support.shapes import refuses, tells


class World:
    """A gateway with an account, and one client who chats through it."""

    def __init__(self, gateway: ScriptedGateway, folder: Path, tasks: Tasks) -> None:
        environ = {"ONE": "vck_madeup1", "TWO": "vck_madeup2"}
        self.gateway = gateway
        self.gateways = Gateways(
            environ, folder, tasks, open_offline=lambda _: NotImplemented, models_changed=lambda *_: None
        )
        self.now_s = 1000.0
        self.warnings: list[str] = []
        self.client = SimpleNamespace(secrets=None, warn=self.warnings.append)
        self.changes = 0
        self.accounts = Accounts(self.gateways, tasks, self._changed, lambda: self.now_s)

    def scope(self, key: str = "ONE", name: str = "work") -> SimpleNamespace:
        config = Config(spending=Spending(warn_below_usd=5.0))
        target = Target(name=name, url=self.gateway.url, key=Reference("env", key))
        return SimpleNamespace(target=target, effective=SimpleNamespace(config=config))

    def holds(self, balance: str) -> None:
        self.gateway.credits = tells({"balance": balance, "total_used": "1"})

    async def balance(self, seconds_later: float = 0, **scope: str) -> float:
        self.now_s += seconds_later
        return (await self.accounts.read(self.scope(**scope), self.client)).balance_usd

    async def chat(self, seconds_later: float = 0, **scope: str) -> None:
        """What follows a chat in the background."""
        self.now_s += seconds_later
        self.accounts.renew(self.scope(**scope), self.client)
        if renewing := [task for task in asyncio.all_tasks() if task.get_name().startswith("credits of")]:
            await asyncio.wait(renewing)

    @property
    def asked(self) -> int:
        return self.gateway.questions.qsize()

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    tasks = Tasks()
    async with ScriptedGateway().serving() as gateway:
        world = World(gateway, tmp_path, tasks)
        yield world
        await tasks.aclose()
        await world.gateways.aclose()


async def test_an_answer_is_good_for_a_minute(world: World) -> None:
    world.holds("10")
    assert await world.balance() == 10
    world.holds("9")

    assert await world.balance(59) == 10
    assert await world.balance(1) == 9
    assert world.changes == 2


async def test_each_key_has_its_account(world: World) -> None:
    world.holds("10")
    await world.balance()
    world.holds("20")

    assert await world.balance(key="TWO") == 20
    assert world.accounts.last(world.scope("ONE"), world.client).balance_usd == 10


async def test_after_a_chat_nobody_asks_again_for_five_minutes(world: World) -> None:
    world.holds("10")
    for _ in range(3):
        await world.chat()
    await world.chat(299)
    assert world.asked == 1

    await world.chat(1)
    assert world.asked == 2


async def test_a_failure_in_the_background_is_nobodys_and_not_repeated_at_once(world: World) -> None:
    world.gateway.credits = refuses(503)
    await world.chat()
    await world.chat(1)

    assert world.asked == 1
    assert world.accounts.last(world.scope(), world.client) is None


async def test_a_gateway_without_credits_is_never_asked_again(world: World) -> None:
    for _ in range(3):
        await world.chat(1000)
        with pytest.raises(Failure) as caught:
            await world.balance(1000)
        assert caught.value.kind == "unsupported"

    assert world.asked == 1


async def test_a_person_is_warned_at_each_fall_and_not_between(world: World) -> None:
    for balance in ("5.00", "4.99", "3", "6", "1.5"):
        world.holds(balance)
        await world.balance(60)

    assert world.warnings == [
        f"The gateway work has {left} of credits left, less than the $5.00 of spending.warn_below_usd. "
        "Add some in its dashboard."
        for left in ("$4.99", "$1.50")
    ]


async def test_the_embedded_gateway_is_free(world: World) -> None:
    world.holds("0")
    await world.chat(name=OFFLINE)
    assert world.asked == 0

    assert await world.balance(name=OFFLINE) == 0
    assert world.warnings == []
