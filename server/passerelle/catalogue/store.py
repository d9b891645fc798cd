"""The catalogue of one gateway: served at once from disk, kept fresh from the gateway. Knows no HTTP."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Raw, Struct
from msgspec.structs import replace

from passerelle.catalogue import disk
from passerelle.catalogue.choice import Choice, serve
from passerelle.catalogue.model import Entry, iso_utc, parse_catalogue
from passerelle.catalogue.search import Index
from passerelle.protocol.state import CatalogueSource
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

log = logging.getLogger(__name__)

FRESH_S = 300.0
FIRST_RETRY_S = 15.0
LONGEST_PAUSE_S = 3600.0
SHORTEST_PAUSE_S = 1.0
"""However the clocks behave, the loop never runs hot."""


class Validators(Struct, frozen=True, kw_only=True):
    """What the gateway said of the list that we have; None is not sent."""

    etag: str | None = None
    last_modified: str | None = None


class Fetched(Struct, frozen=True, kw_only=True):
    """An answer to `GET /models`: the list, or that ours is still the list."""

    not_modified: bool = False
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None


Fetch = Callable[[Validators], Awaitable[Fetched]]
"""Asks the gateway; raises Failure."""
Changed = Callable[[list[str], list[str], int], None]
"""Told ids added, ids removed and the total. Both lists are empty where only what is said of the models changed."""


class Clock(NamedTuple):
    """The time, and a number from 0 to 1 for jitter; handed in so that tests need not wait."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Snapshot(Struct, frozen=True, kw_only=True):
    """The catalogue as one request sees it from its start to its end. Never half of one list and half of another."""

    index: Index
    by_id: dict[str, Entry]
    fetched_at: str | None
    source: CatalogueSource
    choices: dict[str, Choice] = {}
    """Those made so far: a search of all ids is not for every request."""

    def serve(self, wanted: str) -> Choice:
        """As `choice.serve`."""
        if wanted not in self.choices:
            self.choices[wanted] = serve(wanted, self.entries)
        return self.choices[wanted]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Newest first."""
        return self.index.entries


class Catalogue:
    """What is known of one gateway's models. `snapshot` is replaced whole and never by something worse."""

    def __init__(
        self,
        path: Path,
        fetch: Fetch,
        tasks: Tasks,
        *,
        changed: Changed,
        builtin: Sequence[Entry] = (),
        clock: Clock | None = None,
    ) -> None:
        self.snapshot = _snapshot(builtin, None, "builtin")
        self.last_failure: Failure | None = None
        self._path = path
        self._fetch = fetch
        self._tasks = tasks
        self._changed = changed
        self._clock = clock or Clock()
        self._validators = Validators()
        self._confirmed: tuple[float, float] | None = None
        self._refreshing: asyncio.Task[Snapshot | Failure] | None = None
        self._is_disk_refusing = False

    @property
    def age_s(self) -> float | None:
        """Seconds since the gateway last confirmed the list; None if it never did.

        By the clock that says more: one stands still while the machine sleeps, the other may be set back.
        """
        if self._confirmed is None:
            return None
        monotonic, wall = self._confirmed
        return max(self._clock.monotonic() - monotonic, self._clock.wall() - wall, 0.0)

    @property
    def is_stale(self) -> bool:
        return self.age_s is None or self.age_s >= FRESH_S

    async def open(self) -> None:
        """Serve the list of the last run, if there is one that can be read. Raises nothing and asks nobody."""
        loaded = await asyncio.to_thread(_load, self._path)
        if loaded is None or self.snapshot.source == "live":
            return
        self.snapshot, self._validators, fetched_at_s = loaded
        age_s = max(self._clock.wall() - fetched_at_s, 0.0)
        self._confirmed = (self._clock.monotonic() - age_s, fetched_at_s)

    async def refresh(self) -> Snapshot:
        """Ask the gateway and wait for its answer. Who asks meanwhile shares it, and may be cancelled alone.

        Raises Failure where the gateway gives no list that can be used; the good one stays.
        """
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = self._tasks.start(self._refresh(), name="refresh of the catalogue")
        outcome = await asyncio.shield(self._refreshing)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    async def run(self) -> None:
        """Keep the list fresh until cancelled: for as long as somebody is connected."""
        failures = 0
        while True:
            failures = failures + 1 if self.is_stale and not await self._succeeds() else 0
            await self._clock.sleep(pause_s(self.age_s, failures, self.last_failure) * (1 + self._clock.chance() / 5))

    async def _succeeds(self) -> bool:
        try:
            await self.refresh()
        except Failure:  # Not lost: `last_failure` has it.
            return False
        return True

    async def _refresh(self) -> Snapshot | Failure:
        try:
            fetched = await self._fetch(self._validators)
            now_s = self._clock.wall()
            snapshot = await self._taken(fetched, now_s)
        except Failure as failure:
            log.info("catalogue not refreshed kind=%s", failure.kind)
            self.last_failure = failure
            return failure
        old, self.snapshot, self.last_failure = self.snapshot, snapshot, None
        self._confirmed = (self._clock.monotonic(), now_s)
        if not fetched.not_modified:
            self._validators = Validators(etag=fetched.etag, last_modified=fetched.last_modified)
        if old.by_id != snapshot.by_id:
            self._changed(*_difference(old, snapshot), len(snapshot.by_id))
        await self._keep(fetched, now_s)
        return snapshot

    async def _taken(self, fetched: Fetched, now_s: float) -> Snapshot:
        if not fetched.not_modified:
            return await asyncio.to_thread(_read, fetched.body, now_s, "live")
        if self._confirmed is None:
            raise Failure("unavailable", "The gateway says that its list of models did not change, but never gave one.")
        return replace(self.snapshot, fetched_at=iso_utc(now_s), source="live")

    async def _keep(self, fetched: Fetched, now_s: float) -> None:
        try:
            await asyncio.to_thread(_save, self._path, fetched, now_s)
            self._is_disk_refusing = False
        except OSError as error:
            if not self._is_disk_refusing:
                log.warning("catalogue is kept in memory only path=%s error=%s", self._path, error.strerror)
            self._is_disk_refusing = True


