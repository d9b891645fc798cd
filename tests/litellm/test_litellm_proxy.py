"""The daemon with a real LiteLLM proxy: what a team that hosts one gets. What version 1.106.2 was seen to do:

| asked | it answers |
| --- | --- |
| `GET models` | ids, windows, mode; one constant `created`; no prices, no header with its name |
| `GET model/info` | each deployment with prices per token, windows, `supports_…`; for any key |
| a streamed chat | usage with `cost` and cached tokens in a last chunk; headers tell a cost of 0 |
| marks for the cache | reach Anthropic's API and OpenAI's as they are |
| `temperature` for a model without it | a refusal, unless `drop_params` |
| an unknown model | 400 "Invalid model name passed" |
| a key that is over its budget | 422 `budget_exceeded` (earlier versions: 429, 400) |
| a key that is over its limit | 429 with `retry-after` |
| a wrong key | 401; without a database 400 `no_db_connection`, unless a function lets people in |
| no key | 401; without the package prisma 500 in plain text |
| a provider that is dead, or dies before the first delta | 500, with advice for who runs it |
| a provider that dies later | an event with `error`, and no `[DONE]` |
| a fallback of its own | the model that served, in each chunk |
| `GET credits`, `generation`, `models/…/endpoints` | 404 `{"detail":"Not Found"}` |
| `GET /key/info`, beside the API | 500 without a database; else, by its documentation, `spend` and `max_budget` |
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from litellm.proxy import Proxy
from litellm.setup_litellm import is_ready
from support.command_line import run_command
from support.daemon import KEY
from support.gateway import End
from support.messages import RpcError, at
from support.rpc_client import PROMPT_MARK
from support.shapes import CHUNK_END, DONE, ROLE, STREAM_HEAD, begins, chunked, delta, event, refuses, text, tool_call

if not is_ready():  # Also in CI: 740 MB are for who asks for them.
    pytest.skip("LiteLLM is not on this machine: make litellm", allow_module_level=True)

# The proxy is 740 MB of Python: it takes its time to start.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

MINI_USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "total_tokens": 1100,
    "prompt_tokens_details": {"cached_tokens": 600},
    "completion_tokens_details": {"reasoning_tokens": 40},
}
MINI_USD = pytest.approx(400 * 2.5e-7 + 600 * 2.5e-8 + 100 * 2e-6)
SONNET_USD = pytest.approx(10 * 3e-6 + 2000 * 3.75e-6 + 5000 * 3e-7 + 20 * 1.5e-5)


def openai(*pieces: bytes, finish: str = "stop") -> list[bytes]:
    """An answer of OpenAI's API, which tells usage in a chunk of its own."""
    usage = {**delta({}), "choices": [], "usage": MINI_USAGE}
    return [STREAM_HEAD, ROLE, *pieces, event(delta({}, finish=finish)), event(usage), DONE, CHUNK_END]


