"""A daemon that does what its script says, over real pipes: `python fake_daemon.py SCRIPT LOG`. Standard library only.

A script is a list of steps for each method; a step is one key and its value:
`notify` [method, params] · `ask` [method, params], and wait for the answer · `await` a method: read until it comes ·
`result` or `error`, the answer · `stderr` text · `stdout` raw text · `exit` a code, at once ·
`interrupt`: send Ctrl-C to who started it · `pause` until stdin ends · `next`: lists of steps, one for each time ·
`environment`: note the value of a variable in LOG, as a message of that method.
What it receives is written to LOG, one JSON value a line.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

SERVER = Path(__file__).parents[2] / "server"
Json = dict[str, object]
Step = Mapping[str, object]
Script = Mapping[str, Sequence[Step]]

EVERY_DAEMON: Script = {
    "initialize": [{"result": {"capabilities": {"experimental": {"passerelle": {"protocol": 1, "chat": True}}}}}],
    "shutdown": [{"result": None}],
    "exit": [{"exit": 0}],
}
COMMAND_LINE = """
import json, sys
from passerelle.cli.commands import main
sys.exit(main(sys.argv[2:], launch=json.loads(sys.argv[1])))
"""


class FakeDaemon(NamedTuple):
    """How to start one, and what it received."""

    script: Path
    log: Path

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-S", "-E", str(Path(__file__)), str(self.script), str(self.log)]

    def cli(self, *words: str) -> list[str]:
        """The command line of `passerelle WORDS` that speaks to it."""
        return [sys.executable, "-P", "-c", COMMAND_LINE, json.dumps(self.command), *words]

    def received(self, method: str) -> list[Json]:
        """The params of each message of that method, in order."""
        messages = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [message.get("params") for message in messages if message.get("method") == method]


def write_script(folder: Path, script: Script) -> FakeDaemon:
    """A daemon that follows `script`, and for all else does what every daemon does."""
    fake = FakeDaemon(folder / "script.json", folder / "received.jsonl")
    fake.script.write_text(json.dumps({**EVERY_DAEMON, **script}), "utf-8")
    fake.log.touch()
    return fake


class _Session:
    def __init__(self, script: Script, log: BinaryIO) -> None:
        self._script = script
        self._log = log

    def serve(self) -> None:
        while (message := self._read()) is not None:
            method = message.get("method")
            self._follow(
                message, self._script.get(str(method), [{"error": _unknown(method)}] if "id" in message else [])
            )

    def _follow(self, message: Json, steps: Sequence[Step]) -> None:
        for step in steps:
            ((verb, value),) = step.items()
            act: Callable[[Json, object], None] = getattr(self, f"_{verb}")
            act(message, value)

    def _read(self) -> Json | None:
        length = 0
        while (line := sys.stdin.buffer.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        body = sys.stdin.buffer.read(length)
        if not body:
            return None
        self._log.write(body + b"\n")
        self._log.flush()
        message: Json = json.loads(body)
        return message

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        sys.stdout.buffer.flush()

    def _notify(self, request: Json, value: object) -> None:
        method, params = _pair(value)
        params = _with_token(params, request)
        self._send({"method": method, "params": params})

    def _ask(self, _request: Json, value: object) -> None:
        method, params = _pair(value)
        self._send({"id": "from the daemon", "method": method, "params": params})
        while (answer := self._read()) is not None and answer.get("id") != "from the daemon":
            pass

    def _await(self, _request: Json, value: object) -> None:
        while (message := self._read()) is not None and message.get("method") != value:
            pass

    def _result(self, request: Json, value: object) -> None:
        self._send({"id": request["id"], "result": value})

    def _error(self, request: Json, value: object) -> None:
        self._send({"id": request["id"], "error": value})

    def _stderr(self, _request: Json, value: object) -> None:
        sys.stderr.write(str(value))
        sys.stderr.flush()

    def _stdout(self, _request: Json, value: object) -> None:
        sys.stdout.buffer.write(str(value).encode())
        sys.stdout.buffer.flush()

    def _exit(self, _request: Json, value: object) -> None:
        assert isinstance(value, int)
        os._exit(value)

    def _environment(self, _request: Json, value: object) -> None:
        note = {"method": "environment", "params": {str(value): os.environ.get(str(value))}}
        self._log.write(json.dumps(note).encode() + b"\n")

    def _next(self, request: Json, value: object) -> None:
        assert isinstance(value, list)
        self._follow(request, value.pop(0))

    def _interrupt(self, _request: Json, _value: object) -> None:
        os.kill(os.getppid(), signal.SIGINT)

    def _pause(self, _request: Json, _value: object) -> None:
        sys.stdin.buffer.read()


def _pair(value: object) -> tuple[object, object]:
    assert isinstance(value, list)
    method, params = value
    return method, params


def _with_token(params: object, request: Json) -> object:
    """A delta belongs to the token of the chat that it answers."""
    asked = request.get("params")
    if isinstance(params, dict) and isinstance(asked, dict) and params.get("token") == "":
        return {**params, "token": asked["token"]}
    return params


def _unknown(method: object) -> Json:
    return {"code": -32601, "message": f"unknown method {method}"}


if __name__ == "__main__":
    with Path(sys.argv[2]).open("ab") as log_file:
        _Session(json.loads(Path(sys.argv[1]).read_text("utf-8")), log_file).serve()
