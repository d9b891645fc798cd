"""One connected client: its folders, trust, documents and settings, and what it is told of changes."""

import asyncio
import math
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec.structs import replace

from passerelle.chat.attachments import Desk
from passerelle.chat.documents import Documents
from passerelle.config.layers import Effective, changed_keys, merge
from passerelle.config.parse import Layer, layer_of_tree
from passerelle.config.places import WORKSPACE_FILE
from passerelle.config.toml import Keys, Tree
from passerelle.daemon.core import Daemon
from passerelle.daemon.status import status
from passerelle.gateway.secrets import ASK_LIMIT_S, Editor
from passerelle.protocol import methods
from passerelle.protocol.conversations import ConversationSummary, DidChangeConversations
from passerelle.protocol.lsp import WARNING, InitializeParams, Options, ShowMessageParams, WorkspaceFolder
from passerelle.protocol.state import DidChangeConfig, DidChangeModels, Problem, Scope, SecretParams, SecretResult
from passerelle.rpc.capabilities import choose_encoding
from passerelle.rpc.diagnostics import DiagnosticsBoard
from passerelle.rpc.messages import RpcError
from passerelle.rpc.outbox import DeltaStream, Outbox
from passerelle.rpc.peer import Peer
from passerelle.words.failures import InvalidParams
from passerelle.words.tasks import Tasks
from passerelle.words.text import ENCODINGS, Encoding
from passerelle.words.uris import is_inside, to_path, to_uri

STATUS_PAUSE_S = 0.2
"""Between two notices of the status; the first is at once."""


