"""`Daemon`, the one object that outlives a request, and `Scope`, what one request sees from start to end."""

import asyncio
import time
from collections.abc import Hashable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from passerelle.catalogue.store import Catalogue, Snapshot
from passerelle.config.layers import Effective
from passerelle.config.places import locate
from passerelle.config.store import ConfigStore
from passerelle.daemon.client import Client
from passerelle.daemon.gateways import Gateways, OpenOffline
from passerelle.daemon.lately import Lately
from passerelle.gateway.auth import Access
from passerelle.gateway.target import Target
from passerelle.money.ledger import Ledger
from passerelle.money.permits import Permits
from passerelle.money.spent import NOTHING, with_answer
from passerelle.protocol.chat import Cost
from passerelle.protocol.conversations import ConversationSummary
from passerelle.protocol.money import Endpoints
from passerelle.protocol.state import Problem
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

if TYPE_CHECKING:
    # At run time only when they are asked for.
    from passerelle.conversations.store import Store
    from passerelle.daemon.credits import Accounts
    from passerelle.daemon.settling import Settling

AT_ONCE_S = 0.8
"""How long the very first list of models is waited for: an empty answer would be at once, and useless."""
FIRST_EXPIRY_S = 3.0
DAY_S = 86_400.0
ENDPOINTS_FRESH_S = 60.0


class Scope(Struct, frozen=True, kw_only=True):
    """What one request sees, whatever is reloaded meanwhile. `catalogue` lives on; `models` is its state now."""

    effective: Effective
    target: Target
    catalogue: Catalogue
    models: Snapshot


