"""Many requests at the same moment, of several daemons that share one ledger: budgets hold."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from msgspec.structs import replace

from passerelle.config.schema import Budget
from passerelle.money.bound import Bound
from passerelle.money.budget import Check, Verdict, decide
from passerelle.money.ledger import Ledger
from passerelle.money.records import Filter
from support.attempts import BEGUN, ENDED

CHECK = Check(
    budget=Budget(per="day", usd=1.0),
    key="budgets.0",
    source="user",
    path="config.toml",
    line=1,
    filter=Filter(),
    resets_at_s=None,
)
ASKED = Bound(input_usd=0.04, output_token_usd=0.0001, max_output=None, asked=600)  # 0.10
OPEN = replace(ASKED, asked=None, max_output=6_000)  # 0.64, and with the shortest answer 0.0656


@pytest_asyncio.fixture
async def ledgers(tmp_path: Path) -> AsyncIterator[list[Ledger]]:
    daemons = [Ledger(tmp_path) for _ in range(3)]
    yield daemons
    for daemon in daemons:
        await daemon.aclose()


async def begin(ledger: Ledger, number: int, bound: Bound | None) -> Verdict:
    attempt = replace(BEGUN, key=f"k{number}", request=f"r{number}")
    return await ledger.begin(attempt, [CHECK.filter], lambda standings: decide([CHECK], standings, bound, ()))


async def begin_at_once(ledgers: list[Ledger], bound: Bound | None) -> list[Verdict]:
    each = (begin(ledgers[number % len(ledgers)], number, bound) for number in range(50))
    return await asyncio.gather(*each)


async def test_as_many_are_admitted_as_fit(ledgers: list[Ledger]) -> None:
    verdicts = await begin_at_once(ledgers, ASKED)

    assert sum(verdict.admitted for verdict in verdicts) == 10
    (standing,) = await ledgers[0].standings([CHECK.filter])
    assert (standing.spent_usd, standing.in_flight_usd) == (0.0, 1.0)


async def test_answers_that_may_be_of_any_length_share_what_is_left(ledgers: list[Ledger]) -> None:
    verdicts = [verdict for verdict in await begin_at_once(ledgers, OPEN) if verdict.admitted]

    dearest_first = sorted(verdicts, key=lambda verdict: -(verdict.bound_usd or 0))
    assert [verdict.max_tokens for verdict in dearest_first] == [None, 1_400, 500, 500]
    (standing,) = await ledgers[0].standings([CHECK.filter])
    assert standing.in_flight_usd == 1.0


async def test_what_ends_cheaper_makes_room_at_every_daemon(ledgers: list[Ledger]) -> None:
    first, second, _ = ledgers
    assert (await begin(first, 0, replace(ASKED, asked=9_600))).admitted
    assert not (await begin(second, 1, ASKED)).admitted

    await first.end("k0", replace(ENDED, cost_usd=0.9))

    assert (await begin(second, 2, ASKED)).admitted
    assert not (await begin(first, 3, ASKED)).admitted


async def test_without_a_price_all_that_come_at_once_are_admitted_while_anything_is_left(
    ledgers: list[Ledger],
) -> None:
    assert all(verdict.admitted for verdict in await begin_at_once(ledgers, None))

    await ledgers[0].end("k0", replace(ENDED, cost_usd=1.0))

    assert not (await begin(ledgers[1], 99, None)).admitted
