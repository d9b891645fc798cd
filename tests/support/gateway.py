"""A gateway on a real socket that does what its script says: streams, stalls, cuts, lies, refuses.

It decides nothing by itself and knows nothing of the daemon. What a script may hold: `Step`.
"""

import asyncio
import json
import re
import struct
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import Enum
from socket import SO_LINGER, SOL_SOCKET
from typing import NamedTuple
from urllib.parse import parse_qs

from support.shapes import head, listing, replies, says

CHAT_PATH = "/v1/chat/completions"
MODELS_PATH = "/v1/models"
CREDITS_PATH = "/v1/credits"
GENERATION_PATH = "/v1/generation"
ENDPOINTS_PATH = re.compile(r"/v1/models/.+/endpoints")
WAIT_S = 20.0


class End(Enum):
    """How a script may end other than by keeping the connection for the next request."""

    STALL = "say nothing more until the client hangs up"
    CLOSE = "close the connection, whatever was promised"
    RESET = "close it abruptly: the client sees a reset"


Step = bytes | asyncio.Event | End
"""Bytes are sent as they are; an event is waited for; an `End` ends."""
Script = Sequence[Step]


NO_SUCH_PAGE: Script = replies(404, b"<html>404</html>", headers={"content-type": "text/html"})
NOT_KNOWN_YET: Script = replies(404, b'{"error":"Generation not found"}', headers={"content-type": "application/json"})
"""Flat, unlike all its other errors: so does Vercel's gateway."""


class Request(NamedTuple):
    """What the client sent. Header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        decoded = json.loads(self.body)
        assert isinstance(decoded, dict)
        return decoded


class Exchange:
    """One request, and what became of its connection."""

    def __init__(self, request: Request, hung_up: "asyncio.Future[float]") -> None:
        self.request = request
        self._hung_up = hung_up

    @property
    def is_hung_up(self) -> bool:
        return self._hung_up.done()

    async def hung_up(self) -> float:
        """Wait until the client has closed the connection; the loop's time at which it did."""
        async with asyncio.timeout(WAIT_S):
            return await asyncio.shield(self._hung_up)


