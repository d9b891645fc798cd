"""A JSON-RPC client of our own for tests; it shares no code with the daemon, neither pygls nor `passerelle.client`.

It watches the invariants of every session: frames only on stdout, one answer for each request, deltas numbered and
before their answer, nothing unread, no trace and no secret anywhere. `aclose` fails with all that was broken.
"""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from support.chat import Chat
from support.messages import JsonObject, RpcError, frame

WAIT_S = 30.0
END_S = 15.0
MADE_UP_KEY = "made-up-key-9d1f"
"""Begins every secret of the tests: it must reach the gateway and nothing else."""
PROMPT_MARK = "made-up prompt"
"""Begins every prompt of the tests: it must not reach a log."""
UNINTERESTING = frozenset({"passerelle/didChangeStatus", "passerelle/didChangeModels"})

T = TypeVar("T")
Answerer = Callable[[object], object]


class Pending:
    """A request in flight: await it, or take it back."""

    def __init__(self, client: "RpcClient", identity: int | str, method: str) -> None:
        self._client = client
        self.identity = identity
        self.method = method
        self.answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def __await__(self) -> Generator[object, None, object]:
        return self._client.wait(f"the answer to {self.method}", self.answer).__await__()

    def cancel(self) -> None:
        """Send `$/cancelRequest`; the request must still be answered."""
        self._client.notify("$/cancelRequest", {"id": self.identity})


