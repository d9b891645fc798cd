"""httpx on plain asyncio connections. Its own go through anyio: that costs a third more time for each piece of a
stream, and leaves a socket open when a TLS handshake is cancelled.

Time limits are kept by limits.py, so those that httpcore hands in are always None here.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import cast

import httpcore
import httpx

_MOST_WAITING_BYTES = 256 << 10
_SECOND_ADDRESS_AFTER_S = 0.25  # RFC 8305, 5: try the next address while the first is silent.


class PoolTransport(httpx.AsyncBaseTransport):
    """What httpx's own transport does, on a pool that was made elsewhere: that one takes no network backend."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Errors stay httpcore's."""
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=cast("httpx.AsyncByteStream", request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The iterator of httpcore: a generator around it would cost time for each piece."""
        return cast("AsyncIterable[bytes]", self._response.stream).__aiter__()

    async def aclose(self) -> None:
        await self._response.aclose()


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """What httpcore's pool asks for a connection."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface.
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.create_connection(
                _Inbox, host, port, happy_eyeballs_delay=_SECOND_ADDRESS_AFTER_S
            )
        except (OSError, UnicodeError) as error:  # The latter for a name that DNS cannot hold.
            raise httpcore.ConnectError from error
        return _Stream(transport, protocol)


class _Inbox(asyncio.Protocol):
    """Holds what came until it is read; stops the transport while too much waits."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.has_ended = False
        self.error: Exception | None = None
        self._news: asyncio.Future[None] | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        if len(self.waiting) > _MOST_WAITING_BYTES and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        self.has_ended = True
        self._tell()

    def connection_lost(self, error: Exception | None) -> None:
        self.has_ended = True
        self.error = error
        self._can_write.set()
        self._tell()

    def pause_writing(self) -> None:
        self._can_write.clear()

    def resume_writing(self) -> None:
        self._can_write.set()

    async def news(self) -> None:
        """Wait for data, the end, or a loss."""
        self._news = asyncio.get_running_loop().create_future()
        await self._news

    async def drained(self) -> None:
        await self._can_write.wait()

    def take(self, max_bytes: int) -> bytes:
        data = bytes(self.waiting[:max_bytes])
        del self.waiting[:max_bytes]
        if self._is_paused and not self.waiting and not self.has_ended:
            self._is_paused = False
            self.transport.resume_reading()
        return data

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, transport: asyncio.Transport, inbox: _Inbox) -> None:
        self._transport = transport
        self._inbox = inbox

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        inbox = self._inbox
        while not inbox.waiting:
            if inbox.error is not None:
                raise httpcore.ReadError from inbox.error
            if inbox.has_ended:
                return b""
            await inbox.news()
        return inbox.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        self._transport.write(buffer)
        await self._inbox.drained()
        if self._transport.is_closing():
            raise httpcore.WriteError from self._inbox.error

    async def aclose(self) -> None:
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(self._transport, self._inbox, ssl_context, server_hostname=server_hostname)
        except OSError as error:  # ssl.SSLError is one.
            raise httpcore.ConnectError from error
        if transport is None:  # asyncio says so where the connection was lost meanwhile.
            raise httpcore.ConnectError
        self._inbox.transport = transport
        return _Stream(transport, self._inbox)

    def get_extra_info(self, info: str) -> object:
        """Httpcore asks for the TLS state, and whether an idle connection has something to say: that is its end."""
        if info == "is_readable":
            return bool(self._inbox.waiting) or self._inbox.has_ended
        return self._transport.get_extra_info(info) if info == "ssl_object" else None