class Session:
    """A client of the daemon from its `initialize` on. It is a `daemon.client.Client`."""

    def __init__(self, daemon: Daemon, peer: Peer, outbox: Outbox, params: InitializeParams) -> None:
        options = _options(params)
        self.daemon = daemon
        self.name = params.client_info.name if params.client_info is not None else ""
        self.documents = Documents()
        self.encoding = _encoding(params)
        self.folders: list[Path] = []
        self.trusted = bool(options.trusted)
        self.takes_snippets = params.capabilities is not None and params.capabilities.takes_snippets
        self._lends_secrets = bool(options.secrets)
        self._id = uuid.uuid4().hex
        self.is_leaving = False
        self.ask = peer.ask
        self.notify = peer.notify
        self._outbox = outbox
        self._tasks = Tasks()
        self._editor = layer_of_tree(options.settings or {}, "editor")
        self._chosen = Layer(source="session")
        self._merged: dict[Path | None, tuple[list[Layer], Effective]] = {}
        self._told = self._current()
        self._told_status = b""
        self._status_is_due = False
        self._status_told_at = -math.inf
        self._board = DiagnosticsBoard(peer.notify)
        self._settling = self._tasks.start(self._begin(_paths(_folders(params))), name="first settings")
        daemon.clients.append(self)

    async def aclose(self) -> None:
        """Leave the daemon; what this client lent is forgotten."""
        self.daemon.clients.remove(self)
        await self._tasks.aclose()
        self.daemon.gateways.secrets.forget_connection(self._id)
        await self._move([], list(self.folders))

    @property
    def is_settled(self) -> bool:
        """Whether the settings that the client has told us of so far are in force."""
        return self._settling.done()

    async def settled(self) -> None:
        """Wait until it is so."""
        await asyncio.shield(self._settling)

    @property
    def secrets(self) -> Editor | None:
        return Editor(self._id, self._ask_secret) if self._lends_secrets else None

    @property
    def desk(self) -> Desk:
        return Desk(
            folders=tuple(self.folders),
            encoding=self.encoding,
            document=self.documents.__getitem__,
            published=self._board.published,
        )

    @property
    def main_folder(self) -> Path | None:
        """The folder of a request that names none."""
        return self.folders[0] if self.folders else None

    def folder_of(self, uri: str | None) -> Path | None:
        """The workspace folder that a request names, or that holds what it names. Raises InvalidParams."""
        if uri is None:
            return self.main_folder
        path = to_path(uri)
        holding = [folder for folder in self.folders if path is not None and is_inside(path, folder)]
        if not holding:
            raise InvalidParams(f"workspaceFolder: {uri} is none of the workspace folders")
        return max(holding, key=lambda folder: len(folder.parts))

    def effective(self, folder: Path | None) -> Effective:
        layers = self._layers(folder)
        known = self._merged.get(folder)
        if known is None or [*map(id, known[0])] != [*map(id, layers)]:
            known = self._merged[folder] = (layers, merge(layers))
        return known[1]

    async def choose(self, scope: Scope, folder: Path | None, keys: Keys, value: str) -> None:
        """Keep a person's choice where they say; it is in force when this returns.

        Raises InvalidParams where there is no such place, Failure `misconfigured` where nothing can be written there.
        """
        match scope:
            case "session":
                self._chosen = layer_of_tree(_with_value(self._chosen.tree or {}, keys, value), "session")
                self._announce()
            case "user":
                await self.daemon.config.set_value(self.daemon.config.config_file, keys, value)
            case "workspace" if folder is None:
                raise InvalidParams("scope: there is no workspace folder to keep it in")
            case "workspace":
                await self.daemon.config.set_value(folder / WORKSPACE_FILE, keys, value)

    def set_editor_settings(self, tree: dict[str, object]) -> None:
        """The editor's layer, whole. What it lent may be another key now: it is asked anew."""

        async def set_them() -> None:
            self.daemon.gateways.secrets.forget_connection(self._id)
            self._editor = layer_of_tree(tree, "editor")

        self._settle(set_them)

    def change_folders(self, added: Sequence[WorkspaceFolder], removed: Sequence[WorkspaceFolder]) -> None:
        """Folders come and go; requests that follow see it done."""
        self._settle(lambda: self._move(_paths(added), _paths(removed)))

    @contextmanager
    def streaming(self, token: str) -> Iterator[DeltaStream]:
        """The deltas of one chat: all are sent before the block ends, and none once it failed or was cancelled."""
        stream = self._outbox.stream(token)
        try:
            yield stream
        except BaseException:
            self._outbox.drop(stream)
            raise
        self._outbox.finish(stream)

    def config_changed(self, paths: frozenset[Path]) -> None:  # noqa: ARG002  # The values show what changed.
        self._announce()

    def models_changed(self, gateway: str, added: list[str], removed: list[str], total: int) -> None:
        if gateway == self.effective(self.main_folder).config.gateway:
            news = DidChangeModels(added=added, removed=removed, total=total)
            self.notify(methods.DID_CHANGE_MODELS.name, news)
        self.status_changed()

    def conversations_changed(self, changed: list[ConversationSummary], deleted: list[str]) -> None:
        self.notify(methods.DID_CHANGE_CONVERSATIONS.name, DidChangeConversations(changed=changed, deleted=deleted))

    def warn(self, sentence: str) -> None:
        self.notify("window/showMessage", ShowMessageParams(type=WARNING, message=sentence))

    def status_changed(self) -> None:
        if not self._status_is_due:
            self._status_is_due = True
            self._tasks.start(self._tell_status(), name="status")

    async def _begin(self, folders: list[Path]) -> None:
        await self.daemon.ready()
        await self._move(folders, [])
        self._told = self._current()
        self._board.show(_problems(self._told))
        self.status_changed()

    def _layers(self, folder: Path | None) -> list[Layer]:
        return [*self.daemon.config.layers(folder), self._editor, self._chosen]

    async def _move(self, added: list[Path], removed: list[Path]) -> None:
        for folder in [folder for folder in removed if folder in self.folders]:
            self.folders.remove(folder)
            self._merged.pop(folder, None)
            await self.daemon.config.remove_folder(folder)
        for folder in [folder for folder in added if folder not in self.folders]:
            await self.daemon.config.add_folder(folder)
            self.folders.append(folder)

    def _settle(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do one change of settings after those before it, and tell the client what is different then."""
        before = self._settling

        async def settle() -> None:
            await asyncio.wait([before])
            await work()
            self._announce()

        self._settling = self._tasks.start(settle(), name="settings")

    def _current(self) -> dict[Path | None, Effective]:
        """The settings in force, of each folder; the first entry is what a request without a folder sees."""
        folders: Sequence[Path | None] = self.folders or [None]
        return {folder: self.effective(folder) for folder in folders}

    def _announce(self) -> None:
        """Tell the client what is different from what it knows."""
        before, self._told = self._told, self._current()
        keys = _changed(before, self._told)
        problems = _problems(self._told)
        if keys or problems != _problems(before):
            self._board.show(problems)
            self.notify(methods.DID_CHANGE_CONFIG.name, DidChangeConfig(keys=keys, problems=problems))
            self.status_changed()

    async def _tell_status(self) -> None:
        """Send the status if it differs in more than the passing of time from what was sent last. Each answer changes
        what was spent: a crowd of them is told of together.
        """
        await self.settled()
        await asyncio.sleep(self._status_told_at + STATUS_PAUSE_S - time.monotonic())
        self._status_told_at = time.monotonic()
        self._status_is_due = False  # From here on a change may come too late for this one.
        now = await status(self.daemon, self, self.main_folder)
        essence = msgspec.json.encode(replace(now, daemon=None, catalogue=replace(now.catalogue, fetched_at=None)))
        if essence != self._told_status:
            self._told_status = essence
            self.notify(methods.DID_CHANGE_STATUS.name, now)

    async def _ask_secret(self, name: str) -> str | None:
        try:
            answer = await self.ask(methods.SECRET.name, SecretParams(name=name), SecretResult, ASK_LIMIT_S)
        except (RpcError, msgspec.DecodeError):
            return None
        return answer.value


def _with_value(tree: Tree, keys: Keys, value: str) -> Tree:
    """The tree with one key more, or another value of it."""
    key, *rest = keys
    if not rest:
        return {**tree, key: value}
    inner = tree.get(key)
    return {**tree, key: _with_value(inner if isinstance(inner, dict) else {}, tuple(rest), value)}


def _options(params: InitializeParams) -> Options:
    given = params.initialization_options
    return (given.passerelle if given else None) or Options()


def _encoding(params: InitializeParams) -> Encoding:
    general = params.capabilities.general if params.capabilities else None
    chosen = choose_encoding(general.position_encodings if general else None)
    return next(encoding for encoding in ENCODINGS if encoding == chosen)


def _folders(params: InitializeParams) -> Sequence[WorkspaceFolder]:
    """The folders; from an older client the one root."""
    if params.workspace_folders is not None:
        return params.workspace_folders
    if params.root_uri:
        return [WorkspaceFolder(uri=params.root_uri)]
    return [WorkspaceFolder(uri=to_uri(params.root_path))] if params.root_path else []


def _paths(folders: Sequence[WorkspaceFolder]) -> list[Path]:
    """Those on this machine."""
    return [path for folder in folders if (path := to_path(folder.uri)) is not None]


def _changed(before: dict[Path | None, Effective], after: dict[Path | None, Effective]) -> list[str]:
    """The keys that differ: in a folder that stayed, and for a request that names no folder."""
    pairs = [(before[folder], now) for folder, now in after.items() if folder in before]
    pairs.append((next(iter(before.values())), next(iter(after.values()))))
    return sorted({key for old, new in pairs for key in changed_keys(old, new)})


def _problems(known: dict[Path | None, Effective]) -> list[Problem]:
    """All there are, once each."""
    found = {
        (problem.path, problem.line, problem.column, problem.message): problem
        for effective in known.values()
        for problem in effective.problems
    }
    return list(found.values())
