import json
from pathlib import Path

import msgspec
import pytest

from passerelle.gateway.errors import Asked, Limit, failure_of, stream_failure, timed_out
from passerelle.gateway.retry import is_worth_retrying
from passerelle.words.failures import Failure, Kind

SAMPLES = json.loads((Path(__file__).parents[2] / "data" / "gateway" / "errors.json").read_text("utf-8"))
ASKED = Asked(gateway="work", model="x/y", key_reference="env:WORK_KEY")
NOW = 1_794_500_000.0


def failure(status: int, body: object, headers: dict[str, str] | None = None, asked: Asked = ASKED) -> Failure:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure_of(status, headers or {}, raw, asked, now=NOW)


def envelope(message: str, kind: str | None = None, **fields: object) -> dict[str, object]:
    return {"error": {"message": message, "type": kind, **fields}}


EXPECTED: list[tuple[Kind, str]] = [
    (
        "refused",
        (
            "The gateway work refused the request (status 400): Invalid input: expected string, received undefined at "
            "'model'. Change what it names and try again."
        ),
    ),
    (
        "keyRefused",
        "The gateway work refused the key env:WORK_KEY: Authentication failed. Check it, or set another one.",
    ),
    (
        "creditsExhausted",
        (
            "The gateway work's own budget for you, your key or your team is used up: Budget exceeded: spent $10.02 of "
            "$10.00. Have it raised there, wait until it begins anew, or use another gateway."
        ),
    ),
    (
        "creditsExhausted",
        (
            "The gateway work has no credits left for you: Insufficient funds. Please add credits to your account. "
            "Add some in its dashboard, or use another gateway."
        ),
    ),
    (
        "forbidden",
        "The gateway work does not allow this: A payment method is required. Its dashboard shows what your key may do.",
    ),
    (
        "forbidden",
        "The gateway work does not allow this: Blocked by a team rule. Its dashboard shows what your key may do.",
    ),
    ("modelUnknown", "The gateway work does not know the model x/y. Choose one that it lists."),
    ("refused", "The gateway work knows no such path: gateways.work.url looks wrong, it should end in /v1."),
    ("refused", "The gateway work knows no such path: gateways.work.url looks wrong, it should end in /v1."),
    (
        "unavailable",
        "The gateway work or a provider behind it failed (status 408): Request timed out. Try again.",
    ),
    ("unavailable", "The gateway work or a provider behind it failed (status 424): Provider failed. Try again."),
    (
        "rateLimited",
        "The gateway work limits how often x/y may be asked: Rate limit exceeded. Try again in 5 s.",
    ),
    (
        "rateLimited",
        (
            "The gateway work limits how often x/y may be asked: Free tier requests on this model are rate-limited. "
            "Try again in a moment."
        ),
    ),
    ("unavailable", "The gateway work or a provider behind it failed (status 500): Internal error. Try again."),
    (
        "unavailable",
        "The gateway work or a provider behind it failed (status 503): Service temporarily unavailable. Try again.",
    ),
    (
        "refused",
        "The gateway work refused the request (status 404): Generation not found. Change what it names and try again.",
    ),
    (
        "refused",
        "The gateway work refused the request (status 400): max_tokens: required. Change what it names and try again.",
    ),
]


