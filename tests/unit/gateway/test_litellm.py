"""The list of a LiteLLM proxy, by the shapes that version 1.106.2 was seen to send; tests/litellm asks a real one."""

import json

import pytest

from passerelle.catalogue.model import Entry, Pricing, Tier, parse_catalogue
from passerelle.gateway.errors import Asked, failure_of
from passerelle.gateway.litellm import described, is_litellm

LISTED: dict[str, object] = {"object": "model", "created": 1677610602, "owned_by": "openai"}
SONNET = {
    "mode": "chat",
    "max_input_tokens": 200_000,
    "max_output_tokens": 64_000,
    "input_cost_per_token": 3e-6,
    "output_cost_per_token": 1.5e-5,
    "cache_read_input_token_cost": 3e-7,
    "cache_creation_input_token_cost": 3.75e-6,
    "input_cost_per_token_above_200k_tokens": 6e-6,
    "input_cost_per_token_above_200k_tokens_priority": 9e-6,
    "output_cost_per_token_above_200k_tokens": None,
    "supports_vision": True,
    "supports_function_calling": True,
    "supports_reasoning": None,
    "supports_prompt_caching": True,
    "supported_openai_params": ["temperature", "tools"],
}


def a_list(*models: dict[str, object]) -> bytes:
    return json.dumps({"data": [{**LISTED, **model} for model in models], "object": "list"}).encode()


def info(*deployments: tuple[str, dict[str, object]]) -> bytes:
    return json.dumps({"data": [{"model_name": name, "model_info": said} for name, said in deployments]}).encode()


def entry(*deployments: dict[str, object]) -> Entry:
    """What the catalogue reads of a model with these deployments."""
    body = described(a_list({"id": "team/sonnet"}), info(*(("team/sonnet", said) for said in deployments)))
    return parse_catalogue(body).entries[0]


def test_a_litellm_list_is_known_by_its_one_moment() -> None:
    assert is_litellm(a_list({"id": "a"}, {"id": "b"}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON, 1677610602",
        b'{"data": 1677610602}',
        a_list(),
        a_list({"id": "gpt-3.5-turbo"}, {"id": "gpt-5", "created": 1754425777}),
        a_list({"id": "gpt-3.5-turbo", "owned_by": "somebody"}),
    ],
)
def test_no_other_list_is_taken_for_one(body: bytes) -> None:
    assert not is_litellm(body)


def test_a_model_has_what_its_deployment_says() -> None:
    sonnet = entry(SONNET)

    assert sonnet.pricing == Pricing(
        input=3e-6,
        output=1.5e-5,
        input_cache_read=3e-7,
        input_cache_write=3.75e-6,
        input_tiers=(Tier(cost=3e-6), Tier(cost=6e-6, min=200_001)),
    )
    assert (sonnet.context_window, sonnet.max_output) == (200_000, 64_000)
    assert sonnet.capabilities == ("vision", "tools", "caching")
    assert not sonnet.temperature_refused


def test_of_several_deployments_the_tightest_and_dearest_counts() -> None:
    weak = {"max_input_tokens": 100_000, "input_cost_per_token": 4e-6, "supports_function_calling": True}
    model = entry(SONNET, weak)

    assert (model.context_window, model.max_output) == (100_000, 64_000)
    assert model.pricing.output == 1.5e-5
    assert "vision" not in model.capabilities


def test_nothing_is_made_up_of_a_model_that_nothing_is_known_of() -> None:
    model = entry({"max_input_tokens": None, "input_cost_per_token": None})

    assert not model.is_described
    assert (model.context_window, model.max_output, model.price.input) == (None, None, None)


def test_a_free_model_costs_nothing_rather_than_an_unknown_amount() -> None:
    assert entry({"input_cost_per_token": 0, "output_cost_per_token": 0.0}).price.output == 0


@pytest.mark.parametrize("page", [b"", b"Internal Server Error", b'{"detail":"Not Found"}', b'{"data":[1,{}]}'])
def test_without_the_other_page_the_list_itself_is_read(page: bytes) -> None:
    listing = a_list(
        {"id": "a", "mode": "chat", "max_input_tokens": 128_000, "max_output_tokens": 16_384},
        {"id": "b", "mode": "embedding"},
    )
    (model,) = parse_catalogue(described(listing, page)).entries

    assert (model.id, model.context_window, model.max_output) == ("a", 128_000, 16_384)


HASH = "0b34cfe25c235a5430d706e3e63e0a142a789c6cacff7d0910d7d141b8bab3f1"
ASIDE = "\n\nLiteLLM: model group 'x' failed with the error above and no fallback model group was found for it."


@pytest.mark.parametrize(
    ("status", "kind", "said", "code", "words"),
    [
        (
            422,
            "creditsExhausted",
            f"Budget has been exceeded! Key={HASH} Current cost: 0.2, Max budget: 0.1",
            "budget_exceeded",
            "own budget for you, your key or your team is used up: Budget has been exceeded! Key=[key] Current",
        ),
        (
            429,
            "rateLimited",
            f"litellm.RateLimitError: slow down{ASIDE}",
            "throttling_error",
            "slow down. Try again in a moment.",
        ),
        (
            400,
            "modelUnknown",
            "/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models.",
            "invalid_request_error",
            "does not know the model x",
        ),
        (
            400,
            "contextTooLong",
            "litellm.ContextWindowExceededError: it is too much\nmodel=x. context_window_fallbacks=None. fallbacks=[].",
            "invalid_request_error",
            "it is too much. Shorten",
        ),
        (400, "keyRefused", "No connected db.", "no_db_connection", "refused the key env:TEAM_KEY"),
        (401, "keyRefused", "Authentication Error, No api key passed in.", "auth_error", "refused the key"),
        (500, "unavailable", f"OpenAIException - Connection error.{ASIDE}", "internal_server_error", "error. Try"),
    ],
)
def test_its_refusals_have_the_right_kind_and_a_sentence_for_a_person(
    status: int, kind: str, said: str, code: str, words: str
) -> None:
    body = json.dumps({"error": {"message": said, "type": code, "param": None, "code": str(status)}}).encode()
    asked = Asked(gateway="team", model="x", key_reference="env:TEAM_KEY")

    failure = failure_of(status, {}, body, asked, now=0)

    assert failure.kind == kind
    assert words in failure.message
