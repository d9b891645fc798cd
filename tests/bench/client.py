"""A small blocking LSP client of one server process. It notes when each message came, and understands none of them."""

import itertools
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
from msgspec import Raw, Struct

from bench.process import cpu_s, rss_mb
from passerelle.protocol.frames import FrameDecoder, framed

WAIT_S = 30.0
READ_BYTES = 1 << 20
DELTA = "passerelle/chat/delta"
JsonObject = dict[str, object]


class Message(Struct):
    """Any message. Its payload stays as it came."""

    id: int | str | None = None
    method: str = ""
    params: Raw = Raw(b"null")
    result: Raw = Raw(b"null")
    error: Raw = Raw()


class Arrival(NamedTuple):
    """A message, and the monotonic moment at which it was read."""

    at_s: float
    message: Message


class Client:
    """Starts the server with the block and ends it with the block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.started_at_s = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), cwd=folder, bufsize=0
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._decode = msgspec.json.Decoder(Message).decode
        self._ids, self._tokens = itertools.count(1), itertools.count(1)
        self._arrivals = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def cpu_s(self) -> float:
        return cpu_s(self._process.pid)

    @property
    def rss_mb(self) -> float:
        return rss_mb(self._process.pid)

    def initialize(self, *folders: Path) -> Arrival:
        """`initialize` and `initialized`, as an editor with these folders open; when the first was answered."""
        named = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        params: JsonObject = {"processId": os.getpid(), "rootUri": None, "workspaceFolders": named, "capabilities": {}}
        answer = self.request("initialize", params)
        self.notify("initialized", {})
        return answer

    def request(self, method: str, params: object) -> Arrival:
        """Send a request and wait for its answer."""
        return self.answer(self.send(method, params))

    def chat(self, model: str) -> int:
        """Begin a chat; the id of its request."""
        messages = [{"role": "user", "content": "Hi"}]
        return self.send("passerelle/chat", {"token": str(next(self._tokens)), "model": model, "messages": messages})

    def cancel(self, identity: int) -> None:
        self.notify("$/cancelRequest", {"id": identity})

    def send(self, method: str, params: object) -> int:
        """Send a request; its id."""
        identity = next(self._ids)
        self._write({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})
        return identity

    def notify(self, method: str, params: object) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def answer(self, identity: int) -> Arrival:
        """The answer to a request; what comes before it is passed over."""
        return next(arrival for arrival in self._arrivals if _is_answer(arrival, identity))

    def notification(self, method: str) -> Arrival:
        """The next notification of this method; what comes before it is passed over."""
        return next(arrival for arrival in self._arrivals if arrival.message.method == method)

    def deltas_until_answered(self, identities: Sequence[int]) -> list[Arrival]:
        """What chats say until all of them are answered."""
        deltas: list[Arrival] = []
        missing = set[int | str | None](identities)
        while missing:
            arrival = next(self._arrivals)
            if arrival.message.method == DELTA:
                deltas.append(arrival)
            elif arrival.message.id in missing:
                _refuse_error(arrival.message)
                missing.remove(arrival.message.id)
        return deltas

    def read_until(self, moment_s: float) -> None:
        """Take what comes until then, and pass it over."""
        while (left_s := moment_s - time.monotonic()) > 0:
            if select.select([self._stdout], [], [], left_s)[0]:
                next(self._arrivals)

    def _read(self) -> Iterator[Arrival]:
        decoder = FrameDecoder()
        while True:
            if not select.select([self._stdout], [], [], WAIT_S)[0]:
                raise TimeoutError(f"nothing came for {WAIT_S} s")
            data = os.read(self._stdout, READ_BYTES)
            at_s = time.monotonic()
            if not data:
                raise EOFError("the server ended")
            for body in decoder.feed(data):
                assert isinstance(body, bytes), body
                yield Arrival(at_s, self._decode(body))

    def _write(self, message: object) -> None:
        view = memoryview(framed(json.dumps(message).encode()))
        while view:
            view = view[os.write(self._stdin, view) :]


def _is_answer(arrival: Arrival, identity: int) -> bool:
    message = arrival.message
    if message.method or message.id != identity:
        return False
    _refuse_error(message)
    return True


def _refuse_error(message: Message) -> None:
    """A failure is no measurement."""
    if bytes(message.error):
        raise RuntimeError(bytes(message.error).decode())
