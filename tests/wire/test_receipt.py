"""What an answer took, what it cost and who served it, from bytes in the shapes that gateways send."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, to_builtins

from passerelle.gateway.answer import AnswerReader
from passerelle.gateway.errors import Asked
from passerelle.gateway.receipt import Receipt
from passerelle.protocol.chat import Attempt, Usage

DATA = Path(__file__).parents[1] / "data" / "gateway"
JsonObject = dict[str, object]
ASKED = Asked(gateway="work", secrets=("opaque-9",))
DONE = b"data: [DONE]\n\n"


def event(**fields: object) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\n\n"


def usage(**fields: object) -> bytes:
    return event(choices=[], usage=fields)


def metadata(**gateway: object) -> bytes:
    delta = {"provider_metadata": {"gateway": gateway}}
    return event(choices=[{"index": 0, "delta": delta, "finish_reason": "stop"}])


def receipt(wire: bytes) -> Receipt:
    reader = AnswerReader(ASKED)
    reader.feed(wire)
    reader.close()
    return reader.receipt


def counts(input_tokens: int, output_tokens: int, *, cached: int = 0, written: int = 0, reasoning: int = 0) -> Usage:
    return Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cached_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=reasoning,
    )


USAGES: dict[str, tuple[JsonObject, Usage]] = {
    "nothing but the two": ({"prompt_tokens": 10, "completion_tokens": 2}, counts(10, 2)),
    "Vercel's, cached and written": (
        {
            "prompt_tokens": 1300,
            "completion_tokens": 34,
            "prompt_tokens_details": {"cached_tokens": 1000, "audio_tokens": 0},
            "cache_creation_input_tokens": 200,
        },
        counts(1300, 34, cached=1000, written=200),
    ),
    "Vercel's, reasoning outside of completion": (
        {
            "prompt_tokens": 28,
            "completion_tokens": 9,
            "total_tokens": 37,
            "completion_tokens_details": {"reasoning_tokens": 61},
        },
        counts(28, 9, reasoning=61),
    ),
    "OpenAI's, reasoning inside": (
        {
            "prompt_tokens": 28,
            "completion_tokens": 70,
            "completion_tokens_details": {"reasoning_tokens": 61, "accepted_prediction_tokens": 0},
        },
        counts(28, 70, reasoning=61),
    ),
    "OpenRouter's": (
        {
            "prompt_tokens": 1300,
            "completion_tokens": 34,
            "prompt_tokens_details": {"cached_tokens": 1000, "cache_write_tokens": 200},
        },
        counts(1300, 34, cached=1000, written=200),
    ),
    "LiteLLM's, with Anthropic's words beside OpenAI's": (
        {
            "prompt_tokens": 1300,
            "completion_tokens": 34,
            "prompt_tokens_details": {"cached_tokens": 1000, "cache_creation_tokens": 200},
            "cache_read_input_tokens": 1000,
            "cache_creation_input_tokens": 200,
        },
        counts(1300, 34, cached=1000, written=200),
    ),
    "Anthropic's words alone, inside": (
        {"prompt_tokens": 1300, "completion_tokens": 34, "cache_read_input_tokens": 1000},
        counts(1300, 34, cached=1000),
    ),
    "Anthropic's words alone, apart": (
        {
            "input_tokens": 100,
            "output_tokens": 34,
            "cache_read_input_tokens": 1000,
            "cache_creation_input_tokens": 200,
        },
        counts(1300, 34, cached=1000, written=200),
    ),
    "null wherever nothing is known": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 2,
            "prompt_tokens_details": None,
            "completion_tokens_details": None,
            "cache_creation_input_tokens": None,
        },
        counts(10, 2),
    ),
}


@pytest.mark.parametrize("name", USAGES)
def test_each_token_is_counted_once_under_whatever_name(name: str) -> None:
    sent, expected = USAGES[name]
    assert receipt(usage(**sent) + DONE).usage == expected


BOTH: JsonObject = {"prompt_tokens": 3, "completion_tokens": 2}


@pytest.mark.parametrize(
    "wire",
    [
        event(choices=[{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}], usage=BOTH) + DONE,
        event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop", "usage": BOTH}]) + DONE,
        usage(**BOTH) + event(choices=[{"delta": {"content": "Hi"}}]) + DONE,
        event(usage={"prompt_tokens": 1}) + event(choices=[], usage=BOTH) + event(choices=[], usage=None) + DONE,
        event(choices=None, usage=BOTH),
        json.dumps({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}], "usage": BOTH}).encode(),
    ],
)
def test_usage_is_found_in_whatever_chunk_it_comes(wire: bytes) -> None:
    assert receipt(wire).usage == counts(3, 2)


@pytest.mark.parametrize(
    ("wire", "cost_usd", "market_usd", "is_byok"),
    [
        (usage(**BOTH, cost=0.25, market_cost=0.25, is_byok=False), 0.25, 0.25, False),
        (usage(**BOTH, cost="0.25", market_cost="0.5", is_byok=True), 0.25, 0.5, True),
        (usage(**BOTH, cost=0, market_cost=0), 0.0, 0.0, False),
        (usage(**BOTH), None, None, False),
        (usage(**BOTH, cost=None), None, None, False),
        # The provider bills the person: what it takes stands in the details.
        (usage(**BOTH, cost=0, is_byok=True, cost_details={"upstream_inference_cost": "0.5"}), 0.0, 0.5, True),
        (usage(**BOTH, cost=0, market_cost=1, cost_details={"upstream_inference_cost": 0.5}), 0.0, 1.0, False),
        (usage(**BOTH, cost=1, cost_details={"upstream_inference_cost": None}), 1.0, None, False),
        # What a later chunk leaves unsaid stands.
        (usage(**BOTH, cost=0, is_byok=True) + usage(**BOTH), 0.0, None, True),
        (metadata(cost="0.25", marketCost="0.5") + usage(**BOTH), 0.25, 0.5, False),
        (metadata(cost="7", marketCost="7") + usage(**BOTH, cost=0.25, market_cost=0.5), 0.25, 0.5, False),
        (metadata(cost="0"), 0.0, None, False),
    ],
)
def test_what_is_billed_and_what_is_listed_are_told_apart(
    wire: bytes, cost_usd: float | None, market_usd: float | None, *, is_byok: bool
) -> None:
    found = receipt(wire + DONE)
    assert (found.cost_usd, found.market_cost_usd, found.is_byok) == (cost_usd, market_usd, is_byok)


def tried(provider: str, **fields: object) -> JsonObject:
    """One of `providerAttempts`, as recorded; it succeeds in a second."""
    return {
        "provider": provider,
        "providerApiModelId": "m",
        "credentialType": "system",
        "success": True,
        "startTime": 1000.5,
        "endTime": 2000.5,
        "statusCode": 200,
        **fields,
    }


def attempt(provider: str | None, **fields: object) -> JsonObject:
    """What a client is told of it."""
    return {
        "by": "gateway",
        "model": "x/y",
        "provider": provider,
        "success": True,
        "status": 200,
        "credential": "system",
        "durationMs": 1000,
        **fields,
    }


FAILED = {"success": False, "statusCode": 529}
ROUTINGS: dict[str, tuple[JsonObject, list[JsonObject]]] = {
    "one that served": (
        {"modelAttempts": [{"canonicalSlug": "x/y", "modelId": "x:y", "providerAttempts": [tried("a")]}]},
        [attempt("a")],
    ),
    "one that failed before": (
        {
            "modelAttempts": [
                {
                    "canonicalSlug": "x/y",
                    "providerAttempts": [
                        tried("a", **FAILED, error='{"error":{"message":"Overloaded."}}', credentialType="byok"),
                        tried("b"),
                    ],
                }
            ]
        },
        [attempt("a", success=False, status=529, error="Overloaded", credential="byok"), attempt("b")],
    ),
    "a model that failed before": (
        {
            "modelAttempts": [
                {
                    "modelId": "x:z",
                    "success": False,
                    "providerAttempts": [tried("a", **FAILED, error="no vck_abcdef1")],
                },
                {"canonicalSlug": "x/y", "success": True, "providerAttempts": [tried("a")]},
            ]
        },
        [attempt("a", model="x:z", success=False, status=529, error="no [key]"), attempt("a")],
    ),
    "a model without any provider": (
        {"modelAttempts": [{"canonicalSlug": "x/y", "success": False, "error": "opaque-9 is no key"}]},
        [{"by": "gateway", "model": "x/y", "provider": None, "success": False, "error": "[key] is no key"}],
    ),
    "all in one list": ({"originalModelId": "x/y", "attempts": [tried("a")]}, [attempt("a")]),
    "as little as can be": (
        {"originalModelId": "x/y", "attempts": [{"provider": "a", "success": True}]},
        [{"by": "gateway", "model": "x/y", "provider": "a", "success": True}],
    ),
    "odd values": (
        {
            "originalModelId": "x/y",
            "attempts": [
                "a",
                None,
                tried("a", statusCode="200", credentialType=3, startTime="1", error={"message": "unread"}),
                tried("b", startTime=2000, endTime=1000),
                tried("c", startTime=1, endTime=1e300),
                tried("d", startTime=10**400, endTime=1.5, statusCode=10**400),
            ],
        },
        [
            {"by": "gateway", "model": "x/y", "provider": "a", "success": True},
            {name: value for name, value in attempt("b").items() if name != "durationMs"},
            {name: value for name, value in attempt("c").items() if name != "durationMs"},
            {"by": "gateway", "model": "x/y", "provider": "d", "success": True, "credential": "system"},
        ],
    ),
    "nothing": ({}, []),
    "nothing that can be read": ({"modelAttempts": {"a": 1}, "attempts": "none"}, []),
}


@pytest.mark.parametrize("name", ROUTINGS)
def test_each_try_of_the_gateway_is_told_with_why_it_failed(name: str) -> None:
    routing, expected = ROUTINGS[name]
    assert to_builtins(receipt(metadata(routing=routing) + DONE).attempts) == expected


@pytest.mark.parametrize(
    ("slugs", "model"),
    [
        ([("x/y", True)], "x/y"),
        ([("x/y-alias", True)], "x/y"),  # The gateway's own name of what was asked.
        ([("x/y", False), ("x/z", True)], "x/z"),
        ([("x/y", False), ("x/z", False)], "x/y"),
    ],
)
def test_the_model_that_answered_is_told_where_another_was_asked(slugs: list[tuple[str, bool]], model: str) -> None:
    models = [{"canonicalSlug": slug, "providerAttempts": [{"success": success}]} for slug, success in slugs]
    reader = AnswerReader(ASKED)

    reader.feed(event(model="x/y", choices=[]) + metadata(routing={"modelAttempts": models}))
    reader.feed(event(model="x/y", choices=[], usage=BOTH) + DONE)

    assert reader.model == model


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)
NAMES = ["provider", "success", "error", "statusCode", "credentialType", "startTime", "endTime", "canonicalSlug"]
ODD = JSON | st.dictionaries(st.sampled_from([*NAMES, "providerAttempts"]), JSON | st.lists(JSON, max_size=2))
AMOUNTS = ["cost", "market_cost", "is_byok", "cost_details", "prompt_tokens", "prompt_tokens_details"]


@given(
    usage_=JSON | st.dictionaries(st.sampled_from(AMOUNTS), JSON),
    attempts=JSON | st.lists(ODD, max_size=3),
    warnings=JSON,
)
def test_nothing_odd_costs_more_than_itself(usage_: object, attempts: object, warnings: object) -> None:
    routing = {"modelAttempts": attempts, "finalProvider": "a"}
    reader = AnswerReader(ASKED)
    reader.feed(event(choices=[], usage=usage_) + metadata(routing=routing, warnings=warnings, marketCost="0.5") + DONE)

    found = reader.receipt
    assert found.provider == "a"
    assert found.cost_usd is None or found.cost_usd >= 0
    assert found.market_cost_usd is not None
    assert to_builtins([found.usage, found.attempts, found.warnings])


@pytest.mark.parametrize("name", ["chat.json", "chat-text.sse"])
def test_the_attempts_of_a_recorded_answer_are_read(name: str) -> None:
    assert receipt((DATA / name).read_bytes()).attempts == [
        Attempt(
            by="gateway",
            model="anthropic/claude-haiku-4.5",
            provider="anthropic",
            success=True,
            status=200,
            error=UNSET,
            credential="system",
            duration_ms=1100,
        )
    ]


@pytest.mark.parametrize(
    ("warnings", "expected"),
    [
        (["Caching is not supported."], ["Caching is not supported"]),
        ([{"type": "other", "message": "a"}, {"type": "unsupported", "details": "b"}], ["a", "b"]),
        (["the key opaque-9 is old", {}, 3, None, ""], ["the key [key] is old"]),
        ([{"type": "unsupported-setting", "setting": "cacheTtl"}], ["unsupported-setting cacheTtl"]),
        ("no list", []),
        (None, []),
    ],
)
def test_what_the_gateway_warns_of_is_a_sentence_without_secrets(warnings: object, expected: list[str]) -> None:
    assert receipt(metadata(warnings=warnings) + DONE).warnings == expected


def test_an_answer_of_a_plain_gateway_has_no_attempts_and_no_warnings() -> None:
    found = receipt(usage(**BOTH) + DONE)
    assert (found.attempts, found.warnings) == ([], [])


def test_the_provider_of_openrouter_stands_at_the_top() -> None:
    found = receipt(event(choices=[], provider="Azure", usage={**BOTH, "cost": 0.25}) + DONE)
    assert (found.provider, found.cost_usd) == ("Azure", 0.25)
