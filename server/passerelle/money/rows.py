"""What the ledger's Structs are as columns of its table. Pure."""

import math

from passerelle.money.amounts import kept_picousd
from passerelle.money.records import AttemptBegun, AttemptEnded, Settlement
from passerelle.protocol.chat import Usage

Value = str | int | None
Columns = dict[str, Value]
Row = tuple[Value, ...]

SETTLE_AFTER_S = 10.0
"""A gateway can say what it charged some 10 s after the end (api facts, 7)."""

MOST_TOKENS = 10**12
"""Of one attempt. What a gateway says beyond that is none, and SQLite could not hold it."""


def milliseconds(moment_s: float) -> int:
    """Of Unix time, as the ledger has moments."""
    return round(moment_s * 1000)


def begun_columns(begun: AttemptBegun, bound_usd: float | None) -> Columns:
    """Of an attempt that is about to be sent, with what it costs if nobody ever learns more."""
    return {
        "key": begun.key,
        "request": begun.request,
        "number": begun.number,
        "at_ms": milliseconds(begun.at_s),
        "state": "open",
        "gateway": begun.gateway,
        "origin": begun.origin,
        "key_reference": begun.key_reference,
        "model": begun.model,
        "role": begun.role,
        "client": begun.client,
        "workspace": begun.workspace,
        "conversation": begun.conversation,
        "input_tokens": begun.input_tokens,
        "bound_picousd": _amount(bound_usd),
        "cost_picousd": _amount(begun.prompt_usd),
        "cost_source": "unknown" if _amount(begun.prompt_usd) is None else "estimate",
    }


def ended_columns(ended: AttemptEnded, now_s: float) -> Columns:
    """What came of it. It is pending where its gateway can be asked what it charged, else final."""
    asks = ended.may_settle and ended.generation is not None and ended.cost_source != "gateway"
    heard: Columns = {} if ended.generation is None else {"generation": ended.generation}
    return {
        **heard,
        **_counted(ended.tokens),
        "state": "pending" if asks else "settled",
        "next_try_ms": milliseconds(now_s + SETTLE_AFTER_S) if asks else None,
        "answered_model": ended.model,
        "provider": ended.provider,
        "counted": ended.counted,
        "cost_picousd": _amount(ended.cost_usd),
        "cost_source": ended.cost_source,
        "market_picousd": _amount(ended.market_usd),
        "saved_picousd": _amount(ended.saved_usd),
        "byok": ended.byok,
        "first_delta_ms": ended.first_delta_ms,
        "total_ms": ended.total_ms,
        "finish": ended.finish,
        "error": ended.error,
        "status": ended.status,
    }


def settled_columns(settlement: Settlement) -> Columns:
    """What the gateway said afterwards; what it did not say stays as it is."""
    said: Columns = {
        "answered_model": settlement.model,
        "provider": settlement.provider,
        "market_picousd": _amount(settlement.market_usd),
    }
    tokens = {} if settlement.tokens is None else {**_counted(settlement.tokens), "counted": True}
    return {
        **{name: value for name, value in said.items() if value is not None},
        **tokens,
        "state": "settled",
        "next_try_ms": None,
        "cost_picousd": _amount(settlement.cost_usd),
        "cost_source": "gateway",
        "byok": settlement.byok,
    }


def _counted(tokens: Usage) -> Columns:
    counts = {
        "input_tokens": tokens.input_tokens,
        "output_tokens": tokens.output_tokens,
        "cached_tokens": tokens.cached_tokens,
        "cache_write_tokens": tokens.cache_write_tokens,
        "reasoning_tokens": tokens.reasoning_tokens,
    }
    return {name: max(0, min(count, MOST_TOKENS)) for name, count in counts.items()}


def _amount(usd: float | None) -> int | None:
    return None if usd is None or not math.isfinite(usd) else kept_picousd(usd)
