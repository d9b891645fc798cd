import json
from pathlib import Path

import pytest
from msgspec import UNSET, to_builtins

from passerelle.gateway.answer import AnswerReader, ChatPiece
from passerelle.gateway.errors import Asked
from passerelle.protocol.chat import ToolCall, Usage

DATA = Path(__file__).parents[1] / "data" / "gateway"
GENERATION = "gen_01KA0000000000000000000000"
MODEL = "anthropic/claude-haiku-4.5"
ASKED = Asked(gateway="work", model=MODEL, key_reference="env:WORK_KEY")


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def read(wire: bytes, cuts: tuple[int, ...] = ()) -> tuple[AnswerReader, list[ChatPiece]]:
    reader = AnswerReader(ASKED)
    pieces: list[ChatPiece] = []
    for start, end in zip((0, *cuts), (*cuts, len(wire)), strict=True):
        pieces += reader.feed(wire[start:end])
    return reader, pieces + reader.close()


def outcome(reader: AnswerReader) -> dict[str, object]:
    """All that a reader tells, as plain data."""
    receipt = reader.receipt
    return {
        "message": to_builtins(reader.message()),
        "finish": reader.finish,
        "complete": reader.is_complete,
        "failure": reader.failure and (reader.failure.kind, reader.failure.message),
        "model": reader.model,
        "generation": reader.generation,
        "provider": receipt.provider,
        "usage": to_builtins(receipt.usage),
        "cost": (receipt.cost_usd, receipt.market_cost_usd, receipt.is_byok),
    }


def joined(pieces: list[ChatPiece]) -> dict[str, object]:
    """The message that a client puts together from the deltas alone."""
    calls: dict[int, dict[str, str]] = {}
    for delta in (piece.tool_call for piece in pieces if piece.tool_call is not None):
        call = calls.setdefault(delta.index, {"id": "", "name": "", "arguments": ""})
        for name in call:
            call[name] += getattr(delta, name) or ""
    return {
        "content": "".join(piece.text for piece in pieces),
        "reasoning": "".join(piece.reasoning for piece in pieces),
        "toolCalls": [calls[index] for index in sorted(calls)],
    }


def event(**fields: object) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\n\n"


def delta(finish: object = None, **fields: object) -> bytes:
    return event(id="chat-1", choices=[{"index": 0, "delta": fields, "finish_reason": finish}])


