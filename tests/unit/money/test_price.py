"""Estimates by the catalogue's prices: each token once."""

import pytest

from passerelle.catalogue.model import Pricing, Tier
from passerelle.money.price import estimate_usd
from passerelle.protocol.chat import Usage

HAIKU = Pricing(input=1e-6, output=5e-6, input_cache_read=1e-7, input_cache_write=1.25e-6)
TIERED = Pricing(
    input=3e-6,
    output=15e-6,
    input_tiers=(Tier(cost=3e-6), Tier(cost=6e-6, min=200_001)),
    output_tiers=(Tier(cost=15e-6), Tier(cost=22.5e-6, min=200_001)),
)


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
        # The recorded answer with a cache: 100 plain, 1,000 read, 200 written, as the gateway billed it.
        (usage(1300, 34, cached=1000, written=200), HAIKU, 0.00062),
        (usage(100, 10, cached=200), HAIKU, 0.00007),
        (usage(200_000, 1000), TIERED, 0.615),
        (usage(200_001, 1000), TIERED, 1.222506),
        (usage(100, 10, reasoning=500), HAIKU, 0.00015),
        (usage(100, 10), Pricing(input=1e-6), None),
        (usage(100, 10), Pricing(), None),
        (usage(100, 10, cached=50), Pricing(input=1e-6, output=1e-6), 0.00011),
        (usage(0, 0), Pricing(input=0.0, output=0.0), 0.0),
    ],
)
def test_an_estimate(used: Usage, pricing: Pricing, usd: float | None) -> None:
    assert estimate_usd(used, pricing) == (None if usd is None else pytest.approx(usd))
