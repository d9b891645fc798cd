"""What answers have cost that ended without their gateway's word: asked for later, with time that passes at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from passerelle.config.schema import Config, Gateway
from passerelle.daemon.gateways import Gateways
from passerelle.daemon.settling import Clock, Settling
from passerelle.gateway.secrets import Editor
from passerelle.gateway.target import origin
from passerelle.money.ledger import Ledger
from passerelle.money.records import AttemptBegun
from passerelle.protocol.chat import Usage
from passerelle.words.references import Reference
from passerelle.words.tasks import Tasks
from support.attempts import BEGUN, CUT
from support.gateway import End, Script, ScriptedGateway
from support.shapes import GENERATION, generation, refuses, replies, tells

START_S = 1_794_500_000.0
KEY = "vck_madeup1234567890"
ESTIMATE_USD = 0.25
HOUR_S, DAY_S = 3600.0, 86_400.0
ESTIMATE = Usage(input_tokens=10, output_tokens=5, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0)


class Timeline:
    """Unix time that passes as far as the test lets it, and then at once."""

    def __init__(self) -> None:
        self.now_s = self._end_s = START_S
        self._may_go_on = asyncio.Event()
        self._arrived = asyncio.Event()

    def now(self) -> float:
        return self.now_s

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """As settling's own."""
        due_s = self.now_s + seconds
        while due_s > self._end_s:
            self.now_s = self._end_s
            self._may_go_on.clear()
            self._arrived.set()
            await self._may_go_on.wait()
            if event.is_set():
                return
        self.now_s = due_s

    async def pass_time(self, seconds: float) -> None:
        """Let so much pass, and wait until all is done that falls due."""
        self._end_s += seconds
        self._arrived.clear()
        self._may_go_on.set()
        await self._arrived.wait()


class World:
    """A ledger, a gateway, a person's settings, and a daemon's settling of what is pending."""

    def __init__(self, folder: Path, gateway: ScriptedGateway, tasks: Tasks) -> None:
        self.gateway = gateway
        self.time = Timeline()
        self.ledger = Ledger(folder, now=self.time.now)
        self.environ = {"WORK_KEY": KEY}
        self.told = 0
        self.asked_s: list[float] = []
        self.gateways = Gateways(self.environ, folder, tasks, open_offline=no_embedded, models_changed=lambda *_: None)
        self.name_gateway(gateway.url)
        self.clients = [SimpleNamespace(effective=lambda _: SimpleNamespace(config=self.config), secrets=None)]
        self.settling = Settling(
            self.ledger, self.gateways, self.clients, self._tell, Clock(self.time.now, self.time.wait)
        )
        self.tasks = tasks

    def name_gateway(self, url: str, name: str = "work", key: str = "env:WORK_KEY") -> None:
        self.config = Config(gateways={name: Gateway(url=url, key=key)})

    async def start(self) -> None:
        self.tasks.start(self._watch(), name="watch")
        self.tasks.start(self.settling.run(), name="settling")
        await self.time.pass_time(0)

    async def cut_answer(self, key: str = "a1", identity: str = GENERATION) -> None:
        """One more attempt whose cost the gateway did not say."""
        await self.ledger.begin(begun(key, self.time.now_s, self.gateway.url), [], lambda _: ADMITTED)
        await self.ledger.end(key, replace(UNSETTLED, generation=identity))
        self.settling.attempt_ended()

    async def standing(self, key: str = "a1") -> tuple[object, ...]:
        """State, cost and where that comes from."""
        statement = "SELECT state, cost_picousd / 1e12, cost_source FROM every_attempt WHERE key = ?"
        return await self.ledger.read(lambda connection: connection.execute(statement, (key,)).fetchone())

    async def asked(self, seconds: float) -> list[float]:
        """Let so much time pass; when the gateway was asked meanwhile, in seconds since the start."""
        known = len(self.asked_s)
        await self.time.pass_time(seconds)
        return self.asked_s[known:]

    async def _watch(self) -> None:
        while await self.gateway.questions.get():
            self.asked_s.append(self.time.now_s - START_S)

    def _tell(self) -> None:
        self.told += 1


