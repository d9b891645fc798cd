"""Answers that ended without their gateway's word on the cost: the ledger has it some seconds later."""

import signal

import pytest

from support.daemon import Home
from support.gateway import End
from support.ledger import ledger_rows
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import STREAM_HEAD, delta, event, generation, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

STATUS = "passerelle/didChangeStatus"
COSTS_USD = (0.00032, 0.00064)


def cut(identity: str, end: End) -> list[bytes | End]:
    """An answer that stops in the middle."""
    return [STREAM_HEAD, event({**delta({"content": "Hel"}), "id": identity}), end]


async def costs(client: RpcClient, total_usd: float) -> None:
    """Wait until the day's costs that gateways have said are so much."""
    await client.notification_with(
        STATUS, lambda status: at(status, "today", "costUsd") == pytest.approx(total_usd, abs=1e-12)
    )


async def test_a_cut_answer_and_a_cancelled_one_are_settled(home: Home) -> None:
    home.gateway.queue(cut("gen_cut", End.CLOSE), cut("gen_cancelled", End.STALL))
    home.gateway.generations["gen_cut"] = tells(generation("gen_cut", total_cost=COSTS_USD[0]))
    home.gateway.generations["gen_cancelled"] = tells(generation("gen_cancelled", total_cost=str(COSTS_USD[1])))
    async with home.daemon() as client:
        assert at(await client.chat(), "finish") == "cutOff"
        chat = client.chat()
        await client.shown(chat, "Hel")
        chat.cancel()
        with pytest.raises(RpcError):
            await chat

        await costs(client, sum(COSTS_USD))

    rows = ledger_rows(home)
    assert [(row["state"], row["cost_source"], row["generation"]) for row in rows] == [
        ("settled", "gateway", "gen_cut"),
        ("settled", "gateway", "gen_cancelled"),
    ]
    assert [row["cost_usd"] for row in rows] == pytest.approx(COSTS_USD)
    assert [(row["provider"], row["input_tokens"], row["counted"]) for row in rows] == [("bedrock", 120, 1)] * 2


async def test_what_a_killed_daemon_left_is_settled_by_the_next(home: Home) -> None:
    home.gateway.queue(cut("gen_left", End.CLOSE))
    async with home.daemon() as client:
        assert at(await client.chat(), "finish") == "cutOff"
        client.process.kill()
        client.exit_code = -signal.SIGKILL
        await client.ended()
        client.forgive()
    assert [row["state"] for row in ledger_rows(home)] == ["pending"]

    home.gateway.generations["gen_left"] = tells(generation("gen_left", total_cost=COSTS_USD[0]))
    async with home.daemon() as client:
        await costs(client, COSTS_USD[0])

    assert [row["state"] for row in ledger_rows(home)] == ["settled"]
