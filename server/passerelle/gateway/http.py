"""The network edge, on httpx. It sends bytes and hands bytes back; it reads none of them."""

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from passerelle.config.schema import Timeouts
from passerelle.gateway.causes import proxy_refused, unreachable
from passerelle.gateway.limits import Limits
from passerelle.gateway.proxies import proxy_of
from passerelle.gateway.target import NO_QUERY, Target, endpoint, host_of, parts_of
from passerelle.gateway.trust import trust_context
from passerelle.words.failures import Failure

if TYPE_CHECKING:
    import httpcore  # At run time only inside functions, first of all in a thread: importing them takes their time.
    import httpx

KEEPALIVE_S = 300.0
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_REDIRECTS = (301, 302, 303, 307, 308)


class Call(Struct, frozen=True, kw_only=True):
    """One request; a GET if it has no body. Its repr shows neither headers nor body: they hold key and prompt."""

    target: Target
    path: str
    query: Mapping[str, str] = NO_QUERY
    headers: dict[str, str]
    body: bytes | None = None
    timeouts: Timeouts = Timeouts()

    def __repr__(self) -> str:
        return f"Call({self.target!r}, {self.path!r})"


class Reply(Struct, frozen=True, kw_only=True):
    """A whole answer. Header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"


class StreamedReply:
    """An answer whose body is still to come; it lives inside the `stream` block that gave it. Header names are lower
    case.
    """

    def __init__(self, response: "httpx.Response", limits: Limits) -> None:
        self.status: int = response.status_code
        self.headers: dict[str, str] = {name.lower(): value for name, value in response.headers.items()}
        self._response = response
        self._limits = limits

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Time that the reader takes between two chunks does not count as idle."""
        is_packed = "content-encoding" in self.headers  # Model lists are asked for packed; else it is a whim.
        async for chunk in self._response.aiter_bytes() if is_packed else self._response.aiter_raw():
            self._limits.rest()
            yield chunk
            self._limits.wait_for("idle_s")

    async def read_at_most(self, max_bytes: int) -> bytes:
        """The start of the body: all of it, if it is not longer than that."""
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
            if len(body) >= max_bytes:
                break
        return bytes(body[:max_bytes])


