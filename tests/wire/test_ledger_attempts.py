"""One daemon's ledger on a real file: the life of an attempt, and what it comes to."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from passerelle.money.ledger import Ledger
from passerelle.money.records import AttemptEnded, Filter, Settlement, Standing
from passerelle.words.failures import Failure
from support.attempts import BEGUN, CUT, ENDED, Admitted, Clock, admit, began, refuse, row, rows, standing
from support.ledger import written

DAY_S = 86_400.0
SETTLEMENT = Settlement(cost_usd=0.75, market_usd=0.8, provider="other", model=None, tokens=None, byok=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def ledger(tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
    ledger = Ledger(tmp_path, now=clock)
    yield ledger
    await ledger.aclose()


async def test_an_attempt_is_written_before_it_is_sent(ledger: Ledger, tmp_path: Path) -> None:
    await began(ledger)

    [found] = written(tmp_path)
    assert (found["state"], found["bound_picousd"], found["cost_picousd"]) == ("open", 2 * 10**12, 10**12 // 4)
    assert found["cost_source"] == "estimate"
    assert await standing(ledger) == (0.0, 2.0)


async def test_one_without_a_price_has_an_unknown_cost(ledger: Ledger) -> None:
    await began(ledger, replace(BEGUN, prompt_usd=None))

    found = await row(ledger)
    assert (found["cost_picousd"], found["cost_source"]) == (None, "unknown")


async def test_what_is_not_admitted_is_not_written(ledger: Ledger) -> None:
    await began(ledger, decide=refuse)
    await ledger.end("k", ENDED)

    assert await rows(ledger) == []


async def test_what_never_reached_a_gateway_is_deleted(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.dismiss("k")
    await ledger.end("k", ENDED)

    assert await rows(ledger) == []


async def test_an_ended_attempt_has_cost_what_its_gateway_says(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.end("k", ENDED)

    found = await row(ledger)
    assert (found["state"], found["cost_picousd"], found["cost_source"]) == ("settled", 10**12 // 2, "gateway")
    assert (found["input_tokens"], found["output_tokens"], found["counted"]) == (120, 30, 1)
    assert await standing(ledger) == (0.5, 0.0)


async def test_only_the_first_end_counts(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.end("k", ENDED)
    await ledger.end("k", replace(ENDED, cost_usd=9.0))
    await ledger.dismiss("k")

    assert await standing(ledger) == (0.5, 0.0)


@pytest.mark.parametrize("cost_usd", [float("nan"), float("inf")])
async def test_a_cost_that_is_no_number_is_unknown(ledger: Ledger, cost_usd: float) -> None:
    await began(ledger)
    await ledger.end("k", replace(ENDED, cost_usd=cost_usd))

    assert (await row(ledger))["cost_picousd"] is None


async def test_absurd_numbers_break_nothing(ledger: Ledger) -> None:
    await began(ledger)
    absurd = replace(ENDED.tokens, input_tokens=10**30, output_tokens=-1)
    await ledger.end("k", replace(ENDED, cost_usd=1e300, tokens=absurd))

    found = await row(ledger)
    assert (found["state"], found["input_tokens"], found["output_tokens"]) == ("settled", 10**12, 0)
    assert await standing(ledger) == (10_000.0, 0.0)


async def test_the_generation_is_known_from_the_first_chunk_on(ledger: Ledger) -> None:
    await began(ledger)
    ledger.heard("k", "gen_2")

    assert (await row(ledger))["generation"] == "gen_2"
    await ledger.end("k", replace(ENDED, generation=None))
    assert (await row(ledger))["generation"] == "gen_2"


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (CUT, "pending"),
        (replace(CUT, cost_usd=None, cost_source="unknown"), "pending"),
        (replace(CUT, generation=None), "settled"),
        (replace(CUT, may_settle=False), "settled"),
        (replace(ENDED, may_settle=True), "settled"),
    ],
)
async def test_a_gateway_is_asked_only_for_what_it_can_tell(ledger: Ledger, ended: AttemptEnded, state: str) -> None:
    await began(ledger)
    await ledger.end("k", ended)

    assert (await row(ledger))["state"] == state


async def test_a_gateway_is_asked_some_time_after_the_end(ledger: Ledger, clock: Clock) -> None:
    await began(ledger)
    await ledger.end("k", CUT)

    assert await ledger.unsettled() == []
    clock.now_s += 10
    [found] = await ledger.unsettled()
    assert (found.key, found.generation, found.tries, found.next_try_s) == ("k", "gen_1", 0, clock.now_s)


async def test_a_settled_attempt_has_cost_what_the_gateway_said_first(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.end("k", CUT)
    await ledger.settle("k", SETTLEMENT)
    await ledger.settle("k", replace(SETTLEMENT, cost_usd=9.0))

    found = await row(ledger)
    assert (found["state"], found["cost_source"], found["provider"], found["byok"]) == (
        "settled",
        "gateway",
        "other",
        1,
    )
    assert (found["answered_model"], found["input_tokens"]) == ("creator/model", 120)
    assert await standing(ledger) == (0.75, 0.0)


async def test_tokens_that_the_gateway_says_afterwards_are_counted(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.end("k", replace(CUT, counted=False))
    await ledger.settle("k", replace(SETTLEMENT, tokens=replace(ENDED.tokens, input_tokens=7)))

    found = await row(ledger)
    assert (found["input_tokens"], found["counted"]) == (7, 1)


async def test_a_final_cost_is_not_settled_again(ledger: Ledger) -> None:
    await began(ledger)
    await ledger.end("k", ENDED)
    await ledger.settle("k", SETTLEMENT)

    assert await standing(ledger) == (0.5, 0.0)


async def test_tries_are_counted_until_it_is_given_up(ledger: Ledger, clock: Clock) -> None:
    await began(ledger)
    await ledger.end("k", CUT)
    await ledger.try_later("k", clock.now_s + 60)

    clock.now_s += 59
    assert await ledger.unsettled() == []
    clock.now_s += 1
    assert [found.tries for found in await ledger.unsettled()] == [1]
    await ledger.give_up("k")
    await ledger.settle("k", SETTLEMENT)
    clock.now_s += DAY_S
    assert await ledger.unsettled() == []
    found = await row(ledger)
    assert (found["state"], found["cost_source"]) == ("settled", "estimate")


@pytest.mark.parametrize(
    ("filter_", "is_counted"),
    [
        (Filter(), True),
        (Filter(since_s=BEGUN.at_s), True),
        (Filter(since_s=BEGUN.at_s + 1), False),
        (Filter(conversation="c"), True),
        (Filter(conversation="d"), False),
        (Filter(workspace="file:///w"), True),
        (Filter(workspace="file:///v"), False),
        (Filter(roles=("inline", "chat")), True),
        (Filter(roles=("inline",)), False),
        (Filter(models=("creator/model",)), True),
        (Filter(models=("other/*", "creator/m?del")), True),
        (Filter(models=("*/MODEL",)), False),
        (Filter(models=("other/*",)), False),
        (Filter(conversation="c", workspace="file:///w", roles=("chat",), models=("creator/*",), since_s=0.0), True),
        (Filter(conversation="c", models=("other/*",)), False),
    ],
)
@pytest.mark.parametrize("is_ended", [True, False])
async def test_a_filter_counts_what_it_says(ledger: Ledger, filter_: Filter, is_counted: bool, is_ended: bool) -> None:
    await began(ledger, replace(BEGUN, conversation="c", workspace="file:///w"))
    if is_ended:
        await ledger.end("k", ENDED)

    whole = (0.5, 0.0) if is_ended else (0.0, 2.0)
    assert await standing(ledger, filter_) == (whole if is_counted else (0.0, 0.0))


async def test_a_decision_sees_how_the_filters_stand(ledger: Ledger) -> None:
    await began(ledger)
    seen: list[Standing] = []

    def decide(standings: Sequence[Standing]) -> Admitted:
        seen.extend(standings)
        return refuse(standings)

    await ledger.begin(replace(BEGUN, key="l"), [Filter(), Filter(roles=("inline",))], decide)

    assert [one.in_flight_usd for one in seen] == [2.0, 0.0]


async def test_a_decision_that_fails_leaves_nothing(ledger: Ledger) -> None:
    def decide(_standings: Sequence[Standing]) -> Admitted:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ledger.begin(BEGUN, (), decide)

    assert await rows(ledger) == []


async def test_who_is_cancelled_while_it_begins_leaves_nothing(ledger: Ledger) -> None:
    beginning = asyncio.create_task(ledger.begin(BEGUN, (), admit))
    await asyncio.sleep(0)  # It has been handed over now.
    beginning.cancel()

    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert await rows(ledger) == []


async def test_who_is_cancelled_while_it_ends_has_ended_it(ledger: Ledger) -> None:
    await began(ledger)
    ending = asyncio.create_task(ledger.end("k", ENDED))
    ending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await ending
    assert await standing(ledger) == (0.5, 0.0)


async def test_what_is_old_expires_but_not_what_may_still_change(ledger: Ledger, clock: Clock) -> None:
    for number in range(501):
        await began(ledger, replace(BEGUN, key=f"old {number}"))
        await ledger.end(f"old {number}", ENDED)
    await began(ledger, replace(BEGUN, key="running"))
    await began(ledger, replace(BEGUN, key="new", at_s=BEGUN.at_s + 60))
    await ledger.end("new", ENDED)
    clock.now_s += 60

    assert await ledger.expire(clock.now_s) == 501
    assert [found["key"] for found in await rows(ledger)] == ["new", "running"]
    clock.now_s += DAY_S
    assert await ledger.expire(clock.now_s) == 2


async def test_suggestions_are_counted(ledger: Ledger) -> None:
    await ledger.note_suggestion("shown", "editor")
    await ledger.note_suggestion("accepted", "editor")

    events = await ledger.read(
        lambda connection: connection.execute("SELECT event, client FROM suggestions").fetchall()
    )
    assert events == [("shown", "editor"), ("accepted", "editor")]


async def test_a_reader_writes_nothing(ledger: Ledger) -> None:
    await began(ledger)

    with pytest.raises(Failure, match="cannot be read"):
        await ledger.read(lambda connection: connection.execute("DELETE FROM attempts"))
    assert len(await rows(ledger)) == 1


async def test_who_closes_it_does_not_wait_for_a_reader(ledger: Ledger) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    begun = threading.Event()

    def work(connection: sqlite3.Connection) -> object:
        begun.set()
        return connection.execute(endless).fetchone()

    reading = asyncio.create_task(ledger.read(work))
    await asyncio.to_thread(begun.wait)
    await ledger.aclose()

    with pytest.raises(Failure, match="interrupted"):
        await reading


async def test_only_its_owner_can_read_the_files(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "state")
    await began(ledger)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()]
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert modes == [0o600] * 3
    await ledger.aclose()


async def test_nothing_is_made_before_the_first_attempt(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "state")

    assert not await ledger.is_there()
    await ledger.aclose()
    assert not (tmp_path / "state").exists()


async def test_all_is_there_the_next_time(ledger: Ledger, tmp_path: Path, clock: Clock) -> None:
    await began(ledger)
    await ledger.end("k", ENDED)
    await ledger.aclose()

    again = Ledger(tmp_path, now=clock)
    assert await again.is_there()
    assert await standing(again) == (0.5, 0.0)
    await again.aclose()


def test_sqlite_is_not_loaded_with_it() -> None:
    code = "import sys, passerelle.money.ledger; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
