"""A store of conversations on a real folder, with a disk that can be slow or full, and what it told."""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from passerelle.conversations.journal import file_name
from passerelle.conversations.kept import Kept
from passerelle.conversations.store import Limits, Store
from passerelle.conversations.turn import OpenTurn
from passerelle.protocol.conversations import ConversationsParams, ConversationSummary, Turn
from passerelle.words.tasks import Tasks
from support.journals import NOON_S, Shown, question, result

PROBLEM_S = 60
"""Far longer than anything here takes; reached only when something hangs."""
OFTEN_S = 0.001


class Disk:
    """Writes as `os.write` does, unless it is full, or held up until `go_on`."""

    def __init__(self) -> None:
        self.is_full = False
        self._may_write = threading.Event()
        self._may_write.set()

    def hold_up(self) -> None:
        self._may_write.clear()

    def go_on(self) -> None:
        self._may_write.set()

    def write(self, file: int, data: bytes) -> int:
        assert self._may_write.wait(PROBLEM_S)
        if self.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(file, data)


class Talks:
    """A store in use. `told` and `deleted` are what it has said of changes."""

    def __init__(self, folder: Path, patience_s: float) -> None:
        self.folder = folder
        self.limits = Limits(piece_s=patience_s, retry_s=OFTEN_S, goodbye_s=PROBLEM_S)
        self.disk = Disk()
        self.now_s = NOON_S
        self.told: list[ConversationSummary] = []
        self.deleted: list[str] = []
        self._news = asyncio.Event()
        self._tasks = Tasks()
        self.store = self.other()

    def other(self) -> Store:
        """One more daemon on the same folder."""
        return Store(
            self.folder, self._tasks, self._tell, now=lambda: self.now_s, write=self.disk.write, limits=self.limits
        )

    async def aclose(self) -> None:
        self.disk.go_on()
        await self.store.aclose()
        await self._tasks.aclose()

    def path(self, id_: str) -> Path:
        return self.folder / file_name(id_)

    async def ask(
        self, id_: str = "c", text: str = "Why?", sink: Shown | None = None, replace: str | None = None
    ) -> OpenTurn:
        """Begin a turn, in a new conversation where there is none."""
        kept = await self.store.begin(id_, None, private=False)
        return begin(kept, text, sink, replace=replace)

    async def say(self, id_: str = "c", text: str = "Why?", answer: str = "So.", replace: str | None = None) -> str:
        """A whole turn, a second later; its id."""
        self.now_s += 1
        turn = await self.ask(id_, text, replace=replace)
        turn.text(answer)
        return (await turn.done(result(answer))).turn or ""

    async def turns(self, id_: str = "c", store: Store | None = None) -> list[Turn]:
        return (await (store or self.store).get(id_)).conversation().turns

    async def listed(self, *, query: str | None = None, workspace_folder: str | None = None) -> list[str]:
        """The ids that are listed."""
        params = ConversationsParams(query=query, workspace_folder=workspace_folder)
        return [summary.id for summary in (await self.store.summaries(params)).conversations]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for news until it is so."""
        while not is_so():
            self._news.clear()
            await self._news.wait()

    def _tell(self, changed: list[ConversationSummary], deleted: list[str]) -> None:
        self.told += changed
        self.deleted += deleted
        self._news.set()


def begin(
    kept: Kept,
    text: str = "Why?",
    sink: Shown | None = None,
    *,
    on_delete: Callable[[], None] | None = None,
    replace: str | None = None,
) -> OpenTurn:
    return kept.begin_turn(question(text), sink or Shown(), on_delete=on_delete or (lambda: None), replace=replace)


@asynccontextmanager
async def talks(folder: Path, patience_s: float = PROBLEM_S) -> AsyncIterator[Talks]:
    """A store that is closed when the block ends. By default it waits for the disk however slow that is."""
    opened = Talks(folder, patience_s)
    try:
        yield opened
    finally:
        await opened.aclose()
