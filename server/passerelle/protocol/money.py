"""Money: what was spent, what may be spent, what is left at the gateway, what each provider would charge."""

from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.protocol.base import Params, Result
from passerelle.protocol.state import BudgetState, Price

UsageKey = Literal[
    "day", "week", "month", "hour", "model", "provider", "role", "workspace", "client", "conversation", "gateway"
]
UsageFormat = Literal["csv", "json"]


class UsageParams(Params, frozen=True, kw_only=True):
    """`since` and `until` (exclusive) are days or moments in ISO 8601; a day is the person's."""

    since: str | None = None
    until: str | None = None
    group_by: UsageKey | None = None
    split_by: UsageKey | None = None


class Percentiles(Result, frozen=True, kw_only=True):
    p50: float
    p95: float


class UsageSum(Result, frozen=True, kw_only=True):
    """What some attempts came to. `requests` counts what was asked, `attempts` what reached a gateway for it.

    `cost_usd` is what gateways said, `estimated_usd` what prices make of the rest, `unknown` counts what has no
    price; `saved_usd` is what the prompt caches took off, less what filling them cost. Times are None where nothing was
    timed.
    """

    requests: int
    attempts: int
    errors: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    cost_usd: float
    estimated_usd: float
    saved_usd: float
    unknown: int
    first_delta_ms: Percentiles | None
    total_ms: Percentiles | None


class UsageRow(UsageSum, frozen=True, kw_only=True):
    """One group; an empty `key` is for what has none (no workspace, no conversation)."""

    key: str
    split: str | UnsetType = UNSET


class Suggestions(Result, frozen=True, kw_only=True):
    """Ghost text: how often it was shown and accepted, and what all of it cost, estimates included."""

    shown: int
    accepted: int
    cost_usd: float


class UsageReport(Result, frozen=True, kw_only=True):
    """Dearest first; by time, earliest first. Any grouping comes to the same total."""

    rows: list[UsageRow]
    total: UsageSum
    since: str | None
    until: str | None
    suggestions: Suggestions


class ExportUsageParams(Params, frozen=True, kw_only=True):
    format: UsageFormat
    since: str | None = None
    until: str | None = None


class ExportedUsage(Result, frozen=True, kw_only=True):
    """`name` is a file name to offer, `rows` the number of attempts in it."""

    name: str
    text: str
    rows: int


class BudgetsParams(Params, frozen=True, kw_only=True):
    workspace_folder: str | None = None
    conversation: str | None = None


class Budgets(Result, frozen=True, kw_only=True):
    budgets: list[BudgetState]


class AllowOnceParams(Params, frozen=True, kw_only=True):
    """`budget` is the key of one of the budgets: the next request that it would stop goes through."""

    budget: str
    workspace_folder: str | None = None


class EndpointsParams(Params, frozen=True, kw_only=True):
    """With `role`, each provider is judged by the routing that holds for the model in that role."""

    model: str
    role: str | None = None
    workspace_folder: str | None = None


class Uptime(Result, frozen=True, kw_only=True):
    """Per cent; None is unknown."""

    last15m: float | None
    last_hour: float | None
    last_day: float | None


class Endpoint(Result, frozen=True, kw_only=True):
    """One provider that serves a model. `excluded` says in a sentence why the routing leaves it out."""

    provider: str
    price: Price
    context_window: int | None
    max_output: int | None
    quantization: str | None
    up: bool
    latency_ms: Percentiles | None
    throughput_tps: Percentiles | None
    uptime: Uptime
    implicit_caching: bool
    excluded: str | UnsetType = UNSET


class Endpoints(Result, frozen=True, kw_only=True):
    model: str
    endpoints: list[Endpoint]
    at: str
