"""The tree of settings, typed. The same tree in every layer; the contract is protocol.md, "Configuration keys"."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Reasoning = Literal["none", "minimal", "low", "medium", "high"]
ProviderSort = Literal["cost", "ttft", "tps"]
ServiceTier = Literal["flex", "priority"]
Fallback = Literal["auto", "gateway", "daemon", "off"]
ModelId = Annotated[str, Meta(pattern=r"\S", description='a model id such as "anthropic/claude-sonnet-4"')]
Sentence = Annotated[str, Meta(pattern=r"\S", description="text that is not empty")]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Milliseconds = Annotated[int, Meta(ge=0, le=60_000)]
Usd = Annotated[float, Meta(ge=0)]
Delays = Annotated[tuple[Milliseconds, Milliseconds], Meta(description="two whole numbers, the smaller one first")]
Url = Annotated[str, Meta(pattern=r"^https?://[^/\s]\S*$", description='a URL such as "https://llm.example.com/v1"')]
ProxyUrl = Annotated[
    str,
    Meta(
        pattern=r"^(https?|socks5h?)://[^/\s]+/?$",
        description='the URL of a proxy such as "http://proxy.example.com:3128"',
    ),
]

DEFAULT_MODEL = "anthropic/claude-sonnet-4"
DEFAULT_TEMPERATURE = 0.7
VERCEL_URL = "https://ai-gateway.vercel.sh/v1"


class Timeouts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Four limits of one request, in seconds; each failure names its own. Routing inside the gateway may try
    several providers before the first byte, so that limit is generous.
    """

    connect_s: Seconds = 10.0
    first_byte_s: Seconds = 60.0
    idle_s: Seconds = 60.0
    total_s: Seconds = 600.0


class PartialTimeouts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    connect_s: Seconds | None = None
    first_byte_s: Seconds | None = None
    idle_s: Seconds | None = None
    total_s: Seconds | None = None


class PartialRouting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`providerOptions.gateway` in our words; None is "not said in this place".

    `fallback` is who goes on to `fallbacks`: the gateway itself, the daemon, nobody; `auto` is the gateway where it can
    (Vercel's), else the daemon.
    """

    order: tuple[str, ...] | None = None
    only: tuple[str, ...] | None = None
    sort: ProviderSort | None = None
    fallbacks: tuple[str, ...] | None = None
    zero_data_retention: bool | None = None
    disallow_prompt_training: bool | None = None
    tags: tuple[str, ...] | None = None
    user: str | None = None
    service_tier: ServiceTier | None = None
    fallback: Fallback | None = None


class RoutingConfig(PartialRouting, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[routing]`: for all, and `[routing.roles.NAME]` for one role."""

    roles: dict[str, PartialRouting] = {}


class ModelOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[models."id or glob"]`; None is "not said in this place"."""

    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Meta(gt=0, le=10_000_000)] | None = None
    reasoning: Reasoning | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    stop: tuple[str, ...] | None = None
    timeouts: PartialTimeouts | None = None
    routing: PartialRouting | None = None


class Byok(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person's own credentials at one provider, for the gateway to use: `[gateways.NAME.byok.PROVIDER]`. Those that
    are secret are references.
    """

    api_key: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    private_key: str | None = None
    client_email: str | None = None
    region: str | None = None
    project: str | None = None
    location: str | None = None
    resource_name: str | None = None


class Gateway(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[gateways.NAME]`, guarded: never from a workspace. `key` is a reference, never a secret; a value of `headers`
    may be one. `byok` is by provider.
    """

    url: Url
    key: str | None = None
    headers: dict[str, str] = {}
    proxy: ProxyUrl | None = None
    ca_bundle: str | None = None
    byok: dict[str, Byok] = {}


class Caching(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`auto` lets Vercel's gateway mark what models need marked; `mark` has the daemon do it, for other gateways that
    pass marks on.
    """

    mode: Literal["auto", "mark", "off"] = "auto"


class Spending(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`keep_days = 0` keeps the ledger for ever; `time_zone` is an IANA name, or the machine's where it is empty.

    Below `warn_below_usd` of credits the person is warned; a chat that would likely cost more than `confirm_above_usd`
    has to be confirmed. Either is off at 0.
    """

    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 0
    time_zone: Annotated[str, Meta(max_length=100)] = ""
    warn_below_usd: Usd = 5.0
    confirm_above_usd: Usd = 0.0


class Conversations(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the daemon keeps of talks. `keep_days = 0` is for ever; `private` writes nothing to disk."""

    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 0
    private: bool = False
    titles: bool = True


class Inline(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ghost text; read and reported now, served by a later version."""

    enabled: bool = True
    delay_ms: Delays = (50, 1000)
    max_lines: Annotated[int, Meta(gt=0, le=1_000)] = 12
    candidates: Annotated[int, Meta(gt=0, le=10)] = 3
    languages: dict[str, bool] = {}
    daily_usd: Usd = 1.0


class Budget(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    per: Literal["day", "week", "month", "conversation", "workspace"]
    usd: Usd
    action: Literal["warn", "stop"] = "stop"
    roles: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Action(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    title: Sentence
    prompt: Sentence
    languages: tuple[str, ...] = ()
    role: str = "edit"


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The effective settings of one workspace folder for one client."""

    gateway: Annotated[str, Meta(max_length=100, description="the name of a gateway")] = "vercel"
    gateways: dict[str, Gateway] = field(default_factory=lambda: {"vercel": Gateway(url=VERCEL_URL)})
    roles: dict[str, ModelId] = field(default_factory=lambda: {"chat": DEFAULT_MODEL})
    models: dict[str, ModelOptions] = {}
    routing: RoutingConfig = RoutingConfig()
    caching: Caching = Caching()
    conversations: Conversations = Conversations()
    spending: Spending = Spending()
    inline: Inline = Inline()
    budgets: tuple[Budget, ...] = ()
    actions: tuple[Action, ...] = ()


class Routing(Struct, frozen=True, kw_only=True):
    """What holds for one request, after models, roles and defaults were resolved."""

    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    sort: ProviderSort | None = None
    fallbacks: tuple[str, ...] = ()
    zero_data_retention: bool = False
    disallow_prompt_training: bool = False
    tags: tuple[str, ...] = ()
    user: str = ""
    service_tier: ServiceTier | None = None
    fallback: Fallback = "auto"


class Options(Struct, frozen=True, kw_only=True):
    """What holds for one request. None is left out of the request: the model's own default serves."""

    temperature: float | None = DEFAULT_TEMPERATURE
    max_tokens: int | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    reasoning: Reasoning | None = None
    timeouts: Timeouts = Timeouts()
