"""What an answer would cost by the catalogue's prices. Always called an estimate: the gateway's word is the truth."""

from collections.abc import Sequence
from math import isfinite

from msgspec import Struct

from passerelle.catalogue.model import Pricing, Tier
from passerelle.protocol.chat import Usage


class Rates(Struct, frozen=True, kw_only=True):
    """US dollars per token of one request. What a list does not price apart costs what plain input does."""

    input: float
    output: float
    cache_read: float
    cache_write: float


def estimate_usd(usage: Usage, pricing: Pricing, service_tier: str | None = None) -> float | None:
    """US dollars, or None where a price that is needed is unknown.

    Input includes what was read from a cache and written to it. Output includes reasoning, as OpenAI defines it and as
    Anthropic counts; where reasoning is more than all of it, it was counted apart (so recorded of Gemini's and OpenAI's
    models behind Vercel's gateway). Where both could be, it is taken as included: nothing is charged twice.
    """
    rates = rates_at(pricing, usage.input_tokens, service_tier)
    if rates is None:
        return None
    plain = usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens
    is_apart = usage.reasoning_tokens > usage.output_tokens
    return (
        plain * rates.input
        + usage.cached_tokens * rates.cache_read
        + usage.cache_write_tokens * rates.cache_write
        + (usage.output_tokens + (usage.reasoning_tokens if is_apart else 0)) * rates.output
    )


def rates_at(pricing: Pricing, prompt_tokens: int, service_tier: str | None = None) -> Rates | None:
    """What holds for a prompt of this length, None where input or output has no price.

    A tier counts for the whole request once the prompt has passed its border (api facts, 1.1). What a service tier
    does not price apart costs what it does without one.
    """
    apart = pricing.service_tiers.get(service_tier or "", Pricing())
    both = (apart, pricing)
    input_usd = _tiered([(one.input, one.input_tiers) for one in both], prompt_tokens)
    output_usd = _tiered([(one.output, one.output_tiers) for one in both], prompt_tokens)
    read_usd = _tiered([(one.input_cache_read, one.input_cache_read_tiers) for one in both], prompt_tokens)
    write_usd = _tiered([(one.input_cache_write, one.input_cache_write_tiers) for one in both], prompt_tokens)
    if input_usd is None or output_usd is None:
        return None
    return Rates(
        input=input_usd,
        output=output_usd,
        cache_read=input_usd if read_usd is None else read_usd,
        cache_write=input_usd if write_usd is None else write_usd,
    )


def _tiered(listed: Sequence[tuple[float | None, tuple[Tier, ...]]], prompt_tokens: int) -> float | None:
    """The price by the first list that has one. Some lists write -1 for "it depends": that is unknown."""
    for base_usd, tiers in listed:
        passed = [tier for tier in tiers if prompt_tokens >= tier.min]
        price_usd = max(passed, key=lambda tier: tier.min).cost if passed else base_usd
        if price_usd is not None and price_usd >= 0 and isfinite(price_usd):
            return price_usd
    return None
