"""A gateway as a process of its own, fast enough not to be what is measured: its chunks are encoded beforehand.

What a chat gets is said by the name of its model:
- `burst-N`: N deltas as fast as they are taken;
- `paced-STREAMS-RATE-N-PADDING`: waits until so many chats ask for it, then gives each N deltas at RATE a second, of
  the monotonic time in nanoseconds (20 digits) and some padding;
- `held`: one delta, then nothing.

It writes lines to stdout: its port, then the monotonic second at which a client hung up on an unfinished chat.
"""

import asyncio
import re
import sys
import time
from functools import cache
from pathlib import Path

from support.shapes import CHUNK_END, DONE, ROLE, STREAM_HEAD, head, last, text

PIECE = "token "
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_MODEL = re.compile(rb'"model": ?"([a-z]+)([-0-9]*)"')
_STAMP = "0" * 20
_START = STREAM_HEAD + ROLE
_END = last() + DONE + CHUNK_END


class Gateway:
    def __init__(self, catalogue: bytes) -> None:
        headers = {"content-type": "application/json", "etag": '"1"'}
        self._listing = head(200, headers, length=len(catalogue)) + catalogue
        self._waiting: dict[bytes, list[Exchange]] = {}
        self._pacing: set[asyncio.Task[None]] = set()

    def answer(self, request: bytes, exchange: "Exchange") -> None:
        model = _MODEL.search(request)
        if request.startswith(b"GET") or model is None:
            exchange.write(self._listing)
            return
        numbers = [int(part) for part in model[2].split(b"-")[1:]]
        exchange.begin()
        match model[1]:
            case b"burst":
                exchange.write(burst(numbers[0]))
                exchange.finish()
            case b"paced":
                self._gather(model[2], numbers, exchange)
            case b"held":
                exchange.write(text(PIECE))

    def _gather(self, group: bytes, numbers: list[int], exchange: "Exchange") -> None:
        waiting = self._waiting.setdefault(group, [])
        waiting.append(exchange)
        if len(waiting) == numbers[0]:
            del self._waiting[group]
            task = asyncio.create_task(_pace(waiting, *numbers[1:]))
            self._pacing.add(task)
            task.add_done_callback(self._pacing.discard)


class Exchange(asyncio.Protocol):
    """One connection; a client asks again only when it was answered."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._buffer = b""
        self._is_unfinished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        top, end, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(top)
        if end and len(body) >= (int(length[1]) if length else 0):
            request, self._buffer = self._buffer, b""
            self._gateway.answer(request, self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        if self._is_unfinished:
            self._is_unfinished = False
            say(f"{time.monotonic():.6f}")

    def begin(self) -> None:
        self._is_unfinished = True
        self.write(_START)

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def finish(self) -> None:
        if self._is_unfinished:
            self.write(_END)
            self._is_unfinished = False


@cache
def burst(deltas: int) -> bytes:
    """So many deltas, each in a chunk of its own."""
    return text(PIECE) * deltas


async def _pace(exchanges: list[Exchange], rate: int, deltas: int, padding: int) -> None:
    """All at the same rate, each at its own moment."""
    before, after = text(_STAMP + "x" * padding).split(_STAMP.encode())
    now = asyncio.get_running_loop().time
    started_at = now()
    for number in range(deltas * len(exchanges)):
        pause_s = started_at + number / (rate * len(exchanges)) - now()
        if pause_s > 0:
            await asyncio.sleep(pause_s)
        exchanges[number % len(exchanges)].write(b"%b%020d%b" % (before, time.monotonic_ns(), after))
    for exchange in exchanges:
        exchange.finish()


async def serve(catalogue: bytes) -> None:
    gateway = Gateway(catalogue)
    server = await asyncio.get_running_loop().create_server(lambda: Exchange(gateway), "127.0.0.1", 0, backlog=200)
    say(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).read_bytes()))
