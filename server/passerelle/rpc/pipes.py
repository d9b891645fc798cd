"""The two ends of one client's byte stream, without ever blocking the event loop.

Pipes and sockets are driven by the loop itself. Anything else (files, terminals, Windows) gets a thread for each end.
"""

import asyncio
import os
import stat
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

READ_BYTES = 1 << 20


class Sink(Protocol):
    """Where outgoing bytes go. `waiting_bytes` is what the client has not yet taken."""

    @property
    def waiting_bytes(self) -> int: ...

    def write(self, data: bytes) -> None: ...

    async def aclose(self, limit_s: float) -> None:
        """Wait for the client to take what waits, at most `limit_s`, then let go."""


class Source(Protocol):
    """Where incoming bytes come from; `pause` holds them back while the client does not read our answers."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self) -> None: ...


class PipeSource(asyncio.Protocol):
    """Standard input as a pipe or socket."""

    def __init__(self, received: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self.data_received = received  # type: ignore[method-assign,assignment]  # One call less for each chunk.
        self._ended = ended
        self._transport: asyncio.ReadTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.ReadTransport)  # noqa: S101  # For mypy; asyncio promises it.
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]  # 256 KiB a read otherwise.
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._ended()

    def eof_received(self) -> None:
        """`connection_lost` follows and says it."""

    def pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class PipeSink(asyncio.BaseProtocol):
    """Standard output as a pipe or socket: asyncio keeps what the client does not take yet."""

    def __init__(self, drained: Callable[[], None], ended: Callable[[], None]) -> None:
        self._drained = drained
        self._ended = ended
        self._transport: asyncio.WriteTransport | None = None
        self._empty = asyncio.Event()
        self._empty.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  # For mypy; asyncio promises it.
        transport.set_write_buffer_limits(high=0)  # Tell us as soon as anything waits, and when nothing does.
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._empty.set()
        self._ended()

    def pause_writing(self) -> None:
        self._empty.clear()

    def resume_writing(self) -> None:
        self._empty.set()
        self._drained()

    @property
    def waiting_bytes(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    async def aclose(self, limit_s: float) -> None:
        transport = self._transport
        if transport is None:
            return
        try:
            async with asyncio.timeout(limit_s):
                await self._empty.wait()
        except TimeoutError:
            transport.abort()
        transport.close()


class ThreadSource:
    """Standard input of any kind, read by a thread. `pause` is not needed there: nobody stalls a file."""

    def __init__(self, received: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        # A daemon thread: a read of a terminal cannot be interrupted, and must not keep the process.
        Thread(target=self._read, name="stdin", daemon=True).start()

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self) -> None: ...

    def _read(self) -> None:
        data = b""
        while True:
            try:
                data = os.read(sys.stdin.fileno(), READ_BYTES)
            except OSError:
                data = b""
            try:
                if not data:
                    self._loop.call_soon_threadsafe(self._ended)
                    return
                self._loop.call_soon_threadsafe(self._received, data)
            except RuntimeError:  # The loop is closed: the daemon ended first.
                return


class ThreadSink:
    """Standard output of any kind, written by a thread."""

    def __init__(self, drained: Callable[[], None], ended: Callable[[], None]) -> None:
        self._drained = drained
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._waiting_bytes = 0
        self._thread = Thread(target=self._drain, name="stdout", daemon=True)
        self._thread.start()

    @property
    def waiting_bytes(self) -> int:
        return self._waiting_bytes

    def write(self, data: bytes) -> None:
        self._waiting_bytes += len(data)
        self._queue.put(data)

    async def aclose(self, limit_s: float) -> None:
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, limit_s)

    def _drain(self) -> None:
        descriptor = sys.stdout.fileno()
        while (data := self._queue.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[os.write(descriptor, view) :]
                self._loop.call_soon_threadsafe(self._taken, len(data))
            except (OSError, RuntimeError):
                self._tell_ended()
                return

    def _tell_ended(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._ended)
        except RuntimeError:  # The loop is closed: nobody waits to be told.
            return

    def _taken(self, size_bytes: int) -> None:
        self._waiting_bytes -= size_bytes
        if self._waiting_bytes == 0:
            self._drained()


async def open_source(received: Callable[[bytes], None], ended: Callable[[], None]) -> Source:
    """Standard input, read by the loop where it can be."""
    if not _is_loop_driven(sys.stdin.fileno()):
        return ThreadSource(received, ended)
    loop = asyncio.get_running_loop()
    _, source = await loop.connect_read_pipe(lambda: PipeSource(received, ended), sys.stdin)
    return source


async def open_sink(drained: Callable[[], None], ended: Callable[[], None]) -> Sink:
    """Standard output, written by the loop where it can be."""
    if not _is_loop_driven(sys.stdout.fileno()):
        return ThreadSink(drained, ended)
    loop = asyncio.get_running_loop()
    _, sink = await loop.connect_write_pipe(lambda: PipeSink(drained, ended), sys.stdout)
    return sink


def _is_loop_driven(descriptor: int) -> bool:
    """A pipe or socket that stderr does not share: asyncio makes it non-blocking, and a log line would then fail."""
    if sys.platform == "win32":
        return False
    here = os.fstat(descriptor)
    if not (stat.S_ISFIFO(here.st_mode) or stat.S_ISSOCK(here.st_mode)):
        return False
    try:
        errors = os.fstat(sys.stderr.fileno())
    except (OSError, AttributeError, ValueError):
        return True
    return (here.st_dev, here.st_ino) != (errors.st_dev, errors.st_ino)
