"""One row in the ledger for each attempt that reached a gateway, true to what it said, whatever became of it."""

import asyncio
from contextlib import suppress

import pytest

from support.daemon import KEY, Home
from support.gateway import End, Script
from support.ledger import Row, ledger_rows
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import COST_USD, GENERATION, SONNET, USAGE, begins, delta, event, last, refuses, streams, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

SILENT = {name: value for name, value in USAGE.items() if name not in {"cost", "market_cost"}}


async def row_of(home: Home, *scripts: Script, **params: object) -> list[Row]:
    """The rows that one chat leaves."""
    home.gateway.queue(*scripts)
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        with suppress(RpcError):
            await client.chat(**{"model": SONNET, **params})
    return ledger_rows(home)


def facts(row: Row, *names: str) -> dict[str, object]:
    return {name: row[name] for name in names}


async def test_an_answer_is_written_down_as_the_gateway_counted_it(home: Home) -> None:
    [row] = await row_of(home, streams(text("Hello"), last()))

    assert row["cost_usd"] == pytest.approx(COST_USD)
    assert (
        row.items()
        >= {
            "state": "settled",
            "cost_source": "gateway",
            "number": 1,
            "gateway": "vercel",
            "origin": home.gateway.origin,
            "key_reference": "env:SCRIPTED_KEY",
            "generation": GENERATION,
            "model": SONNET,
            "answered_model": SONNET,
            "provider": "bedrock",
            "role": "chat",
            "workspace": home.project.as_uri(),
            "input_tokens": 1300,
            "output_tokens": 34,
            "cached_tokens": 1000,
            "cache_write_tokens": 200,
            "reasoning_tokens": 7,
            "counted": 1,
            "byok": 0,
            "finish": "stop",
            "error": None,
        }.items()
    )
    assert isinstance(row["total_ms"], int)
    assert isinstance(row["first_delta_ms"], int)
    assert row["client"]


async def test_neither_question_answer_nor_key_is_in_it(home: Home) -> None:
    await row_of(
        home,
        streams(text("an-answer-of-mine"), last()),
        messages=[{"role": "user", "content": "a-question-of-mine"}],
    )

    for file in home.path.rglob("ledger.db*"):
        content = file.read_bytes()
        for secret in ("an-answer-of-mine", "a-question-of-mine", KEY):
            assert secret.encode() not in content


async def test_each_attempt_of_a_request_has_its_row_and_its_number(home: Home) -> None:
    busy = refuses(429, "rate_limit_exceeded", "slow down", headers={"retry-after": "0"})
    first, second = await row_of(home, busy, streams(text("Hello"), last()))

    assert first["request"] == second["request"]
    assert facts(first, "number", "error", "status", "cost_picousd") == {
        "number": 1,
        "error": "rateLimited",
        "status": 429,
        "cost_picousd": 0,
    }
    assert facts(second, "number", "error", "status", "finish") == {
        "number": 2,
        "error": None,
        "status": None,
        "finish": "stop",
    }


async def test_an_answer_without_a_price_of_the_gateways_is_an_estimate_that_says_so(home: Home) -> None:
    [row] = await row_of(home, streams(text("Hi"), event(delta({}, finish="stop", usage=SILENT))))

    plain, cached, written, out = 100 * 3e-6, 1000 * 3e-7, 200 * 3.75e-6, 34 * 15e-6
    assert row["cost_usd"] == pytest.approx(plain + cached + written + out + 7 * 15e-6, rel=0.2)
    assert facts(row, "cost_source", "counted") == {"cost_source": "estimate", "counted": 1}


async def test_a_broken_answer_waits_for_the_gateways_word_with_an_estimate_of_what_came(home: Home) -> None:
    [row] = await row_of(home, [*begins("Hello, " * 100), End.CLOSE])

    assert facts(row, "state", "cost_source", "generation", "finish", "error", "counted") == {
        "state": "pending",
        "cost_source": "estimate",
        "generation": GENERATION,
        "finish": "cutOff",
        "error": "streamBroken",
        "counted": 0,
    }
    assert row["output_tokens"] == pytest.approx(700 / 4, rel=0.1)
    assert isinstance(row["cost_picousd"], int)
    assert row["cost_picousd"] > 0


async def test_a_cancelled_answer_is_one_too(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.STALL])
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        chat = client.chat(model=SONNET)
        await client.shown(chat, "Hel")
        chat.cancel()
        with pytest.raises(RpcError):
            await chat
        total = at(await client.request("passerelle/usage"), "total")

    assert at(total, "requests") == 1
    assert at(total, "estimatedUsd") != 0
    [row] = ledger_rows(home)
    assert facts(row, "state", "finish") == {"state": "pending", "finish": "cancelled"}


async def test_what_never_reached_a_gateway_is_not_in_it(home: Home) -> None:
    home.configure('gateway = "nowhere"\n[gateways.nowhere]\nurl = "http://127.0.0.1:9/v1"')
    async with home.daemon() as client:
        with pytest.raises(RpcError) as caught:
            await client.chat()
        assert caught.value.kind == "unreachable"
        total = at(await client.request("passerelle/usage"), "total")

    assert at(total, "attempts") == 0
    assert ledger_rows(home) == []


async def test_a_title_is_counted_with_its_conversation(home: Home) -> None:
    home.configure('[roles]\ntitle = "anthropic/claude-haiku-4.5"')
    home.gateway.queue(streams(text("Hello"), last()), streams(text("Greeting"), last()))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await client.chat(conversation="talk-1")
        async with asyncio.timeout(20):
            while (
                at(await client.notification("passerelle/didChangeConversations"), "changed", 0, "title") != "Greeting"
            ):
                pass

    rows = ledger_rows(home)
    assert [(row["role"], row["conversation"]) for row in rows] == [("chat", "talk-1"), ("title", "talk-1")]


async def test_a_crowd_is_counted_to_the_last_digit(home: Home) -> None:
    async with home.daemon() as client:
        crowd = [client.chat(model=SONNET) for _ in range(50)]
        for chat in crowd:
            await chat
        total = await usage_total(client)

    assert total == {"requests": 50, "attempts": 50, "costUsd": pytest.approx(50 * COST_USD, abs=1e-15)}


async def usage_total(client: RpcClient) -> dict[str, object]:
    total = at(await client.request("passerelle/usage"), "total")
    return {name: at(total, name) for name in ("requests", "attempts", "costUsd")}
