"""What a cache has saved: less than nothing where it was only filled."""

import pytest

from passerelle.catalogue.model import Pricing, Tier
from passerelle.money.saving import saved_usd
from passerelle.protocol.chat import Usage

HAIKU = Pricing(input=1e-6, output=5e-6, input_cache_read=1e-7, input_cache_write=1.25e-6)
TIERED = Pricing(
    input=1e-6,
    output=5e-6,
    input_cache_read=1e-7,
    input_tiers=(Tier(cost=1e-6), Tier(cost=5e-6, min=1_000)),
    input_cache_read_tiers=(Tier(cost=1e-7), Tier(cost=5e-7, min=1_000)),
)


@pytest.mark.parametrize(
    ("prompt", "cached", "written", "pricing", "usd"),
    [
        (1_300, 1_000, 200, HAIKU, 0.00085),
        (1_300, 1_000, 0, HAIKU, 0.0009),
        (1_300, 0, 1_000, HAIKU, -0.00025),
        (1_300, 0, 0, HAIKU, 0.0),
        (1_300, 1_000, 200, Pricing(input=1e-6, output=5e-6), 0.0),
        (999, 500, 0, TIERED, 0.00045),
        (1_000, 500, 0, TIERED, 0.00225),
        (1_300, 1_000, 0, Pricing(), None),
        (1_300, 1_000, 0, Pricing(input=1e-6), None),
    ],
)
def test_a_saving(prompt: int, cached: int, written: int, pricing: Pricing, usd: float | None) -> None:
    used = Usage(
        input_tokens=prompt, output_tokens=10, cached_tokens=cached, cache_write_tokens=written, reasoning_tokens=0
    )

    assert saved_usd(used, pricing) == (None if usd is None else pytest.approx(usd))