class ScriptedGateway:
    """`queue` scripts for the chats to come; `otherwise` serves when none is queued.

    `chats` and `listings` hold the exchanges in the order they began, `questions` those about money and providers:
    `credits` and `endpoints` answer them, and `generations` by id, for an answer that is not there is not known yet.
    """

    def __init__(self) -> None:
        self.chats: asyncio.Queue[Exchange] = asyncio.Queue()
        self.listings: asyncio.Queue[Exchange] = asyncio.Queue()
        self.questions: asyncio.Queue[Exchange] = asyncio.Queue()
        self.strays: list[Request] = []
        self.faults: list[BaseException] = []
        self.otherwise: Script = says("Hello")
        self.models: Script | None = None
        self.catalogue: bytes = listing()
        self.etag: str | None = None
        self.credits: Script = NO_SUCH_PAGE
        self.endpoints: Script = NO_SUCH_PAGE
        self.generations: dict[str, Script] = {}
        self._queued: deque[Script] = deque()
        self._connections: set[_Connection] = set()
        self._port = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/v1"

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._connections)

    def queue(self, *scripts: Iterable[Step]) -> None:
        self._queued.extend(tuple(script) for script in scripts)

    async def chat(self) -> Exchange:
        """The next chat request that nobody has looked at."""
        async with asyncio.timeout(WAIT_S):
            return await self.chats.get()

    async def listing(self) -> Exchange:
        """The next request for the models that nobody has looked at."""
        async with asyncio.timeout(WAIT_S):
            return await self.listings.get()

    async def question(self) -> Exchange:
        """The next request about money or providers that nobody has looked at."""
        async with asyncio.timeout(WAIT_S):
            return await self.questions.get()

    def forget(self) -> None:
        """Between two tests that share a gateway. A script that was never played is a fault of the test."""
        left, self._queued = self._queued, deque()
        self.otherwise, self.models, self.catalogue, self.etag = says("Hello"), None, listing(), None
        self.credits, self.endpoints, self.generations = NO_SUCH_PAGE, NO_SUCH_PAGE, {}
        for queue in (self.chats, self.listings, self.questions):
            while not queue.empty():
                queue.get_nowait()
        self._judge()
        assert not left, f"{len(left)} scripts were never played"

    def answer(self, exchange: Exchange) -> Script:
        """The script of one request; it is noted for the test to see."""
        request = exchange.request
        if (request.method, request.path) == ("POST", CHAT_PATH):
            self.chats.put_nowait(exchange)
            return self._queued.popleft() if self._queued else self.otherwise
        if (request.method, request.path) == ("GET", MODELS_PATH):
            self.listings.put_nowait(exchange)
            return self.models if self.models is not None else self._listing(request)
        if request.method == "GET" and (script := self._told(request.path)) is not None:
            self.questions.put_nowait(exchange)
            return script
        self.strays.append(request)
        return NO_SUCH_PAGE

    def _told(self, path: str) -> Script | None:
        """The answer about money or providers; None if it is something else that is asked."""
        page, _, query = path.partition("?")
        if page == CREDITS_PATH:
            return self.credits
        if page == GENERATION_PATH:
            return self.generations.get(parse_qs(query)["id"][0], NOT_KNOWN_YET)
        return self.endpoints if ENDPOINTS_PATH.fullmatch(page) else None

    def _listing(self, request: Request) -> Script:
        validators = {"etag": self.etag} if self.etag else {}
        if self.etag and request.headers.get("if-none-match") == self.etag:
            return [head(304, validators)]
        headers = {"content-type": "application/json", **validators}
        return [head(200, headers, length=len(self.catalogue)) + self.catalogue]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["ScriptedGateway"]:
        """Listen on a port of the system's choice until the block ends."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(self, self._connections), "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await asyncio.gather(*(connection.end() for connection in self._connections))
            await server.wait_closed()
        self._judge()

    def _judge(self) -> None:
        """A script or a request that could not be read, and a request for what we have not, fail the test."""
        faults, self.faults = self.faults, []
        for fault in faults:
            raise fault
        strays, self.strays = self.strays, []
        assert not strays, f"asked for {[(stray.method, stray.path) for stray in strays]}"


class _Connection(asyncio.Protocol):
    """Reads requests and plays their scripts, one after the other, until either side closes."""

    def __init__(self, gateway: ScriptedGateway, open_ones: "set[_Connection]") -> None:
        loop = asyncio.get_running_loop()
        self._gateway = gateway
        self._open_ones = open_ones
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self._hung_up: asyncio.Future[float] = loop.create_future()
        self._loop = loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_ones.add(self)
        self._serving = self._loop.create_task(self._serve(), name="scripted connection")
        self._serving.add_done_callback(self._served)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._arrived.set()

    def eof_received(self) -> None:
        self._gone()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._gone()
        self._open_ones.discard(self)
        self._serving.cancel()

    async def end(self) -> None:
        self._serving.cancel()
        self._transport.abort()
        await asyncio.wait([self._serving])

    def _served(self, serving: asyncio.Task[None]) -> None:
        if not serving.cancelled() and (fault := serving.exception()) is not None:
            self._gateway.faults.append(fault)
        self._transport.abort()

    def _gone(self) -> None:
        if not self._hung_up.done():
            self._hung_up.set_result(self._loop.time())

    async def _serve(self) -> None:
        while True:
            request = await self._read_request()
            for step in self._gateway.answer(Exchange(request, self._hung_up)):
                await self._take(step)

    async def _take(self, step: Step) -> None:
        if isinstance(step, bytes):
            self._transport.write(step)
        elif isinstance(step, asyncio.Event):
            await step.wait()
        elif step is End.STALL:
            await asyncio.shield(self._hung_up)
        else:
            await self._close(abruptly=step is End.RESET)

    async def _close(self, *, abruptly: bool) -> None:
        if abruptly:
            # No lingering: the kernel sends RST instead of FIN.
            socket = self._transport.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()
        await asyncio.shield(self._hung_up)

    async def _read_request(self) -> Request:
        top = await self._until(b"\r\n\r\n")
        line, *fields = top.decode("latin-1").split("\r\n")
        method, path, _ = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        assert "chunked" not in headers.get("transfer-encoding", ""), "the daemon knows the length of what it sends"
        return Request(method, path, headers, await self._exactly(int(headers.get("content-length", "0"))))

    async def _until(self, end: bytes) -> bytes:
        while (place := self._buffer.find(end)) < 0:
            await self._more()
        found = bytes(self._buffer[:place])
        del self._buffer[: place + len(end)]
        return found

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            await self._more()
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    async def _more(self) -> None:
        self._arrived.clear()
        await self._arrived.wait()
