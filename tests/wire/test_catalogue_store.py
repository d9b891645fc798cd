"""The catalogue on real files, with a gateway and a clock that are handed in."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from passerelle.catalogue import disk
from passerelle.catalogue.model import parse_catalogue
from passerelle.catalogue.store import Catalogue, Clock, Fetched, Validators, pause_s
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

SERVER = Path(__file__).parents[2] / "server"
NOON_S = 1_795_262_400.0
NOON = "2026-11-21T12:00:00Z"
PROBLEM_S = 10
"""Far longer than anything here takes; reached only when something hangs."""


def listing(*ids: str, **fields: object) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": model, **fields} for model in ids]}).encode()


class Gateway:
    """Answers with what `answer` holds at that moment, after `gate` is opened."""

    def __init__(self) -> None:
        self.answer: Fetched | Exception = Fetched(body=listing("a/one", "a/two"), etag='"1"', last_modified="today")
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[Validators] = []
        self.was_asked = asyncio.Event()

    async def fetch(self, validators: Validators) -> Fetched:
        self.asked.append(validators)
        self.was_asked.set()
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Time:
    """Stands still, but for sleeping; after `naps` the sleeper is left asleep."""

    def __init__(self) -> None:
        self.monotonic_s = 1000.0
        self.wall_s = NOON_S
        self.chance = 0.0
        self.naps = 0
        self.slept: list[float] = []
        self.is_over = asyncio.Event()

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.monotonic_s, lambda: self.wall_s, self.sleep, lambda: self.chance)

    def passes(self, seconds: float) -> None:
        self.monotonic_s += seconds
        self.wall_s += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passes(seconds)
        if len(self.slept) >= self.naps:
            self.is_over.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    async with asyncio.timeout(PROBLEM_S):
        yield tasks
    await tasks.aclose()


@pytest.fixture
async def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def time() -> Time:
    return Time()


@pytest.fixture
def changes() -> list[tuple[list[str], list[str], int]]:
    return []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return disk.place_of(tmp_path, "vercel", "https://gateway.example/v1")


Changes = list[tuple[list[str], list[str], int]]
Start = Callable[[], Catalogue]


@pytest.fixture
async def start(gateway: Gateway, time: Time, tasks: Tasks, changes: Changes, path: Path) -> Start:
    """As a daemon that starts anew, on the same disk."""

    def changed(added: list[str], removed: list[str], total: int) -> None:
        changes.append((added, removed, total))

    return lambda: Catalogue(path, gateway.fetch, tasks, changed=changed, clock=time.clock)


def content(path: Path) -> bytes | None:
    """What lies on the disk; None where nothing does."""
    return path.read_bytes() if path.exists() else None


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def ids(catalogue: Catalogue) -> set[str]:
    return set(catalogue.snapshot.by_id)


async def test_a_list_outlives_the_daemon_and_needs_no_gateway(start: Start, gateway: Gateway, time: Time) -> None:
    first = start()
    await first.open()
    assert (first.snapshot.entries, first.snapshot.fetched_at, first.age_s) == ((), None, None)
    assert first.is_stale
    snapshot = await first.refresh()
    assert snapshot is first.snapshot
    assert (snapshot.source, snapshot.fetched_at, first.is_stale) == ("live", NOON, False)

    gateway.answer = Failure("unreachable", "no network")
    time.passes(200)
    second = start()
    await second.open()

    assert (second.snapshot.source, second.snapshot.fetched_at) == ("disk", NOON)
    assert ids(second) == {"a/one", "a/two"}
    assert [entry.id for entry in second.snapshot.index.search("two")[0]] == ["a/two"]
    assert (second.age_s, second.is_stale) == (200, False)
    assert len(gateway.asked) == 1


async def test_builtin_models_serve_until_the_first_list(
    gateway: Gateway, tasks: Tasks, changes: Changes, path: Path
) -> None:
    builtin = parse_catalogue(listing("offline/guide")).entries
    catalogue = Catalogue(path, gateway.fetch, tasks, changed=lambda *told: changes.append(told), builtin=builtin)
    await catalogue.open()
    assert (catalogue.snapshot.source, ids(catalogue)) == ("builtin", {"offline/guide"})

    await catalogue.refresh()

    assert (catalogue.snapshot.source, ids(catalogue)) == ("live", {"a/one", "a/two"})
    assert changes == [(["a/one", "a/two"], ["offline/guide"], 2)]


async def test_two_who_ask_at_once_share_one_request(start: Start, gateway: Gateway) -> None:
    catalogue = start()
    gateway.gate.clear()
    both = asyncio.gather(catalogue.refresh(), catalogue.refresh())
    await gateway.was_asked.wait()
    gateway.gate.set()

    one, other = await both

    assert one is other
    assert len(gateway.asked) == 1
    await catalogue.refresh()
    assert len(gateway.asked) == 2


async def test_one_who_is_cancelled_does_not_disturb_the_other(start: Start, gateway: Gateway) -> None:
    catalogue = start()
    gateway.gate.clear()
    patient, hasty = asyncio.create_task(catalogue.refresh()), asyncio.create_task(catalogue.refresh())
    await gateway.was_asked.wait()

    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    gateway.gate.set()

    assert set((await patient).by_id) == {"a/one", "a/two"}
    assert len(gateway.asked) == 1


async def test_closing_ends_a_refresh(start: Start, gateway: Gateway, tasks: Tasks) -> None:
    gateway.gate.clear()
    waiting = asyncio.create_task(start().refresh())
    await gateway.was_asked.wait()

    await tasks.aclose()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert len(tasks) == 0


@pytest.mark.parametrize(
    "answer",
    [
        Failure("unreachable", "no network"),
        Fetched(body=listing()),
        Fetched(body=listing("a/picture", type="image")),
        Fetched(body=b""),
        Fetched(body=b"<html>Sign in to the hotel's network</html>"),
        Fetched(body=b'{"error": {"message": "no"}}'),
    ],
)
async def test_a_good_list_stays_when_the_next_is_not(
    start: Start, gateway: Gateway, path: Path, changes: Changes, answer: Fetched | Exception
) -> None:
    catalogue = start()
    good = await catalogue.refresh()
    kept, told = content(path), changes.copy()
    gateway.answer = answer

    with pytest.raises(Failure) as refused:
        await catalogue.refresh()

    assert catalogue.snapshot is good
    assert catalogue.last_failure is refused.value
    assert (content(path), changes) == (kept, told)


async def test_a_failure_is_over_with_the_next_list(start: Start, gateway: Gateway) -> None:
    catalogue = start()
    good, gateway.answer = gateway.answer, Failure("unreachable", "no network")
    with pytest.raises(Failure):
        await catalogue.refresh()

    gateway.answer = good
    await catalogue.refresh()

    assert catalogue.last_failure is None
    assert ids(catalogue) == {"a/one", "a/two"}


async def test_a_failure_is_told_to_each_who_waits(start: Start, gateway: Gateway) -> None:
    failure = gateway.answer = Failure("unreachable", "no network")
    catalogue = start()

    outcomes = await asyncio.gather(catalogue.refresh(), catalogue.refresh(), return_exceptions=True)

    assert all(outcome is failure for outcome in outcomes)
    assert (catalogue.snapshot.entries, catalogue.is_stale) == ((), True)


async def test_a_list_that_did_not_change_is_only_confirmed(
    start: Start, gateway: Gateway, time: Time, changes: Changes
) -> None:
    catalogue = start()
    await catalogue.refresh()
    gateway.answer = Fetched(not_modified=True)
    time.passes(600)

    await catalogue.refresh()

    assert gateway.asked == [Validators(), Validators(etag='"1"', last_modified="today")]
    assert (catalogue.snapshot.fetched_at, catalogue.age_s) == ("2026-11-21T12:10:00Z", 0)
    assert len(changes) == 1
    restarted = start()
    await restarted.open()
    assert (restarted.snapshot.fetched_at, restarted.snapshot.source) == ("2026-11-21T12:10:00Z", "disk")
    await restarted.refresh()
    assert gateway.asked[2] == gateway.asked[1]
    assert (restarted.snapshot.source, ids(restarted)) == ("live", {"a/one", "a/two"})


async def test_nothing_cannot_be_confirmed(start: Start, gateway: Gateway) -> None:
    gateway.answer = Fetched(not_modified=True)

    with pytest.raises(Failure, match="never gave one"):
        await start().refresh()


async def test_what_changed_is_told(start: Start, gateway: Gateway, changes: Changes) -> None:
    catalogue = start()
    answers = [
        listing("a/one", "a/two"),
        listing("a/two", "a/one"),
        listing("a/three", "a/one", "a/four"),
        listing("a/three", "a/one", "a/four", max_tokens=5),
    ]
    for body in answers:
        gateway.answer = Fetched(body=body)
        await catalogue.refresh()

    assert changes == [(["a/one", "a/two"], [], 2), (["a/four", "a/three"], ["a/two"], 3), ([], [], 3)]


async def test_a_live_list_is_not_replaced_by_an_older_one_from_disk(start: Start, gateway: Gateway) -> None:
    await start().refresh()
    gateway.answer = Fetched(body=listing("a/newer"))
    catalogue = start()

    await asyncio.gather(catalogue.refresh(), catalogue.open())

    assert (catalogue.snapshot.source, ids(catalogue)) == ("live", {"a/newer"})


async def test_a_file_cut_anywhere_is_moved_aside_and_nothing_else_happens(
    start: Start, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await start().refresh()
    whole = content(path) or b""
    broken = [whole[:size] for size in range(len(whole))]
    broken += [b"\0" * 100, b"[]", b'{"format":1}', whole.replace(b'"data"', b'"dada"'), whole.replace(b"a/", b"\\n")]

    for piece in broken:
        put(path, piece)
        caplog.clear()
        catalogue = start()
        await catalogue.open()

        assert catalogue.snapshot.entries == ()
        assert content(path.with_suffix(".broken")) == piece
        assert content(path) is None
        assert [record.levelname for record in caplog.records if "broken" in record.message] == ["WARNING"]

    await catalogue.refresh()
    assert content(path) == whole


async def test_a_file_of_another_format_is_let_be_until_there_is_a_list(start: Start, path: Path) -> None:
    other = b'{"format": 2, "models": "packed in some way of tomorrow"}'
    put(path, other)
    catalogue = start()

    await catalogue.open()

    assert catalogue.snapshot.entries == ()
    assert content(path) == other
    await catalogue.refresh()
    assert disk.read(path) is not None


async def test_a_disk_that_refuses_is_said_once_and_the_list_lives_in_memory(
    start: Start, gateway: Gateway, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.write_text("a file where the folder should be")
    catalogue = start()

    with caplog.at_level(logging.WARNING):
        await catalogue.open()
        for name in ("a/one", "a/two", "a/three"):
            gateway.answer = Fetched(body=listing(name))
            await catalogue.refresh()

    assert ids(catalogue) == {"a/three"}
    assert sum("in memory only" in record.message for record in caplog.records) == 1


WRITER = """
import sys
from pathlib import Path
from msgspec import Raw
from passerelle.catalogue import disk
name, path = sys.argv[1], Path(sys.argv[2])
body = Raw(b'[' + b','.join(b'{"id":"%s/%d"}' % (name.encode(), n) for n in range(3000)) + b']')
for turn in range(40):
    disk.write(path, disk.Cached(fetched_at_s=turn, etag=name, last_modified=None, list=body))
