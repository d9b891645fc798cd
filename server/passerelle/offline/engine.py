"""The small model's process and the road to it: starts it, asks it, ends it. Knows no shape of the gateway."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import h11
import msgspec
from msgspec import Struct

from passerelle.gateway.sse import SSEDecoder

COMMAND = (sys.executable, "-P", "-m", "passerelle.offline.child")
LOAD_S = 60.0
END_S = 2.0
LOADING_PAUSE_S = 0.1
MOST_THREADS = 4
"""More bring a model this small nothing but waiting for each other."""
_CHUNK_BYTES = 1 << 16


class Settings(Struct, frozen=True, kw_only=True):
    """What the process is told on its stdin; `key` is made for one process and lives as long as it."""

    weights: str
    threads: int
    context: int
    key: str


class Ready(Struct, frozen=True):
    port: int


class EngineFailed(Exception):
    """The process did not start, or went away; `returncode` is how it ended, None if it still runs."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(f"returncode {returncode}")
        self.returncode = returncode


class EngineRefused(Exception):
    """The process answered with another status than 200; `body` is its JSON."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


class Engine:
    """One running process. It dies with us, even when we are killed: its stdin is our pipe."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, key: str) -> None:
        self._process = process
        self._port = port
        self._key = key

    @classmethod
    async def start(cls, weights: Path, context: int) -> "Engine":
        """Start the process and wait until the model is loaded. Raises `EngineFailed`."""
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # llama.cpp's log may hold prompts.
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        key = secrets.token_urlsafe(32)
        settings = Settings(weights=str(weights), threads=_threads(), context=context, key=key)
        try:
            return cls(process, await _introduce(process, settings), key)
        except BaseException:
            await _end(process)
            raise

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def aclose(self) -> None:
        """End the process, whatever it is doing."""
        await _end(self._process)

    async def ask(self, body: bytes) -> AsyncGenerator[bytes, None]:
        """The data of each event of a streamed chat completion, as JSON.

        Closing it closes the socket, and with it llama.cpp stops writing. Raises `EngineRefused`, `EngineFailed`.
        """
        try:
            call = await self._open(body)
            try:
                decoder = SSEDecoder()
                while piece := await call.piece():
                    for data in decoder.feed(piece):
                        if data != b"[DONE]":
                            yield data
            finally:
                call.close()
        except (OSError, h11.RemoteProtocolError):
            # The socket breaks a moment before the process is seen to have ended.
            with suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await self._process.wait()
            raise EngineFailed(self._process.returncode) from None

    async def _open(self, body: bytes) -> "_Call":
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            call = _Call(reader, writer)
            try:
                await call.send(body, self._key)
            except EngineRefused as refused:
                call.close()
                if refused.status != 503:  # noqa: PLR2004 - 503 is "still loading".
                    raise
                await asyncio.sleep(LOADING_PAUSE_S)
            except BaseException:
                call.close()
                raise
            else:
                return call


class _Call:
    """One request to the process, on a connection of its own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._wire = h11.Connection(h11.CLIENT)

    def close(self) -> None:
        self._writer.transport.abort()

    async def send(self, body: bytes, key: str) -> None:
        """Send the request and read the answer's head. Raises `EngineRefused` unless it is 200."""
        headers = [
            ("host", "127.0.0.1"),
            ("authorization", f"Bearer {key}"),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ]
        request = h11.Request(method="POST", target="/v1/chat/completions", headers=headers)
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            self._writer.write(self._wire.send(event) or b"")
        await self._writer.drain()
        head = await self._event()
        if isinstance(head, h11.Response) and head.status_code != 200:  # noqa: PLR2004
            said = bytearray()
            while piece := await self.piece():
                said += piece
            raise EngineRefused(head.status_code, bytes(said))

    async def piece(self) -> bytes:
        """The next piece of the answer's body, empty after the last."""
        event = await self._event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    async def _event(self) -> object:
        while (event := self._wire.next_event()) is h11.NEED_DATA:
            self._wire.receive_data(await self._reader.read(_CHUNK_BYTES))
        return event


async def _introduce(process: asyncio.subprocess.Process, settings: Settings) -> int:
    """Tell the process what to load, and wait for its port."""
    to, of = process.stdin, process.stdout
    if to is None or of is None:
        raise EngineFailed(process.returncode)
    try:
        to.write(msgspec.json.encode(settings) + b"\n")
        async with asyncio.timeout(LOAD_S):
            await to.drain()
            line = await of.readline()
            if not line:
                await process.wait()
        return msgspec.json.decode(line, type=Ready).port
    except (OSError, TimeoutError, msgspec.DecodeError):
        raise EngineFailed(process.returncode) from None


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()  # It keeps nothing that is worth a goodbye.
    await process.wait()


def _threads() -> int:
    """One core is left to the person's editor: with all of them taken, a busy machine slows to a crawl."""
    return min(MOST_THREADS, max(1, (os.cpu_count() or 2) - 1))


def _environment() -> dict[str, str]:
    """Ours, with the package to be found where we found it, also when we run from a source tree."""
    root = str(Path(__file__).parents[2])
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else root}