@pytest.mark.parametrize(("sample", "expected"), list(zip(SAMPLES, EXPECTED, strict=True)))
def test_each_error_of_the_gateway_has_its_kind_and_a_sentence_that_helps(
    sample: dict[str, object], expected: tuple[Kind, str]
) -> None:
    body = sample["body"]
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    headers = msgspec.convert(sample.get("headers", {}), dict[str, str])
    headers["content-type"] = str(sample.get("content_type", "application/json"))
    status = sample["status"]
    assert isinstance(status, int)

    found = failure_of(status, headers, raw, ASKED, now=NOW)

    assert (found.kind, found.message) == expected
    assert found.status == status


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {}, "keyRefused"),
        (404, {"detail": "Not Found"}, "refused"),
        (404, envelope("The model `x` does not exist", code="model_not_found"), "modelUnknown"),
        (404, {"error": 'model "x" not found, try pulling it first'}, "modelUnknown"),
        (400, envelope("x/y is not a valid model ID", code=400), "modelUnknown"),
        (409, envelope("conflict"), "refused"),
        (413, b"", "refused"),
        (418, b"I am a teapot", "refused"),
        (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, "refused"),
        (429, envelope("You exceeded your current quota", "insufficient_quota"), "creditsExhausted"),
        (529, envelope("Overloaded", "overloaded_error"), "unavailable"),
        (599, b"", "unavailable"),
    ],
)
def test_what_other_gateways_send_has_its_kind_too(status: int, body: object, kind: str) -> None:
    assert failure(status, body).kind == kind


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            400,
            envelope(
                "Budget has been exceeded! Current cost: 0.0035, Max budget: 0.001", "budget_exceeded", code="400"
            ),
        ),
        (429, envelope("Budget has been exceeded! Current cost: 0.0035, Max budget: 0.001", code="429")),
        (400, envelope("ExceededTokenBudget: Current spend for token: 0.0035; Max Budget for Token: 0.001", code=400)),
        (401, envelope("Authentication Error, ExceededBudget: User=a over budget. Spend: 0.0035, Budget: 0.001")),
        (
            429,
            envelope("No deployments available - crossed budget: Exceeded budget for provider x: 0.0035 >= 0.001"),
        ),
        (
            402,
            envelope(
                'Quota limit exceeded for "api_key_id_x". Current spend: $0.0035, limit: $0.001.',
                "quota_for_entity_exceeded",
            ),
        ),
    ],
)
def test_a_budget_of_the_gateways_own_is_told_with_its_figures_and_not_asked_again(status: int, body: object) -> None:
    found = failure(status, body, {"retry-after": "1"})

    assert found.kind == "creditsExhausted"
    assert "own budget" in found.message
    assert "0.0035" in found.message
    assert "0.001" in found.message
    assert not is_worth_retrying(found, 1)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (500, "Budget has been exceeded", "unavailable"),
        (400, "thinking.budget_tokens exceeded the maximum", "refused"),
        (402, "Your credit balance is too low", "creditsExhausted"),
    ],
)
def test_other_words_of_budgets_and_credits_are_not_taken_for_it(status: int, words: str, kind: str) -> None:
    found = failure(status, envelope(words))

    assert found.kind == kind
    assert "own budget" not in found.message


NO_ZDR = "No ZDR (Zero Data Retention) providers available for model: x/y."
NARROW = Asked(gateway="work", model="x/y", narrowed_by=("routing.only", "routing.zero_data_retention"))


@pytest.mark.parametrize(
    ("status", "body", "asked", "expected"),
    [
        (
            400,
            {
                "error": f"{NO_ZDR} Providers considered: azure, vertexAnthropic",
                "type": "no_providers_available",
                "statusCode": 400,
            },
            NARROW,
            (
                "refused",
                (
                    "The gateway work has no provider left for x/y: No ZDR (Zero Data Retention) providers available "
                    "for model: x/y. It considered azure, vertexAnthropic; loosen routing.only or "
                    "routing.zero_data_retention, or choose another model."
                ),
                ["azure", "vertexAnthropic"],
            ),
        ),
        (
            404,
            envelope("Model not found at any of them. Providers considered: azure."),
            ASKED,
            (
                "refused",
                (
                    "The gateway work has no provider left for x/y: Model not found at any of them. "
                    "It considered azure; choose another model."
                ),
                ["azure"],
            ),
        ),
        (
            403,
            envelope("Your team has restricted access to this provider. Providers considered: baseten"),
            NARROW,
            (
                "forbidden",
                (
                    "The gateway work does not allow this: Your team has restricted access to this provider. "
                    "Its dashboard shows what your key may do."
                ),
                ["baseten"],
            ),
        ),
    ],
)
def test_where_no_provider_is_left_those_that_there_are_are_told(
    status: int, body: object, asked: Asked, expected: tuple[str, str, list[str]]
) -> None:
    found = failure(status, body, asked=asked)

    assert (found.kind, found.message, found.details["considered"]) == expected


def test_a_long_list_of_providers_is_cut_in_the_sentence_only() -> None:
    names = [f"provider-{number}" for number in range(60)]

    found = failure(422, envelope("Providers considered: " + ", ".join(names)))

    assert found.details["considered"] == names
    assert "It considered provider-0, provider-1" in found.message
    assert len(found.message) < 500


def test_of_any_other_refusal_nothing_is_said_of_providers() -> None:
    assert failure(400, envelope("bad field")).details == {}


def test_a_routing_that_leaves_no_provider_is_told_inside_a_stream_too() -> None:
    event = {"error": {"message": f"{NO_ZDR} Providers considered: azure", "type": "no_providers_available"}}

    found = stream_failure(event, NARROW, generation=None)

    assert (found.kind, found.details) == ("refused", {"considered": ["azure"]})


def test_a_gateway_that_wants_a_key_where_none_was_sent_is_told_apart_from_a_wrong_key() -> None:
    found = failure(401, envelope("No key"), asked=Asked(gateway="work"))
    assert found.kind == "keyMissing"
    assert "gateways.work.key" in found.message


