"""The daemon as a program for one client on stdio: all that is there once is made here, and ended here."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from passerelle.daemon.core import Daemon
from passerelle.protocol.frames import FrameDecoder
from passerelle.rpc.connection import Connection
from passerelle.rpc.front import Opening
from passerelle.rpc.outbox import Outbox
from passerelle.rpc.pipes import open_sink, open_source

if TYPE_CHECKING:
    from passerelle.offline.gateway import OfflineGateway  # At run time only when it is asked for.

FAREWELL_S = 1.0
"""How long a client that left is given to take the last answers."""
MAX_WAITING_BYTES = 32 * 1024 * 1024
"""Of answers that the client does not take: after that its requests wait too."""


def run(opening: Opening) -> int:
    """Serve one client; returns the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    return asyncio.run(_serve(opening))


async def _serve(opening: Opening) -> int:
    code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def leave(exit_code: int) -> None:
        if not code.done():
            code.set_result(exit_code)

    _on_signals(leave)
    embedded = Embedded()
    daemon = Daemon(os.environ, embedded.open, {Path(path): text for path, text in opening.settings.items()})
    daemon.open()
    line = Line(daemon, opening.decoder, leave)
    await line.open()
    line.catch_up(opening)
    gc.freeze()  # The front switched the collector off; what is imported by now lives as long as we do.
    gc.enable()
    try:
        return await code
    finally:
        await line.aclose()
        await daemon.aclose()
        await embedded.aclose()


class Line:
    """Standard input and output, and the connection between them."""

    def __init__(self, daemon: Daemon, decoder: FrameDecoder, leave: Callable[[int], None]) -> None:
        self._daemon = daemon
        self._decoder = decoder
        self._leave = leave

    async def open(self) -> None:
        """Take hold of both ends; nothing is read before this returns."""
        self._sink = await open_sink(self._drained, lambda: self._leave(0))
        self._outbox = Outbox(self._sink)
        self._connection = Connection(self._daemon, self._outbox, self._decoder, self._leave)
        self._source = await open_source(self._receive, lambda: self._leave(0))

    def catch_up(self, opening: Opening) -> None:
        """Serve what the front has read."""
        frames = opening.frames
        if opening.answered and isinstance(frames[0], bytes):
            self._connection.begin(frames[0])
            frames = frames[1:]
        for frame in frames:
            self._connection.take(frame)

    async def aclose(self) -> None:
        """Answer what is in flight, and give the client a moment to take it."""
        self._source.close()
        await self._connection.aclose()
        await self._sink.aclose(FAREWELL_S)

    def _receive(self, data: bytes) -> None:
        self._connection.receive(data)
        if self._outbox.waiting_bytes > MAX_WAITING_BYTES:
            self._source.pause()

    def _drained(self) -> None:
        self._outbox.flush()
        self._source.resume()


class Embedded:
    """The embedded gateway, if it is asked for."""

    def __init__(self) -> None:
        self._gateway: OfflineGateway | None = None

    async def open(self, cache_dir: Path) -> str:
        """Start it; gives its base URL."""
        from passerelle.offline.standalone import open_gateway  # noqa: PLC0415  # Few ask for it.

        self._gateway = await open_gateway(cache_dir)
        return await self._gateway.start()

    async def aclose(self) -> None:
        if self._gateway is not None:
            await self._gateway.aclose()


def _on_signals(leave: Callable[[int], None]) -> None:
    """SIGTERM ends us in good order. Ctrl-C in a terminal reaches every process there: it is our client's to answer,
    and the end of its pipe tells us.
    """
    if not sys.stdin.isatty():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave, 0)
