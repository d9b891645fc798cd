"""What one answer cost in the end, as its gateway tells some seconds after it: `GET generation?id=`."""

from http import HTTPStatus

from msgspec import Struct

from passerelle.gateway.auth import Access
from passerelle.gateway.chunks import decoded, fields, text, tokens, usd
from passerelle.gateway.document import asked_of, fetch_reply, read_document, unreadable
from passerelle.gateway.http import Http, Reply
from passerelle.gateway.target import Target
from passerelle.protocol.chat import Usage

_SUBJECT = "the cost of an answer"


class Generation(Struct, frozen=True, kw_only=True):
    """`tokens` are counted as in an answer's `usage`; None if the gateway gives no numbers. With `byok` the provider
    bills the person apart.
    """

    cost_usd: float
    market_usd: float | None
    provider: str | None
    model: str | None
    tokens: Usage | None
    byok: bool


async def fetch_generation(http: Http, target: Target, access: Access, identity: str) -> Generation | None:
    """What became of the answer with this generation id; None where the gateway does not know it yet.

    Raises Failure: `unsupported` where the gateway keeps no such records, `unavailable` for what cannot be believed,
    else as `Http.stream` and `failure_of` do.
    """
    reply = await fetch_reply(http, target, access, "generation", {"id": identity})
    if _is_unknown_yet(reply):
        return None
    asked = asked_of(target, access)
    generation = read_generation(read_document(reply, asked, _SUBJECT), identity, cached_apart=target.vercel)
    if generation is None:
        raise unreadable(asked, _SUBJECT)
    return generation


def read_generation(value: object, identity: str, *, cached_apart: bool) -> Generation | None:
    """The record of the answer with this id; None for anything else, also for a record without a cost.

    With `cached_apart` the tokens of the prompt are counted without those read from and written to a cache, as
    Vercel's gateway does here and nowhere else.
    """
    data = fields(fields(value).get("data"))
    cost_usd = usd(data.get("total_cost", data.get("usage")))
    if data.get("id") != identity or cost_usd is None:
        return None
    return Generation(
        cost_usd=cost_usd,
        market_usd=usd(data.get("market_cost")),
        provider=text(data.get("provider_name")) or None,
        model=text(data.get("model")) or None,
        tokens=_usage(data, cached_apart=cached_apart),
        byok=data.get("is_byok") is True,
    )


def _usage(data: dict[str, object], *, cached_apart: bool) -> Usage | None:
    if not isinstance(data.get("native_tokens_prompt"), int | float):
        return None
    cached, written = tokens(data.get("native_tokens_cached")), tokens(data.get("native_tokens_cache_creation"))
    return Usage(
        input_tokens=tokens(data["native_tokens_prompt"]) + (cached + written if cached_apart else 0),
        output_tokens=tokens(data.get("native_tokens_completion")),
        cached_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=tokens(data.get("native_tokens_reasoning")),
    )


def _is_unknown_yet(reply: Reply) -> bool:
    """A gateway that has this page says in JSON what is amiss, `{"error": …}`; what has none sends a page, or less."""
    return reply.status == HTTPStatus.NOT_FOUND and bool(fields(decoded(reply.body)).get("error"))
