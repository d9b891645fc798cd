import json
from pathlib import Path

import pytest

from passerelle.gateway.generation import Generation, read_generation
from passerelle.protocol.chat import Usage
from support.shapes import GENERATION, generation

SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "gateway" / "generation.json").read_text("utf-8"))


def read(**fields: object) -> Generation | None:
    return read_generation(generation(**fields), GENERATION, cached_apart=True)


def test_the_recorded_shape_is_read() -> None:
    assert read_generation(SAMPLE, "gen_01KA0000000000000000000000", cached_apart=True) == Generation(
        cost_usd=0.00032,
        market_usd=0.00032,
        provider="anthropic",
        model="anthropic/claude-haiku-4.5",
        tokens=Usage(input_tokens=120, output_tokens=40, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0),
        byok=False,
    )


@pytest.mark.parametrize(("cached_apart", "input_tokens"), [(True, 120), (False, 100)])
def test_the_prompt_has_its_cached_tokens_once(cached_apart: bool, input_tokens: int) -> None:
    found = read_generation(generation(), GENERATION, cached_apart=cached_apart)

    assert found is not None
    assert found.tokens == Usage(
        input_tokens=input_tokens, output_tokens=40, cached_tokens=15, cache_write_tokens=5, reasoning_tokens=7
    )


@pytest.mark.parametrize(
    ("said", "cost_usd"),
    [
        ({"total_cost": 0}, 0.0),
        ({"total_cost": "0.0000001"}, 1e-7),
        ({"total_cost": 1e-7, "usage": 5}, 1e-7),
        ({"total_cost": 0.02, "is_byok": True}, 0.02),
    ],
)
def test_a_cost_is_a_number_or_decimal_text(said: dict[str, object], cost_usd: float) -> None:
    found = read(**said)

    assert found is not None
    assert found.cost_usd == cost_usd
    assert found.byok == said.get("is_byok", False)


def test_where_there_is_no_total_the_usage_is_the_cost() -> None:
    value = {"data": {"id": GENERATION, "usage": "0.5"}}

    assert read_generation(value, GENERATION, cached_apart=True) == Generation(
        cost_usd=0.5, market_usd=None, provider=None, model=None, tokens=None, byok=False
    )


@pytest.mark.parametrize(
    "said",
    [
        {"total_cost": None},
        {"total_cost": -0.01},
        {"total_cost": "NaN"},
        {"total_cost": "much"},
        {"total_cost": True},
        {"total_cost": float("inf")},
        {"id": "gen_OTHER"},
        {"id": None},
    ],
)
def test_what_cannot_be_believed_is_none(said: dict[str, object]) -> None:
    assert read(**said) is None


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"data": None}, {"data": []}, {"error": "no"}])
def test_another_shape_is_none(value: object) -> None:
    assert read_generation(value, GENERATION, cached_apart=True) is None


@pytest.mark.parametrize("odd", [None, "many", -3, 2.0**60, True])
def test_an_odd_number_of_tokens_costs_no_more_than_itself(odd: object) -> None:
    found = read(native_tokens_reasoning=odd, market_cost=odd)

    assert found is not None
    assert found.cost_usd == 0.00032
    assert found.tokens is not None
    assert found.tokens.output_tokens == 40
