"""All conversations of this daemon: opened, listed, searched, changed. Files are journal.py's, turns kept.py's."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from msgspec import Struct

from passerelle.conversations.branch import branched
from passerelle.conversations.export import exported
from passerelle.conversations.history import History
from passerelle.conversations.index import Index
from passerelle.conversations.journal import Journal, Write, file_name, is_id, read
from passerelle.conversations.kept import Clock, Kept, new_id
from passerelle.conversations.recording import Recording
from passerelle.conversations.records import FORMAT, Begun
from passerelle.conversations.search import words_of
from passerelle.conversations.summary import text_of
from passerelle.protocol.conversations import (
    BranchConversationParams,
    Conversation,
    Conversations,
    ConversationsParams,
    ConversationSummary,
    EditTurnParams,
    ExportConversationParams,
    ExportedConversation,
    RenameConversationParams,
)
from passerelle.words.failures import Failure, InvalidParams
from passerelle.words.tasks import Tasks
from passerelle.words.uris import to_path

log = logging.getLogger(__name__)
Changed = Callable[[list[ConversationSummary], list[str]], None]

DAY_S = 86_400.0


class Limits(Struct, frozen=True, kw_only=True):
    """How long the disk is waited for by a piece of an answer, between two tries, and at the end."""

    piece_s: float = 0.1
    retry_s: float = 5.0
    goodbye_s: float = 2.0


LIMITS = Limits()


class Store:
    """The conversations in `folder`, and the private ones in memory. Making it touches no disk and starts nothing.

    `changed` is called on the event loop with what is different now, and with the ids of what was deleted.
    Other daemons may write into the same folder.
    """

    def __init__(
        self,
        folder: Path,
        tasks: Tasks,
        changed: Changed,
        *,
        now: Clock = time.time,
        write: Write = os.write,
        limits: Limits = LIMITS,
    ) -> None:
        self._folder = folder
        self._tasks = tasks
        self._tell = changed
        self._now = now
        self._write = write
        self._limits = limits
        self._retrying: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journals")
        self._known: WeakValueDictionary[str, Kept] = WeakValueDictionary()
        self._busy: dict[str, Kept] = {}
        self._problems: dict[str, str] = {}
        self._index = Index(folder)
        self._reading = asyncio.Lock()

    async def aclose(self) -> None:
        """Write what is not on disk yet, as far as the disk lets it, and end the thread that writes.

        To be called when no turn is being answered any more.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.goodbye_s):
                await asyncio.gather(*(kept.settle() for kept in self._busy.values()))
        self._thread.shutdown(wait=False)

    async def get(self, id_: str) -> Kept:
        """A conversation that exists. Raises InvalidParams, of kind `conversationUnknown` where there is none."""
        kept = await self._find(id_)
        if kept is None or kept.is_empty:
            raise InvalidParams(f"conversation: {id_[:64]} is not known", kind="conversationUnknown")
        return kept

    async def begin(self, id_: str, workspace_folder: str | None, *, private: bool) -> Kept:
        """The conversation with this id, or a new one, which is written with its first turn.

        `workspace_folder` is a URI; it and `private` are for a new one. Raises InvalidParams for what is no id.
        """
        if not is_id(id_):
            raise InvalidParams("conversation: expected 1 to 64 letters, digits, `-` or `_`")
        kept = await self._find(id_)
        if kept is None:
            kept = self._make(id_, private=private)
            kept.begin_with([Begun(format=FORMAT, at=kept.time(), workspace_folder=workspace_folder)])
        return kept

    async def summaries(self, params: ConversationsParams) -> Conversations:
        """Newest first. Raises InvalidParams."""
        if params.limit is not None and params.limit < 0:
            raise InvalidParams("limit: expected 0 or more")
        async with self._reading:
            await asyncio.to_thread(self._index.refresh)
            listed = {id_: file.summary for id_, file in self._index.listed.items() if file.summary is not None}
            listed |= {id_: kept.summary() for id_, kept in self._busy.items()}
            found = _in_folder(list(listed.values()), params.workspace_folder)
            if words := words_of(params.query or ""):
                in_memory = {id_: text_of(kept.history) for id_, kept in self._busy.items()}
                found = await asyncio.to_thread(self._index.search, words, found, in_memory)
        found.sort(key=lambda summary: summary.changed_at, reverse=True)
        return Conversations(conversations=found[: params.limit], total=len(found))

    async def rename(self, params: RenameConversationParams) -> ConversationSummary:
        """Raises InvalidParams."""
        kept = await self.get(params.conversation)
        await kept.set_title(params.title, by_person=True)
        return kept.summary()

    async def delete(self, id_: str) -> None:
        """From disk and memory. Raises Failure `misconfigured` where its file cannot be deleted: it stays then."""
        await self._delete(await self.get(id_))
        self._tell([], [id_])

    async def branch(self, params: BranchConversationParams) -> Conversation:
        """Raises InvalidParams."""
        source = await self.get(params.conversation)
        turn = source.ended_turn(params.turn)
        branch = self._make(new_id(self._now()), private=source.is_private)
        await branch.write(branched(source.history, turn, at=branch.time(), of=source.id))
        return branch.conversation()

    async def edit(self, params: EditTurnParams) -> Conversation:
        """Raises InvalidParams."""
        kept = await self.get(params.conversation)
        await kept.edit(params.turn, params.question, params.answer)
        return kept.conversation()

    async def export(self, params: ExportConversationParams) -> ExportedConversation:
        """Raises InvalidParams."""
        kept = await self.get(params.conversation)
        return await asyncio.to_thread(exported, kept.conversation(), params.format)

    async def expire(self, keep_days: int) -> None:
        """Delete what was last changed longer ago than that; 0 deletes nothing."""
        if not keep_days:
            return
        async with self._reading:
            await asyncio.to_thread(self._index.refresh)
            before_s = self._now() - keep_days * DAY_S
            old = [file.summary for file in self._index.listed.values() if file.is_older(before_s)]
        deleted = [summary.id for summary in old if summary is not None and await self._has_expired(summary)]
        if deleted:
            self._tell([], deleted)

    async def _has_expired(self, summary: ConversationSummary) -> bool:
        """Delete it, unless somebody has come back to it."""
        kept = await self._find(summary.id)
        if kept is None or kept.is_busy or kept.history.changed_at != summary.changed_at:
            return False
        try:
            await self._delete(kept)
        except Failure as failure:
            log.warning("old conversation not deleted id=%s error=%s", summary.id, failure.message)
            return False
        return True

    async def _delete(self, kept: Kept) -> None:
        try:
            await kept.delete()
        except OSError as error:
            raise Failure(
                "misconfigured",
                f"The conversation cannot be deleted ({error.strerror}). Let this user write in {self._folder}.",
            ) from None
        for known in (self._known, self._busy, self._problems):
            known.pop(kept.id, None)

    async def _find(self, id_: str) -> Kept | None:
        """What is in memory where that is more, else what is on disk now."""
        if not is_id(id_):
            return None
        kept = self._known.get(id_)
        if kept is not None and (kept.is_busy or kept.is_private):
            return kept
        revision = kept.revision if kept is not None else 0
        history = await asyncio.to_thread(read, self._folder / file_name(id_))
        now = self._known.get(id_)
        if now is not None and (now is not kept or now.revision != revision):
            return now  # It was opened, or something was done to it, meanwhile.
        if history is None or not history.every:
            return now if now is not None and now.is_empty else None
        if history.is_from_later:
            raise InvalidParams("conversation: a later version of Passerelle wrote it; open it with that")
        if now is None:
            return self._make(id_, history)
        now.history = history
        return now

    def _make(self, id_: str, history: History | None = None, *, private: bool = False) -> Kept:
        path = self._folder / file_name(id_)
        journal = None if private else Journal(path, exists=history is not None, write=self._write)
        recording = Recording(journal, self._thread, partial(self._noted, id_), patience_s=self._limits.piece_s)
        kept = self._known[id_] = Kept(id_, history or History(), recording, self._now, self._changed)
        return kept

    def _changed(self, kept: Kept) -> None:
        if self._known.get(kept.id) is kept:  # It may have been deleted, here or by another daemon.
            self._hold(kept)
            self._tell([kept.summary()], [])

    def _noted(self, id_: str) -> None:
        """The disk has answered for one of them."""
        kept = self._known.get(id_)
        if kept is None:
            return
        self._hold(kept)
        if kept.problem == self._problems.get(id_):
            return
        if kept.problem is None:
            del self._problems[id_]
        else:
            self._problems[id_] = kept.problem
            if self._retrying is None or self._retrying.done():
                self._retrying = self._tasks.start(self._retry(), name="conversations to disk")
        self._tell([kept.summary()], [])

    def _hold(self, kept: Kept) -> None:
        """Keep it in memory for as long as the disk has less of it."""
        if kept.is_busy:
            self._busy[kept.id] = kept
        else:
            self._busy.pop(kept.id, None)

    async def _retry(self) -> None:
        while self._problems:
            await asyncio.sleep(self._limits.retry_s)
            for id_ in self._problems:
                self._busy[id_].retry()


def _in_folder(summaries: list[ConversationSummary], folder: str | None) -> list[ConversationSummary]:
    """Those begun in the folder, however its URI is written."""
    if folder is None:
        return summaries
    path = to_path(folder)
    return [
        summary
        for summary in summaries
        if (uri := summary.workspace_folder) is not None
        and (uri == folder or (path is not None and to_path(uri) == path))
    ]
