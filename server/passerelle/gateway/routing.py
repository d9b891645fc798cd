"""How Vercel's gateway is asked to choose providers, in its words: `providerOptions.gateway`. Pure."""

from passerelle.config.schema import Routing
from passerelle.protocol.chat import JsonObject

_GATEWAY_FALLS_BACK = ("auto", "gateway")


def gateway_options(routing: Routing, *, mark: bool, byok: JsonObject) -> JsonObject:
    """Only what was asked for, since Vercel validates each field. With `mark` it marks the prompt for the providers'
    caches; `byok` is what byok.py makes of a person's credentials.
    """
    every: JsonObject = {
        "order": routing.order,
        "only": routing.only,
        "models": routing.fallbacks if routing.fallback in _GATEWAY_FALLS_BACK else (),
        "sort": routing.sort,
        "zeroDataRetention": routing.zero_data_retention,
        "disallowPromptTraining": routing.disallow_prompt_training,
        "serviceTier": routing.service_tier,
        "tags": routing.tags,
        "user": routing.user,
        "caching": "auto" if mark else None,
        "byok": byok,
    }
    return {name: value for name, value in every.items() if value}


def narrowed_by(routing: Routing) -> tuple[str, ...]:
    """The settings in force that leave providers out: what to loosen where none is left."""
    narrowing = (
        ("routing.only", routing.only),
        ("routing.zero_data_retention", routing.zero_data_retention),
        ("routing.disallow_prompt_training", routing.disallow_prompt_training),
        ("routing.service_tier", routing.service_tier),
    )
    return tuple(name for name, value in narrowing if value)