class RpcClient:
    """One daemon process and the editor's end of its pipes.

    `answers` serve the daemon's requests, `declined` ones get an error, any other is a fault. `uninteresting`
    notifications need not be read. `exit_code` is the one that is expected.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.uninteresting = set(UNINTERESTING)
        self.answers: dict[str, Answerer] = {}
        self.declined: set[str] = set()
        self.exit_code = 0
        self._held: dict[str, asyncio.Event] = {}
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._errors = bytearray()
        self._faults: list[str] = []
        self._pending: dict[int | str, Pending] = {}
        self._chats: dict[str, Chat] = {}
        self._notified: defaultdict[str, asyncio.Queue[object]] = defaultdict(asyncio.Queue)
        self._unaddressed: asyncio.Queue[RpcError] = asyncio.Queue()
        self._count = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._reading = asyncio.create_task(self._read(), name="stdout of the daemon")
        self._logging = asyncio.create_task(self._log(), name="stderr of the daemon")

    # What an editor does.

    async def initialize(
        self,
        *,
        folders: Sequence[Path] = (),
        options: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
    ) -> object:
        """`initialize` and `initialized`; the result of the first. `params` go before ours."""
        ours = {
            "processId": os.getpid(),
            "clientInfo": {"name": "passerelle tests"},
            "rootUri": None,
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name} for folder in folders] or None,
            "capabilities": {},
            "initializationOptions": {"passerelle": dict(options or {})},
        }
        result = await self.request("initialize", {**ours, **(params or {})})
        self.notify("initialized", {})
        return result

    def request(self, method: str, params: object = None) -> Pending:
        """Send a request now; await what is returned for its result, or `RpcError`."""
        self._count += 1
        pending = Pending(self, self._count, method)
        self._pending[pending.identity] = pending
        self.send({"id": pending.identity, "method": method, "params": params})
        return pending

    def expect(self, identity: int | str) -> Pending:
        """The answer to a request that is sent as raw bytes."""
        pending = self._pending[identity] = Pending(self, identity, f"request {identity!r}")
        return pending

    def notify(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def chat(self, prompt: str = PROMPT_MARK, /, **params: object) -> Chat:
        """Begin a chat; `params` are those of `passerelle/chat`."""
        self._count += 1
        token = f"chat-{self._count}"
        messages = [{"role": "user", "content": prompt}]
        return self.watch(token, self.request("passerelle/chat", {"token": token, "messages": messages, **params}))

    def watch(self, token: str, pending: Pending) -> Chat:
        """The chat whose deltas have this token."""
        chat = self._chats[token] = Chat(pending)
        return chat

    def open(self, path: Path, text: str) -> None:
        """`textDocument/didOpen`: what the editor shows may differ from the disk."""
        document = {"uri": path.as_uri(), "languageId": "plaintext", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def send(self, message: JsonObject) -> None:
        self.raw(frame({"jsonrpc": "2.0", **message}))

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self._stdin.write(data)

    async def flush(self) -> None:
        """Wait until the daemon has taken what was sent."""
        await self.wait("the daemon to read", self._stdin.drain())

    def close_input(self) -> None:
        self._stdin.close()

    def stop_reading(self) -> None:
        """From the next message on nobody takes what the daemon writes, as an editor that hangs."""
        self._may_read.clear()

    def read_on(self) -> None:
        self._may_read.set()

    def forgive(self) -> None:
        """What was cut off by the test's own doing is no fault of the daemon."""
        self._pending.clear()
        self._faults.clear()

    # What the daemon says.

    async def notification(self, method: str) -> object:
        """The params of the next notification of a method."""
        return await self.wait(f"a {method} notification", self._notified[method].get())

    async def notification_with(self, method: str, accept: Callable[[object], bool]) -> object:
        """The first notification of a method that `accept` takes; those before it are passed over."""
        while not accept(params := await self.notification(method)):
            pass
        return params

    async def shown(self, chat: Chat, text: str) -> None:
        """Wait until a chat has shown exactly this text."""
        await self.wait(f"a chat to show {text!r}, it shows {chat.text!r}", chat.shows(text))

    def pass_over(self, method: str) -> None:
        """Forget the notifications of a method that have come so far."""
        self._notified[method] = asyncio.Queue()

    def hold(self, method: str) -> asyncio.Event:
        """Never answer the daemon's requests of this method; the event says that one has come."""
        return self._held.setdefault(method, asyncio.Event())

    async def unaddressed(self) -> RpcError:
        """The next error whose id is null."""
        return await self.wait("an error with id null", self._unaddressed.get())

    async def wait(self, what: str, awaitable: Awaitable[T]) -> T:
        """Everything is waited for here: with a limit, and with the daemon's own words if it fails."""
        try:
            async with asyncio.timeout(WAIT_S):
                return await awaitable
        except TimeoutError:
            raise AssertionError(f"waited {WAIT_S} s for {what}\n{self.told}") from None

    async def ended(self) -> int:
        """The exit code, once the process has ended."""
        await self.wait("the daemon to end", asyncio.wait([self._logging]))
        self._may_read.set()  # Before `wait`, which returns only when all pipes are read to their end.
        code = await self.wait("the daemon's exit code", self.process.wait())
        await self.wait("the end of its pipes", asyncio.wait([self._reading]))
        return code

    @property
    def told(self) -> str:
        """What the daemon wrote to stderr."""
        return f"--- stderr of the daemon ---\n{self._errors.decode(errors='replace')[-8000:]}"

    def settle(self) -> None:
        """Fail with all that was broken so far; for the end of each test that shares a daemon."""
        self._faults += [f"never answered: {pending.method}" for pending in self._pending.values()]
        for method, queue in self._notified.items():
            while not queue.empty():
                params = queue.get_nowait()
                if method not in self.uninteresting:
                    self._faults.append(f"never read: {method} {json.dumps(params)[:400]}")
        while not self._unaddressed.empty():
            self._faults.append(f"never read: {self._unaddressed.get_nowait()}")
        faults, self._faults = self._faults, []
        self._pending.clear()
        assert not faults, "\n".join([*faults, self.told])

    async def aclose(self) -> None:
        """End the session as an editor does, and fail if any of its invariants was broken."""
        if self.process.returncode is None and not self._stdin.is_closing():
            await self.request("shutdown")
            self.notify("exit", None)
            self._stdin.close()
        async with asyncio.timeout(END_S):
            code = await self.ended()
        if code != self.exit_code:
            self._faults.append(f"exit code {code}")
        self._look_for(b"Traceback (most recent call last)", bytes(self._errors), "a trace on stderr")
        self._look_for(MADE_UP_KEY.encode(), bytes(self._errors), "a secret on stderr")
        self._look_for(PROMPT_MARK.encode(), bytes(self._errors), "a prompt on stderr")
        self.settle()

    async def kill(self) -> None:
        """After a failure: leave no process behind."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self._reading.cancel()
        await self.process.wait()
        await asyncio.wait([self._reading, self._logging])

    # How it is read.

    async def _log(self) -> None:
        while data := await self._stderr.read(65536):
            self._errors += data

    async def _read(self) -> None:
        try:
            while (body := await self._read_frame()) is not None:
                self._look_for(MADE_UP_KEY.encode(), body, "a secret on stdout")
                self._receive(json.loads(body))
        except Exception as error:  # noqa: BLE001  # Whatever is wrong with it: `settle` says so.
            self._faults.append(f"stdout holds what is no frame or no message: {error!r}")
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(AssertionError(f"the daemon ended before it answered\n{self.told}"))
                pending.answer.exception()

    async def _read_frame(self) -> bytes | None:
        await self._may_read.wait()
        try:
            top = await self._stdout.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        name, _, length = top.partition(b":")
        if name != b"Content-Length":
            raise ValueError(top[:200])
        return await self._stdout.readexactly(int(length))

    def _receive(self, message: JsonObject) -> None:
        method, identity = message.get("method"), message.get("id")
        if method is None:
            self._receive_answer(identity, message)
        elif identity is not None:
            self._answer(identity, str(method), message.get("params"))
        elif method == "passerelle/chat/delta":
            self._receive_delta(message["params"])
        else:
            self._notified[str(method)].put_nowait(message.get("params"))

    def _receive_answer(self, identity: object, message: JsonObject) -> None:
        if ("result" in message) == ("error" in message):
            self._faults.append(f"an answer needs a result or an error: {sorted(message)}")
        if identity is None:
            self._unaddressed.put_nowait(RpcError(message["error"]))
            return
        pending = self._pending.pop(identity, None) if isinstance(identity, int | str) else None
        if pending is None:
            self._faults.append(f"answered twice, or never asked: {identity!r}")
        elif "error" in message:
            pending.answer.set_exception(RpcError(message["error"]))
            # A test may look at an error late, or only count on its being there.
            pending.answer.exception()
        else:
            pending.answer.set_result(message.get("result"))

    def _receive_delta(self, params: object) -> None:
        assert isinstance(params, dict)
        chat = self._chats.get(params["token"])
        fault = "delta of no chat" if chat is None else chat.receive(params)
        if fault:
            self._faults.append(f"{fault}: {json.dumps(params)[:400]}")

    def _answer(self, identity: object, method: str, params: object) -> None:
        answerer = self.answers.get(method)
        if method in self._held:
            self._held[method].set()
        elif answerer is None:
            if method not in self.declined:
                self._faults.append(f"a request that this client did not offer to answer: {method}")
            self.send({"id": identity, "error": {"code": -32601, "message": method}})
        else:
            self.send({"id": identity, "result": answerer(params)})

    def _look_for(self, forbidden: bytes, data: bytes, what: str) -> None:
        if forbidden in data:
            self._faults.append(what)