TEXT = {
    "message": {"role": "assistant", "content": "Hello"},
    "finish": "stop",
    "complete": True,
    "failure": None,
    "model": MODEL,
    "generation": GENERATION,
    "provider": "anthropic",
    "usage": {"inputTokens": 120, "outputTokens": 40, "cachedTokens": 0, "cacheWriteTokens": 0, "reasoningTokens": 0},
    "cost": (0.00032, 0.00032, False),
}
NOTHING_KNOWN = {"provider": None, "usage": None, "cost": (None, None, False)}
CUT_OFF = {**TEXT, **NOTHING_KNOWN, "finish": "cutOff", "complete": False}
OUTCOMES: dict[str, dict[str, object]] = {
    "chat-text.sse": TEXT,
    "chat.json": TEXT,
    "chat-tool-reasoning.sse": {
        **TEXT,
        "message": {
            "role": "assistant",
            "content": "",
            "reasoning": "Need the file.",
            "toolCalls": [{"id": "toolu_demo1", "name": "read_file", "arguments": '{"path": "a.py"}'}],
            "reasoningDetails": [
                {
                    "type": "reasoning.text",
                    "text": "Need the file.",
                    "signature": "c2lnbmF0dXJl",
                    "format": "anthropic-claude-v1",
                    "index": 0,
                }
            ],
        },
        "finish": "toolCalls",
        "usage": {
            "inputTokens": 1300,
            "outputTokens": 34,
            "cachedTokens": 1000,
            "cacheWriteTokens": 200,
            "reasoningTokens": 0,
        },
        "cost": (0.00062, 0.00062, False),
    },
    "chat-truncated.sse": {
        **CUT_OFF,
        "failure": ("streamBroken", "The answer of the gateway work broke off before its end. Try again."),
    },
    "chat-error-midstream.sse": {
        **CUT_OFF,
        "failure": (
            "unavailable",
            "The gateway work or a provider behind it failed: upstream connection lost. Try again.",
        ),
    },
    "chat-error-midstream-legacy.sse": {
        **CUT_OFF,
        "message": {"role": "assistant", "content": "Hel"},
        "failure": (
            "refused",
            "The gateway work refused the request: example upstream message. Change what it names and try again.",
        ),
    },
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_sample_is_read_whole(name: str) -> None:
    reader, pieces = read(sample(name))

    assert outcome(reader) == OUTCOMES[name]
    message = to_builtins(reader.message())
    assert joined(pieces) == {"content": "", "reasoning": "", "toolCalls": []} | {
        name: message[name] for name in ("content", "reasoning", "toolCalls") if name in message
    }


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_sample_may_be_cut_anywhere(name: str) -> None:
    wire = sample(name)
    for cut in range(1, len(wire)):
        reader, pieces = read(wire, (cut,))
        assert outcome(reader) == OUTCOMES[name], cut
        assert joined(pieces)["content"] == reader.message().content
    reader, _ = read(wire, tuple(range(1, len(wire))))
    assert outcome(reader) == OUTCOMES[name]


@pytest.mark.parametrize("name", ["chat-text.sse", "chat-tool-reasoning.sse", "chat.json"])
def test_an_answer_that_ends_early_is_never_taken_for_a_whole_one(name: str) -> None:
    wire = sample(name)
    end = wire.index(b"\n\ndata: [DONE]") if name.endswith("sse") else wire.rindex(b"}")
    for length in range(end):
        reader, _ = read(wire[:length])
        if b"finish_reason" in wire[:length] and json_is_whole(wire[:length]):
            continue  # The last chunk came whole, without the blank line after it.
        assert not reader.is_complete, length
        assert reader.failure is not None
        assert reader.failure.kind == "streamBroken"
        assert reader.finish == "cutOff"


def json_is_whole(wire: bytes) -> bool:
    try:
        last = json.loads(wire.rpartition(b"data: ")[2])
    except ValueError:
        return False
    return last["choices"][0]["finish_reason"] is not None


WHOLE = delta("stop", content="Hi") + b"data: [DONE]\n\n"
FORMS = {
    "without a space after data": b'data:{"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
    "lines of CRLF": WHOLE.replace(b"\n", b"\r\n"),
    "with comments and names": b": ok\n\nevent: message\nid: 1\n" + WHOLE,
    "[DONE] without an end": delta(content="Hi") + b"data: [DONE]",
    "a finish without [DONE] or an end": delta("stop", content="Hi").rstrip(),
    "null everywhere": delta(content=None, reasoning=None, tool_calls=None) + event(choices=None, usage=None) + WHOLE,
    "a null delta": event(choices=[{"delta": None, "finish_reason": None}]) + WHOLE,
    "no choices, then usage after the finish": event(choices=[]) + WHOLE[:-14] + event(choices=[], usage={}),
    "content in parts": delta("stop", content=[{"type": "text", "text": "H"}, {"type": "text", "text": "i"}]),
    "a refusal": delta("stop", content=None, refusal="Hi"),
    "unknown fields": event(x={"y": [1]}, choices=[{"delta": {"content": "Hi", "z": 1}, "finish_reason": "stop"}]),
    "an unknown finish": delta("eos", content="Hi"),
    "an error that is null": event(error=None, choices=[{"delta": {"content": "Hi"}, "finish_reason": "stop"}]),
    "one JSON object": json.dumps({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}).encode(),
    "one JSON object after white space": b'\n {"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}\n',
    "more after [DONE]": WHOLE + delta(content="nonsense") + b"data: {\n\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_that_gateways_send_is_understood(name: str) -> None:
    wire = FORMS[name]
    for cuts in ((), tuple(range(1, len(wire)))):
        reader, pieces = read(wire, cuts)
        assert (reader.message().content, reader.finish, reader.failure) == ("Hi", "stop", None)
        assert joined(pieces)["content"] == "Hi"


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("tool_calls", "toolCalls"),
        ("function_call", "toolCalls"),
        ("content_filter", "filtered"),
        ("something new", "stop"),
    ],
)
def test_a_finish_reason_has_a_word_of_the_contract(reason: str, finish: str) -> None:
    assert read(delta(reason))[0].finish == finish


