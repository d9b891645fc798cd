"""Status, models, configuration: what the daemon tells of itself."""

from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.protocol.base import Params, Result

State = Literal["ready", "needsKey", "unreachable", "misconfigured", "overBudget"]
Source = Literal["default", "user", "workspace", "editor", "environment", "session"]
CatalogueSource = Literal["live", "disk", "builtin"]
Capability = Literal["vision", "tools", "reasoning", "files", "caching", "structured", "webSearch"]
Sort = Literal["relevance", "name", "released", "price", "context"]
Scope = Literal["session", "workspace", "user"]
Per = Literal["day", "week", "month", "conversation", "workspace"]
BudgetAction = Literal["warn", "stop"]
BudgetCondition = Literal["ok", "near", "reached"]


class Problem(Result, frozen=True, kw_only=True):
    """What is wrong in a configuration file, and what was done instead. Line and column count from 1."""

    path: str
    line: int
    column: int
    key: str
    message: str
    severity: Literal["error", "warning"]


class Command(Result, frozen=True, kw_only=True):
    """An LSP Command."""

    title: str
    command: str
    arguments: list[object] | UnsetType = UNSET


class GatewayStatus(Result, frozen=True, kw_only=True):
    """`key` is the reference, never the secret."""

    name: str
    url: str
    key: str | None


class RoleModel(Result, frozen=True, kw_only=True):
    """Which model serves a role; `wanted` is the retired id that it replaces."""

    model: str
    source: Source
    wanted: str | UnsetType = UNSET


class CatalogueStatus(Result, frozen=True, kw_only=True):
    total: int
    fetched_at: str | None
    source: CatalogueSource


class DaemonStatus(Result, frozen=True, kw_only=True):
    version: str
    pid: int
    uptime_ms: int
    rss_bytes: int
    connections: int


class Spent(Result, frozen=True, kw_only=True):
    """Since the daemon started: what gateways have said, and apart from it what prices make of the other answers;
    `unknown` counts the answers whose cost nobody knows.
    """

    requests: int
    cost_usd: float
    estimated_usd: float
    unknown: int


class BudgetState(Result, frozen=True, kw_only=True):
    """One budget of the settings and how it stands. `spent_usd` includes estimates, `in_flight_usd` is what running
    requests may cost at most; `resets_at` is None where it never does.
    """

    key: str
    per: Per
    usd: float
    action: BudgetAction
    roles: list[str]
    models: list[str]
    spent_usd: float
    in_flight_usd: float
    state: BudgetCondition
    resets_at: str | None
    source: Source
    path: str | UnsetType = UNSET
    line: int | UnsetType = UNSET


class Credits(Result, frozen=True, kw_only=True):
    """US dollars of the gateway's account, and when it said so."""

    balance_usd: float
    used_usd: float
    at: str


class Today(Result, frozen=True, kw_only=True):
    """What the person's day came to so far, over all daemons, by the ledger."""

    requests: int
    cost_usd: float
    estimated_usd: float


class Status(Result, frozen=True, kw_only=True):
    """`today` is absent where the ledger cannot be read, `credits` until the gateway has said them."""

    state: State
    message: str
    gateway: GatewayStatus
    roles: dict[str, RoleModel]
    catalogue: CatalogueStatus
    daemon: DaemonStatus
    problems: list[Problem]
    spent: Spent
    action: Command | UnsetType = UNSET
    today: Today | UnsetType = UNSET
    budgets: list[BudgetState] | UnsetType = UNSET
    credits: Credits | UnsetType = UNSET


class ModelsParams(Params, frozen=True, kw_only=True):
    query: str | None = None
    needs: list[Capability] | None = None
    sort: Sort | None = None
    limit: int | None = None
    refresh: bool | None = None


class Price(Result, frozen=True, kw_only=True):
    """US dollars per million tokens; None is unknown."""

    input: float | None
    output: float | None
    cache_read: float | None
    cache_write: float | None


class Model(Result, frozen=True, kw_only=True):
    id: str
    name: str
    creator: str
    description: str
    released_at: str | None
    context_window: int | None
    max_output: int | None
    capabilities: list[Capability]
    price: Price


class Models(Result, frozen=True, kw_only=True):
    """`total` counts what matches before `limit`."""

    models: list[Model]
    total: int
    fetched_at: str | None
    source: CatalogueSource
    roles: dict[str, RoleModel]


class SelectModelParams(Params, frozen=True, kw_only=True):
    role: str
    model: str
    scope: Scope
    workspace_folder: str | None = None


class GatewayChoice(Result, frozen=True, kw_only=True):
    """One gateway that can be chosen. `source` is the layer that describes it; `key` is the reference."""

    name: str
    url: str
    key: str | None
    source: Source
    active: bool


class GatewayChoices(Result, frozen=True, kw_only=True):
    gateways: list[GatewayChoice]


class SelectGatewayParams(Params, frozen=True, kw_only=True):
    gateway: str
    scope: Scope
    workspace_folder: str | None = None


class ConfigParams(Params, frozen=True, kw_only=True):
    workspace_folder: str | None = None


class ConfigValue(Result, frozen=True, kw_only=True):
    """One effective value with its layer; `path` and `line` where a file says it."""

    key: str
    value: object
    source: Source
    path: str | UnsetType = UNSET
    line: int | UnsetType = UNSET


class EffectiveConfig(Result, frozen=True, kw_only=True):
    values: list[ConfigValue]
    problems: list[Problem]


class DidChangeModels(Result, frozen=True, kw_only=True):
    added: list[str]
    removed: list[str]
    total: int


class DidChangeConfig(Result, frozen=True, kw_only=True):
    keys: list[str]
    problems: list[Problem]


class SecretParams(Result, frozen=True, kw_only=True):
    """`name` of an `editor:NAME` reference."""

    name: str


class SecretResult(Params, frozen=True, kw_only=True):
    value: str | None


class ErrorData(Result, frozen=True, kw_only=True):
    """`error.data` of a failure that has a kind."""

    kind: str
    status: int | UnsetType = UNSET
    retry_after_ms: int | UnsetType = UNSET
    provider: str | UnsetType = UNSET
    generation: str | UnsetType = UNSET
    suggestions: list[str] | UnsetType = UNSET
    budget: BudgetState | UnsetType = UNSET
    estimate_usd: float | UnsetType = UNSET
    considered: list[str] | UnsetType = UNSET
    action: Command | UnsetType = UNSET
