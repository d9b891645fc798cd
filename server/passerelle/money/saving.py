"""What the prompt caches took off an answer's price. Pure, by the catalogue's prices."""

from passerelle.catalogue.model import Pricing
from passerelle.money.price import rates_at
from passerelle.protocol.chat import Usage


def saved_usd(usage: Usage, pricing: Pricing, service_tier: str | None = None) -> float | None:
    """US dollars that reading from a cache has saved, less what filling it cost more than plain input: below zero where
    a cache was filled and not read yet. None where a price is unknown.
    """
    rates = rates_at(pricing, usage.input_tokens, service_tier)
    if rates is None:
        return None
    less_usd = usage.cached_tokens * (rates.input - rates.cache_read)
    more_usd = usage.cache_write_tokens * (rates.cache_write - rates.input)
    return less_usd - more_usd
