"""Says which paths changed in a few folders: never files, whose renames would be lost, and never trees, whose set-up
takes long. The only file that knows watchfiles. It reads no file.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from passerelle.config.files import real_path
from passerelle.words.tasks import Tasks

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify  # Its documented low level; imported in the thread that uses it.

log = logging.getLogger(__name__)

# Each look costs a wake-up: there are few, and more for a while after an alert.
IDLE_S = 0.07
ALERT_S = 0.03
ALERT_FOR_S = 30.0
SETTLE_S = 0.005
SETTLE_AT_MOST_S = 0.05
SHORTEST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0

_MODIFIED = 2  # Of watchfiles.Change.
_LOOKS = 2


class Watcher:
    """`changed` is called on the loop with the paths that changed, and with the folders themselves whenever a watch
    on them begins: what happened before is then to be looked for. It may be called without need, and must not raise.

    While a folder is missing, the nearest one above it is watched until it appears. If watching fails, `changed` is
    called with all folders from time to time until it works again.
    """

    def __init__(self, changed: Callable[[Collection[Path]], None]) -> None:
        self._changed = changed
        self._folders: frozenset[Path] = frozenset()
        self._interrupt = threading.Event()
        self._alert_until = 0.0
        self._tasks = Tasks()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def watch(self, folders: Collection[Path]) -> None:
        """Watch these folders, in place of those before; must be called on the loop."""
        if self._is_closed or frozenset(folders) == self._folders:
            return
        self._folders = frozenset(folders)
        self._interrupt.set()
        if self._task is None:
            self._task = self._tasks.start(self._keep_watching(), name="watch settings")

    def alert(self) -> None:
        """Look more often for a while: who tries a setting will save again."""
        self._alert_until = time.monotonic() + ALERT_FOR_S

    async def aclose(self) -> None:
        """Stop watching; no call comes after it."""
        self._is_closed = True
        self._interrupt.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _keep_watching(self) -> None:
        pause_s = SHORTEST_PAUSE_S
        try:
            while not self._is_closed:
                self._interrupt.clear()
                try:
                    await asyncio.to_thread(self._look_on, self._folders, asyncio.get_running_loop())
                    pause_s = SHORTEST_PAUSE_S
                except (OSError, RuntimeError) as error:  # Such as: no more inotify watches.
                    if pause_s == SHORTEST_PAUSE_S:
                        log.warning("folders cannot be watched, they are read from time to time error=%s", error)
                    self._changed(self._folders)
                    await asyncio.to_thread(self._interrupt.wait, pause_s)
                    pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        finally:
            self._interrupt.set()  # The thread outlives a cancelled task otherwise.

    def _look_on(self, folders: frozenset[Path], loop: asyncio.AbstractEventLoop) -> None:
        """Report changes from a thread until interrupted, or until a folder came or went and the watch must be new."""
        from watchfiles._rust_notify import RustNotify  # noqa: PLC0415 - Takes long, and no event loop waits here.

        real = [real_path(folder) for folder in folders]
        decisive = {path for folder in real for path in (folder, *folder.parents)}
        watched = _nearest(real)
        notify = RustNotify(
            watched,
            debug=False,
            force_polling=False,
            poll_delay_ms=0,
            recursive=False,
            ignore_permission_denied=True,
        )
        try:
            if watched != _nearest(real):
                return  # A folder came or went before the watch stood.
            loop.call_soon_threadsafe(self._changed, folders)
            while not self._interrupt.wait(self._pause_s()):
                if not (found := self._settled(notify)):
                    continue
                loop.call_soon_threadsafe(self._changed, {Path(path) for _, path in found})
                if any(kind != _MODIFIED and Path(path) in decisive for kind, path in found):
                    return
        finally:
            notify.close()

    def _pause_s(self) -> float:
        return ALERT_S if time.monotonic() < self._alert_until else IDLE_S

    def _settled(self, notify: "RustNotify") -> set[tuple[int, str]]:
        """What changed, with what follows at once: a save is several changes."""
        found = _look(notify)
        if not found:
            return found
        limit = time.monotonic() + SETTLE_AT_MOST_S
        while time.monotonic() < limit and not self._interrupt.wait(SETTLE_S) and (more := _look(notify)):
            found |= more
        return found


class _TwoLooks:
    """A stop event that lets `RustNotify.watch` look twice: it reports a change when a second look finds no more.

    With its own pauses in between a change is seen one and a half pauses after it happened, instead of half a one.
    """

    def __init__(self) -> None:
        self._looks = 0

    def is_set(self) -> bool:
        self._looks += 1
        return self._looks > _LOOKS


def _look(notify: "RustNotify") -> set[tuple[int, str]]:
    """What changed since the last look; returns at once."""
    found = notify.watch(debounce_ms=0, step_ms=0, timeout_ms=0, stop_event=_TwoLooks())
    return found if isinstance(found, set) else set()


def _nearest(folders: list[Path]) -> list[str]:
    """The folders or, where one is missing, the first above it that exists."""
    ways = [(folder, *folder.parents) for folder in folders]
    return sorted({str(next(filter(os.path.isdir, way), way[0])) for way in ways})
