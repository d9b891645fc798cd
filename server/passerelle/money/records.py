"""What the ledger keeps of one attempt to get an answer: what is known before it is sent, and what came of it.

An attempt is one request that is sent to one gateway. What a person asked once may take several. Nothing in here holds
a question, an answer or a key.
"""

from typing import Literal

from msgspec import Struct

from passerelle.protocol.chat import CostSource, Usage


class AttemptBegun(Struct, frozen=True, kw_only=True):
    """Written before it is sent, so that a daemon that dies loses no attempt.

    `key` is unique in the world. `request` is the same for all attempts of one request, `number` counts them from 1.
    `at_s` is Unix time. `origin` is the gateway's scheme, host and port; `workspace` a URI. `input_tokens` and
    `prompt_usd` estimate the prompt alone: they stand in the row if nobody ever learns more. `bound_usd` is what it may
    cost at most; either is None without a price.
    """

    key: str
    request: str
    number: int
    at_s: float
    gateway: str
    origin: str
    key_reference: str | None
    model: str
    role: str
    client: str
    workspace: str | None
    conversation: str | None
    input_tokens: int
    prompt_usd: float | None
    bound_usd: float | None


class AttemptEnded(Struct, frozen=True, kw_only=True):
    """What came of it, as far as is known when its connection closes.

    `tokens` are the gateway's count where `counted`, else our estimate. With `cost_source` "estimate" and `may_settle`
    the gateway is asked later for what it charged (`GET generation`), by `generation`. `error` is the failure's kind;
    `finish` that of ChatResult, "cancelled" where the person stopped it, None where nothing came.
    """

    generation: str | None
    model: str | None
    provider: str | None
    tokens: Usage
    counted: bool
    cost_usd: float | None
    cost_source: CostSource
    market_usd: float | None
    saved_usd: float | None
    byok: bool
    may_settle: bool
    first_delta_ms: int | None
    total_ms: int
    finish: str | None
    error: str | None
    status: int | None


class Settlement(Struct, frozen=True, kw_only=True):
    """What a gateway says afterwards (`GET generation`) of an attempt that ended without its word."""

    cost_usd: float
    market_usd: float | None
    provider: str | None
    model: str | None
    tokens: Usage | None
    byok: bool


class Unsettled(Struct, frozen=True, kw_only=True):
    """An attempt whose cost its gateway may still tell. `tries` counts how often it was asked; `next_try_s` is Unix
    time.
    """

    key: str
    at_s: float
    gateway: str
    origin: str
    key_reference: str | None
    generation: str
    tries: int
    next_try_s: float


class Filter(Struct, frozen=True, kw_only=True):
    """Which attempts a budget counts: from `since_s` (Unix time) on, of one conversation or workspace (URI), of these
    roles, of models that match these ids or globs (`fnmatchcase`, the model that was asked for). None or empty is all.
    """

    since_s: float | None = None
    conversation: str | None = None
    workspace: str | None = None
    roles: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Standing(Struct, frozen=True, kw_only=True):
    """What the attempts of a filter have cost, estimates included, and what those that run may cost at most."""

    spent_usd: float
    in_flight_usd: float


State = Literal["open", "pending", "settled"]
"""Of a row: being answered by some daemon; ended, and its gateway is to be asked what it charged; final."""
