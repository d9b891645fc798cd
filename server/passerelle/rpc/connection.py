"""One client's connection: bytes in, messages through the gates of LSP's lifecycle to their handlers, answers out."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from msgspec import UNSET, Raw

from passerelle.daemon.core import Daemon
from passerelle.protocol import lsp, methods
from passerelle.protocol.assist import PlaceParams
from passerelle.protocol.base import INVALID_REQUEST, PARSE_ERROR, SERVER_NOT_INITIALIZED
from passerelle.protocol.frames import MAX_BODY_BYTES, Fault, FrameDecoder
from passerelle.rpc import conversations, handlers, messages, money
from passerelle.rpc.capabilities import initialize_result
from passerelle.rpc.client_process import wait_until_gone
from passerelle.rpc.commands import commands_of
from passerelle.rpc.messages import Envelope, RpcError
from passerelle.rpc.outbox import Outbox
from passerelle.rpc.peer import Peer, Route
from passerelle.rpc.session import Session
from passerelle.rpc.standard import StandardFeatures
from passerelle.words.tasks import Tasks

P = TypeVar("P")
Params = dict[str, object]

FAULTS: dict[Fault, RpcError] = {
    "badHeader": RpcError(PARSE_ERROR, "a message must begin with a Content-Length header"),
    "tooLarge": RpcError(INVALID_REQUEST, f"the message is larger than {MAX_BODY_BYTES // 1024 // 1024} MiB"),
}


class Connection:
    """From the first byte of a client to its last. `leave` is called with the exit code that LSP wants."""

    def __init__(self, daemon: Daemon, outbox: Outbox, decoder: FrameDecoder, leave: Callable[[int], None]) -> None:
        self._daemon = daemon
        self._outbox = outbox
        self._decoder = decoder
        self._leave = leave
        self._tasks = Tasks()
        self._session: Session | None = None
        self._standard: StandardFeatures | None = None
        self._is_shut_down = False
        self._peer = Peer(outbox, self._requests(), self._notifications())

    def receive(self, data: bytes) -> None:
        """Serve what these bytes complete."""
        for frame in self._decoder.feed(data):
            self.take(frame)

    def take(self, frame: bytes | Fault) -> None:
        """Serve one frame."""
        if isinstance(frame, str):
            self._peer.answer(None, FAULTS[frame])
            return
        try:
            message = messages.decode(frame)
        except RpcError as error:
            self._peer.answer(None, error)
            return
        refusal = self._refusal(message)
        if refusal is None:
            self._peer.dispatch(message)
        elif message.id is not UNSET:
            self._peer.answer(message.id, refusal)

    def begin(self, initialize: bytes) -> None:
        """Go on from an `initialize` that has its answer already."""
        params = messages.decode(initialize).params
        self._initialize(messages.decode_text(msgspec.json.Decoder(lsp.InitializeParams), params))

    async def aclose(self) -> None:
        """Answer all that is in flight as cancelled, and end what belongs to this client."""
        self._say_that_it_leaves()
        await self._peer.aclose()
        await self._tasks.aclose()
        if self._session is not None:
            await self._session.aclose()

    def _refusal(self, message: Envelope) -> RpcError | None:
        """Why the lifecycle does not let a message pass; the reason of a notification is not told."""
        if message.method is UNSET or message.method == "exit":
            return None
        is_initialize = message.method == "initialize"
        if self._session is None and not is_initialize:
            return RpcError(SERVER_NOT_INITIALIZED, "the first request must be `initialize`")
        if self._session is not None and is_initialize:
            return RpcError(INVALID_REQUEST, "`initialize` was answered already")
        return RpcError(INVALID_REQUEST, "the daemon was shut down") if self._is_shut_down else None

    def _requests(self) -> dict[str, Route]:
        return {
            "initialize": _route(lsp.InitializeParams, self._initialize),
            "shutdown": _route(Params, self._shutdown),
            "workspace/executeCommand": _route(Params, self._execute_command),
            "textDocument/completion": self._served(PlaceParams, handlers.complete),
            "textDocument/hover": self._served(PlaceParams, handlers.hover),
            **{
                method.name: self._served(method.params, handler)
                for method, handler in (
                    (methods.STATUS, handlers.status),
                    (methods.MODELS, handlers.models),
                    (methods.SELECT_MODEL, handlers.select_model),
                    (methods.GATEWAYS, handlers.gateways),
                    (methods.SELECT_GATEWAY, handlers.select_gateway),
                    (methods.CHAT, handlers.chat),
                    (methods.CONVERSATIONS, conversations.conversations),
                    (methods.CONVERSATION, conversations.conversation),
                    (methods.RENAME_CONVERSATION, conversations.rename),
                    (methods.DELETE_CONVERSATION, conversations.delete),
                    (methods.BRANCH_CONVERSATION, conversations.branch),
                    (methods.EDIT_TURN, conversations.edit),
                    (methods.EXPORT_CONVERSATION, conversations.export),
                    (methods.APPLY, handlers.apply),
                    (methods.CREDITS, money.credits_left),
                    (methods.USAGE, money.usage),
                    (methods.EXPORT_USAGE, money.export_usage),
                    (methods.BUDGETS, money.budgets),
                    (methods.ALLOW_ONCE, money.allow_once),
                    (methods.ENDPOINTS, money.endpoints),
                    (methods.CONFIG, handlers.config),
                )
            },
        }

    def _notifications(self) -> dict[str, Route]:
        return {
            "initialized": _route(Params, lambda _: None),
            "exit": _route(Params, self._exit),
            "$/cancelRequest": _route(lsp.CancelParams, lambda params: self._peer.cancel(params.id)),
            "textDocument/didOpen": self._told(lsp.DidOpenParams, handlers.did_open),
            "textDocument/didChange": self._told(lsp.DidChangeParams, handlers.did_change),
            "textDocument/didClose": self._told(lsp.DidCloseParams, handlers.did_close),
            "workspace/didChangeConfiguration": self._told(
                lsp.DidChangeConfigurationParams, handlers.did_change_configuration
            ),
            "workspace/didChangeWorkspaceFolders": self._told(
                lsp.DidChangeWorkspaceFoldersParams, handlers.did_change_workspace_folders
            ),
        }

    def _served(self, params_type: type[P], handler: Callable[[Session, P], object]) -> Route:
        """A request that is served once the settings that the client told us of are in force."""

        def serve(params: P) -> object:
            session = self._live_session()
            return handler(session, params) if session.is_settled else serve_later(session, params)

        async def serve_later(session: Session, params: P) -> object:
            await session.settled()
            result = handler(session, params)
            return await result if isinstance(result, Awaitable) else result

        return _route(params_type, serve)

    def _told(self, params: type[P], handler: Callable[[Session, P], None]) -> Route:
        return _route(params, lambda told: handler(self._live_session(), told))

    def _live_session(self) -> Session:
        assert self._session is not None  # noqa: S101  # `_refusal` lets nothing pass before.
        return self._session

    def _initialize(self, params: lsp.InitializeParams) -> object:
        self._session = Session(self._daemon, self._peer, self._outbox, params)
        self._standard = StandardFeatures(commands_of(self._session), self._tasks)
        if params.process_id is not None:
            self._tasks.start(self._leave_with(params.process_id), name="client process")
        return initialize_result(self._session.encoding)

    async def _leave_with(self, process_id: int) -> None:
        await wait_until_gone(process_id)
        self._leave(0)

    def _shutdown(self, _: Params) -> None:
        """At once, for `exit` may have come with it; what is in flight is answered as cancelled."""
        self._is_shut_down = True
        self._say_that_it_leaves()
        self._peer.cancel_all()

    def _say_that_it_leaves(self) -> None:
        if self._session is not None:
            self._session.is_leaving = True

    def _exit(self, _: Params) -> None:
        self._leave(0 if self._is_shut_down else 1)

    async def _execute_command(self, params: Params) -> Raw:
        assert self._standard is not None  # noqa: S101  # `_refusal` lets nothing pass before.
        return await self._standard.answer("workspace/executeCommand", params)


def _route(params: type[P], handler: Callable[[P], object]) -> Route:
    return Route(msgspec.json.Decoder(params), handler)
