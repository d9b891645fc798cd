"""What is told of an answer, as far as it came: to the client the whole, to the ledger all but its text."""

import time
from http import HTTPStatus

from msgspec import UNSET, Struct, UnsetType

from passerelle.catalogue.model import Entry
from passerelle.chat.relay import Relayed
from passerelle.daemon.asking import Asking
from passerelle.money.bound import estimated_tokens
from passerelle.money.price import estimate_usd
from passerelle.money.records import AttemptEnded
from passerelle.money.saving import saved_usd
from passerelle.protocol.chat import Answer, Attempt, ChatResult, Context, Cost, Timings, Usage
from passerelle.words.failures import Failure

NO_TOKENS = Usage(input_tokens=0, output_tokens=0, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0)

RECORDED = "gen"
"""So begin the ids by which gateways keep a record of an answer: Vercel's `gen_…`, OpenRouter's `gen-…`."""


class Tally(Struct, frozen=True, kw_only=True):
    """What an answer took and cost. `counted` says that the gateway counted the tokens; else they are our estimate."""

    tokens: Usage
    counted: bool
    cost: Cost
    saved_usd: float | None


def result_of(asking: Asking) -> ChatResult:
    """The answer; of one that was broken off, what had come."""
    reader = asking.relayed.reader
    tally = tally_of(asking, None)
    attempts = _attempts(asking)
    return ChatResult(
        message=reader.message(),
        finish=reader.finish,
        model=reader.model or asking.candidate.model,
        provider=reader.receipt.provider,
        generation=reader.generation,
        usage=reader.receipt.usage,
        cost=tally.cost,
        timings=_timings(asking),
        problem=reader.failure.message if reader.failure is not None else UNSET,
        context=_context(reader.receipt.usage, asking.candidate.entry),
        attempts=attempts or UNSET,
        warnings=[*asking.warnings, *_limit(asking), *reader.receipt.warnings] or UNSET,
    )


def ended(asking: Asking, failure: Failure | None, *, cancelled: bool = False) -> AttemptEnded:
    """The same for the ledger; `failure` is what it ended with, if it did."""
    reader, timings, tally = asking.relayed.reader, _timings(asking), tally_of(asking, failure)
    failure = failure or reader.failure
    generation = reader.generation
    return AttemptEnded(
        generation=generation,
        model=reader.model,
        provider=reader.receipt.provider,
        tokens=tally.tokens,
        counted=tally.counted,
        cost_usd=tally.cost.usd,
        cost_source=tally.cost.source,
        market_usd=reader.receipt.market_cost_usd,
        saved_usd=tally.saved_usd,
        byok=reader.receipt.is_byok,
        may_settle=tally.cost.source != "gateway" and generation is not None and generation.startswith(RECORDED),
        first_delta_ms=timings.first_delta_ms,
        total_ms=timings.total_ms,
        finish=_finish(asking.relayed, cancelled=cancelled),
        error=None if failure is None else failure.kind,
        status=None if failure is None else failure.status,
    )


def tally_of(asking: Asking, failure: Failure | None) -> Tally:
    """The gateway's word; else what the catalogue's prices make of the tokens, called an estimate.

    What a gateway refused with an error's status has cost nothing. Of an answer that broke off before its count, the
    tokens are estimated too.
    """
    reader, entry = asking.relayed.reader, _billed(asking)
    receipt, usage = reader.receipt, reader.receipt.usage
    if usage is None and _is_refusal(failure, asking.relayed):
        return Tally(tokens=NO_TOKENS, counted=False, cost=Cost(usd=0.0, source="estimate"), saved_usd=None)
    wanted = asking.wanted
    tokens = usage or estimated_tokens(wanted.messages, _written(reader.message()), wanted.params.tools or ())
    tier = asking.candidate.request.routing.service_tier
    is_cached = usage is not None and bool(usage.cached_tokens or usage.cache_write_tokens)
    saved = saved_usd(tokens, entry.pricing, tier) if entry is not None and is_cached else None
    usd = receipt.cost_usd
    estimate = estimate_usd(tokens, entry.pricing, tier) if usd is None and entry is not None else None
    return Tally(
        tokens=tokens,
        counted=usage is not None,
        cost=Cost(
            usd=estimate if usd is None else usd,
            source="gateway" if usd is not None else "unknown" if estimate is None else "estimate",
            saved_usd=saved or UNSET,
            market_usd=UNSET if receipt.market_cost_usd in (None, usd) else receipt.market_cost_usd,
            byok=True if receipt.is_byok else UNSET,
        ),
        saved_usd=saved,
    )


def _billed(asking: Asking) -> Entry | None:
    """Whose prices hold: a gateway that has fallbacks of its own may have asked another model."""
    return asking.reached.scope.models.by_id.get(asking.relayed.reader.model or "", asking.candidate.entry)


def _limit(asking: Asking) -> list[str]:
    """Told where it mattered."""
    return [asking.limit] if asking.limit is not None and asking.relayed.reader.finish == "length" else []


def _attempts(asking: Asking) -> list[Attempt]:
    """The gateway's own account, after what the daemon tried in vain."""
    receipt = asking.relayed.reader.receipt
    if receipt.attempts or not asking.failed:
        return [*asking.failed, *receipt.attempts]
    success = asking.relayed.reader.is_complete
    answered = Attempt(by="daemon", model=asking.candidate.model, provider=receipt.provider, success=success)
    return [*asking.failed, answered]


def failed_attempt(asking: Asking, failure: Failure) -> Attempt:
    """What a later answer says of a try that came to nothing."""
    return Attempt(
        by="daemon",
        model=asking.candidate.model,
        provider=failure.provider,
        success=False,
        status=failure.status or UNSET,
        error=failure.message,
    )


def _written(answer: Answer) -> str:
    """All that the model wrote, seen or not."""
    calls = [call.arguments for call in answer.tool_calls or ()]
    return "".join([answer.reasoning or "", answer.content, *calls])


def _is_refusal(failure: Failure | None, relayed: Relayed) -> bool:
    status = None if failure is None else failure.status
    return status is not None and status >= HTTPStatus.BAD_REQUEST and relayed.reader.generation is None


def _finish(relayed: Relayed, *, cancelled: bool) -> str | None:
    if cancelled and not relayed.reader.is_complete:
        return "cancelled"
    return relayed.reader.finish if relayed.is_shown else None


def _timings(asking: Asking) -> Timings:
    first_piece_at, started_at = asking.relayed.first_piece_at, asking.wanted.started_at
    return Timings(
        first_delta_ms=None if first_piece_at is None else round((first_piece_at - started_at) * 1000),
        total_ms=round((time.monotonic() - started_at) * 1000),
    )


def _context(usage: Usage | None, entry: Entry | None) -> Context | UnsetType:
    """What the next turn begins with: this one's prompt and its answer."""
    if usage is None:
        return UNSET
    return Context(
        used_tokens=usage.input_tokens + usage.output_tokens,
        window_tokens=None if entry is None else entry.context_window,
    )