def pause_s(age_s: float | None, failures: int, failure: Failure | None) -> float:
    """Until the list is stale; after failures 15 s, 30 s and so on to five minutes, or longer if the gateway asks."""
    if not failures:
        return max(FRESH_S - (age_s or 0.0), SHORTEST_PAUSE_S)
    asked_s = (failure.retry_after_s if failure else None) or 0.0
    return max(min(FIRST_RETRY_S * 2.0 ** min(failures - 1, 10), FRESH_S), min(asked_s, LONGEST_PAUSE_S))


def _snapshot(entries: Sequence[Entry], fetched_at: str | None, source: CatalogueSource) -> Snapshot:
    index = Index(entries)
    by_id = {entry.id: entry for entry in index.entries}
    return Snapshot(index=index, by_id=by_id, fetched_at=fetched_at, source=source)


def _read(body: bytes, fetched_at_s: float, source: CatalogueSource) -> Snapshot:
    """Takes a while for thousands of models: runs in a thread. Raises Failure for a list that cannot replace one."""
    parsed = parse_catalogue(body)
    if parsed.skipped:
        log.info("entries of the catalogue skipped count=%d", parsed.skipped)
    if not parsed.entries:
        raise Failure("unavailable", "The gateway lists no language models; those known before are kept. Try later.")
    return _snapshot(parsed.entries, iso_utc(fetched_at_s), source)


def _load(path: Path) -> tuple[Snapshot, Validators, float] | None:
    cached = disk.read(path)
    if cached is None:
        return None
    try:
        snapshot = _read(bytes(cached.list), cached.fetched_at_s, "disk")
    except Failure:
        disk.set_aside(path)
        return None
    return snapshot, Validators(etag=cached.etag, last_modified=cached.last_modified), cached.fetched_at_s


def _save(path: Path, fetched: Fetched, now_s: float) -> None:
    """A list that did not change is written again, with the time of its confirmation."""
    if not fetched.not_modified:
        body = Raw(fetched.body)
        cached = disk.Cached(fetched_at_s=now_s, etag=fetched.etag, last_modified=fetched.last_modified, list=body)
        disk.write(path, cached)
    elif (kept := disk.read(path)) is not None:
        disk.write(path, replace(kept, fetched_at_s=now_s))


def _difference(old: Snapshot, new: Snapshot) -> tuple[list[str], list[str]]:
    return sorted(new.by_id.keys() - old.by_id.keys()), sorted(old.by_id.keys() - new.by_id.keys())
