"""The providers behind a model, with their prices and their state: `GET models/{creator}/{model}/endpoints`."""

from urllib.parse import quote

from passerelle.gateway.auth import Access
from passerelle.gateway.chunks import fields, items, text, tokens, usd
from passerelle.gateway.document import asked_of, fetch_reply, read_document, unreadable
from passerelle.gateway.http import Http
from passerelle.gateway.target import Target
from passerelle.protocol.money import Endpoint, Percentiles, Uptime
from passerelle.protocol.state import Price
from passerelle.words.failures import Failure

_SUBJECT = "which providers serve a model"


async def fetch_endpoints(http: Http, target: Target, access: Access, model: str) -> list[Endpoint]:
    """Who serves a model, as the gateway orders them. Vercel needs no key for it: `Access()` will do.

    Raises Failure: `modelUnknown`, `unsupported` where the gateway has no such page, else as `Http.stream` and
    `failure_of` do.
    """
    asked = asked_of(target, access, model)
    path = path_of(model)
    if path is None:
        raise Failure("modelUnknown", f"The gateway {target.name} has no model of that name; choose one that it lists.")
    endpoints = read_endpoints(read_document(await fetch_reply(http, target, access, path), asked, _SUBJECT))
    if endpoints is None:
        raise unreadable(asked, _SUBJECT)
    return endpoints


def read_endpoints(value: object) -> list[Endpoint] | None:
    """Those that have a name; all else that is missing or odd is unknown. None where there is no list."""
    listed = fields(fields(value).get("data")).get("endpoints")
    if not isinstance(listed, list):
        return None
    return [endpoint for item in items(listed) if (endpoint := _endpoint(fields(item))) is not None]


def path_of(model: str) -> str | None:
    """The page of a model: its id with the slash as it is, and all else encoded. None for an id with a part of dots,
    which would lead to another page.
    """
    if any(part in {"", ".", ".."} for part in model.split("/")):
        return None
    return f"models/{quote(model, safe='/')}/endpoints"


def _endpoint(said: dict[str, object]) -> Endpoint | None:
    provider = text(said.get("provider_name")).strip()
    if not provider or not provider.isprintable():
        return None
    return Endpoint(
        provider=provider,
        price=_price(fields(said.get("pricing"))),
        context_window=tokens(said.get("context_length")) or None,
        max_output=tokens(said.get("max_completion_tokens")) or None,
        quantization=text(said.get("quantization")) or None,
        up=said.get("status") in (0, None),
        latency_ms=_percentiles(said.get("latency_last_1h")),
        throughput_tps=_percentiles(said.get("throughput_last_1h")),
        uptime=Uptime(
            last15m=_number(said.get("uptime_last_15m")),
            last_hour=_number(said.get("uptime_last_1h")),
            last_day=_number(said.get("uptime_last_1d")),
        ),
        implicit_caching=said.get("supports_implicit_caching") is True,
    )


def _price(pricing: dict[str, object]) -> Price:
    """Here `prompt` and `completion` are what the list of models calls `input` and `output`. A provider without a cache
    charges "0" for it.
    """
    return Price(
        input=_per_million(pricing.get("prompt")),
        output=_per_million(pricing.get("completion")),
        cache_read=_per_million(pricing.get("input_cache_read")) or None,
        cache_write=_per_million(pricing.get("input_cache_write")) or None,
    )


def _per_million(value: object) -> float | None:
    """Fifteen digits undo the noise of the multiplication."""
    price = usd(value)
    return None if price is None else float(f"{price * 1e6:.15g}")


def _percentiles(value: object) -> Percentiles | None:
    p50, p95 = (_number(fields(value).get(name)) for name in ("p50", "p95"))
    return None if p50 is None or p95 is None else Percentiles(p50=p50, p95=p95)


def _number(value: object) -> float | None:
    """A number that is not below zero, and no text of one."""
    return None if isinstance(value, str) else usd(value)