class Http:
    """Connections to gateways, kept warm and shared by all calls that go the same way."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._clients: dict[tuple[str | None, str | None], httpx.AsyncClient] = {}
        self._building = asyncio.Lock()

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[StreamedReply]:
        """Send a request and read its answer, whatever its status, except redirects: those are a Failure.

        Leaving the block, in any way, closes the socket, unless the answer was read to its end. To be entered,
        read and left in one task. Raises Failure: `unreachable`, `timedOut` (a TimedOut), `streamBroken`,
        `misconfigured`, `refused`. They come out of the block also while its body reads.
        """
        host = host_of(call.target.url)
        proxy = proxy_of(call.target.url, call.target.proxy, self._environ)
        client = await self._client(proxy, call.target.ca_bundle)
        async with Limits(call.timeouts, host) as limits:
            with _explained(call.target, proxy):
                limits.wait_for("connect_s")
                response = await client.send(_request(client, call, limits), stream=True)
                try:
                    reply = StreamedReply(response, limits)
                    _refuse_redirect(call.target, reply)
                    yield reply
                finally:
                    await response.aclose()

    async def get(self, call: Call, *, max_bytes: int) -> Reply:
        """The whole answer; Failure `refused` if it is larger than that."""
        async with self.stream(call) as reply:
            body = await reply.read_at_most(max_bytes + 1)
        if len(body) > max_bytes:
            raise Failure("refused", f"{host_of(call.target.url)} sent more than {max_bytes} bytes; is its url right?")
        return Reply(status=reply.status, headers=reply.headers, body=body)

    async def prepare(self, target: Target) -> None:
        """Load what the first call to this gateway needs; it connects nowhere."""
        await self._client(proxy_of(target.url, target.proxy, self._environ), target.ca_bundle)

    async def aclose(self) -> None:
        """Close every connection."""
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.aclose()

    async def _client(self, proxy: str | None, ca_bundle: str | None) -> "httpx.AsyncClient":
        async with self._building:
            client = self._clients.get((proxy, ca_bundle))
            if client is None:
                client = await asyncio.to_thread(_build_client, proxy, ca_bundle, self._environ)
                self._clients[proxy, ca_bundle] = client
            return client


def _build_client(proxy: str | None, ca_bundle: str | None, environ: Mapping[str, str]) -> "httpx.AsyncClient":
    """Slow: imports httpx and reads certificates."""
    import httpcore  # noqa: PLC0415
    import httpx  # noqa: PLC0415

    from passerelle.gateway.network import AsyncioBackend, PoolTransport  # noqa: PLC0415 - It imports httpx.

    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # They log URLs and headers.
    context = trust_context(environ, ca_bundle)
    pool = httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=None if proxy is None else _proxy(proxy, context),
        # No bound: each chat has its own anyway, and httpcore 1.0.9 never gives back the place of a connection whose
        # TLS handshake failed behind a proxy. At a bound, all later calls would wait for ever.
        max_connections=None,
        keepalive_expiry=KEEPALIVE_S,
        network_backend=AsyncioBackend(),
    )
    transport = PoolTransport(pool)
    return httpx.AsyncClient(transport=transport, timeout=None, follow_redirects=False)  # noqa: S113 - Limits are ours.


def _proxy(url: str, context: ssl.SSLContext) -> "httpcore.Proxy":
    import httpcore  # noqa: PLC0415

    with suppress(ValueError):
        parts = urlsplit(url)
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        if parts.scheme in _PROXY_SCHEMES and parts.hostname:
            return httpcore.Proxy(url, auth=auth, ssl_context=context if parts.scheme == "https" else None)
    raise Failure("misconfigured", "The proxy is not a URL such as http://proxy.example.com:3128; socks5 works too.")


def _request(client: "httpx.AsyncClient", call: Call, limits: Limits) -> "httpx.Request":
    import httpx  # noqa: PLC0415

    async def trace(event: str, _info: object) -> None:
        if event == "http11.send_request_headers.started":  # The connection stands, be it new or warm.
            limits.wait_for("first_byte_s")

    try:
        request = client.build_request(
            "GET" if call.body is None else "POST",
            endpoint(call.target, call.path, call.query),
            headers=call.headers,
            content=call.body,
            extensions={"trace": trace},
        )
    except (httpx.InvalidURL, TypeError, ValueError):  # A port that is no number, a header that is not ASCII.
        raise _unusable(call.target) from None
    if not request.url.host:
        raise _unusable(call.target)
    return request


def _refuse_redirect(target: Target, reply: StreamedReply) -> None:
    if reply.status not in _REDIRECTS:
        return
    location = reply.headers.get("location", "")
    where = host_of(location if parts_of(location).netloc else target.url)
    raise Failure(
        "refused",
        f"The gateway {target.name} redirects to {where}, which is not followed, since a key is for one address only. "
        f"If {where} is right, put its address into gateways.{target.name}.url.",
        status=reply.status,
    )


@contextmanager
def _explained(target: Target, proxy: str | None) -> Iterator[None]:
    """Turn errors into failures that name the host, never the URL: that may hold a key, as the errors' texts may."""
    import httpcore  # noqa: PLC0415
    import httpx  # noqa: PLC0415

    host = host_of(target.url)
    proxy_host = None if proxy is None else host_of(proxy)
    try:
        yield
    except httpcore.ProxyError as error:
        raise proxy_refused(host, proxy_host or "?", str(error)) from None
    except httpcore.ConnectError as error:
        raise unreachable(host, proxy_host, error) from None
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol):
        raise _unusable(target) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.DecodingError):
        raise Failure("streamBroken", f"The connection to {host} broke; try again.") from None


def _unusable(target: Target) -> Failure:
    return Failure("misconfigured", f"The url or a header of gateways.{target.name} is not valid; mend it there.")
