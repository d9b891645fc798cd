"""Where a gateway has no fallbacks of its own, the daemon goes on to the next model, while nothing was shown."""

import pytest

from support.daemon import Home
from support.gateway import End
from support.ledger import ledger_rows
from support.messages import RpcError, at
from support.shapes import SONNET, begins, refuses, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

HAIKU, MINI = "anthropic/claude-haiku-4.5", "openai/gpt-5-mini"


def team(home: Home, routing: str = "") -> None:
    """A gateway that is not Vercel's, and two models to fall back to."""
    fallbacks = f'[routing]\nfallbacks = ["{HAIKU}", "{MINI}"]\n{routing}'
    home.configure(f'gateway = "team"\n{fallbacks}\n[gateways.team]\nurl = "{home.gateway.url}"')


async def models_asked(home: Home) -> list[object]:
    return [(await home.gateway.chat()).request.json["model"] for _ in range(home.gateway.chats.qsize())]


async def test_the_next_model_answers_and_the_answer_says_who_failed_and_why(home: Home) -> None:
    team(home)
    home.gateway.queue(refuses(503, "", "overloaded"), refuses(404, "model_not_found", "no such model"), says("Hello"))
    async with home.daemon() as client:
        chat = client.chat(model=SONNET)
        result = await chat

    assert chat.text == "Hello"
    assert await models_asked(home) == [SONNET, HAIKU, MINI]
    assert [(at(one, "by"), at(one, "model"), at(one, "success")) for one in attempts(result)] == [
        ("daemon", SONNET, False),
        ("daemon", HAIKU, False),
        ("daemon", MINI, True),
    ]
    assert [at(result, "attempts", number, "status") for number in (0, 1)] == [503, 404]
    assert "overloaded" in str(at(result, "attempts", 0, "error"))
    rows = ledger_rows(home)
    assert [(row["model"], row["number"], row["error"]) for row in rows] == [
        (SONNET, 1, "unavailable"),
        (HAIKU, 2, "modelUnknown"),
        (MINI, 3, None),
    ]
    assert len({row["request"] for row in rows}) == 1


async def test_a_try_that_was_repeated_is_told_with_the_answer(home: Home) -> None:
    now = {"retry-after": "0"}
    home.gateway.queue(
        refuses(429, "rate_limit_exceeded", "slow down", headers=now), refuses(503, "", "", headers=now), says("Hello")
    )
    async with home.daemon() as client:
        result = await client.chat(model=SONNET)

    assert [(at(one, "model"), at(one, "success")) for one in attempts(result)] == [
        (SONNET, False),
        (SONNET, False),
        (SONNET, True),
    ]
    assert [at(result, "attempts", number, "status") for number in (0, 1)] == [429, 503]
    assert "slow down" in str(at(result, "attempts", 0, "error"))


async def test_after_the_first_words_nobody_else_is_asked(home: Home) -> None:
    team(home)
    home.gateway.queue([*begins("Hel"), End.CLOSE])
    async with home.daemon() as client:
        result = await client.chat(model=SONNET)

    assert result["finish"] == "cutOff"
    assert await models_asked(home) == [SONNET]


@pytest.mark.parametrize(("status", "kind"), [(401, "authentication_error"), (400, "invalid_request_error"), (402, "")])
async def test_what_no_other_model_would_mend_is_told_at_once(home: Home, status: int, kind: str) -> None:
    team(home)
    home.gateway.queue(refuses(status, kind, "no"))
    async with home.daemon() as client:
        with pytest.raises(RpcError):
            await client.chat(model=SONNET)

    assert await models_asked(home) == [SONNET]


async def test_nobody_falls_back_where_that_is_off(home: Home) -> None:
    team(home, 'fallback = "off"')
    home.gateway.queue(refuses(404, "model_not_found", "no such model"))
    async with home.daemon() as client:
        with pytest.raises(RpcError) as caught:
            await client.chat(model=SONNET)

    assert caught.value.kind == "modelUnknown"
    assert await models_asked(home) == [SONNET]


async def test_vercels_gateway_is_told_the_fallbacks_and_goes_on_itself(home: Home) -> None:
    home.configure(f'[routing]\nfallbacks = ["{HAIKU}"]')
    home.gateway.queue(refuses(404, "model_not_found", "no such model"))
    async with home.daemon() as client:
        with pytest.raises(RpcError):
            await client.chat(model=SONNET)

    [exchange] = [await home.gateway.chat() for _ in range(home.gateway.chats.qsize())]
    assert at(exchange.request.json, "providerOptions", "gateway", "models") == [HAIKU]


async def test_the_last_one_is_tried_as_often_as_any_and_its_failure_is_told(home: Home) -> None:
    team(home)
    busy = refuses(429, "rate_limit_exceeded", "slow down", headers={"retry-after": "0"})
    home.gateway.queue(busy, busy, busy, busy, busy)
    async with home.daemon() as client:
        with pytest.raises(RpcError) as caught:
            await client.chat(model=SONNET)

    assert caught.value.kind == "rateLimited"
    assert caught.value.message.endswith(f"Before it, {SONNET}, {HAIKU} gave no answer either.")
    assert await models_asked(home) == [SONNET, HAIKU, MINI, MINI, MINI]


def attempts(result: object) -> list[object]:
    found = at(result, "attempts")
    assert isinstance(found, list)
    return found
