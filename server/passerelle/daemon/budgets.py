"""How the budgets of the settings stand, and the permits that a person gives. What decides is money/budget.py."""

import asyncio
import time
from pathlib import Path

from passerelle.config.layers import Effective
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.daemon.roles import CHAT
from passerelle.money.budget import every_check, matches, permit_of, state_of
from passerelle.protocol.money import Budgets
from passerelle.protocol.state import BudgetState
from passerelle.words.failures import InvalidParams
from passerelle.words.uris import to_uri


async def budgets(daemon: Daemon, client: Client, folder: Path | None, conversation: str | None) -> Budgets:
    """Those that hold in this folder."""
    return Budgets(budgets=await states(daemon, client.effective(folder), folder, conversation))


async def allow_once(daemon: Daemon, client: Client, folder: Path | None, key: str) -> Budgets:
    """Let the next request through that this budget would stop. Raises InvalidParams where there is no such budget."""
    permit = permit_of(client.effective(folder), key)
    if permit is None:
        raise InvalidParams(f"budget: no budget has the key `{key}`")
    await asyncio.to_thread(daemon.permits.give, permit)
    return await budgets(daemon, client, folder, None)


async def states(
    daemon: Daemon, effective: Effective, folder: Path | None, conversation: str | None = None
) -> list[BudgetState]:
    """What a client is told of each."""
    workspace = None if folder is None else to_uri(folder)
    checks = every_check(effective, workspace=workspace, conversation=conversation, now_s=time.time())
    if not checks:
        return []
    standings = await daemon.ledger.standings([check.filter for check in checks])
    return [state_of(check, standing) for check, standing in zip(checks, standings, strict=True)]


def stops_chat(state: BudgetState, model: str) -> bool:
    """Whether a chat with this model is not to be had any more."""
    is_about = (not state.roles or CHAT in state.roles) and matches(model, state.models)
    return is_about and state.state == "reached" and state.action == "stop"
