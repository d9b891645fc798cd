"""Asks gateways afterwards what those answers have cost that ended without their word: cut off, or cancelled."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from msgspec.structs import replace

from passerelle.daemon.client import Client
from passerelle.daemon.gateways import OFFLINE, Gateways
from passerelle.gateway.auth import Access, grant
from passerelle.gateway.errors import TimedOut
from passerelle.gateway.generation import Generation, fetch_generation
from passerelle.gateway.secrets import Editor, missing
from passerelle.gateway.target import Target, origin
from passerelle.money.ledger import Ledger
from passerelle.money.pending import next_due_s
from passerelle.money.records import Settlement, Unsettled
from passerelle.words.failures import Failure
from passerelle.words.references import Reference

log = logging.getLogger(__name__)

FIRST_LOOK_S = 5.0
"""After the start, and not at it."""
FIRST_TRY_S = 10.0
"""After an answer's end; the ledger puts it there. Gateways take about that long until they can tell."""
PAUSES_S = (15.0, 30.0, 60.0, 300.0, 1800.0)
"""Between one try and the next. After the last try an estimate stays one."""
LONGEST_PAUSE_S = 600.0
"""Between two looks at the ledger: another daemon may have left something there."""
SHORTEST_PAUSE_S = 5.0
"""Whatever the ledger says, the loop never runs hot."""
PATIENCE_S = 86_400.0
"""For what cannot even be asked: without a network, without the key at hand, of a gateway that is not in the settings
of those connected here.
"""


Outcome = Literal["settled", "asked", "left", "unreached"]
"""Of one attempt: its cost is known; its gateway does not tell it now; nobody could be asked; nobody was there."""


class Road(NamedTuple):
    """To the gateway of an attempt."""

    target: Target
    access: Access


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Until that happens, but no longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Clock(NamedTuple):
    """Unix time, and how to wait; handed in so that tests need not."""

    now: Callable[[], float] = time.time
    wait: Callable[[asyncio.Event, float], Awaitable[None]] = wait