def test_a_stop_after_tool_calls_is_a_wish_to_call_them() -> None:
    reader, _ = read(delta(tool_calls=[{"index": 0, "id": "a", "function": {"name": "f"}}]) + delta("stop"))
    assert reader.finish == "toolCalls"


@pytest.mark.parametrize("fields", [{"reasoning": "Hm"}, {"reasoning_content": "Hm"}])
@pytest.mark.parametrize("details", [None, [{"type": "reasoning.text", "text": "Hm", "index": 0}]])
def test_reasoning_is_kept_apart_and_said_once(fields: dict[str, object], details: object) -> None:
    reader, pieces = read(delta(**fields, reasoning_details=details) + delta("stop", content="Hi"))

    assert pieces == [ChatPiece(reasoning="Hm"), ChatPiece("Hi")]
    assert (reader.message().reasoning, reader.message().content) == ("Hm", "Hi")


def test_reasoning_is_read_from_details_or_parts_where_it_stands_nowhere_else() -> None:
    thoughts = [{"type": "thinking", "thinking": [{"type": "text", "text": "b"}]}, {"type": "text", "text": "c"}]
    details = [{"type": "reasoning.summary", "summary": "a", "index": 0}]
    reader, _ = read(delta(reasoning_details=details) + delta("stop", content=thoughts))
    assert (reader.message().reasoning, reader.message().content) == ("ab", "c")


def test_reasoning_details_are_joined_by_index_and_type_in_order() -> None:
    pieces: list[dict[str, object]] = [
        {"type": "reasoning.summary", "summary": "On", "id": "rs_1", "index": 0, "format": "openai-responses-v1"},
        {"type": "reasoning.summary", "summary": "e", "index": 0},
        {"type": "reasoning.text", "text": "Two", "signature": "", "index": 1},
        {"type": "reasoning.text", "text": "", "signature": "sig", "index": 1},
        {"type": "reasoning.text", "text": "!", "signature": None, "index": 1},
        {"type": "reasoning.encrypted", "data": "xyz", "id": "rs_1", "index": 0},
        {"type": "reasoning.encrypted", "data": "abc", "id": "rs_2", "index": 0},
    ]
    reader, _ = read(b"".join(delta(reasoning_details=[piece]) for piece in pieces) + delta("stop"))

    assert reader.message().reasoning_details == [
        {"type": "reasoning.summary", "summary": "One", "id": "rs_1", "index": 0, "format": "openai-responses-v1"},
        {"type": "reasoning.text", "text": "Two!", "signature": "sig", "index": 1},
        {"type": "reasoning.encrypted", "data": "xyz", "id": "rs_1", "index": 0},
        {"type": "reasoning.encrypted", "data": "abc", "id": "rs_2", "index": 0},
    ]


def call(name: str, arguments: object, **fields: object) -> dict[str, object]:
    return {**fields, "function": {"name": name, "arguments": arguments}}


F, G = ToolCall(id="a", name="f", arguments='{"x":1}'), ToolCall(id="b", name="g", arguments="{}")
TOOL_CALLS: dict[str, tuple[list[list[dict[str, object]]], list[ToolCall]]] = {
    "as OpenAI does": (
        [
            [call("f", "", index=0, id="a", type="function")],
            [{"index": 0, "function": {"arguments": '{"x"'}}],
            [call("g", "", index=1, id="b"), {"index": 0, "function": {"arguments": ":1}"}}],
            [{"index": 1, "function": {"arguments": "{}"}}],
        ],
        [F, G],
    ),
    "whole and without an index": ([[call("f", '{"x":1}', id="a"), call("g", "{}", id="b")]], [F, G]),
    "in pieces without an index": (
        [
            [call("f", '{"x"', id="a")],
            [{"function": {"arguments": ":1}"}}],
            [call("g", "{", id="b")],
            [{"id": "b", "function": {"arguments": "}"}}],
        ],
        [F, G],
    ),
    "all numbered 0": ([[call("f", '{"x":1}', index=0, id="a")], [call("g", "{}", index=0, id="b")]], [F, G]),
    "numbered from 3": ([[call("f", '{"x":1}', index=3, id="a")], [call("g", "{}", index=7, id="b")]], [F, G]),
    "with id and name in every piece": (
        [[call("f", '{"x"', index=0, id="a")], [call("f", ":1}", index=0, id="a")]],
        [F],
    ),
    "with the name later": ([[{"index": 0, "id": "a"}], [call("f", '{"x":1}', index=0)]], [F]),
    "with arguments as an object, without ids": (
        [[call("f", {"x": 1}), call("g", {})]],
        [ToolCall(id="call_0", name="f", arguments='{"x":1}'), ToolCall(id="call_1", name="g", arguments="{}")],
    ),
    "with nonsense between": ([[call("f", '{"x":1}', id="a", index="0")], [{}], [{"function": None}]], [F]),
}


