"""Several daemons on one ledger: budgets that hold, attempts of daemons that died, a schema that is made once."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from passerelle.money.ledger import Ledger
from passerelle.money.records import Filter, Settlement, Standing
from passerelle.money.schema import MIGRATIONS
from support.attempts import BEGUN, CUT, ENDED, EVERYTHING, Admitted, Clock, began, row, rows, standing
from support.ledger import Row, written

LEASE_S = 30.0
PROBLEM_S = 20.0
DAEMONS = 5

Open = Callable[[], Ledger]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock) -> AsyncIterator[Open]:
    """Begins one more daemon."""
    opened: list[Ledger] = []

    def begin(lease_s: float = LEASE_S) -> Ledger:
        opened.append(Ledger(tmp_path, now=clock, lease_s=lease_s))
        return opened[-1]

    yield begin
    for ledger in opened:
        await ledger.aclose()


async def orphaned(daemon: Open, clock: Clock, generation: str | None) -> tuple[Ledger, Ledger]:
    """One whose attempt was taken for an orphan, and the one that took it."""
    first, second = daemon(), daemon()
    await began(first)
    if generation is not None:
        first.heard("k", generation)
        await row(first)
    clock.now_s += LEASE_S + 1
    await second.unsettled()
    return first, second


async def row_when(ledger: Ledger, accept: Callable[[Row], bool]) -> Row:
    """As soon as it is so."""
    async with asyncio.timeout(PROBLEM_S):
        while not accept(found := await row(ledger)):
            pass
    return found


async def test_budgets_hold_over_all_daemons(daemon: Open) -> None:
    def decide(standings: Sequence[Standing]) -> Admitted:
        [one] = standings
        return Admitted(bound_usd=1.0, admitted=one.spent_usd + one.in_flight_usd + 1.0 <= 7.0)

    ledgers = [daemon() for _ in range(DAEMONS)]
    attempts = [replace(BEGUN, key=f"k{number}") for number in range(50)]
    verdicts = await asyncio.gather(
        *(ledgers[at % DAEMONS].begin(attempt, [EVERYTHING], decide) for at, attempt in enumerate(attempts))
    )

    assert sum(verdict.admitted for verdict in verdicts) == 7
    assert await standing(ledgers[0]) == (0.0, 7.0)


async def test_an_attempt_is_in_flight_while_its_lease_lasts(daemon: Open, clock: Clock) -> None:
    first, second = daemon(), daemon()
    await began(first)
    clock.now_s += LEASE_S - 1
    await second.unsettled()

    assert (await row(second))["state"] == "open"


@pytest.mark.parametrize(("generation", "state"), [(None, "settled"), ("gen_1", "pending")])
async def test_an_orphan_is_settled_as_far_as_is_known(
    daemon: Open, clock: Clock, generation: str | None, state: str
) -> None:
    _, second = await orphaned(daemon, clock, generation)

    found = await row(second)
    assert (found["state"], found["error"], found["cost_source"]) == (state, "daemonEnded", "estimate")
    assert await standing(second) == (0.25, 0.0)


async def test_the_gateway_of_an_orphan_is_asked_at_once(daemon: Open, clock: Clock) -> None:
    first, second = daemon(), daemon()
    await began(first)
    first.heard("k", "gen_1")
    await row(first)
    clock.now_s += LEASE_S + 1

    assert [found.generation for found in await second.unsettled()] == ["gen_1"]


@pytest.mark.parametrize("generation", [None, "gen_1"])
async def test_the_owners_word_wins_over_an_orphan(daemon: Open, clock: Clock, generation: str | None) -> None:
    first, second = await orphaned(daemon, clock, generation)
    await second.settle(
        "k", Settlement(cost_usd=9.0, market_usd=None, provider=None, model=None, tokens=None, byok=False)
    )
    await first.end("k", ENDED)

    found = await row(second)
    assert (found["state"], found["error"], len(await rows(second))) == ("settled", None, 1)
    assert await standing(second) == (0.5, 0.0)


async def test_a_new_attempt_does_not_pay_for_an_orphan(daemon: Open, clock: Clock) -> None:
    first, second = daemon(), daemon()
    await began(first)
    clock.now_s += LEASE_S + 1
    seen: list[Standing] = []

    def decide(standings: Sequence[Standing]) -> Admitted:
        seen.extend(standings)
        return Admitted()

    await second.begin(replace(BEGUN, key="l"), [EVERYTHING], decide)

    assert seen == [Standing(spent_usd=0.25, in_flight_usd=0.0)]


async def test_a_clock_that_was_set_back_keeps_no_orphan_open(daemon: Open, clock: Clock) -> None:
    first, second = daemon(), daemon()
    await began(first)
    clock.now_s -= 86_400
    await second.unsettled()

    assert (await row(second))["state"] == "settled"


async def test_a_daemon_that_lives_renews_its_leases(daemon: Callable[..., Ledger], clock: Clock) -> None:
    first = daemon(0.03)  # Of real time, until it renews; the leases themselves are by the test's clock.
    await began(first)
    clock.now_s += 100

    found = await row_when(first, lambda found: found["lease_ms"] == round((clock.now_s + 0.03) * 1000))
    assert found["state"] == "open"


async def test_what_was_wrongly_taken_for_an_orphan_is_open_again(daemon: Callable[..., Ledger], clock: Clock) -> None:
    first, second = daemon(0.03), daemon()
    await began(first)
    clock.now_s += 100_000
    await second.unsettled()

    found = await row_when(second, lambda found: found["state"] == "open")
    assert found["error"] is None
    assert await standing(second) == (0.0, 2.0)


async def test_only_one_daemon_asks_a_gateway(daemon: Open, clock: Clock) -> None:
    first, second = daemon(), daemon()
    await began(first)
    await first.end("k", CUT)
    clock.now_s += 10

    asked = [*await second.unsettled(), *await first.unsettled()]

    assert len(asked) == 1
    clock.now_s += LEASE_S
    assert len(await first.unsettled()) == 1


async def test_each_sees_what_the_others_write(daemon: Open) -> None:
    first, second = daemon(), daemon()
    await began(first)
    assert await standing(second) == (0.0, 2.0)
    await first.end("k", ENDED)
    assert await standing(second) == (0.5, 0.0)


OPENING = """
import asyncio, sys
from pathlib import Path
from support.attempts import BEGUN, admit, began
from msgspec.structs import replace
from passerelle.money.ledger import Ledger