class Settling:
    """One for each daemon; of several, one asks for an attempt.

    `clients` are those connected, whose settings say where gateways are. `told` is called when amounts have changed.
    """

    def __init__(
        self,
        ledger: Ledger,
        gateways: Gateways,
        clients: Sequence[Client],
        told: Callable[[], None],
        clock: Clock | None = None,
    ) -> None:
        self._ledger = ledger
        self._gateways = gateways
        self._clients = clients
        self._told = told
        self._clock = clock or Clock()
        self._sooner = asyncio.Event()
        self._look_at_s = self._clock.now() + FIRST_LOOK_S
        self._in_vain = 0
        """How many looks in a row have found an attempt that nobody could be asked about."""

    async def run(self) -> None:
        """Look whenever something may be due, until cancelled. A ledger that does not exist is not made for it."""
        while True:
            while (left_s := self._look_at_s - self._clock.now()) > 0:
                self._sooner.clear()
                await self._clock.wait(self._sooner, left_s)
            self._look_at_s = self._clock.now() + LONGEST_PAUSE_S
            if self._clients and await self._ledger.is_there():
                try:
                    self._look_by(await self._look())
                except Failure as failure:  # The ledger cannot be read; status says so.
                    log.info("nothing is settled kind=%s", failure.kind)

    def attempt_ended(self) -> None:
        """It may have to be settled; and the key of its gateway is at hand now."""
        self._look_by(self._clock.now() + FIRST_TRY_S)

    def _look_by(self, at_s: float) -> None:
        if at_s < self._look_at_s:
            self._look_at_s = at_s
            self._sooner.set()

    async def _look(self) -> float:
        """Ask for all that is due. Gives the time at which to look again."""
        outcomes: dict[str, Outcome] = {}
        unreached: set[str] = set()
        for row in await self._ledger.unsettled():
            outcomes[row.key] = "left" if row.origin in unreached else await self._treat(row)
            if outcomes[row.key] == "unreached":
                unreached.add(row.origin)
        if "settled" in outcomes.values():
            self._told()
        waiting = [key for key, outcome in outcomes.items() if outcome in ("left", "unreached")]
        self._in_vain = self._in_vain + 1 if waiting else 0
        next_s = await self._ledger.read(lambda connection: next_due_s(connection, waiting))
        pauses_s = [pause_in_vain(self._in_vain)] if waiting else []
        if next_s is not None:
            pauses_s.append(max(next_s - self._clock.now(), SHORTEST_PAUSE_S))
        return self._clock.now() + min(pauses_s, default=LONGEST_PAUSE_S)

    async def _treat(self, row: Unsettled) -> Outcome:
        road = await self._road(row)
        if road is None:
            return await self._leave(row, "left")
        try:
            generation = await fetch_generation(self._gateways.http, road.target, road.access, row.generation)
        except Failure as failure:
            if is_unreached(failure):
                return await self._leave(row, "unreached")
            return await self._postpone(row, failure)
        if generation is None:
            return await self._postpone(row, None)
        await self._ledger.settle(row.key, settlement_of(generation))
        return "settled"

    async def _leave(self, row: Unsettled, outcome: Outcome) -> Outcome:
        """No try was made, and another daemon may find the way; but not for ever."""
        if self._clock.now() - row.at_s > PATIENCE_S:
            await self._ledger.give_up(row.key)
        return outcome

    async def _postpone(self, row: Unsettled, failure: Failure | None) -> Outcome:
        pause_s = pause_before_next(row.tries, failure)
        if pause_s is None:
            log.info("an estimate is not settled tries=%d kind=%s", row.tries + 1, failure and failure.kind)
            await self._ledger.give_up(row.key)
        else:
            await self._ledger.try_later(row.key, self._clock.now() + pause_s)
        return "asked"

    async def _road(self, row: Unsettled) -> Road | None:
        """To where the attempt went, as a client's settings have it now. A key goes to no other origin."""
        for client in tuple(self._clients):
            target = await self._target(row, client)
            if target is not None:
                with suppress(Failure):
                    return Road(target, await self._access(target, client.secrets))
        return None

    async def _target(self, row: Unsettled, client: Client) -> Target | None:
        config = client.effective(None).config
        if row.gateway not in config.gateways and not (row.gateway == OFFLINE and self._gateways.offline_url):
            return None
        target = await self._gateways.target(replace(config, gateway=row.gateway))
        return replace(target, byok={}) if origin(target.url) == row.origin else None

    async def _access(self, target: Target, editor: Editor | None) -> Access:
        """Nobody is asked for a key in the background: no person, no keyring."""
        secrets = self._gateways.secrets

        async def read(reference: Reference) -> str:
            if not secrets.is_at_hand(reference, editor):
                raise missing(reference, "it is not at hand")
            return await secrets.read(reference, editor)

        return await grant(target, self._gateways.environ, read)


def pause_before_next(tries: int, failure: Failure | None) -> float | None:
    """Seconds until an attempt is asked for again that was asked for `tries` times before this one; None is never.

    `failure` is what the gateway answered, None where it did not know the attempt yet.
    """
    if tries >= len(PAUSES_S) or (failure is not None and failure.kind == "unsupported"):
        return None
    asked_s = (failure.retry_after_s if failure else None) or 0.0
    return max(PAUSES_S[tries], min(asked_s, PAUSES_S[-1]))


def pause_in_vain(looks: int) -> float:
    """Seconds until the next look, after so many in a row that found somebody who could not be asked."""
    return min(PAUSES_S[2] * 2.0 ** min(looks - 1, 10), LONGEST_PAUSE_S)


def is_unreached(failure: Failure) -> bool:
    """Whether the gateway has heard nothing of the question."""
    return failure.kind == "unreachable" or (isinstance(failure, TimedOut) and failure.limit == "connect_s")


def settlement_of(generation: Generation) -> Settlement:
    """The same in the ledger's words."""
    return Settlement(
        cost_usd=generation.cost_usd,
        market_usd=generation.market_usd,
        provider=generation.provider,
        model=generation.model,
        tokens=generation.tokens,
        byok=generation.byok,
    )
