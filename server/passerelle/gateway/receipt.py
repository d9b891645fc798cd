"""What an answer took and cost and who served it, by the gateway's own word. It prices nothing."""

from passerelle.gateway.attempts import attempts_of
from passerelle.gateway.chunks import fields, items, text, tokens, usd
from passerelle.gateway.sentences import sentence_of
from passerelle.protocol.chat import Attempt, JsonObject, Usage


class Receipt:
    """Usage, cost and providers as the chunks told them; what came last holds.

    `cost_usd` is what the gateway bills, `market_cost_usd` what the provider lists or, with `is_byok`, bills the
    person apart. A None is unknown. `attempts` are those of the gateway at providers, `warnings` its sentences;
    `secrets` are blotted out of both.
    """

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        self._secrets = secrets
        self.usage: Usage | None = None
        self.cost_usd: float | None = None
        self.market_cost_usd: float | None = None
        self.is_byok = False
        self.provider: str | None = None
        self.model: str | None = None
        """Where the gateway has gone on to another one: its chunks name the one that was asked."""
        self.attempts: list[Attempt] = []
        self.warnings: list[str] = []

    def take_usage(self, value: object) -> None:
        """`usage` of any chunk: Vercel sends it with the finish, OpenAI in a chunk of its own, some in every one."""
        usage = fields(value)
        if not usage:
            return
        self.usage = usage_of(usage)
        self.is_byok = usage["is_byok"] is True if "is_byok" in usage else self.is_byok
        details = fields(usage.get("cost_details"))
        market_usd = _first(usd(usage.get("market_cost")), usd(details.get("upstream_inference_cost")))
        self.cost_usd = _first(usd(usage.get("cost")), self.cost_usd)
        self.market_cost_usd = _first(market_usd, self.market_cost_usd)

    def take_metadata(self, value: object) -> None:
        """`provider_metadata`: who served, and the cost once more, as text; `usage.cost` is believed first."""
        gateway = fields(fields(value).get("gateway"))
        routing = fields(gateway.get("routing"))
        self.provider = text(routing.get("finalProvider")) or text(routing.get("resolvedProvider")) or self.provider
        self.cost_usd = _first(self.cost_usd, usd(gateway.get("cost")))
        self.market_cost_usd = _first(self.market_cost_usd, usd(gateway.get("marketCost")))
        self.attempts = attempts_of(routing, self._secrets) or self.attempts
        if len({attempt.model for attempt in self.attempts}) > 1:
            self.model = next((attempt.model for attempt in self.attempts if attempt.success), None)
        warnings = [_warning(warning, self._secrets) for warning in items(gateway.get("warnings"))]
        self.warnings = list(filter(None, warnings)) or self.warnings


def usage_of(usage: JsonObject) -> Usage:
    """Tokens under OpenAI's names, and cached ones also under Anthropic's, which gateways send beside them.

    Input includes what was read from a cache and written to it; where these are more than all of it, the gateway has
    counted them apart, as Anthropic does.
    """
    asked, said = fields(usage.get("prompt_tokens_details")), fields(usage.get("completion_tokens_details"))
    read = tokens(asked.get("cached_tokens")) or tokens(usage.get("cache_read_input_tokens"))
    written = (
        tokens(usage.get("cache_creation_input_tokens"))
        or tokens(asked.get("cache_write_tokens"))  # OpenRouter's name
        or tokens(asked.get("cache_creation_tokens"))  # LiteLLM's
    )
    prompt = tokens(usage.get("prompt_tokens")) or tokens(usage.get("input_tokens"))
    return Usage(
        input_tokens=prompt if read + written <= prompt else prompt + read + written,
        output_tokens=tokens(usage.get("completion_tokens")) or tokens(usage.get("output_tokens")),
        cached_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=tokens(said.get("reasoning_tokens")),
    )


def _warning(value: object, secrets: tuple[str, ...]) -> str:
    """A sentence, or what there is instead of one."""
    warning = fields(value)
    words = " ".join(filter(None, (text(warning.get(name)) for name in ("type", "setting", "feature"))))
    return sentence_of([value, text(warning.get("details")), words], secrets=secrets)


def _first(amount: float | None, other: float | None) -> float | None:
    return other if amount is None else amount