"""


def test_processes_that_write_at_once_leave_whole_files(path: Path) -> None:
    command = [sys.executable, "-P", "-c", WRITER]
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    writers = [subprocess.Popen([*command, name, str(path)], env=environment) for name in ("one", "two", "three")]

    seen = set()
    while any(writer.poll() is None for writer in writers):
        if (cached := disk.read(path)) is not None:
            makers = {entry.creator for entry in parse_catalogue(bytes(cached.list)).entries}
            assert makers == {cached.etag}
            seen |= makers

    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert seen
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("monotonic_s", "wall_s", "age_s"),
    [(60, 60, 60), (60, 8 * 3600, 8 * 3600), (400, -86_400, 400), (0, -86_400, 0)],
)
async def test_a_list_ages_though_the_machine_sleeps_or_its_clock_is_set_back(
    start: Start, time: Time, monotonic_s: float, wall_s: float, age_s: float
) -> None:
    catalogue = start()
    await catalogue.refresh()

    time.monotonic_s += monotonic_s
    time.wall_s += wall_s

    assert catalogue.age_s == age_s
    assert catalogue.is_stale == (age_s >= 300)


async def run(catalogue: Catalogue, time: Time, naps: int) -> None:
    """Let the loop run until it slept that often."""
    time.naps = naps
    running = asyncio.create_task(catalogue.run())
    await asyncio.wait({running, asyncio.create_task(time.is_over.wait())}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_list_is_fetched_every_five_minutes(start: Start, gateway: Gateway, time: Time) -> None:
    time.chance = 0.5

    await run(start(), time, naps=4)

    assert time.slept == [330.0] * 4
    assert len(gateway.asked) == 4


async def test_a_fresh_list_from_disk_is_left_to_age(start: Start, gateway: Gateway, time: Time) -> None:
    await start().refresh()
    time.passes(100)
    catalogue = start()
    await catalogue.open()

    await run(catalogue, time, naps=2)

    assert time.slept == [200.0, 300.0]
    assert len(gateway.asked) == 2


async def test_failures_are_retried_ever_more_slowly(start: Start, gateway: Gateway, time: Time) -> None:
    gateway.answer = Failure("unreachable", "no network")

    await run(start(), time, naps=7)

    assert time.slept == [15, 30, 60, 120, 240, 300, 300]


async def test_one_success_ends_the_slow_retries(start: Start, gateway: Gateway, time: Time) -> None:
    catalogue = start()
    good, gateway.answer = gateway.answer, Failure("unreachable", "no network")
    await run(catalogue, time, naps=3)
    gateway.answer = good
    time.is_over.clear()

    await run(catalogue, time, naps=5)

    assert time.slept == [15, 30, 60, 300, 300]


@pytest.mark.parametrize(
    ("age_s", "failures", "retry_after_s", "pause"),
    [
        (0, 0, None, 300),
        (299.9999, 0, None, 1),
        (1e9, 0, None, 1),
        (1e9, 1, None, 15),
        (None, 10_000, None, 300),
        (1e9, 1, 40.0, 40),
        (1e9, 1, 1200.0, 1200),
        (1e9, 1, 1e9, 3600),
    ],
)
def test_no_pause_is_too_short_or_endless(
    age_s: float | None, failures: int, retry_after_s: float | None, pause: float
) -> None:
    failure = Failure("rateLimited", "slow down", retry_after_s=retry_after_s)

    assert pause_s(age_s, failures, failure) == pause


def test_each_gateway_has_its_own_place_inside_the_cache(tmp_path: Path) -> None:
    asked = [
        ("work", "https://a/v1"),
        ("work", "https://b/v1"),
        ("../../etc/x", "https://a/v1"),
        ("ü" * 99, "https://a"),
    ]
    places = [disk.place_of(tmp_path, name, url) for name, url in asked]

    assert len(set(places)) == len(places)
    assert {place.parent for place in places} == {tmp_path / "models"}
    assert all(place.suffix == ".json" and len(place.name.encode()) < 120 for place in places)
