"""What completion and hover know beside the text: the settings in force and the gateway's models, as functions."""

from collections.abc import Callable

from msgspec import Struct

from passerelle.config.layers import Effective
from passerelle.protocol.state import Model

MOST_MODELS = 100

MILLION = 1_000_000


class Known(Struct, frozen=True, kw_only=True):
    """`is_own`: the file is the person's own, and may say where gateways are. `search` gives the best models for what
    is typed; `model` the one of an id; `stand_in` what serves in the place of an id that is not listed.
    """

    is_own: bool
    effective: Effective
    search: Callable[[str], list[Model]]
    model: Callable[[str], Model | None]
    stand_in: Callable[[str], str | None]
    takes_snippets: bool = False


def price_and_window(model: Model) -> str:
    """`$3 → $15 · 200k`: in and out, in US dollars per million tokens; short, for it stands beside the id."""
    return f"{usd(model.price.input)} → {usd(model.price.output)} · {short(model.context_window)}"


def describe(model: Model) -> str:
    """What a person chooses by, in Markdown."""
    price = model.price
    lines = [
        f"**{model.name}** `{model.id}`",
        ", ".join(model.capabilities) or "No capability is listed.",
        f"Context window {count(model.context_window)} tokens, answers up to {count(model.max_output)}",
        f"Per million tokens: {usd(price.input)} in, {usd(price.output)} out, {usd(price.cache_read)} cached",
        f"Released {model.released_at[:10]}" if model.released_at else "",
        model.description,
    ]
    return "\n\n".join(line for line in lines if line)


def short(tokens: int | None) -> str:
    """`200k`, `1.05M`."""
    if tokens is None:
        return "?"
    return f"{tokens / MILLION:.3g}M" if tokens >= MILLION else f"{tokens / 1e3:.3g}k"


def usd(amount: float | None) -> str:
    return "$?" if amount is None else f"${amount:.10g}"


def count(tokens: int | None) -> str:
    return "?" if tokens is None else f"{tokens:,}"
