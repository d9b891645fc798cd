"""What a person is told of the daemon: ready or not, and what mends it."""

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from passerelle import __version__
from passerelle.config.layers import Effective
from passerelle.daemon.budgets import states, stops_chat
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon, told
from passerelle.daemon.process import rss_bytes
from passerelle.daemon.roles import CHAT, role_models
from passerelle.gateway.auth import key_reference
from passerelle.money.amounts import dollars
from passerelle.money.period import began_s, zone_of
from passerelle.money.today import NOTHING_TODAY, today_since
from passerelle.protocol.state import (
    BudgetState,
    CatalogueStatus,
    Command,
    DaemonStatus,
    GatewayStatus,
    Problem,
    RoleModel,
    State,
    Status,
    Today,
)
from passerelle.words.failures import Failure, Kind
from passerelle.words.references import Reference

OPEN_SETTINGS = Command(title="Open the settings", command="passerelle.openConfiguration")
TRY_AGAIN = Command(title="Try again", command="passerelle.refreshModels")
_STATES: dict[Kind, State] = {
    "keyMissing": "needsKey",
    "keyRefused": "needsKey",
    "creditsExhausted": "overBudget",
    "misconfigured": "misconfigured",
    "unreachable": "unreachable",
    "timedOut": "unreachable",
    "unavailable": "unreachable",
}


class Facts(Struct, frozen=True, kw_only=True):
    """What the state is judged by. `trouble` is what the gateway last failed with, if nothing went well since.
    `full_budget` stops all chats.
    """

    gateway: str
    chat: RoleModel
    error: Problem | None = None
    missing_key: Reference | None = None
    trouble: Failure | None = None
    full_budget: BudgetState | None = None
    ledger_problem: str | None = None


async def status(daemon: Daemon, client: Client, folder: Path | None) -> Status:
    """The whole state of affairs for one client."""
    effective = client.effective(folder)
    try:
        scope = await daemon.listed(await daemon.scope(client, folder))
    except Failure as failure:
        return await _unserved(daemon, effective, folder, failure)
    key = key_reference(scope.target, daemon.gateways.environ)
    has_key = key is None or await may_resolve(key, daemon.gateways.environ)
    roles = role_models(scope.effective, scope.models)
    facts = Facts(
        gateway=scope.target.name,
        chat=roles[CHAT],
        error=next((problem for problem in effective.problems if problem.severity == "error"), None),
        missing_key=None if has_key else key,
        trouble=daemon.gateways.troubles.get(scope.target.name) or scope.catalogue.last_failure,
    )
    money = await _money(daemon, effective, folder)
    full = next((budget for budget in money.budgets if stops_chat(budget, roles[CHAT].model)), None)
    state, message, action = judge(replace(facts, full_budget=full, ledger_problem=daemon.ledger.problem))
    models = scope.models
    known_credits = daemon.accounts.last(scope, client)
    return Status(
        state=state,
        message=message,
        action=action or UNSET,
        gateway=GatewayStatus(name=scope.target.name, url=scope.target.url, key=str(key) if key else None),
        roles=roles,
        catalogue=CatalogueStatus(total=len(models.entries), fetched_at=models.fetched_at, source=models.source),
        daemon=_process(daemon),
        problems=list(effective.problems),
        spent=daemon.spent,
        today=money.today,
        budgets=money.budgets or UNSET,
        credits=UNSET if known_credits is None else known_credits,
    )


class _Money(NamedTuple):
    today: Today | UnsetType
    budgets: list[BudgetState]


async def _money(daemon: Daemon, effective: Effective, folder: Path | None) -> _Money:
    """What the ledger says, where it can be read; none is begun for it."""
    since_s = began_s("day", time.time(), zone_of(effective.config.spending.time_zone))
    try:
        today = NOTHING_TODAY
        if await daemon.ledger.is_there():
            today = await daemon.ledger.read(lambda connection: today_since(connection, since_s))
        return _Money(today, await states(daemon, effective, folder))
    except Failure:
        return _Money(UNSET, [])


async def _unserved(daemon: Daemon, effective: Effective, folder: Path | None, failure: Failure) -> Status:
    """Without a gateway that can be used: what is known all the same."""
    roles = effective.config.roles
    money = await _money(daemon, effective, folder)
    return Status(
        state=_STATES.get(failure.kind, "misconfigured"),
        message=failure.message,
        action=OPEN_SETTINGS,
        gateway=GatewayStatus(name=effective.config.gateway, url="", key=None),
        roles={role: RoleModel(model=roles[role], source=effective.source_of("roles", role)) for role in roles},
        catalogue=CatalogueStatus(total=0, fetched_at=None, source="builtin"),
        daemon=_process(daemon),
        problems=list(effective.problems),
        spent=daemon.spent,
        today=money.today,
        budgets=money.budgets or UNSET,
    )


def judge(facts: Facts) -> tuple[State, str, Command | None]:
    """State, a sentence for a person, and what mends it. What stops more comes first."""
    if facts.missing_key is not None:
        sentence = f"The gateway {facts.gateway} needs a key: {_how_to_give(facts.missing_key)}"
        return "needsKey", sentence, OPEN_SETTINGS
    if facts.trouble is not None and (state := _STATES.get(facts.trouble.kind)) is not None:
        return state, facts.trouble.message, TRY_AGAIN if state == "unreachable" else OPEN_SETTINGS
    if facts.full_budget is not None:
        return "overBudget", _used_up(facts.full_budget), OPEN_SETTINGS
    if facts.error is not None:
        return "misconfigured", told(facts.error), OPEN_SETTINGS
    sentences = [f"{facts.chat.model} of the gateway {facts.gateway} serves chat."]
    if facts.chat.wanted:
        sentences.append(f"It stands in for {facts.chat.wanted}, which is not listed.")
    if facts.ledger_problem is not None:
        sentences.append(facts.ledger_problem)
    return "ready", " ".join(sentences), None


def _used_up(budget: BudgetState) -> str:
    place = f", {budget.path}:{budget.line}" if budget.path else ""
    return f"The budget of {dollars(budget.usd)} per {budget.per} ({budget.key}{place}) is used up."


async def may_resolve(key: Reference, environ: Mapping[str, str]) -> bool:
    """Whether a reference can have a value, as far as that shows without asking anybody."""
    match key.scheme:
        case "env":
            return bool(environ.get(key.name))
        case "file":
            return await asyncio.to_thread(_is_file, key.name)
        case _:
            return True


def _is_file(name: str) -> bool:
    return Path(name).expanduser().is_file()


def _how_to_give(key: Reference) -> str:
    if key.scheme == "env":
        return f"set {key.name} where your editor starts, or name another place in `gateways.NAME.key`."
    return f"{key} has none."


def _process(daemon: Daemon) -> DaemonStatus:
    return DaemonStatus(
        version=__version__,
        pid=os.getpid(),
        uptime_ms=round((time.monotonic() - daemon.started_at) * 1000),
        rss_bytes=rss_bytes(),
        connections=len(daemon.clients),
    )
