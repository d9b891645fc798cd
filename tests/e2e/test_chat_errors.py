"""What the gateway refuses reaches the person as a kind and a sentence; what may pass is tried again."""

import asyncio
import json

import pytest

from support.daemon import Home
from support.gateway import End, Script, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import PROMPT_MARK, RpcClient
from support.shapes import CHUNK_END, ROLE, STREAM_HEAD, begins, event, head, last, refuses, replies, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = {"retry-after": "0"}
HTML = {"content-type": "text/html"}


async def refused(daemon: RpcClient, **params: object) -> RpcError:
    with pytest.raises(RpcError) as caught:
        await daemon.chat(**params)
    assert PROMPT_MARK not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("script", "kind", "says_so"),
    [
        (refuses(400, "invalid_request_error", "Invalid input at 'model'"), "refused", "Invalid input at 'model'"),
        (refuses(401, "authentication_error", "Authentication failed"), "keyRefused", "env:SCRIPTED_KEY"),
        (refuses(402, "quota_for_entity_exceeded", "spent $10.02 of $10.00"), "creditsExhausted", "$10.02 of $10.00"),
        (refuses(402, "insufficient_funds", "Please add credits."), "creditsExhausted", ""),
        (
            refuses(403, "customer_verification_required", "A payment method is required"),
            "forbidden",
            "A payment method",
        ),
        (refuses(403, "forbidden", "Blocked by a team rule"), "forbidden", "Blocked by a team rule"),
        (refuses(404, "model_not_found", "Model 'x/y' not found"), "modelUnknown", ""),
        (replies(404, b"<html>404</html>", headers=HTML), "refused", "gateways.vercel.url"),
        (replies(405), "refused", "gateways.vercel.url"),
        (refuses(413, "", "Too large"), "refused", "Too large"),
        (refuses(422, "invalid_request_error", "Bad field"), "refused", "Bad field"),
        (replies(400, b'{"error": "flat"}'), "refused", "flat"),
        (
            replies(400, b'{"type": "error", "error": {"type": "x", "message": "max_tokens: required"}}'),
            "refused",
            "max_tokens",
        ),
        (replies(418, b"\xff\xfe"), "refused", "418"),
        (replies(400, b"[1]"), "refused", "400"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_a_refusal_is_explained_and_not_tried_again(
    daemon: RpcClient, gateway: ScriptedGateway, script: Script, kind: str, says_so: str
) -> None:
    gateway.queue(script)

    error = await refused(daemon)

    assert (error.code, error.kind) == (-32803, kind)
    assert says_so in error.message
    assert "<html>" not in error.message
    await gateway.chat()
    assert gateway.chats.empty()


async def test_nested_json_is_unwrapped(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    inner = json.dumps({"type": "error", "error": {"message": "temperature: not supported"}})
    gateway.queue(refuses(400, "invalid_request_error", inner))

    error = await refused(daemon)

    assert "temperature: not supported" in error.message
    assert "{" not in error.message


async def test_an_unknown_model_comes_with_suggestions_and_the_list_is_asked_again(
    daemon: RpcClient, gateway: ScriptedGateway
) -> None:
    await daemon.request("passerelle/models", {"refresh": True})
    while not gateway.listings.empty():
        await gateway.listing()
    gateway.queue(refuses(404, "model_not_found", "not found"))

    error = await refused(daemon, model="anthropic/claude-sonnet-4.6")

    assert error.kind == "modelUnknown"
    assert at(error.data, "suggestions", 0) == "anthropic/claude-sonnet-4.5"
    await gateway.listing()


@pytest.mark.parametrize(
    ("script", "kind", "attempts"),
    [
        (refuses(408, "timeout_error", "late", headers=NOW), "unavailable", 3),
        (refuses(409, "", "conflict", headers=NOW), "refused", 3),
        (refuses(424, "failed_dependency", "Provider failed", headers=NOW), "unavailable", 2),
        (refuses(429, "rate_limit_exceeded", "Rate limit exceeded", headers=NOW), "rateLimited", 3),
        (refuses(500, "internal_server_error", "Internal error", headers=NOW), "unavailable", 3),
        (replies(502, b"<html>", headers={**NOW, **HTML}), "unavailable", 3),
        (replies(503, headers=NOW), "unavailable", 3),
        (replies(504, headers=NOW), "unavailable", 3),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_what_may_pass_is_tried_again_and_then_explained(
    daemon: RpcClient, gateway: ScriptedGateway, script: Script, kind: str, attempts: int
) -> None:
    gateway.otherwise = script

    error = await refused(daemon)

    assert (error.code, error.kind) == (-32803, kind)
    assert gateway.chats.qsize() == attempts


@pytest.mark.parametrize("script", [refuses(429, headers=NOW), replies(503, headers=NOW), [End.RESET], [End.CLOSE]])
async def test_what_passed_leaves_no_trace(daemon: RpcClient, gateway: ScriptedGateway, script: Script) -> None:
    gateway.queue(script, says("Hello"))

    assert at(await daemon.chat(), "message", "content") == "Hello"
    assert gateway.chats.qsize() == 2


async def test_the_gateway_says_when_to_come_back(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(refuses(429, headers={"retry-after": "1"}), says("Hello"))
    loop = asyncio.get_running_loop()
    chat = daemon.chat()
    await gateway.chat()
    began_s = loop.time()

    await gateway.chat()

    assert loop.time() - began_s >= 0.95
    await chat


async def test_a_wait_that_is_too_long_is_left_to_the_person(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(refuses(429, "rate_limit_exceeded", "Slow down", headers={"retry-after": "3600"}))

    error = await refused(daemon)

    assert error.kind == "rateLimited"
    assert at(error.data, "retryAfterMs") == 3_600_000
    assert at(error.data, "status") == 429


async def test_nothing_is_tried_again_once_text_was_shown(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.RESET])

    assert (await daemon.chat())["finish"] == "cutOff"
    assert gateway.chats.qsize() == 1


async def test_reasoning_counts_as_shown(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    thinks = event({"choices": [{"delta": {"reasoning": "Hm."}}]})
    gateway.queue([STREAM_HEAD, ROLE, thinks, End.RESET])

    result = await daemon.chat()

    assert (at(result, "message", "reasoning"), result["finish"]) == ("Hm.", "cutOff")
    assert gateway.chats.qsize() == 1


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([STREAM_HEAD, ROLE, End.CLOSE], id="closed"),
        pytest.param([STREAM_HEAD, ROLE, CHUNK_END], id="ended without a finish"),
        pytest.param([STREAM_HEAD, ROLE, b"zzz\r\n", End.CLOSE], id="garbage in the transport"),
        pytest.param(
            [STREAM_HEAD, ROLE, event({"error": {"message": "lost", "type": "internal_server_error"}}), CHUNK_END],
            id="error",
        ),
    ],
)
async def test_a_stream_that_breaks_before_any_text_is_an_error(
    daemon: RpcClient, gateway: ScriptedGateway, script: Script
) -> None:
    gateway.otherwise = script

    error = await refused(daemon)

    assert error.code == -32803
    assert error.kind in {"streamBroken", "unavailable", "unreachable"}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(replies(200, b"<html>hello</html>", headers=HTML), id="HTML"),
        pytest.param(replies(200, b"{}", headers={"content-type": "application/json"}), id="JSON of no shape"),
        pytest.param(replies(200), id="nothing"),
        pytest.param([b"SSH-2.0-OpenSSH_9.2\r\n", End.CLOSE], id="no HTTP"),
    ],
)
async def test_what_is_no_gateway_is_explained(daemon: RpcClient, gateway: ScriptedGateway, script: Script) -> None:
    gateway.otherwise = script

    error = await refused(daemon)

    assert error.code == -32803
    assert error.kind in {"refused", "streamBroken", "unreachable", "unavailable"}


async def test_an_empty_answer_that_ended_well_is_an_answer(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([STREAM_HEAD, ROLE, last("content_filter"), CHUNK_END])

    result = await daemon.chat()

    assert (at(result, "message", "content"), result["finish"]) == ("", "filtered")
    assert at(result, "timings", "firstDeltaMs") is None


async def test_a_key_goes_to_no_other_origin(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    async with ScriptedGateway().serving() as other:
        gateway.otherwise = [head(307, {"location": f"{other.url}/chat/completions"})]

        error = await refused(daemon)

        assert error.kind in {"refused", "misconfigured", "unreachable"}
        assert other.chats.empty()
        assert not other.strays


async def test_a_closed_port_names_the_host_and_not_the_key(home: Home) -> None:
    async with ScriptedGateway().serving() as gone:
        address = gone.origin.removeprefix("http://")
        home.configure("", gateway=f'\n[gateways.gone]\nurl = "{gone.url}"\nkey = "env:SCRIPTED_KEY"')
    async with home.daemon(options={"settings": {"gateway": "gone"}}) as client:
        error = await refused(client)
        status = await client.request("passerelle/status")

    assert error.kind == "unreachable"
    assert address in error.message or "127.0.0.1" in error.message
    assert at(status, "state") == "unreachable"