@pytest.mark.parametrize("name", TOOL_CALLS)
def test_tool_calls_are_put_together_however_they_are_numbered(name: str) -> None:
    deltas, calls = TOOL_CALLS[name]
    reader, pieces = read(b"".join(delta(tool_calls=calls) for calls in deltas) + delta("tool_calls"))

    assert reader.message().tool_calls == calls
    assert joined(pieces)["toolCalls"] == to_builtins(calls)


def test_a_tool_call_delta_says_only_what_is_new() -> None:
    _, pieces = read(delta(tool_calls=[call("f", "", index=0, id="a")]) + delta(tool_calls=[call("f", "{}", index=0)]))
    first, second = (piece.tool_call for piece in pieces)
    assert first is not None
    assert second is not None
    assert (first.id, first.name, first.arguments) == ("a", "f", UNSET)
    assert (second.id, second.name, second.arguments) == (UNSET, UNSET, "{}")


def usage(**fields: object) -> bytes:
    return event(choices=[], usage={"prompt_tokens": 3, "completion_tokens": 2, **fields})


def metadata(**gateway: object) -> dict[str, object]:
    return {"gateway": {"routing": {"resolvedProvider": "vertex"}, **gateway}}


@pytest.mark.parametrize(
    ("wire", "cost"),
    [
        (usage(cost=0.25), 0.25),
        (usage(cost="0.25"), 0.25),
        (usage(cost=1) + usage(cost=0.25), 0.25),
        (usage(cost=0.25) + usage(), 0.25),
        (usage(cost=0), 0.0),
        (delta(provider_metadata=metadata(cost="0.25")) + usage(), 0.25),
        (usage(cost=0.25) + delta(provider_metadata=metadata(cost="7")), 0.25),
        (delta(provider_metadata=metadata(cost="7")) + usage(cost=0.25), 0.25),
        (event(choices=[], provider_metadata=metadata(cost="0.25")), 0.25),
        (usage(cost=None), None),
        (usage(cost="much"), None),
        (usage(cost=-1), None),
        (usage(cost=True), None),
        (usage(cost="inf"), None),
        (usage(), None),
    ],
)
def test_the_cost_is_the_gateways_word_or_unknown(wire: bytes, cost: float | None) -> None:
    assert read(wire + WHOLE)[0].receipt.cost_usd == cost


def test_usage_is_read_from_any_chunk_and_the_last_holds() -> None:
    reader, _ = read(usage() + WHOLE[:-14] + usage(prompt_tokens=9, completion_tokens_details={"reasoning_tokens": 5}))
    assert reader.receipt.usage == Usage(
        input_tokens=9, output_tokens=2, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=5
    )


@pytest.mark.parametrize("value", [None, [], "many", 3, {}, {"prompt_tokens": "x", "completion_tokens": -1}])
def test_odd_usage_costs_nothing_but_itself(value: object) -> None:
    reader, _ = read(event(choices=[], usage=value) + WHOLE)
    assert reader.message().content == "Hi"
    assert reader.receipt.usage in (
        None,
        Usage(input_tokens=0, output_tokens=0, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0),
    )


@pytest.mark.parametrize(
    ("wire", "provider"),
    [
        (delta(provider_metadata={"gateway": {"routing": {"resolvedProvider": "a", "finalProvider": "b"}}}), "b"),
        (delta(provider_metadata=metadata()), "vertex"),
        (event(choices=[], provider="Azure"), "Azure"),
        (delta(provider_metadata={"anthropic": {}}), None),
        (delta(provider_metadata="odd"), None),
    ],
)
def test_the_provider_is_who_served_at_last(wire: bytes, provider: str | None) -> None:
    assert read(wire + WHOLE)[0].receipt.provider == provider


