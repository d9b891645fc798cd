"""What an answer took and cost, by the gateway's own word. It computes nothing."""

from passerelle.gateway.chunks import fields, text, tokens, usd
from passerelle.protocol.chat import Usage


class Receipt:
    """Usage, cost and provider as the chunks told them; what came last holds.

    `cost_usd` is what the gateway bills, `market_cost_usd` what the provider lists. With `is_byok` the provider
    bills the person apart. A None is unknown.
    """

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.cost_usd: float | None = None
        self.market_cost_usd: float | None = None
        self.is_byok = False
        self.provider: str | None = None

    def take_usage(self, value: object) -> None:
        """`usage` of any chunk: Vercel sends it with the finish, OpenAI in a chunk of its own, some in every one."""
        usage = fields(value)
        if not usage:
            return
        asked, said = fields(usage.get("prompt_tokens_details")), fields(usage.get("completion_tokens_details"))
        self.usage = Usage(
            input_tokens=tokens(usage.get("prompt_tokens")),
            output_tokens=tokens(usage.get("completion_tokens")),
            cached_tokens=tokens(asked.get("cached_tokens")),
            cache_write_tokens=tokens(usage.get("cache_creation_input_tokens") or asked.get("cache_write_tokens")),
            reasoning_tokens=tokens(said.get("reasoning_tokens")),
        )
        self.is_byok = usage.get("is_byok") is True
        self.cost_usd = _first(usd(usage.get("cost")), self.cost_usd)
        self.market_cost_usd = _first(usd(usage.get("market_cost")), self.market_cost_usd)

    def take_metadata(self, value: object) -> None:
        """`provider_metadata`: who served, and the cost once more, as text; `usage.cost` is believed first."""
        gateway = fields(fields(value).get("gateway"))
        routing = fields(gateway.get("routing"))
        self.provider = text(routing.get("finalProvider")) or text(routing.get("resolvedProvider")) or self.provider
        self.cost_usd = _first(self.cost_usd, usd(gateway.get("cost")))
        self.market_cost_usd = _first(self.market_cost_usd, usd(gateway.get("marketCost")))


def _first(amount: float | None, other: float | None) -> float | None:
    return other if amount is None else amount
