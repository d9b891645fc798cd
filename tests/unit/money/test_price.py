"""Estimates by the catalogue's prices: each token once."""

import pytest
from msgspec.structs import replace

from passerelle.catalogue.model import Pricing, Tier, parse_catalogue
from passerelle.money.price import estimate_usd
from passerelle.protocol.chat import Usage

HAIKU = Pricing(input=1e-6, output=5e-6, input_cache_read=1e-7, input_cache_write=1.25e-6)
GEMINI = Pricing(input=2e-6, output=12e-6, input_cache_read=2e-7)
TIERED = Pricing(
    input=3e-6,
    output=15e-6,
    input_cache_read=3e-7,
    input_cache_write=3.75e-6,
    input_tiers=(Tier(cost=3e-6), Tier(cost=6e-6, min=200_001)),
    output_tiers=(Tier(cost=15e-6), Tier(cost=22.5e-6, min=200_001)),
    input_cache_read_tiers=(Tier(cost=3e-7), Tier(cost=6e-7, min=200_001)),
    input_cache_write_tiers=(Tier(cost=3.75e-6), Tier(cost=7.5e-6, min=200_001)),
)
SERVED = replace(HAIKU, service_tiers={"priority": Pricing(input=2e-6, output=10e-6), "flex": Pricing(output=2.5e-6)})
LISTED = b"""{"data": [{"id": "a/b", "pricing": {
    "input": "0.000001", "output": 0.000005, "input_cache_read": "-1", "varies_by_provider": true,
    "input_cache_write_tiers": [{"cost": "0.000002", "min": 0, "max": 100}, {"cost": "0.000004", "min": 100}],
    "service_tiers": {"priority": {"input": "0.000003", "output": "nan"}}
}}]}"""


def usage(tokens: int, output: int, *, cached: int = 0, written: int = 0, reasoning: int = 0) -> Usage:
    return Usage(
        input_tokens=tokens,
        output_tokens=output,
        cached_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=reasoning,
    )


@pytest.mark.parametrize(
    ("used", "pricing", "usd"),
    [
        (usage(120, 40), HAIKU, 0.00032),
        (usage(0, 0), Pricing(input=0.0, output=0.0), 0.0),
        # The recorded answer with a cache: 100 plain, 1,000 read, 200 written, as the gateway billed it.
        (usage(1300, 34, cached=1000, written=200), HAIKU, 0.00062),
        (usage(1000, 0, cached=1000), HAIKU, 0.0001),
        (usage(100, 10, cached=50), Pricing(input=1e-6, output=1e-6), 0.00011),
        # Tiers are for the whole request, and by all of the prompt.
        (usage(200_000, 1000), TIERED, 0.615),
        (usage(200_001, 1000), TIERED, 1.222506),
        (usage(300_000, 0, cached=200_000, written=50_000), TIERED, 0.795),
        # Reasoning: Anthropic has it in the output and says 0, OpenAI has it in there and says how much.
        (usage(100, 500), HAIKU, 0.0026),
        (usage(100, 500, reasoning=450), HAIKU, 0.0026),
        (usage(100, 500, reasoning=500), HAIKU, 0.0026),
        # The recorded answer of Gemini behind Vercel's gateway: 9 of text, 61 of reasoning beside it.
        (usage(28, 9, reasoning=61), GEMINI, 0.000896),
        # What is not known is not guessed.
        (usage(100, 10), Pricing(input=1e-6), None),
        (usage(100, 10), Pricing(output=1e-6), None),
        (usage(100, 10), Pricing(), None),
        (usage(100, 10), Pricing(input=-1.0, output=-1.0), None),
        (usage(100, 10), Pricing(input=float("nan"), output=float("inf")), None),
        (usage(100, 10, cached=50), Pricing(input=1e-6, output=1e-6, input_cache_read=-1.0), 0.00011),
    ],
)
def test_an_estimate(used: Usage, pricing: Pricing, usd: float | None) -> None:
    assert estimate_usd(used, pricing) == (None if usd is None else pytest.approx(usd))


@pytest.mark.parametrize(
    ("service_tier", "usd"),
    [(None, 0.00015), ("priority", 0.0003), ("flex", 0.000125), ("auto", 0.00015)],
)
def test_a_service_tier_has_the_prices_that_the_list_says(service_tier: str | None, usd: float) -> None:
    assert estimate_usd(usage(100, 10), SERVED, service_tier) == pytest.approx(usd)


@pytest.mark.parametrize(
    ("used", "service_tier", "usd"),
    [
        (usage(99, 10, written=9), None, 0.000158),
        (usage(100, 10, written=10), None, 0.00018),
        (usage(100, 10, cached=50), None, 0.00015),
        (usage(100, 10), "priority", 0.00035),
    ],
)
def test_prices_are_read_as_lists_write_them(used: Usage, service_tier: str | None, usd: float) -> None:
    (entry,) = parse_catalogue(LISTED).entries

    assert estimate_usd(used, entry.pricing, service_tier) == pytest.approx(usd)
