"""What the prompt caches took off an answer's price. Pure, by the catalogue's prices."""

from passerelle.catalogue.model import Pricing
from passerelle.money.price import charged, rates_at
from passerelle.protocol.chat import Usage


def saved_usd(usage: Usage, pricing: Pricing, service_tier: str | None = None) -> float | None:
    """US dollars that reading from a cache has saved, less what filling it cost more than plain input: below zero where
    a cache was filled and not read yet. None where a price is unknown.
    """
    counted = charged(usage)
    rates = rates_at(pricing, counted.plain + counted.cached + counted.written, service_tier)
    if rates is None:
        return None
    return counted.cached * (rates.input - rates.cache_read) - counted.written * (rates.cache_write - rates.input)
