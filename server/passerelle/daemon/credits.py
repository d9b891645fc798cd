"""What is left at the gateways: asked for those who want to know, after chats in the background, and warned of."""

import logging
import math
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from msgspec.structs import replace

from passerelle.catalogue.model import iso_utc
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon, Scope
from passerelle.daemon.gateways import OFFLINE, Gateways
from passerelle.daemon.lately import Lately
from passerelle.gateway.credits import fetch_credits
from passerelle.gateway.secrets import Editor
from passerelle.gateway.target import Target
from passerelle.money.amounts import dollars
from passerelle.protocol.state import Credits
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

log = logging.getLogger(__name__)

FRESH_S = 60.0
RENEWED_AFTER_S = 300.0


async def credits_left(daemon: Daemon, client: Client, folder: Path | None) -> Credits:
    """What the gateway of a client's folder says is left. Raises Failure, `unsupported` where it does not tell."""
    return await daemon.accounts.read(await daemon.scope(client, folder), client)


class Accounts:
    """What gateways say of their accounts. One that cannot tell is asked once.

    `changed` is called when a gateway has said something new.
    """

    def __init__(
        self,
        gateways: Gateways,
        tasks: Tasks,
        changed: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateways = gateways
        self._tasks = tasks
        self._changed = changed
        self._now = now
        self._said: Lately[Credits] = Lately(tasks, FRESH_S, now)
        self._asked_at_s: dict[Hashable, float] = {}
        self._silent: dict[str, str] = {}  # By URL, the sentence that says so.
        self._low: set[Hashable] = set()

    async def read(self, scope: Scope, client: Client) -> Credits:
        """What is left, at most a minute old. Raises Failure."""
        target = scope.target
        if target.url in self._silent:
            raise Failure("unsupported", self._silent[target.url])
        key = self._key(target, client.secrets)
        said = await self._said.get(key, lambda: self._ask(key, target, client.secrets))
        self._warn(key, said, scope, client)
        return said

    def last(self, scope: Scope, client: Client) -> Credits | None:
        """What the gateway said last, if it did; nobody is asked."""
        return self._said.last(self._key(scope.target, client.secrets))

    def renew(self, scope: Scope, client: Client) -> None:
        """After a chat: ask in the background, if nobody did for five minutes. The embedded gateway costs nothing."""
        asked_at_s = self._asked_at_s.get(self._key(scope.target, client.secrets), -math.inf)
        if (
            scope.target.name != OFFLINE
            and scope.target.url not in self._silent
            and self._now() - asked_at_s >= RENEWED_AFTER_S
        ):
            self._tasks.start(self._renew(scope, client), name=f"credits of {scope.target.name}")

    async def _renew(self, scope: Scope, client: Client) -> None:
        try:
            await self.read(scope, client)
        except Failure as failure:  # Who wants to know asks, and is told.
            log.info("credits are not known kind=%s", failure.kind)

    async def _ask(self, key: Hashable, target: Target, editor: Editor | None) -> Credits:
        self._asked_at_s[key] = self._now()
        target = replace(target, byok={})
        access = await self._gateways.access(target, editor)
        try:
            account = await fetch_credits(self._gateways.http, target, access)
        except Failure as failure:
            if failure.kind == "unsupported":
                self._silent[target.url] = failure.message
            raise
        self._changed()
        return Credits(balance_usd=account.balance_usd, used_usd=account.used_usd, at=iso_utc(time.time()))

    def _warn(self, key: Hashable, said: Credits, scope: Scope, client: Client) -> None:
        """Once for each time that the balance falls below what the settings say."""
        limit_usd = scope.effective.config.spending.warn_below_usd
        if said.balance_usd >= limit_usd or scope.target.name == OFFLINE:
            self._low.discard(key)
        elif limit_usd and key not in self._low:
            self._low.add(key)
            client.warn(
                f"The gateway {scope.target.name} has {dollars(said.balance_usd)} of credits left, less than the "
                f"{dollars(limit_usd)} of spending.warn_below_usd. Add some in its dashboard."
            )

    def _key(self, target: Target, editor: Editor | None) -> Hashable:
        return target.url, self._gateways.account_of(target, editor)
