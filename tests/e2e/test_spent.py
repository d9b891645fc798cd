"""What all answers since the start have cost, as status tells it, and how full a model's window is."""

import pytest

from support.daemon import Home
from support.gateway import End
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import COST_USD, SONNET, USAGE, begins, delta, event, last, refuses, streams, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

HAIKU = "anthropic/claude-haiku-4.5"
HAIKU_USD = 1300 * 0.000001 + 34 * 0.000005
STATUS = "passerelle/didChangeStatus"
SILENT = {name: value for name, value in USAGE.items() if name not in {"cost", "market_cost"}}


async def spent(client: RpcClient) -> object:
    return at(await client.request("passerelle/status"), "spent")


def total(requests: int, cost_usd: float = 0.0, estimated_usd: float = 0.0, unknown: int = 0) -> object:
    amounts = {"costUsd": pytest.approx(cost_usd), "estimatedUsd": pytest.approx(estimated_usd)}
    return {"requests": requests, **amounts, "unknown": unknown}


async def test_answers_add_up_by_where_their_cost_comes_from(home: Home) -> None:
    silent = event(delta({}, finish="stop", usage=SILENT, model=HAIKU))
    home.gateway.queue(
        streams(text("Hello"), last()),
        [*begins("Hel"), End.CLOSE],
        refuses(400, "invalid_request_error", "no"),
        streams(text("Hello"), silent),
    )
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        assert await spent(client) == total(0)

        await client.chat()
        assert await spent(client) == total(1, COST_USD)

        cut_off = await client.chat()
        assert (at(cut_off, "finish"), at(cut_off, "cost", "source")) == ("cutOff", "estimate")
        cut_usd = at(cut_off, "cost", "usd")
        assert isinstance(cut_usd, float)
        assert await spent(client) == total(2, COST_USD, cut_usd)

        with pytest.raises(RpcError):
            await client.chat()
        assert await spent(client) == total(2, COST_USD, cut_usd)

        estimate = at(await client.chat(model=HAIKU), "cost")
        assert estimate == {"usd": pytest.approx(HAIKU_USD), "source": "estimate"}
        assert await spent(client) == total(3, COST_USD, cut_usd + HAIKU_USD)


async def test_what_a_cancelled_answer_has_cost_is_not_hidden(home: Home) -> None:
    home.gateway.queue([End.STALL], [*begins("Hel"), End.STALL])
    async with home.daemon() as client:
        for shown in ("", "Hel"):
            chat = client.chat()
            await home.gateway.chat()
            await client.shown(chat, shown)
            chat.cancel()
            with pytest.raises(RpcError):
                await chat

        assert at(await spent(client), "requests") == 1
        assert at(await spent(client), "estimatedUsd") != 0


async def test_the_client_is_told_when_it_changes_and_not_for_each_of_a_crowd(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        crowd = [client.chat() for _ in range(50)]
        for chat in crowd:
            await chat

        told: list[object] = []
        while not told or at(told[-1], "spent", "requests") != len(crowd):
            told.append(await client.notification(STATUS))

        assert at(told[-1], "spent") == total(len(crowd), len(crowd) * COST_USD)
        assert len(told) < len(crowd) // 2


async def test_the_answer_says_how_full_the_window_is(home: Home) -> None:
    home.gateway.queue(streams(text("Hi"), last()), streams(text("Hi"), last()), streams(text("Hi"), last(usage=None)))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})

        assert at(await client.chat(model=SONNET), "context") == {"usedTokens": 1334, "windowTokens": 200_000}
        assert at(await client.chat(model="x/unlisted"), "context") == {"usedTokens": 1334, "windowTokens": None}
        unsaid = await client.chat(model=SONNET)

    assert "context" not in unsaid
