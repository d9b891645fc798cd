"""What an answer would cost by the catalogue's prices. Always called an estimate: the gateway's word is the truth."""

from passerelle.catalogue.model import Pricing, Tier
from passerelle.protocol.chat import Usage


def estimate_usd(usage: Usage, pricing: Pricing) -> float | None:
    """US dollars, or None where a price that is needed is unknown.

    Input includes what was cached and what was written to the cache, so each token is counted once. A tier counts
    for the whole request once the prompt has passed its border (api facts, 1.1).
    """
    prompt = usage.input_tokens
    input_usd = _tiered(pricing.input, pricing.input_tiers, prompt)
    output_usd = _tiered(pricing.output, pricing.output_tiers, prompt)
    if input_usd is None or output_usd is None:
        return None
    read_usd = input_usd if pricing.input_cache_read is None else pricing.input_cache_read
    write_usd = input_usd if pricing.input_cache_write is None else pricing.input_cache_write
    plain = max(0, prompt - usage.cached_tokens - usage.cache_write_tokens)
    return (
        plain * input_usd
        + usage.cached_tokens * read_usd
        + usage.cache_write_tokens * write_usd
        + usage.output_tokens * output_usd
    )


def _tiered(base_usd: float | None, tiers: tuple[Tier, ...], prompt_tokens: int) -> float | None:
    passed = [tier for tier in tiers if prompt_tokens >= tier.min]
    return max(passed, key=lambda tier: tier.min).cost if passed else base_usd
