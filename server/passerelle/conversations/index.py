"""What lies in the folder of journals: summaries and texts, read again where a file changed. Blocks: for threads."""

import logging
import os
import stat
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from passerelle.conversations.history import History
from passerelle.conversations.journal import file_name, id_of, read
from passerelle.conversations.search import excerpt, is_found
from passerelle.conversations.summary import summary_of, text_of
from passerelle.protocol.conversations import ConversationSummary

log = logging.getLogger(__name__)

MOST_LETTERS = 16 * 1024 * 1024
"""Of the texts kept in memory for the next search; what is beyond is read again."""


class Version(NamedTuple):
    """What tells a file from the same one later."""

    modified_ns: int
    size_bytes: int


class Listed(NamedTuple):
    """One file. `summary` is None for one that tells nothing."""

    version: Version
    summary: ConversationSummary | None

    def is_older(self, than_s: float) -> bool:
        """Whether it was last changed before that time, by the file's word and by its own."""
        if self.summary is None or self.version.modified_ns / 1e9 >= than_s:
            return False
        try:
            return datetime.fromisoformat(self.summary.changed_at).timestamp() < than_s
        except ValueError:
            return False


class Index:
    """The journals in a folder, as they were at the last `refresh`. For one thread at a time."""

    def __init__(self, folder: Path, most_letters: int = MOST_LETTERS) -> None:
        self._folder = folder
        self._most_letters = most_letters
        self._texts: dict[str, tuple[Version, str]] = {}
        self._letters = 0
        self.listed: dict[str, Listed] = {}

    def refresh(self) -> None:
        """See what is there now, whoever wrote it."""
        known = self.listed
        self.listed = {
            id_: known[id_] if id_ in known and known[id_].version == version else self._read(id_, version)
            for id_, version in self._found().items()
        }
        current = {id_: file.version for id_, file in self.listed.items()}
        self._texts = {id_: known for id_, known in self._texts.items() if known[0] == current.get(id_)}
        self._letters = sum(len(text) for _, text in self._texts.values())

    def search(
        self, words: list[str], summaries: Iterable[ConversationSummary], in_memory: Mapping[str, str]
    ) -> list[ConversationSummary]:
        """Those in which all words are found, with an excerpt. `in_memory` are texts that the disk has not."""
        found: list[ConversationSummary] = []
        for summary in summaries:
            text = in_memory[summary.id] if summary.id in in_memory else self._text(summary.id)
            if is_found(words, summary.title, text):
                found.append(replace(summary, excerpt=excerpt(words, text) or UNSET))
        return found

    def _text(self, id_: str) -> str:
        """What was asked and answered in one of them."""
        if id_ in self._texts:
            return self._texts[id_][1]
        history = read(self._folder / file_name(id_))
        text = text_of(history) if history is not None else ""
        file = self.listed.get(id_)  # None where a later refresh found it deleted.
        if file is not None and self._letters + len(text) <= self._most_letters:
            self._letters += len(text)
            self._texts[id_] = (file.version, text)
        return text

    def _found(self) -> dict[str, Version]:
        try:
            with os.scandir(self._folder) as entries:
                return {
                    id_: version for entry in entries if (id_ := id_of(entry.name)) and (version := _version(entry))
                }
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("conversations not listed path=%s error=%s", self._folder, error.strerror)
            return {}

    def _read(self, id_: str, version: Version) -> Listed:
        history = read(self._folder / file_name(id_))
        if history is None or not _is_usable(history):
            log.warning("conversation left out id=%s size_bytes=%d", id_, version.size_bytes)
            return Listed(version, None)
        return Listed(version, summary_of(id_, history))


def _version(entry: os.DirEntry[str]) -> Version | None:
    """None for what is no plain file, or was deleted meanwhile."""
    try:
        seen = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return Version(seen.st_mtime_ns, seen.st_size) if stat.S_ISREG(seen.st_mode) else None


def _is_usable(history: History) -> bool:
    return bool(history.every) and not history.is_from_later
