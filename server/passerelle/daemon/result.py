"""What a client is told of an answer, as far as it came: the text, its cost, how full the window is."""

import time

from msgspec import UNSET, Struct, UnsetType

from passerelle.catalogue.model import Entry
from passerelle.chat.relay import Relayed
from passerelle.gateway.receipt import Receipt
from passerelle.money.price import estimate_usd
from passerelle.protocol.chat import ChatResult, Context, Cost, Timings, Usage


class Served(Struct, frozen=True, kw_only=True):
    """The model that is asked, what the catalogue says of it (None: nothing), and when the daemon had the request."""

    model: str
    entry: Entry | None
    started_at: float


def result_of(relayed: Relayed, served: Served) -> ChatResult:
    """The answer; of one that was broken off, what had come."""
    reader, first_piece_at = relayed.reader, relayed.first_piece_at
    return ChatResult(
        message=reader.message(),
        finish=reader.finish,
        model=reader.model or served.model,
        provider=reader.receipt.provider,
        generation=reader.generation,
        usage=reader.receipt.usage,
        cost=_cost(reader.receipt, served.entry),
        timings=Timings(
            first_delta_ms=None if first_piece_at is None else round((first_piece_at - served.started_at) * 1000),
            total_ms=round((time.monotonic() - served.started_at) * 1000),
        ),
        problem=reader.failure.message if reader.failure is not None else UNSET,
        context=_context(reader.receipt.usage, served.entry),
    )


def _cost(receipt: Receipt, entry: Entry | None) -> Cost:
    """The gateway's word; else what the catalogue's prices make of the tokens, called an estimate."""
    if receipt.cost_usd is not None:
        return Cost(usd=receipt.cost_usd, source="gateway")
    estimate = estimate_usd(receipt.usage, entry.pricing) if receipt.usage is not None and entry is not None else None
    return Cost(usd=estimate, source="unknown" if estimate is None else "estimate")


def _context(usage: Usage | None, entry: Entry | None) -> Context | UnsetType:
    """What the next turn begins with: this one's prompt and its answer."""
    if usage is None:
        return UNSET
    return Context(
        used_tokens=usage.input_tokens + usage.output_tokens,
        window_tokens=None if entry is None else entry.context_window,
    )