class Daemon:
    """Settings, gateways, the ledger and the clients that are connected. The program makes the only one.

    `settings` are texts of settings files (None for no file) that were read before: what is different on disk by now
    is a change, and told as one.
    """

    def __init__(
        self, environ: Mapping[str, str], open_offline: OpenOffline, settings: Mapping[Path, str | None]
    ) -> None:
        self.tasks = Tasks()
        self.clients: list[Client] = []
        self.started_at = time.monotonic()
        self.spent = NOTHING
        self._waited_s: WeakKeyDictionary[Catalogue, float] = WeakKeyDictionary()
        places = locate(environ)
        self._state_dir = places.state_dir
        self.ledger = Ledger(self._state_dir)
        self.permits = Permits(self._state_dir / "permits")
        self._told: set[Hashable] = set()
        self.config = ConfigStore(places.config_file, environ, self._config_changed, settings)
        self.gateways = Gateways(
            environ, places.cache_dir, self.tasks, open_offline=open_offline, models_changed=self._models_changed
        )
        self.endpoints: Lately[Endpoints] = Lately(self.tasks, ENDPOINTS_FRESH_S)

    def open(self) -> None:
        """Begin to read the person's settings, and to watch them."""
        self._opening = self.tasks.start(self.config.open(), name="settings")
        self.tasks.start(self._expire(), name="what is too old")
        self.tasks.start(self._settle(), name="settling")

    async def ready(self) -> None:
        """Wait until the person's settings are read."""
        await asyncio.shield(self._opening)

    @cached_property
    def accounts(self) -> "Accounts":
        """What gateways say of a person's credits."""
        from passerelle.daemon.credits import Accounts  # noqa: PLC0415  # It imports this file.

        return Accounts(self.gateways, self.tasks, self.tell_status)

    @cached_property
    def settling(self) -> "Settling":
        """What asks gateways afterwards what an answer has cost."""
        from passerelle.daemon.settling import Settling  # noqa: PLC0415  # Not at the start.

        return Settling(self.ledger, self.gateways, self.clients, self.tell_status)

    @cached_property
    def conversations(self) -> "Store":
        """Those that are kept, of every client."""
        from passerelle.conversations.store import Store  # noqa: PLC0415  # Not at the start.

        return Store(self._state_dir / "conversations", self.tasks, self._conversations_changed)

    async def aclose(self) -> None:
        """End all that runs."""
        await self.config.aclose()
        await self.tasks.aclose()
        if "conversations" in vars(self):
            await self.conversations.aclose()
        await self.gateways.aclose()
        await self.ledger.aclose()

    async def scope(self, client: Client, folder: Path | None) -> Scope:
        """What a request about this folder sees.

        Raises Failure `misconfigured` where the gateway that was meant cannot be known, or not be started.
        """
        effective = client.effective(folder)
        if (problem := effective.gateway_problem) is not None:
            raise Failure("misconfigured", told(problem))
        target = await self.gateways.target(effective.config)
        catalogue = await self.gateways.catalogue(target, client.secrets)
        return Scope(effective=effective, target=target, catalogue=catalogue, models=catalogue.snapshot)

    async def listed(self, scope: Scope, *, patience_s: float = AT_ONCE_S) -> Scope:
        """The same, with models: where no list of them was ever had, the first is waited for, a while.

        `patience_s` is for all requests together: a gateway that never answers does not hold up each of them.
        """
        waited_s = self._waited_s.get(scope.catalogue, 0.0)
        if scope.models.entries or scope.catalogue.last_failure is not None or waited_s >= patience_s:
            return scope
        began_s = time.monotonic()
        with suppress(TimeoutError, Failure):  # What is wrong with the gateway, status and chat will say.
            async with asyncio.timeout(patience_s - waited_s):
                await scope.catalogue.refresh()
        self._waited_s[scope.catalogue] = waited_s + time.monotonic() - began_s
        return replace(scope, models=scope.catalogue.snapshot)

    def note_outcome(self, target: Target, access: Access, failure: Failure | None) -> None:
        """What a chat has shown of its gateway; status tells it."""
        if self.gateways.note_outcome(target, access, failure):
            self.tell_status()

    def note_cost(self, cost: Cost) -> None:
        """One more answer has come, whole or not."""
        self.spent = with_answer(self.spent, cost)
        self.tell_status()

    def is_news(self, what: Hashable) -> bool:
        """Whether a person was not told this before; from now on they were."""
        is_news = what not in self._told
        self._told.add(what)
        return is_news

    def tell_status(self) -> None:
        """Something that status tells may be different, for whoever is connected."""
        for client in self.clients:
            client.status_changed()

    async def _settle(self) -> None:
        await asyncio.sleep(FIRST_EXPIRY_S)
        await self.settling.run()

    async def _expire(self) -> None:
        """Let old conversations and attempts go, as those connected want it: not at the start, then once a day."""
        await asyncio.sleep(FIRST_EXPIRY_S)
        await self.ready()
        while True:
            if days := longest(client.effective(None).config.conversations.keep_days for client in self.clients):
                await self.conversations.expire(days)
            if days := longest(client.effective(None).config.spending.keep_days for client in self.clients):
                await self._expire_attempts(days)
            await asyncio.sleep(DAY_S)

    async def _expire_attempts(self, days: int) -> None:
        if await self.ledger.is_there():
            await self.ledger.expire(time.time() - days * DAY_S)

    def _config_changed(self, paths: frozenset[Path]) -> None:
        for client in self.clients:
            client.config_changed(paths)

    def _conversations_changed(self, changed: list[ConversationSummary], deleted: list[str]) -> None:
        for client in self.clients:
            client.conversations_changed(changed, deleted)

    def _models_changed(self, gateway: str, added: list[str], removed: list[str], total: int) -> None:
        for client in self.clients:
            client.models_changed(gateway, added, removed, total)


def longest(days: Iterable[int]) -> int:
    """How long something is kept where several clients say it; 0 is for ever, and so is nobody's word."""
    said = list(days)
    return 0 if 0 in said else max(said, default=0)


def told(problem: Problem) -> str:
    """A problem in one line, as compilers write it."""
    key = f"{problem.key}: " if problem.key else ""
    return f"{problem.path}:{problem.line}: {key}{problem.message}"
