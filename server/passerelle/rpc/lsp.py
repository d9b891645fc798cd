"""pygls, with its proven faults mended: the only file that knows it. It serves the standard's features; framing,
answering and our own methods are not its business here.

It is imported when a client first asks for something that it serves, for that takes most of a second.
The faults (pygls 2.1.1, held by tests/unit/rpc/test_lsp.py): params that do not fit are never answered; every nested
object with a "jsonrpc" key is taken for a message; traces of internal errors go to the client; each outgoing body is
logged at INFO.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from typing import Any

import msgspec
from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from passerelle import __version__
from passerelle.protocol.base import INTERNAL_ERROR, INVALID_PARAMS
from passerelle.rpc.messages import RpcError
from passerelle.words.failures import Failure, InvalidParams

log = logging.getLogger(__name__)

Command = Callable[[], Awaitable[object]]

# It logs whole bodies at INFO and every expected failure at ERROR: prompts and answers would be in the log.
QUIET = logging.CRITICAL + 1


class Protocol(LanguageServerProtocol):
    """pygls's protocol as a function from a request to its answer: nothing is written by it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._answers: dict[str | int, asyncio.Future[msgspec.Raw]] = {}

    async def answer(self, id_: str, method: str, params: object) -> msgspec.Raw:
        """The result of one request, as JSON. Raises RpcError, and what a handler raises to be explained; cancelling it
        cancels the handler.
        """
        self._answers[id_] = asyncio.get_running_loop().create_future()
        try:
            self.handle_message(self._structured({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}))
            return await self._answers[id_]
        except asyncio.CancelledError:
            self._handle_cancel_notification(id_)
            raise
        finally:
            del self._answers[id_]

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Leave objects alone: a JSON reader calls this for every nested one, not only for messages."""
        return data

    def _structured(self, message: dict[str, Any]) -> Any:
        try:
            return super().structure_message(message)
        except JsonRpcException:
            raise RpcError(INVALID_PARAMS, f"{message['method']}: the params do not fit the method") from None

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        """A failure that we can explain goes on as it is; pygls would make an internal error of it."""
        error = None if future.cancelled() else future.exception()
        if isinstance(error, Failure | InvalidParams | RpcError):
            self._request_futures.pop(msg_id, None)
            self._answers[msg_id].set_exception(error)
        else:
            super()._send_handler_result(future, msg_id=msg_id)

    def _send_response(self, msg_id: str | int, result: Any = None, error: types.ResponseError | None = None) -> None:
        """Settle the answer; of errors only what we know leaves, never a trace."""
        answer = self._answers.get(msg_id)
        if answer is None or answer.done():
            return
        if error is None:
            answer.set_result(msgspec.Raw(json.dumps(result, default=self._serialize_message).encode()))
        elif error.code == INTERNAL_ERROR:
            answer.set_exception(RpcError(INTERNAL_ERROR, "a fault of Passerelle's own: its log says more"))
        else:
            answer.set_exception(RpcError(error.code, error.message))


class Server(LanguageServer):
    """The standard's features, as pygls serves them."""

    protocol: Protocol

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A line in the log instead of a window for each; a request's error is in its answer already."""
        if source is not FeatureRequestError:
            log.warning("pygls reports error=%s", type(error).__name__)


def build_server(commands: Mapping[str, Command]) -> Server:
    """A pygls server with all that we serve through it. It still wants its `initialize`."""
    logging.getLogger("pygls").setLevel(QUIET)
    server = Server("passerelle", __version__, protocol_cls=Protocol, converter_factory=default_converter)
    for name, command in commands.items():
        server.command(name)(command)
    return server