def anthropic(piece: str) -> list[bytes]:
    """An answer of Anthropic's API, with tokens read from the cache and written to it."""
    used = {"input_tokens": 10, "cache_creation_input_tokens": 2000, "cache_read_input_tokens": 5000}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": []}
    events: Sequence[tuple[str, dict[str, object]]] = (
        ("message_start", {"message": {**message, "usage": {**used, "output_tokens": 1}}}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}}),
        ("content_block_stop", {"index": 0}),
        ("message_delta", {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}}),
        ("message_stop", {}),
    )
    said = (f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n" for name, data in events)
    return [STREAM_HEAD, *(chunked(part.encode()) for part in said), CHUNK_END]


async def test_its_models_are_listed_with_windows_prices_and_capabilities(proxy: Proxy, tmp_path: Path) -> None:
    async with proxy.daemon(tmp_path) as client:
        listed = at(await client.request("passerelle/models", {"refresh": True}), "models")
        assert isinstance(listed, list)
    models = {model["id"]: model for model in listed}

    assert {"team/mini", "team/sonnet"} <= models.keys()
    assert "team/vectors" not in models
    assert models["team/sonnet"]["price"] == {"input": 3.0, "output": 15.0, "cacheRead": 0.3, "cacheWrite": 3.75}
    assert models["team/sonnet"]["contextWindow"] == 200_000
    assert {"vision", "tools", "reasoning", "caching"} <= set(models["team/sonnet"]["capabilities"])


async def test_an_answer_streams_and_costs_what_the_proxy_bills(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(openai(text("Hel"), text("lo")))
    async with proxy.daemon(tmp_path) as client:
        chat = client.chat()
        result = await chat

    assert chat.text == "Hello"
    assert at(result, "model") == "team/mini"
    assert at(result, "cost", "source") == "gateway"
    assert at(result, "cost", "usd") == await proxy.billed() == MINI_USD
    assert at(result, "usage", "cachedTokens") == 600
    assert at(result, "usage", "reasoningTokens") == 40


async def test_marks_reach_anthropic_and_its_cache_is_counted(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(anthropic("Hello"))
    async with proxy.daemon(tmp_path, 'caching = { mode = "mark" }') as client:
        await client.request("passerelle/models", {"refresh": True})
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": PROMPT_MARK}]
        result = await client.chat(model="team/sonnet", messages=messages)
    body = (await proxy.provider.chat()).request.json

    mark = {"type": "ephemeral"}
    assert at(body, "system", 0, "cache_control") == mark
    assert at(body, "messages", 0, "content", 0, "cache_control") == mark
    assert at(result, "cost", "usd") == await proxy.billed() == SONNET_USD
    assert (at(result, "usage", "cachedTokens"), at(result, "usage", "cacheWriteTokens")) == (5000, 2000)
    assert at(result, "cost", "savedUsd") == pytest.approx(5000 * 2.7e-6 - 2000 * 0.75e-6)


async def test_a_tool_call_comes_through(proxy: Proxy, tmp_path: Path) -> None:
    pieces = tool_call(0, '{"p', identity="call_1", name="read"), tool_call(0, 'ath": 1}')
    proxy.provider.queue(openai(*pieces, finish="tool_calls"))
    tool = {"name": "read", "parameters": {"type": "object", "properties": {"path": {"type": "integer"}}}}
    async with proxy.daemon(tmp_path) as client:
        result = await client.chat(tools=[tool])

    assert at(result, "finish") == "toolCalls"
    assert at(result, "message", "toolCalls", 0, "arguments") == '{"path": 1}'


@pytest.mark.parametrize(
    ("model", "kind", "words"),
    [
        ("team/none", "modelUnknown", "does not know the model team/none"),
        ("busy", "rateLimited", "limits how often busy may be asked"),
        ("narrow", "contextTooLong", "too long for narrow"),
        ("dead", "unavailable", "Connection error"),
    ],
)
async def test_a_refusal_is_told_by_kind_and_in_a_sentence(
    proxy: Proxy, tmp_path: Path, model: str, kind: str, words: str
) -> None:
    async with proxy.daemon(tmp_path) as client:
        with pytest.raises(RpcError) as refused:
            await client.chat(model=model)

    assert refused.value.kind == kind
    assert words in refused.value.message
    assert "model group" not in refused.value.message


@pytest.mark.parametrize(
    ("person", "kind", "words"),
    [
        ("somebody", "keyRefused", "refused the key env:TEAM_KEY"),
        (None, "keyMissing", "Name one in gateways.team.key"),
    ],
)
async def test_who_has_no_right_key_is_told_so(
    proxy: Proxy, tmp_path: Path, person: str | None, kind: str, words: str
) -> None:
    async with proxy.daemon(tmp_path, person=person) as client:
        with pytest.raises(RpcError) as refused:
            await client.chat()

    assert refused.value.kind == kind
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("person", "kind", "words"),
    [("bob", "creditsExhausted", "Budget has been exceeded!"), ("eve", "rateLimited", "Try again in 60 s")],
)
async def test_its_own_budgets_and_limits_stop_who_has_used_them_up(
    proxy: Proxy, tmp_path: Path, person: str, kind: str, words: str
) -> None:
    proxy.provider.queue(openai(text("Hello")))
    async with proxy.daemon(tmp_path, person=person) as client:
        await client.chat()
        await proxy.billed()
        with pytest.raises(RpcError) as refused:
            await client.chat()

    assert refused.value.kind == kind
    assert words in refused.value.message


async def test_a_budget_of_ours_stops_by_its_prices_before_it_is_asked(proxy: Proxy, tmp_path: Path) -> None:
    async with proxy.daemon(tmp_path, 'budgets = [{ per = "day", usd = 0.0005 }]') as client:
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as refused:
            await client.chat()

    assert refused.value.kind == "budgetReached"
    assert proxy.provider.chats.empty()


async def test_the_proxy_falls_back_to_another_model_by_itself(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(openai(text("Hello")))
    async with proxy.daemon(tmp_path) as client:
        result = await client.chat(model="falls")

    assert at(result, "model") == "team/mini"


@pytest.mark.parametrize("said", ["", 'routing.fallback = "daemon"'])
async def test_the_daemon_falls_back_where_the_proxy_does_not(proxy: Proxy, tmp_path: Path, said: str) -> None:
    proxy.provider.queue(openai(text("Hello")))
    async with proxy.daemon(tmp_path, f'routing.fallbacks = ["team/mini"]\n{said}') as client:
        result = await client.chat(model="dead")

    assert at(result, "model") == "team/mini"
    assert [at(result, "attempts", 0, name) for name in ("by", "model", "success")] == ["daemon", "dead", False]


async def test_what_breaks_off_is_estimated_by_its_prices(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue([*begins("Hel"), event({"error": {"message": "Overloaded"}}), DONE, CHUNK_END])
    async with proxy.daemon(tmp_path) as client:
        await client.request("passerelle/models", {"refresh": True})
        result = await client.chat()

    assert at(result, "finish") == "cutOff"
    assert at(result, "cost", "source") == "estimate"
    assert at(result, "cost", "usd")


async def test_a_chat_that_is_taken_back_is_hung_up_on_up_to_the_provider(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue([*begins("Hel"), text("lo"), End.STALL])
    async with proxy.daemon(tmp_path) as client:
        chat = client.chat()
        exchange = await proxy.provider.chat()
        await client.shown(chat, "Hello")
        chat.cancel()
        with pytest.raises(RpcError):
            await chat
        await exchange.hung_up()


async def test_a_provider_that_refuses_is_told(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(refuses(400, "invalid_request_error", "no such voice"))
    async with proxy.daemon(tmp_path) as client:
        with pytest.raises(RpcError) as refused:
            await client.chat()

    assert refused.value.kind == "refused"
    assert "no such voice" in refused.value.message


async def test_usage_adds_up_to_what_the_proxy_billed(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(openai(text("One")), anthropic("Two"), openai(text("Three")))
    async with proxy.daemon(tmp_path) as client:
        for model in ("team/mini", "team/sonnet", "team/mini"):
            await client.chat(model=model)
        report = await client.request("passerelle/usage", {"groupBy": "model"})
    billed = [await proxy.billed() for _ in range(3)]

    assert at(report, "total", "costUsd") == pytest.approx(sum(billed))
    assert at(report, "total", "estimatedUsd") == 0
    rows = at(report, "rows")
    assert isinstance(rows, list)
    assert {row["key"]: row["costUsd"] for row in rows} == {
        "team/mini": pytest.approx(billed[0] + billed[2]),
        "team/sonnet": pytest.approx(billed[1]),
    }


async def test_a_proxy_without_a_database_tells_no_credits(proxy: Proxy, tmp_path: Path) -> None:
    async with proxy.daemon(tmp_path) as client:
        with pytest.raises(RpcError) as refused:
            await client.request("passerelle/credits")

    assert refused.value.kind == "unsupported"


async def test_commands_show_the_answer_and_what_it_cost(proxy: Proxy, tmp_path: Path) -> None:
    proxy.provider.queue(openai(text("Hello")))
    (tmp_path / "config.toml").write_text(proxy.config(), "utf-8")
    environment = {"TEAM_KEY": f"{KEY}-ada", "PASSERELLE_CONFIG": str(tmp_path / "config.toml")}
    passerelle = (sys.executable, "-P", "-m", "passerelle")

    chat = await run_command((*passerelle, "chat", "Hi", "--json"), tmp_path, environment=environment)
    usage = await run_command((*passerelle, "usage", "--json"), tmp_path, environment=environment)

    assert json.loads(chat.stdout)["message"]["content"] == "Hello", chat.stderr
    assert json.loads(usage.stdout)["total"]["costUsd"] == MINI_USD, usage.stderr