ADMITTED = SimpleNamespace(admitted=True, bound_usd=1.0)
PENDING = ("pending", ESTIMATE_USD, "estimate")
GIVEN_UP = ("settled", ESTIMATE_USD, "estimate")
SETTLED = ("settled", 0.00032, "gateway")
UNSETTLED = replace(CUT, generation=GENERATION, cost_usd=ESTIMATE_USD, tokens=ESTIMATE, counted=False)


def begun(key: str, at_s: float, url: str) -> AttemptBegun:
    return replace(BEGUN, key=key, at_s=at_s, gateway="work", origin=origin(url), key_reference="env:WORK_KEY")


async def no_embedded(_folder: Path) -> str:
    raise AssertionError


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    tasks = Tasks()
    async with ScriptedGateway().serving() as gateway:
        world = World(tmp_path, gateway, tasks)
        yield world
        await tasks.aclose()
        await world.ledger.aclose()
        await world.gateways.aclose()


async def test_a_cut_answer_gets_its_cost_when_the_gateway_knows_it(world: World) -> None:
    await world.start()
    await world.cut_answer()
    assert await world.standing() == PENDING

    assert await world.asked(20) == [10]
    world.gateway.generations[GENERATION] = tells(generation())
    assert await world.asked(HOUR_S) == [25]

    assert await world.standing() == SETTLED
    assert world.told == 1


async def test_it_is_asked_for_six_times_and_then_stays_an_estimate(world: World) -> None:
    await world.start()
    await world.cut_answer()

    assert await world.asked(HOUR_S) == [10, 25, 55, 115, 415, 2215]
    assert await world.standing() == GIVEN_UP
    assert world.told == 0


async def test_a_gateway_without_such_records_is_asked_once(world: World) -> None:
    world.gateway.generations[GENERATION] = replies(404, b"<html>404</html>", headers={"content-type": "text/html"})
    await world.start()
    await world.cut_answer()

    assert await world.asked(HOUR_S) == [10]
    assert await world.standing() == GIVEN_UP


@pytest.mark.parametrize(
    "answer",
    [
        refuses(401, "authentication_error"),
        refuses(500, "internal_server_error"),
        tells(generation("gen_OTHER")),
        tells(generation(total_cost=-5)),
        [End.CLOSE],
    ],
)
async def test_an_answer_that_helps_nothing_is_a_try(world: World, answer: Script) -> None:
    world.gateway.generations[GENERATION] = answer
    await world.start()
    await world.cut_answer()
    assert await world.asked(50) == [10, 25]
    world.gateway.generations[GENERATION] = tells(generation())

    assert await world.asked(HOUR_S) == [55]
    assert await world.standing() == SETTLED


async def test_a_gateway_that_wants_to_be_left_alone_is(world: World) -> None:
    world.gateway.generations[GENERATION] = refuses(429, headers={"retry-after": "100"})
    await world.start()
    await world.cut_answer()

    assert await world.asked(120) == [10, 110]
    assert await world.standing() == PENDING


async def test_what_was_pending_at_the_last_end_is_asked_for_after_the_start(world: World) -> None:
    world.gateway.generations[GENERATION] = tells(generation())
    await world.cut_answer()
    world.time.now_s = START_S + 1  # The daemon that had the answer is gone.
    await world.start()

    assert await world.asked(HOUR_S) == [10]
    assert await world.standing() == SETTLED


async def test_what_a_killed_daemon_was_being_told_is_asked_for_when_its_lease_is_over(
    world: World, tmp_path: Path
) -> None:
    world.gateway.generations[GENERATION] = tells(generation())
    killed = Ledger(tmp_path, now=world.time.now)
    await killed.begin(begun("a1", START_S, world.gateway.url), [], lambda _: ADMITTED)
    killed.heard("a1", GENERATION)
    await killed.standings([])  # By now it is written down.
    await world.start()

    (asked_s,) = await world.asked(HOUR_S)
    assert 30 <= asked_s <= 40
    assert await world.standing() == SETTLED
    await killed.aclose()