@pytest.mark.parametrize(
    ("text", "used", "limit"),
    [
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
            9000,
            8192,
        ),
        (
            (
                "This endpoint's maximum context length is 131,072 tokens. However, you requested about 140,000 tokens "
                "(130,000 of text input, 10,000 in the output)."
            ),
            140000,
            131072,
        ),
        ("prompt is too long: 210000 tokens > 200000 maximum", 210000, 200000),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            1200000,
            1048576,
        ),
        (
            "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
            9000,
            8192,
        ),
    ],
)
def test_a_prompt_that_is_too_long_is_told_by_how_much(text: str, used: int, limit: int) -> None:
    found = failure(400, envelope(text, "invalid_request_error"))
    assert found.kind == "contextTooLong"
    assert f"of {used} tokens is {used - limit} too long for x/y, which takes {limit}." in found.message


@pytest.mark.parametrize(
    "body",
    [
        envelope("Please reduce the length", code="context_length_exceeded"),
        envelope("The input token count exceeds the maximum number of tokens allowed 1048576."),
        envelope("ContextWindowExceededError: too many tokens"),
        envelope("prompt is too long: 100 tokens > 200 maximum"),
    ],
)
def test_a_prompt_that_is_too_long_by_an_unknown_number_repeats_what_was_said(body: dict[str, object]) -> None:
    found = failure(400, body)
    assert found.kind == "contextTooLong"
    error = body["error"]
    assert isinstance(error, dict)
    assert error["message"].rstrip(".") in found.message


def test_the_numbers_of_a_llama_server_are_read_from_its_fields() -> None:
    body = envelope("the request exceeds it", "exceed_context_size_error", n_prompt_tokens=900, n_ctx=512)
    assert "The prompt of 900 tokens is 388 too long" in failure(400, body).message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
        b"[]",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"12",
        b"true",
        b"{",
        b'{"error":null}',
        b'{"error":[]}',
        b'{"error":{"message":{"a":1}}}',
        b'{"error":{"message":null,"type":3,"code":[],"param":7}}',
        b'{"a":' * 5000,
        b"[" * 100_000,
        b'[{"error":{"message":"in a list"}}]',
        b"x" * 100_000,
        b"providers considered: " * 3000,
        ("\u001b[31mred\u0007\u2028\r\nnew line").encode(),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 408, 409, 413, 424, 429, 500, 503])
def test_no_body_is_odd_enough_to_break_the_sentence(status: int, body: bytes) -> None:
    message = failure_of(status, {"content-type": "text/html"}, body, ASKED, now=NOW).message
    assert len(message) < 500
    assert message.isprintable()
    assert message.endswith(".")
    assert "<" not in message


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
@pytest.mark.parametrize("key", ["vck_1234567890abcdef", "sk-proj-abc_DEF-123", "eyJhbGciOi.eyJzdWIi.c2ln", "opaque-9"])
def test_a_key_that_the_gateway_repeats_is_not_shown(status: int, key: str) -> None:
    asked = Asked(gateway="work", key_reference="env:WORK_KEY", secrets=("opaque-9",))
    message = failure(
        status, envelope(f"Incorrect API key provided: {key}. Header was Bearer {key}"), asked=asked
    ).message
    assert key not in message
    assert "[key]" in message


def test_secrets_are_in_no_repr() -> None:
    assert "opaque-9" not in repr(Asked(gateway="work", secrets=("opaque-9",)))


@pytest.mark.parametrize(
    ("status", "wait_s"), [(429, 5.0), (503, 5.0), (408, 5.0), (400, None), (401, None), (402, None), (409, None)]
)
def test_only_what_passes_is_worth_waiting_for(status: int, wait_s: float | None) -> None:
    assert failure(status, {}, {"retry-after": "5"}).retry_after_s == wait_s


def test_the_generation_is_kept_for_looking_up_its_cost() -> None:
    assert failure(500, {**envelope("x"), "generationId": "gen_1"}).generation == "gen_1"
    assert stream_failure(envelope("x"), ASKED, generation="gen_2").generation == "gen_2"


@pytest.mark.parametrize("limit", ["connect_s", "first_byte_s", "idle_s", "total_s"])
def test_a_limit_is_named_with_its_value_and_key(limit: Limit) -> None:
    found = timed_out(limit, 2.5, "llm.example.com")
    assert (found.kind, found.limit) == ("timedOut", limit)
    assert "llm.example.com" in found.message
    assert "2.5 s" in found.message
    assert f"timeouts.{limit}" in found.message
