"""One HTTP/1.1 connection of a client, parsed by h11. Knows bytes, limits and hang-ups; knows no route and no model."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus

import h11
from msgspec import Struct

from passerelle.offline.refusals import Refused

CHUNK_BYTES = 1 << 16
LINGER_S = 1.0


class Limits(Struct, frozen=True, kw_only=True):
    """What clients may ask of us. Times in seconds."""

    idle_s: float = 600.0
    """Between two requests; longer than clients keep a connection, so that it is they who close it."""
    request_s: float = 30.0
    """From the first byte of a request to its last: nobody holds us by dripping bytes."""
    write_s: float = 60.0
    """For a client that stopped reading its answer."""
    head_bytes: int = 1 << 16
    body_bytes: int = 64 << 20
    generations: int = 1000
    """That `/v1/generation` can still tell about."""


class Request(Struct, frozen=True, kw_only=True):
    """Header names are in lower case; of a repeated header the last holds."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Response(Struct, frozen=True, kw_only=True):
    """`body`, and for a streamed answer `rest`, which is closed however the exchange ends."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    rest: AsyncGenerator[bytes, None] | None = None


Handler = Callable[[Request], Awaitable[Response]]


class Connection:
    """Reads requests and writes what the handler answers, until either side has had enough."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler, limits: Limits
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handle = handle
        self._limits = limits
        self._wire = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head_bytes)

    async def serve(self) -> None:
        """Serve the client until it or we close the connection; a client that goes is no error."""
        try:
            while await self._exchange():
                self._wire.start_next_cycle()
            self._writer.close()
            async with asyncio.timeout(self._limits.write_s):
                await self._writer.wait_closed()
        except* (ConnectionError, TimeoutError):
            pass
        finally:
            self._writer.transport.abort()

    async def _exchange(self) -> bool:
        """One request and its answer; whether another may follow."""
        try:
            request = await self._receive()
        except Refused as refused:
            await self._turn_away(refused)
            return False
        if request is None:
            return False
        async with asyncio.TaskGroup() as group:
            # A client that hangs up fails the group, and so cancels the answer wherever it is.
            watch = group.create_task(self._watch(), name="offline watch")
            await self._respond(request.method, await self._handle(request))
            watch.cancel()
        return self._wire.our_state is h11.DONE and self._wire.their_state is h11.DONE

    async def _watch(self) -> None:
        data = await self._reader.read(CHUNK_BYTES)
        if not data:
            raise ConnectionResetError
        self._wire.receive_data(data)  # The client pipelines: what it sent waits for its turn.

    async def _receive(self) -> Request | None:
        """The next request, whole; None if the client has no more."""
        if not self._wire.trailing_data[0]:
            try:
                async with asyncio.timeout(self._limits.idle_s):
                    self._wire.receive_data(await self._reader.read(CHUNK_BYTES))
            except TimeoutError:
                return None
        try:
            async with asyncio.timeout(self._limits.request_s):
                return await self._read_request()
        except TimeoutError:
            raise Refused(408, "timeout_error", "The request took too long to arrive.") from None
        except h11.RemoteProtocolError as error:
            sentence = f"This is not a valid HTTP/1.1 request: {error}."
            raise Refused(error.error_status_hint, "invalid_request_error", sentence) from None

    async def _read_request(self) -> Request | None:
        head = await self._event()
        if not isinstance(head, h11.Request):
            return None
        headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
        self._admit(int(headers.get("content-length", "0")))
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            self._admit(len(body))
        target, method = head.target.decode("ascii"), head.method.decode("ascii")
        return Request(method=method, target=target, headers=headers, body=bytes(body))

    def _admit(self, size_bytes: int) -> None:
        if size_bytes > self._limits.body_bytes:
            limit_mib = self._limits.body_bytes >> 20
            raise Refused(413, "invalid_request_error", f"The body is over {limit_mib} MiB; send a smaller one.")

    async def _event(self) -> object:
        while True:
            event = self._wire.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._wire.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self._wire.receive_data(await self._reader.read(CHUNK_BYTES))

    async def _respond(self, method: str, response: Response) -> None:
        headers = [("date", formatdate(usegmt=True)), *response.headers]
        if response.body or response.rest:
            headers.append(("content-type", response.content_type))
        if response.rest is None:
            headers.append(("content-length", str(len(response.body))))
        async with contextlib.AsyncExitStack() as stack:
            if response.rest is not None:
                await stack.enter_async_context(contextlib.aclosing(response.rest))
            reason = HTTPStatus(response.status).phrase
            await self._send(h11.Response(status_code=response.status, reason=reason, headers=headers))
            if method != "HEAD":
                await self._send(h11.Data(data=response.body))
                if response.rest is not None:
                    async for piece in response.rest:
                        await self._send(h11.Data(data=piece))
        await self._send(h11.EndOfMessage())

    async def _turn_away(self, refused: Refused) -> None:
        """Answer a request that was not read to its end. Closing at once would reset the answer with it: linger."""
        headers = (("connection", "close"),)
        await self._respond("", Response(status=refused.status, body=refused.body(), headers=headers))
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while await self._reader.read(CHUNK_BYTES):
                    pass

    async def _send(self, event: h11.Event) -> None:
        self._writer.write(self._wire.send(event) or b"")
        async with asyncio.timeout(self._limits.write_s):
            await self._writer.drain()