async def main(folder, name):
    ledger = Ledger(Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(20):
        await began(ledger, replace(BEGUN, key=f"{name} {number}"))
    await ledger.aclose()
    sys.exit(ledger.problem)

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_ledger_is_made_once_by_many_that_open_it_together(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", OPENING, str(tmp_path / "state")]
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    opening = [
        subprocess.Popen([*arguments, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=paths)
        for name in "abcdef"
    ]
    for process in opening:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in opening:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in opening:
        process.communicate(timeout=PROBLEM_S)
        assert process.returncode == 0

    assert len(written(tmp_path / "state")) == 120


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
async def test_a_ledger_of_any_version_before_is_brought_to_ours(daemon: Open, tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        for migration in MIGRATIONS[:version]:
            connection.executescript(migration)
        connection.execute(f"PRAGMA user_version = {version}")

    ledger = daemon()
    await began(ledger)

    assert ledger.problem is None
    assert len(written(tmp_path)) == 1


def later(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.execute("ALTER TABLE attempts ADD COLUMN whatever TEXT")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


async def test_a_ledger_of_a_later_version_is_not_touched(daemon: Open, tmp_path: Path) -> None:
    first = daemon()
    await began(first, replace(BEGUN, key="before"))
    await first.aclose()
    later(tmp_path)

    second = daemon()
    await began(second)
    await second.end("k", ENDED)

    assert second.problem is not None
    assert "A newer Passerelle" in second.problem
    assert await standing(second) == (0.5, 0.0)
    assert [found["key"] for found in written(tmp_path)] == ["before"]


async def test_a_ledger_that_becomes_one_of_a_later_version_is_not_touched_any_more(
    daemon: Open, tmp_path: Path
) -> None:
    ledger = daemon()
    await began(ledger)
    later(tmp_path)
    await ledger.end("k", ENDED)

    assert ledger.problem is not None
    assert [found["state"] for found in written(tmp_path)] == ["open"]
    assert await standing(ledger, Filter(roles=("chat",))) == (0.5, 0.0)