async def test_no_ledger_is_made_where_there_is_none(world: World) -> None:
    await world.start()

    assert await world.asked(HOUR_S) == []
    assert not await world.ledger.is_there()


@pytest.mark.parametrize(
    ("url", "name"), [("http://127.0.0.1:1/v1", "work"), (None, "renamed"), ("https://elsewhere.example/v1", "work")]
)
async def test_a_key_goes_nowhere_but_where_the_answer_came_from(world: World, url: str | None, name: str) -> None:
    world.name_gateway(url or world.gateway.url, name)
    await world.start()
    await world.cut_answer()

    assert await world.asked(HOUR_S) == []
    assert await world.standing() == PENDING
    assert await world.asked(DAY_S) == []
    assert await world.standing() == GIVEN_UP


async def test_a_gateway_that_comes_back_into_the_settings_is_asked_then(world: World) -> None:
    world.name_gateway(world.gateway.url, "renamed")
    world.gateway.generations[GENERATION] = tells(generation())
    await world.start()
    await world.cut_answer()
    assert await world.asked(HOUR_S) == []

    world.name_gateway(world.gateway.url)
    assert len(await world.asked(HOUR_S)) == 1
    assert await world.standing() == SETTLED


async def test_nobody_is_asked_for_a_key_in_the_background(world: World) -> None:
    asked = []

    async def ask(name: str) -> str:
        asked.append(name)
        return KEY

    editor = Editor("connection", ask)
    world.clients[0].secrets = editor
    world.name_gateway(world.gateway.url, key="editor:work")
    world.gateway.generations[GENERATION] = tells(generation())
    await world.start()
    await world.cut_answer()
    assert await world.asked(HOUR_S) == []
    assert asked == []

    await world.gateways.secrets.read(Reference("editor", "work"), editor)  # A chat needed it.
    world.settling.attempt_ended()
    assert len(await world.asked(60)) == 1
    assert await world.standing() == SETTLED
    assert asked == ["work"]


async def test_without_a_network_no_try_is_counted(world: World) -> None:
    gone = "http://127.0.0.1:1/v1"
    world.name_gateway(gone)
    await world.start()
    await world.ledger.begin(begun("a1", START_S, gone), [], lambda _: ADMITTED)
    await world.ledger.end("a1", UNSETTLED)
    await world.time.pass_time(HOUR_S)

    (row,) = await world.ledger.unsettled()
    assert row.tries == 0
    await world.time.pass_time(DAY_S)
    assert await world.standing() == GIVEN_UP


async def test_each_gateway_is_asked_whatever_becomes_of_another(world: World) -> None:
    gone = "http://127.0.0.1:1/v1"
    world.config = Config(gateways={"work": Gateway(url=world.gateway.url), "gone": Gateway(url=gone)})
    world.gateway.generations["gen_02"] = tells(generation("gen_02"))
    await world.start()
    for key in ("a1", "a2"):
        await world.ledger.begin(replace(begun(key, START_S, gone), gateway="gone"), [], lambda _: ADMITTED)
        await world.ledger.end(key, UNSETTLED)
    await world.cut_answer("a3", "gen_02")

    assert await world.asked(HOUR_S) == [10]
    assert [await world.standing(key) for key in ("a1", "a2", "a3")] == [PENDING, PENDING, SETTLED]


async def test_two_daemons_ask_once(world: World, tmp_path: Path) -> None:
    other = World(tmp_path, world.gateway, world.tasks)
    world.gateway.generations[GENERATION] = tells(generation())
    await world.start()
    other.tasks.start(other.settling.run(), name="settling of another")
    await other.time.pass_time(0)
    await world.cut_answer()
    other.settling.attempt_ended()

    await asyncio.gather(world.time.pass_time(10), other.time.pass_time(10))

    assert len(world.asked_s) == 1
    assert await world.standing() == await other.standing() == SETTLED
    assert world.told + other.told == 1
    await other.ledger.aclose()
    await other.gateways.aclose()
