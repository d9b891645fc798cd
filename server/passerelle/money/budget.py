"""The budgets of the settings: which of them a request falls under, how they stand, and whether it may be sent. Pure:
settings, standings and bounds in, a verdict out. The ledger has the verdict decided and kept in one transaction.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import tzinfo
from fnmatch import fnmatchcase
from typing import NamedTuple

from msgspec import UNSET, Struct
from msgspec.structs import replace

from passerelle.catalogue.model import iso_utc
from passerelle.config.layers import Effective
from passerelle.config.schema import Budget
from passerelle.money.amounts import dollars, picousd, usd
from passerelle.money.bound import Bound
from passerelle.money.period import began_s, next_s, told, zone_of
from passerelle.money.records import Filter, Standing
from passerelle.protocol.state import BudgetState, Command, ConfigValue, Source
from passerelle.words.failures import Failure

FEWEST_TOKENS = 256
"""An answer that a budget cuts shorter is not worth its prompt."""

_SAID: dict[Source, str] = {
    "default": "built in",
    "user": "your settings",
    "workspace": "the workspace's settings",
    "editor": "the editor's settings",
    "environment": "the environment",
    "session": "this session",
}


class Check(Struct, frozen=True, kw_only=True):
    """One budget, where it stands in the settings, what it counts and when it begins anew (Unix time; None: never),
    in which zone (None: the machine's).
    """

    budget: Budget
    key: str
    source: Source
    path: str | None
    line: int | None
    filter: Filter
    resets_at_s: float | None
    zone: tzinfo | None = None

    @property
    def permit(self) -> str:
        """What names the budget where a person allows one more request; keys alone are others in other folders."""
        return _permit(self.key, self.path or self.source)


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether a request may be sent, and how. `max_tokens` is what its answer is limited to, where that alone makes it
    fit into the budget `limited_by`. `stopped_by` is the budget that is in the way, `warned` are those that warn and
    are reached; of `used_permits` each has let this one request through, and is used up.
    """

    admitted: bool
    bound_usd: float | None = None
    max_tokens: int | None = None
    limited_by: tuple[Check, Standing] | None = None
    stopped_by: tuple[Check, Standing] | None = None
    warned: tuple[tuple[Check, Standing], ...] = ()
    used_permits: tuple[str, ...] = ()


def checks_for(
    effective: Effective, *, role: str, model: str, workspace: str | None, conversation: str | None, now_s: float
) -> list[Check]:
    """Those that a request falls under."""
    every = every_check(effective, workspace=workspace, conversation=conversation, now_s=now_s)
    return [check for check in every if _is_about(check.budget, role, model)]


def every_check(effective: Effective, *, workspace: str | None, conversation: str | None, now_s: float) -> list[Check]:
    """All budgets, but for those that count a conversation or a workspace where there is none.

    What a workspace's own file says counts the spending of that workspace alone.
    """
    here = _Here(workspace, conversation, now_s, zone_of(effective.config.spending.time_zone))
    checks = [_check(budget, said, here) for budget, said in _placed(effective)]
    return [check for check in checks if check is not None]


def permit_of(effective: Effective, key: str) -> str | None:
    """`Check.permit` of the budget of this key; None where there is none."""
    places = [said.path or said.source for _, said in _placed(effective) if _key(said) == key]
    return _permit(key, places[0]) if places else None


def decide(
    checks: Sequence[Check], standings: Sequence[Standing], bound: Bound | None, permits: Collection[str]
) -> Verdict:
    """Admit a request if what was spent, what runs and its own bound fit into every budget that stops.

    A request without a price is admitted while anything is left. Where nobody limited the answer, it is its length
    that gives way: half of what is left is for this request, so that a second one has something too, or else all of it.
    """
    pairs = list(zip(checks, standings, strict=True))
    stops = [(check, standing) for check, standing in pairs if check.budget.action == "stop"]
    least = _least_pico(bound)
    blocking = [pair for pair in stops if not _fits(pair, least)]
    unpermitted = [pair for pair in blocking if pair[0].permit not in permits]
    if unpermitted:
        return Verdict(admitted=False, stopped_by=min(unpermitted, key=left_pico))
    tightest = min((pair for pair in stops if pair not in blocking), key=left_pico, default=None)
    max_tokens = None if bound is None or tightest is None else _most_tokens(bound, left_pico(tightest))
    return Verdict(
        admitted=True,
        bound_usd=None if bound is None else usd(_pico(bound, max_tokens or bound.output_tokens)),
        max_tokens=max_tokens,
        limited_by=None if max_tokens is None else tightest,
        warned=tuple(pair for pair in pairs if pair[0].budget.action == "warn" and left_pico(pair) <= 0),
        used_permits=tuple(check.permit for check, _ in blocking),
    )


def matches(model: str, names: Sequence[str]) -> bool:
    """Whether a budget of these ids and globs is about a model; none of them is all."""
    return not names or any(fnmatchcase(model, name) for name in names)


def left_pico(pair: tuple[Check, Standing]) -> int:
    """What is left of a budget, in picodollars; less than nothing where it was overrun."""
    check, standing = pair
    return picousd(check.budget.usd) - picousd(standing.spent_usd) - picousd(standing.in_flight_usd)


def state_of(check: Check, standing: Standing) -> BudgetState:
    """What a client is told of it."""
    budget, limit, spent = check.budget, picousd(check.budget.usd), picousd(standing.spent_usd)
    return BudgetState(
        key=check.key,
        per=budget.per,
        usd=budget.usd,
        action=budget.action,
        roles=list(budget.roles),
        models=list(budget.models),
        spent_usd=standing.spent_usd,
        in_flight_usd=standing.in_flight_usd,
        state="reached" if spent >= limit else "near" if spent * 5 >= limit * 4 else "ok",
        resets_at=None if check.resets_at_s is None else iso_utc(check.resets_at_s),
        source=check.source,
        path=UNSET if check.path is None else check.path,
        line=UNSET if check.line is None else check.line,
    )


def budget_reached(check: Check, standing: Standing) -> Failure:
    """Why a request is not sent, and how it may be all the same."""
    allow = Command(title="Allow one more request", command="passerelle.allowOnce", arguments=[check.key])
    state = state_of(check, standing)
    # A cheaper model helps only while something is left.
    why, mend = "is used up", "Allow one more request, or raise the budget."
    if state.state != "reached":
        why = "has too little left for this request"
        mend = "Allow one more request, choose a cheaper model, or raise the budget."
    return Failure(
        "budgetReached",
        f"{_named(check)} {why}: {_stands(check, standing)} {mend}",
        details={"budget": replace(state, state="reached"), "action": allow},
    )


def budget_warning(check: Check, standing: Standing) -> str:
    """What is said of a budget that only warns, once it is reached."""
    return f"{_named(check)} is reached: {_stands(check, standing)}"


def budget_limit(check: Check, standing: Standing, max_tokens: int) -> str:
    """What is said of an answer that a budget has kept short."""
    return f"{_named(check)} leaves room for {max_tokens} tokens only: {_stands(check, standing)}"


class _Here(NamedTuple):
    """Where and when a request is made."""

    workspace: str | None
    conversation: str | None
    now_s: float
    zone: tzinfo | None


def _placed(effective: Effective) -> Iterator[tuple[Budget, ConfigValue]]:
    """Each budget, with its amount as the settings say it. An entry that was ignored leaves a gap in their keys."""
    said = {value.key: value for value in effective.values if value.key.startswith("budgets.")}
    numbers = sorted({int(key.split(".")[1]) for key in said})
    for number, budget in zip(numbers, effective.config.budgets, strict=True):
        yield budget, said[f"budgets.{number}.usd"]


def _key(said: ConfigValue) -> str:
    return said.key.removesuffix(".usd")


def _permit(key: str, place: str) -> str:
    return f"{place}:{key}"


def _check(budget: Budget, said: ConfigValue, here: _Here) -> Check | None:
    per = budget.per
    if (per == "conversation" and not here.conversation) or (per == "workspace" and not here.workspace):
        return None
    since_s = resets_at_s = None
    if per in {"day", "week", "month"}:
        since_s, resets_at_s = began_s(per, here.now_s, here.zone), next_s(per, here.now_s, here.zone)
    return Check(
        budget=budget,
        key=_key(said),
        source=said.source,
        path=said.path or None,
        line=said.line or None,
        filter=Filter(
            since_s=since_s,
            conversation=here.conversation if per == "conversation" else None,
            workspace=here.workspace if per == "workspace" or said.source == "workspace" else None,
            roles=budget.roles,
            models=budget.models,
        ),
        resets_at_s=resets_at_s,
        zone=here.zone,
    )


def _is_about(budget: Budget, role: str, model: str) -> bool:
    return (not budget.roles or role in budget.roles) and matches(model, budget.models)


def _fits(pair: tuple[Check, Standing], pico: int | None) -> bool:
    """Whether this much may still be spent; of a budget of nothing, nothing, not even what is free."""
    left = left_pico(pair)
    return pair[0].budget.usd > 0 and (left > 0 if pico is None else left >= pico)


def _least_pico(bound: Bound | None) -> int | None:
    """The bound of the shortest answer that the request can be sent for."""
    if bound is None:
        return None
    return _pico(bound, bound.asked or min(FEWEST_TOKENS, bound.output_tokens))


def _most_tokens(bound: Bound, left: int) -> int | None:
    """The limit that an answer needs to fit into what is left; None where it needs none. The shortest one fits."""
    if _pico(bound, bound.output_tokens) <= left:
        return None
    token_pico = picousd(bound.output_token_usd)
    for share in (left // 2, left):
        tokens = (share - picousd(bound.input_usd)) // token_pico
        if tokens >= FEWEST_TOKENS:
            return tokens
    return FEWEST_TOKENS


def _pico(bound: Bound, output_tokens: int) -> int:
    return picousd(bound.input_usd) + output_tokens * picousd(bound.output_token_usd)


def _named(check: Check) -> str:
    """With its place: "The budget of $5.00 per day for chat (budgets.0, /home/ada/config.toml:12)"."""
    budget = check.budget
    about = " and ".join(", ".join(names) for names in (budget.roles, budget.models) if names)
    place = f"{check.path}:{check.line}" if check.path and check.line else check.path or _SAID[check.source]
    return f"The budget of {dollars(budget.usd)} per {budget.per}{about and f' for {about}'} ({check.key}, {place})"


def _stands(check: Check, standing: Standing) -> str:
    spent = f"{dollars(standing.spent_usd)} is spent"
    in_flight = f", running requests may take {dollars(standing.in_flight_usd)}" if standing.in_flight_usd else ""
    if check.resets_at_s is None:
        return f"{spent}{in_flight}."
    zone = f" ({check.zone})" if check.zone else ""
    return f"{spent}{in_flight}. It begins anew on {told(check.resets_at_s, check.zone)}{zone}."
