"""JSON-RPC with one client: each request that comes in gets exactly one answer. Knows no method by name."""

import asyncio
import itertools
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from passerelle.protocol.base import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_CANCELLED,
    REQUEST_FAILED,
)
from passerelle.protocol.state import ErrorData
from passerelle.rpc import messages
from passerelle.rpc.messages import Envelope, Id, ResponseError, RpcError
from passerelle.rpc.outbox import Outbox
from passerelle.words.failures import Failure, InvalidParams

log = logging.getLogger(__name__)
T = TypeVar("T")
_NO_PARAMS = b"{}"

Handler = Callable[[Any], object]  # Of the type that its decoder gives; awaitable or not.


class Route(NamedTuple):
    """How one method is decoded and who serves it; the handler may be plain or async."""

    decoder: msgspec.json.Decoder[Any]
    handler: Handler


class Peer:
    """The other side of one connection."""

    def __init__(self, outbox: Outbox, requests: Mapping[str, Route], notifications: Mapping[str, Route]) -> None:
        self._outbox = outbox
        self._requests = requests
        self._notifications = notifications
        self._pending: dict[Id, asyncio.Future[object]] = {}
        self._asked: dict[Id, asyncio.Future[msgspec.Raw]] = {}
        self._ids = itertools.count(1)

    def dispatch(self, message: Envelope) -> None:
        """Serve one message. Never raises, never waits."""
        if message.method is UNSET:
            self._settle(message)
        elif message.id is UNSET:
            self._notified(message.method, message.params)
        else:
            self._requested(message.id, message.method, message.params)

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._outbox.send(messages.notification(method, params))

    async def ask(self, method: str, params: object, result: type[T], limit_s: float) -> T:
        """Send a request and wait for its answer.

        Raises TimeoutError, RpcError (the client's own error) or msgspec.ValidationError (an ill-typed answer).
        """
        id_ = f"passerelle-{next(self._ids)}"
        self._asked[id_] = asyncio.get_running_loop().create_future()
        self._outbox.send(messages.request(id_, method, params))
        try:
            async with asyncio.timeout(limit_s):
                raw = await self._asked[id_]
        finally:
            del self._asked[id_]
        return msgspec.json.decode(raw, type=result)

    def answer(self, id_: Id | None, error: RpcError) -> None:
        """Refuse a request, or (with None) something that could not even be read."""
        self._outbox.send(messages.error_response(id_, error.error))

    def cancel(self, id_: Id) -> None:
        """`$/cancelRequest`; an id that is not pending was answered already."""
        if (task := self._pending.get(id_)) is not None:
            task.cancel()

    def cancel_all(self) -> None:
        """Cancel all that is in flight; it is answered when it has ended."""
        for task in self._pending.values():
            task.cancel()

    async def aclose(self) -> None:
        """Cancel all that is in flight, and return when it has ended and its answers are sent."""
        self.cancel_all()
        await asyncio.gather(*self._pending.values(), return_exceptions=True)

    def _requested(self, id_: Id, method: str, params: msgspec.Raw) -> None:
        if id_ in self._pending:
            self.answer(id_, RpcError(INVALID_REQUEST, "a request with this id is still in flight"))
            return
        if (route := self._requests.get(method)) is None:
            self.answer(id_, RpcError(METHOD_NOT_FOUND, f"unknown method: {method[:100]}"))
            return
        try:
            result = route.handler(_decode(method, route, params))
        except Exception as error:  # noqa: BLE001  # The boundary: whatever happened, the client gets an answer.
            self._refuse(id_, method, error)
            return
        if isinstance(result, Awaitable):
            self._await(id_, method, result)
        else:
            self._respond(id_, method, result)

    def _await(self, id_: Id, method: str, result: Awaitable[object]) -> None:
        task = asyncio.ensure_future(result)
        self._pending[id_] = task
        task.add_done_callback(lambda task: self._finish(id_, method, task))

    def _finish(self, id_: Id, method: str, task: asyncio.Future[object]) -> None:
        del self._pending[id_]
        if task.cancelled():
            self.answer(id_, RpcError(REQUEST_CANCELLED, "cancelled"))
        elif (error := task.exception()) is not None:
            self._refuse(id_, method, error)
        else:
            self._respond(id_, method, task.result())

    def _respond(self, id_: Id, method: str, result: object) -> None:
        try:
            body = messages.response(id_, result)
        except Exception as error:  # noqa: BLE001  # A result that cannot be encoded is a bug, and is answered too.
            self._refuse(id_, method, error)
            return
        self._outbox.send(body)

    def _notified(self, method: str, params: msgspec.Raw) -> None:
        route = self._notifications.get(method)
        if route is None:
            if not method.startswith("$/"):
                log.info("ignored notification method=%s", method[:100])
            return
        try:
            route.handler(_decode(method, route, params))
        except RpcError as error:
            log.warning("ignored notification method=%s reason=%s", method, error)
        except Exception as error:  # noqa: BLE001  # A notification has no answer; the next message must still be served.
            _log_bug(method, error)

    def _settle(self, message: Envelope) -> None:
        future = self._asked.get(message.id) if message.id is not UNSET else None
        if future is None or future.done():
            log.info("ignored response to an unknown request")
        elif message.error is not UNSET:
            future.set_exception(RpcError(message.error.code, message.error.message))
        else:
            future.set_result(message.result)

    def _refuse(self, id_: Id, method: str, error: BaseException) -> None:
        self._outbox.send(messages.error_response(id_, _explained(method, error)))


def _decode(method: str, route: Route, params: msgspec.Raw) -> object:
    try:
        return messages.decode_text(route.decoder, _NO_PARAMS if _is_empty(params) else params)
    except msgspec.ValidationError as error:
        raise RpcError(INVALID_PARAMS, f"{method}: {error}") from None
    except messages.UNREADABLE:
        raise RpcError(INVALID_PARAMS, f"{method}: the params cannot be read") from None


def _is_empty(params: msgspec.Raw) -> bool:
    return memoryview(params).nbytes <= len("null") and bytes(params) in {b"", b"null", b"[]"}


def _explained(method: str, error: BaseException) -> ResponseError:
    """What the client is told: our words for what we know, and nothing of what we do not."""
    match error:
        case RpcError():
            return error.error
        case InvalidParams():
            data = ErrorData(kind=error.kind, suggestions=list(error.suggestions)) if error.kind else UNSET
            return ResponseError(code=INVALID_PARAMS, message=error.message, data=data)
        case Failure():
            return ResponseError(code=REQUEST_FAILED, message=error.message, data=_failure_data(error))
        case asyncio.CancelledError():
            return ResponseError(code=REQUEST_CANCELLED, message="cancelled")
        case _:
            _log_bug(method, error)
            return ResponseError(code=INTERNAL_ERROR, message="a fault of Passerelle's own: its log says more")


def _failure_data(failure: Failure) -> ErrorData:
    data = ErrorData(
        kind=failure.kind,
        status=failure.status or UNSET,
        retry_after_ms=UNSET if failure.retry_after_s is None else round(failure.retry_after_s * 1000),
        provider=failure.provider or UNSET,
        generation=failure.generation or UNSET,
        suggestions=list(failure.suggestions) or UNSET,
    )
    return replace(data, **failure.details)


def _log_bug(method: str, error: BaseException) -> None:
    """The place of a fault, without its message: that may quote a prompt or a key."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("bug in method=%s error=%s at\n%s", method, type(error).__name__, place)
