"""The day's spending in the status: of every daemon of the person, and still there after a start anew."""

import pytest

from support.daemon import Home
from support.messages import at
from support.shapes import COST_USD

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_is_the_persons_and_not_the_daemons(home: Home) -> None:
    async with home.daemon() as one, home.daemon() as other:
        before = at(await one.request("passerelle/status"), "today")
        await one.chat()
        await other.chat()
        both = [at(await client.request("passerelle/status"), "today") for client in (one, other)]
        session = at(await one.request("passerelle/status"), "spent", "requests")
    async with home.daemon() as later:
        after = at(await later.request("passerelle/status"), "today")

    assert before == {"requests": 0, "costUsd": 0.0, "estimatedUsd": 0.0}
    total = {"requests": 2, "costUsd": pytest.approx(2 * COST_USD, abs=1e-15), "estimatedUsd": 0.0}
    assert both == [total, total]
    assert session == 1
    assert after == total


async def test_to_ask_makes_no_ledger(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/status")

    assert list(home.path.rglob("ledger.db*")) == []


async def test_the_client_hears_of_each_change(home: Home) -> None:
    async with home.daemon() as client:
        await client.chat()
        told: object = {}
        while told == {} or at(told, "today", "requests") != 1:
            told = await client.notification("passerelle/didChangeStatus")

    assert at(told, "today", "costUsd") == pytest.approx(COST_USD, abs=1e-15)
