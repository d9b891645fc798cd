"""A streamed answer: what the gateway says is what the client gets, in order and whole."""

import json

import pytest

from support.gateway import End, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import (
    CHUNK_END,
    DONE,
    GENERATION,
    ROLE,
    STREAM_HEAD,
    begins,
    chunked,
    delta,
    event,
    head,
    last,
    reasoning,
    replies,
    says,
    streams,
    text,
    tool_call,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_text_comes_in_pieces_and_whole(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(says("Hel", "lo", " é😀"))
    chat = daemon.chat()

    result = await chat

    assert chat.text == "Hello é😀"
    assert result["finish"] == "stop"
    assert result["model"] == "anthropic/claude-sonnet-4.5"
    assert result["provider"] == "bedrock"
    assert result["generation"] == GENERATION
    saved = 1000 * (3e-6 - 3e-7) - 200 * (3.75e-6 - 3e-6)
    assert result["cost"] == {"usd": 0.00062, "source": "gateway", "savedUsd": pytest.approx(saved)}
    assert result["usage"] == {
        "inputTokens": 1300,
        "outputTokens": 34,
        "cachedTokens": 1000,
        "cacheWriteTokens": 200,
        "reasoningTokens": 7,
    }
    assert 0 <= int(str(at(result, "timings", "firstDeltaMs"))) <= int(str(at(result, "timings", "totalMs")))
    assert result["message"] == {"role": "assistant", "content": "Hello é😀"}


async def test_the_first_piece_does_not_wait_for_the_second(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])
    chat = daemon.chat()

    await daemon.shown(chat, "Hel")

    chat.cancel()
    with pytest.raises(RpcError):
        await chat


async def test_reasoning_is_kept_apart_and_whole(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(
        streams(reasoning("I need "), reasoning("no file."), reasoning("", signature="c2ln"), text("Hi"), last())
    )
    chat = daemon.chat()

    result = await chat

    assert chat.text == "Hi"
    assert chat.reasoning == "I need no file."
    (details,) = list(at(result, "message", "reasoningDetails"))  # type: ignore[call-overload]
    assert (details["type"], details["text"], details["signature"]) == ("reasoning.text", "I need no file.", "c2ln")


async def test_reasoning_details_go_back_as_they_came(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    """A tool loop: the model refuses to go on without its own signatures."""
    gateway.queue(
        streams(
            reasoning("I need the file."),
            reasoning("", signature="c2ln"),
            tool_call(0, "", identity="call_1", name="read_file"),
            tool_call(0, '{"path": '),
            tool_call(0, '"a.py"}'),
            last("tool_calls"),
        )
    )
    first = await daemon.chat()
    await gateway.chat()
    assert first["finish"] == "toolCalls"

    question = {"role": "user", "content": "made-up prompt"}
    tool = {"role": "tool", "toolCallId": "call_1", "content": "print(1)"}
    await daemon.chat(messages=[question, first["message"], tool])

    messages = at((await gateway.chat()).request.json, "messages")
    assert at(messages, -3, "role") == "user"
    assert at(messages, -2, "role") == "assistant"
    assert at(messages, -2, "tool_calls") == [
        {"id": "call_1", "type": "function", "function": {"name": "read_file", "arguments": '{"path": "a.py"}'}}
    ]
    assert at(messages, -2, "reasoning_details") == at(first, "message", "reasoningDetails")
    assert at(messages, -1) == {"role": "tool", "tool_call_id": "call_1", "content": "print(1)"}


async def test_tool_calls_are_collected_by_index(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(
        streams(
            text("Let me see."),
            tool_call(0, "", identity="call_a", name="first"),
            tool_call(1, '{"b":', identity="call_b", name="second"),
            tool_call(0, '{"jsonrpc": "2.0"'),
            tool_call(1, " 2}"),
            tool_call(0, "}"),
            last("tool_calls"),
        )
    )
    chat = daemon.chat(tools=[{"name": "first", "parameters": {}}, {"name": "second", "parameters": {}}])

    result = await chat

    assert at(result, "message", "content") == "Let me see."
    assert at(result, "message", "toolCalls") == [
        {"id": "call_a", "name": "first", "arguments": '{"jsonrpc": "2.0"}'},
        {"id": "call_b", "name": "second", "arguments": '{"b": 2}'},
    ]


@pytest.mark.parametrize(
    ("said", "finish"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("tool_calls", "toolCalls"),
        ("content_filter", "filtered"),
        ("eos", "stop"),
    ],
)
async def test_why_it_ended_is_said_in_our_words(
    daemon: RpcClient, gateway: ScriptedGateway, said: str, finish: str
) -> None:
    gateway.queue(says("Hi", finish=said))

    assert (await daemon.chat())["finish"] == finish


async def test_usage_may_come_in_a_chunk_of_its_own(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    """As OpenAI does it: after the finish, with no choices."""
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    alone = event({"id": "chatcmpl-1", "choices": [], "usage": usage})
    gateway.queue(streams(text("Hi"), event(delta({}, finish="stop")), alone))

    result = await daemon.chat()

    assert at(result, "usage", "inputTokens") == 3
    assert at(result, "usage", "outputTokens") == 2
    assert at(result, "cost", "source") in {"estimate", "unknown"}


async def test_what_the_gateway_does_not_say_is_unknown(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    bare = [
        event({"choices": [{"delta": {"content": "Hi"}}]}),
        event({"choices": [{"finish_reason": "stop", "delta": {}}]}),
    ]
    gateway.queue([STREAM_HEAD, *bare, CHUNK_END])

    result = await daemon.chat(model="some/model")

    assert (result["provider"], result["generation"], result["usage"]) == (None, None, None)
    assert result["cost"] == {"usd": None, "source": "unknown"}


LONG = "x" * 5_000_000
SHAPES = {
    "CRLF": [chunked(b'data: {"choices":[{"delta":{"content":"Hello"}}]}\r\n\r\n')],
    "CR": [chunked(b'data: {"choices":[{"delta":{"content":"Hello"}}]}\r\r'), chunked(b": end\r\r")],
    "no space": [chunked(b'data:{"choices":[{"delta":{"content":"Hello"}}]}\n\n')],
    "comments": [chunked(b": ping\n\n: ping\n\n"), text("Hello"), chunked(b":\n")],
    "other fields": [
        chunked(b'id: 1\nretry: 5\nevent: message\ndata: {"choices":[{"delta":{"content":"Hello"}}]}\n\n')
    ],
    "data over lines": [chunked(b'data: {"choices":[{"delta":\ndata: {"content":"Hello"}}]}\n\n')],
    "no choices": [event({"object": "x"}), event({"choices": []}), text("Hello")],
    "nulls": [event({"choices": [{"delta": {"content": None, "tool_calls": None, "reasoning": None}}]}), text("Hello")],
    "unknown fields": [event({"x-new": {"a": [1]}, "choices": [{"delta": {"content": "Hello", "class": 1}, "x": 2}]})],
}


@pytest.mark.parametrize("events", SHAPES.values(), ids=SHAPES)
async def test_a_stream_may_be_written_in_many_ways(
    daemon: RpcClient, gateway: ScriptedGateway, events: list[bytes]
) -> None:
    gateway.queue(streams(*events, last()))

    assert at(await daemon.chat(), "message", "content") == "Hello"


@pytest.mark.parametrize("piece", ["a\u2028b\u2029c\x85d", "\x00\x1b[31m", "\\u2028", "data: [DONE]\n\n", "😀" * 100])
async def test_strange_characters_come_through(daemon: RpcClient, gateway: ScriptedGateway, piece: str) -> None:
    gateway.queue(says("(", piece, ")"))

    assert at(await daemon.chat(), "message", "content") == f"({piece})"


async def test_a_line_of_five_megabytes_comes_through(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(says(LONG))

    assert at(await daemon.chat(), "message", "content") == LONG


async def test_bytes_may_be_cut_anywhere(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    stream = b"".join(json.dumps(value, ensure_ascii=False).join(("data: ", "\n\n")).encode() for value in (
        delta({"content": "é"}), delta({"content": "😀"}), delta({}, finish="stop"),
    ))  # fmt: skip
    gateway.queue([STREAM_HEAD, *(chunked(bytes([byte])) for byte in stream), CHUNK_END])

    assert at(await daemon.chat(), "message", "content") == "é😀"


async def test_an_answer_without_a_stream_is_taken_whole(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    """Some gateways ignore `stream`."""
    whole = {
        "id": "gen_1",
        "model": "some/model",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "cost": 0.5},
    }
    gateway.queue(replies(200, json.dumps(whole).encode(), headers={"content-type": "application/json"}))

    result = await daemon.chat()

    assert at(result, "message", "content") == "Hello"
    assert result["finish"] == "stop"
    assert result["cost"] == {"usd": 0.5, "source": "gateway"}


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param([End.CLOSE], id="closed"),
        pytest.param([End.RESET], id="reset"),
        pytest.param([CHUNK_END], id="ended without a finish"),
        pytest.param([chunked(b'data: {"choices":[{"del')[:-8], End.CLOSE], id="cut inside an event"),
        pytest.param([b"zzz\r\nnot a chunk", End.CLOSE], id="garbage in the transport"),
        pytest.param([chunked(b"data: {not json}\n\n"), End.STALL], id="garbage in an event"),
    ],
)
async def test_a_broken_stream_keeps_what_came(
    daemon: RpcClient, gateway: ScriptedGateway, ending: list[bytes | End]
) -> None:
    gateway.queue([*begins("Hel", "lo"), *ending])

    result = await daemon.chat()

    assert at(result, "message", "content") == "Hello"
    assert result["finish"] == "cutOff"
    assert result["generation"] == GENERATION
    await gateway.chat()
    assert gateway.chats.empty(), "it was asked again after text was shown"


@pytest.mark.parametrize(
    "value",
    [
        {"error": {"message": "upstream connection lost", "type": "internal_server_error"}},
        {"error_type": "validation_error", "error_message": '{"error": {"message": "upstream connection lost"}}'},
        {"error": "upstream connection lost"},
    ],
    ids=["envelope", "legacy", "flat"],
)
async def test_an_error_in_the_middle_keeps_what_came(
    daemon: RpcClient, gateway: ScriptedGateway, value: object
) -> None:
    gateway.queue([*begins("Hel", "lo"), event(value), CHUNK_END])

    result = await daemon.chat()

    assert at(result, "message", "content") == "Hello"
    assert result["finish"] == "cutOff"


async def test_a_finish_makes_an_answer_whole_without_the_last_mark(
    daemon: RpcClient, gateway: ScriptedGateway
) -> None:
    gateway.queue([*begins("Hello"), last(), End.CLOSE])

    assert (await daemon.chat())["finish"] == "stop"


async def test_the_last_mark_makes_an_answer_whole_without_a_finish(
    daemon: RpcClient, gateway: ScriptedGateway
) -> None:
    """LiteLLM leaves `finish_reason` out of some streams."""
    gateway.queue([*begins("Hello"), DONE, CHUNK_END])

    assert (await daemon.chat())["finish"] == "stop"


async def test_nothing_after_the_last_mark_counts(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([STREAM_HEAD, ROLE, text("Hello"), last(), DONE, text("!"), CHUNK_END])

    assert at(await daemon.chat(), "message", "content") == "Hello"


async def test_a_stream_without_a_length_ends_with_its_connection(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    body = b'data: {"choices":[{"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    gateway.queue([head(200, {"content-type": "text/event-stream"}, length=None), body, End.CLOSE])

    assert at(await daemon.chat(), "message", "content") == "Hello"


async def test_a_length_that_is_a_lie_cuts_the_answer(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    body = b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
    gateway.queue([head(200, {"content-type": "text/event-stream"}, length=10_000), body, End.CLOSE])

    result = await daemon.chat()

    assert (at(result, "message", "content"), result["finish"]) == ("Hello", "cutOff")


async def test_one_connection_serves_chat_after_chat(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    await daemon.chat()
    before = gateway.connections

    for _ in range(5):
        await daemon.chat()

    assert gateway.connections <= before
