"""A small client of our own protocol: it starts a daemon, asks and listens. It shows nothing and decides nothing."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from passerelle import __version__
from passerelle.protocol import base, lsp, methods
from passerelle.protocol.chat import ChatDelta, ChatParams, ChatResult
from passerelle.protocol.conversations import Conversation, ConversationParams, Conversations, ConversationsParams
from passerelle.protocol.frames import FrameDecoder, framed
from passerelle.protocol.money import UsageParams, UsageReport
from passerelle.protocol.state import ConfigParams, Credits, EffectiveConfig, ErrorData, Models, ModelsParams, Status
from passerelle.words.uris import to_uri

# -P: the working directory is the user's project; a folder in it that has our name must not be imported.
LAUNCH: Sequence[str] = (sys.executable, "-P", "-m", "passerelle", "lsp")
CANCEL_S = 3.0
CLOSE_S = 3.0
LAST_WORDS_S = 1.0
STDERR_BYTES = 64 * 1024

AGREED = ("client/registerCapability", "window/workDoneProgress/create", "window/showMessageRequest")
"""Requests of the daemon that are answered with null where nobody else answers them."""

R = TypeVar("R")
OnNotification = Callable[[str, Raw], None]
Answers = Mapping[str, Callable[[Raw], object]]
"""Who answers the daemon's requests: a method's name, and a function from its params to its result."""


class ClientError(Exception):
    """No result: what the daemon answered instead, or (`code` is None) that there is no daemon any more."""

    def __init__(self, message: str, *, code: int | None = None, data: ErrorData | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.data = data

    @property
    def kind(self) -> str | None:
        return None if self.data is None else self.data.kind


class Client:
    """One daemon process, for as long as this object is open.

    `start` for a session that may ask at once, `spawn` for a process that nobody has greeted yet.
    """

    def __init__(self, on_notification: OnNotification, answers: Answers) -> None:
        self.capabilities: dict[str, object] = {}
        self._on_notification = on_notification
        self._answers = answers
        self._child = _Child(self._take, self._bury)
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Raw]] = {}
        self._streams: dict[str, Callable[[ChatDelta], None]] = {}
        self._gone: ClientError | None = None

    @classmethod
    async def spawn(
        cls,
        command: Sequence[str] = LAUNCH,
        *,
        env: Mapping[str, str] | None = None,
        on_notification: OnNotification = lambda _method, _params: None,
        answers: Answers = {},  # noqa: B006  # Read only.
    ) -> Self:
        """Start the process and say nothing to it. Raises OSError if there is no such program."""
        client = cls(on_notification, answers)
        await client._child.start(command, env)
        return client

    @classmethod
    async def start(
        cls,
        command: Sequence[str] = LAUNCH,
        *,
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
        options: lsp.Options | None = None,
        on_notification: OnNotification = lambda _method, _params: None,
        answers: Answers = {},  # noqa: B006  # Read only.
    ) -> Self:
        """Start and greet a daemon, with `folder` as its one workspace folder.

        Raises ClientError if it refuses or dies, and then leaves no process behind.
        """
        client = await cls.spawn(command, env=env, on_notification=on_notification, answers=answers)
        try:
            greeted = await client.request("initialize", _greeting(folder, options), dict[str, object])
        except BaseException:
            await client.aclose()
            raise
        if isinstance(capabilities := greeted.get("capabilities"), dict):
            client.capabilities = capabilities
        client.notify("initialized", {})
        return client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def status(self) -> Status:
        return await self.request(methods.STATUS.name, {}, Status)

    async def models(self, params: ModelsParams) -> Models:
        return await self.request(methods.MODELS.name, params, Models)

    async def config(self, params: ConfigParams) -> EffectiveConfig:
        return await self.request(methods.CONFIG.name, params, EffectiveConfig)

    async def conversations(self, params: ConversationsParams) -> Conversations:
        return await self.request(methods.CONVERSATIONS.name, params, Conversations)

    async def conversation(self, id_: str) -> Conversation:
        return await self.request(methods.CONVERSATION.name, ConversationParams(conversation=id_), Conversation)

    async def usage(self, params: UsageParams) -> UsageReport:
        return await self.request(methods.USAGE.name, params, UsageReport)

    async def credits(self) -> Credits:
        return await self.request(methods.CREDITS.name, {}, Credits)

    async def chat(self, params: ChatParams, on_delta: Callable[[ChatDelta], None]) -> ChatResult:
        """One turn; `on_delta` gets each piece before the result is there."""
        self._streams[params.token] = on_delta
        try:
            return await self.request(methods.CHAT.name, params, ChatResult)
        finally:
            del self._streams[params.token]

    async def request(self, method: str, params: object, result: type[R]) -> R:
        """Ask, and return the result as `result`. Raises ClientError.

        Cancelling the caller cancels the request: the daemon is told, and its answer waited for. If that answer is
        a result all the same, it is returned: it crossed our cancel, and it was paid for.
        """
        id_, answer = self._ask(method, params)
        try:
            raw = await asyncio.shield(answer)
        except asyncio.CancelledError:
            self.notify("$/cancelRequest", {"id": id_})
            await asyncio.wait([answer], timeout=CANCEL_S)
            if not answer.done() or answer.exception() is not None:
                raise
            raw = answer.result()
        finally:
            self._waiting.pop(id_, None)
        try:
            return msgspec.json.decode(raw, type=result)
        except msgspec.ValidationError as error:
            raise ClientError(f"The daemon's answer to {method} is not of this version's protocol: {error}") from None

    def notify(self, method: str, params: object = None) -> None:
        self._child.write({"method": method} | _present(params))

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def stderr(self) -> str:
        """The end of what the daemon wrote to its stderr."""
        return self._child.stderr.decode("utf-8", "replace")

    async def aclose(self, limit_s: float = CLOSE_S) -> int | None:
        """End the daemon in order, by force where it does not follow in `limit_s`. Returns its exit code."""
        _, answer = self._ask("shutdown", None)
        await asyncio.wait([answer], timeout=limit_s)
        _ = answer.done() and answer.exception()  # Looked at, and let be: a daemon that is gone is as good.
        self.notify("exit")
        return await self._child.aclose(limit_s)

    def _ask(self, method: str, params: object) -> tuple[int, asyncio.Future[Raw]]:
        id_ = next(self._ids)
        answer: asyncio.Future[Raw] = asyncio.get_running_loop().create_future()
        if self._gone is not None:
            answer.set_exception(self._gone)
            return id_, answer
        self._waiting[id_] = answer
        self._child.write({"id": id_, "method": method} | _present(params))
        return id_, answer

    def _take(self, body: bytes) -> None:
        message = msgspec.json.decode(body, type=_Message)
        if message.method is UNSET:
            self._resolve(message)
        elif message.id is not UNSET:
            self._child.write({"id": message.id} | self._answer(message.method, message.params))
        elif message.method == methods.CHAT_DELTA.name:
            delta = msgspec.json.decode(message.params, type=ChatDelta)
            receive = self._streams.get(delta.token)
            receive(delta) if receive else self._on_notification(message.method, message.params)
        else:
            self._on_notification(message.method, message.params)

    def _resolve(self, message: "_Message") -> None:
        answer = self._waiting.get(message.id) if isinstance(message.id, int) else None
        if answer is None or answer.done():
            return
        if message.error is UNSET:
            answer.set_result(message.result)
        else:
            answer.set_exception(message.error.to_exception())

    def _answer(self, method: str, params: Raw) -> dict[str, object]:
        if method in self._answers:
            return {"result": self._answers[method](params)}
        if method in AGREED:
            return {"result": None}
        return {"error": {"code": base.METHOD_NOT_FOUND, "message": f"this client does not know {method}"}}

    def _bury(self, exit_code: int | None) -> None:
        words = [line.strip() for line in self.stderr.splitlines() if line.strip()] or ["It said nothing."]
        self._gone = ClientError(f"The daemon ended unexpectedly (exit code {exit_code}). {words[-1]}")
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(self._gone)


class _Child(asyncio.SubprocessProtocol):
    """The process and its three pipes. `ended` is called once, when nothing can come any more."""

    def __init__(self, received: Callable[[bytes], None], ended: Callable[[int | None], None]) -> None:
        self.stderr = bytearray()
        self._received = received
        self._ended = ended
        self._frames = FrameDecoder()
        self._exited = asyncio.Event()

    async def start(self, command: Sequence[str], env: Mapping[str, str] | None) -> None:
        loop = asyncio.get_running_loop()
        # A group of its own: Ctrl-C in the terminal is for us, and we tell the daemon what to cancel.
        alone = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
        self._transport, _ = await loop.subprocess_exec(lambda: self, *command, env=env, **alone)
        stdin = self._transport.get_pipe_transport(0)
        assert isinstance(stdin, asyncio.WriteTransport)  # noqa: S101  # For mypy; asyncio promises it.
        self._stdin = stdin

    @property
    def pid(self) -> int:
        return self._transport.get_pid()

    def write(self, message: dict[str, object]) -> None:
        body = msgspec.json.encode({"jsonrpc": "2.0"} | message)
        if not self._stdin.is_closing():
            self._stdin.write(framed(body))

    async def aclose(self, limit_s: float) -> int | None:
        self._stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._exited.wait()
        # Kills what still runs, and lets go of pipes that a child of the daemon may hold open.
        self._transport.close()
        await self._exited.wait()
        return self._transport.get_returncode()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd != 1:
            self.stderr = (self.stderr + data)[-STDERR_BYTES:]
            return
        try:
            for frame in self._frames.feed(data):
                self._received(frame if isinstance(frame, bytes) else frame.encode())
        except msgspec.MsgspecError as error:
            self.stderr += b"\nIts stdout is not of this version's protocol: %s" % type(error).__name__.encode()
            self._transport.close()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        if fd == 1:
            self._end_soon()

    def process_exited(self) -> None:
        self._exited.set()
        self._end_soon()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._end()

    def _end_soon(self) -> None:
        # Its last words may still be in the pipe; a child of its own may hold that pipe open for ever.
        asyncio.get_running_loop().call_later(LAST_WORDS_S, self._end)

    def _end(self) -> None:
        ended, self._ended = self._ended, lambda _code: None
        ended(self._transport.get_returncode())


class _Error(Struct, frozen=True):
    code: int
    message: str
    data: Raw = Raw(b"null")

    def to_exception(self) -> ClientError:
        try:
            data = msgspec.json.decode(self.data, type=ErrorData)
        except msgspec.ValidationError:
            data = None
        return ClientError(self.message, code=self.code, data=data)


class _Message(Struct, frozen=True):
    id: int | str | UnsetType | None = UNSET
    method: str | UnsetType = UNSET
    params: Raw = Raw(b"null")
    result: Raw = Raw(b"null")
    error: _Error | UnsetType = UNSET


def _present(params: object) -> dict[str, object]:
    return {} if params is None else {"params": params}


def _greeting(folder: Path | None, options: lsp.Options | None) -> lsp.InitializeParams:
    uri = to_uri(folder) if folder is not None else None
    folders = [lsp.WorkspaceFolder(uri=uri, name=folder.name)] if folder is not None and uri is not None else None
    return lsp.InitializeParams(
        process_id=os.getpid(),
        client_info=lsp.ClientInfo(name="passerelle-cli", version=__version__),
        root_uri=uri,
        workspace_folders=folders,
        capabilities=lsp.ClientCapabilities(general=lsp.GeneralCapabilities(position_encodings=["utf-8"])),
        initialization_options=lsp.InitializationOptions(passerelle=options or lsp.Options()),
    )