def test_byok_and_the_market_cost_are_told() -> None:
    receipt = read(usage(cost=0, market_cost="0.5", is_byok=True) + WHOLE)[0].receipt
    assert (receipt.is_byok, receipt.cost_usd, receipt.market_cost_usd) == (True, 0.0, 0.5)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ({"error": {"message": "slow down", "type": "rate_limit_exceeded"}}, "rateLimited", "slow down"),
        ({"error": "it broke"}, "unavailable", "it broke"),
        ({"error": {"code": 502, "message": "bad gateway"}}, "unavailable", "(status 502): bad gateway"),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}, "unavailable", "busy"),
        ({"error": {"message": "Model 'x/y' not found", "type": "model_not_found"}}, "modelUnknown", MODEL),
        (
            {"error_type": "x", "error_message": '400 {"error":{"message":"{\\"msg\\":\\"deep\\"}"}}'},
            "unavailable",
            "deep",
        ),
        ({"error": {"message": "key vck_abcdefgh"}, "choices": [{"finish_reason": "error"}]}, "unavailable", "[key]"),
    ],
)
def test_an_error_inside_the_stream_ends_it_and_keeps_what_came(
    error: dict[str, object], kind: str, words: str
) -> None:
    reader, pieces = read(delta(content="Hi") + event(**error) + delta("stop", content="never"))

    assert pieces == [ChatPiece("Hi")]
    assert reader.failure is not None
    assert reader.failure.kind == kind
    assert words in reader.failure.message
    assert "vck_" not in reader.failure.message
    assert (reader.is_complete, reader.finish, reader.failure.generation) == (False, "cutOff", "chat-1")


@pytest.mark.parametrize(
    "broken", [b"data: {\n\n", b"data: nonsense\n\n", b"data: [1]\n\n", b"data: \xff\n\n", b'data: {"choices":{}}\n\n']
)
def test_a_chunk_that_cannot_be_read_breaks_the_stream_and_is_said(broken: bytes) -> None:
    reader, pieces = read(delta(content="Hi") + broken + WHOLE)

    assert pieces == [ChatPiece("Hi")]
    assert reader.message().content == "Hi"
    assert reader.failure is not None
    assert (reader.failure.kind, reader.is_complete) == ("streamBroken", False)
    assert "not JSON" in reader.failure.message


def test_a_finish_reason_of_error_is_no_end() -> None:
    reader, _ = read(delta("error", content="Hi"))
    assert reader.failure is not None
    assert reader.failure.kind == "streamBroken"


@pytest.mark.parametrize("wire", [b"<!DOCTYPE html><p>Welcome", b"\n<html>"])
def test_a_web_page_is_a_wrong_url(wire: bytes) -> None:
    reader, pieces = read(wire)
    assert pieces == []
    assert reader.failure is not None
    assert (reader.failure.kind, "gateways.work.url" in reader.failure.message) == ("refused", True)
    assert "Welcome" not in reader.failure.message


@pytest.mark.parametrize("wire", [b"", b"\n\n", b": ping\n\n", b"data:\n\n", b"{", b'{"choices":['])
def test_an_answer_without_anything_is_broken(wire: bytes) -> None:
    reader, pieces = read(wire)
    assert (pieces, reader.message().content) == ([], "")
    assert reader.failure is not None
    assert reader.failure.kind == "streamBroken"


def test_half_a_character_does_not_break_the_stream() -> None:
    wire = (
        b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n'
        b'data: {"choices":[{"delta":{"content":"\\ude42b \\ud83d\\ude42"},"finish_reason":"stop"}]}\n\n'
    )
    reader, _ = read(wire)
    assert reader.failure is None
    assert reader.message().content == "a\ufffd\ufffdb 🙂"


def test_a_long_line_goes_through() -> None:
    text = "x" * (5 << 20)
    reader, _ = read(delta("stop", content=text), tuple(range(1000, 5 << 20, 1000)))
    assert reader.message().content == text
