"""Stands in for the real engine in the child process: speaks llama.cpp's HTTP, and does what the question says.

`ECHO`: tells what it got. `CRASH`: ends in the middle. `CUT`: ends the answer in the middle. `STALL`: says a word, then
waits for the client to hang up; `HUNG UP?` waits until that has happened. `LOADING`: is not ready, twice. `LONG`:
refuses. In the environment, STUB_FAILS ends it at the start with that code (a signal, if below zero), and STUB_WAITS is
a port that it connects to at the start, to do nothing more.
"""

import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

TOO_LONG = {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 4031, "n_ctx": 2048}}
USAGE = {"prompt_tokens": 30, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}


class CommonParams(SimpleNamespace):
    def __init__(self) -> None:
        super().__init__(model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace())


class Server:
    """Serves from its making on; it is never asked to end."""

    def __init__(self, params: CommonParams) -> None:
        if port := int(os.environ.get("STUB_WAITS", "0")):
            socket.create_connection(("127.0.0.1", port)).recv(1)
        if code := int(os.environ.get("STUB_FAILS", "0")):
            if code < 0:
                os.kill(os.getpid(), -code)
            os._exit(code)
        Handler.params = params
        self._server = ThreadingHTTPServer((params.hostnames[0], params.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def listening_address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    params = CommonParams()
    hung_up = threading.Event()
    not_ready = 2

    def log_message(self, *_: object) -> None:
        """Be quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = body["messages"][-1]["content"]
        if self.headers["authorization"] != f"Bearer {self.params.api_keys[0]}":
            self.respond(401, {"error": {"message": "Invalid API Key"}})
        elif question == "LONG":
            self.respond(400, TOO_LONG)
        elif question == "LOADING" and Handler.not_ready:
            Handler.not_ready -= 1
            self.respond(503, {"error": {"message": "Loading model"}})
        else:
            self.send_response(200)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            self.say({"role": "assistant", "content": None})
            self.answer(question, body)
            self.chunk(b"")

    def answer(self, question: str, body: object) -> None:
        match question:
            case "ECHO":
                told = {"body": body, "params": vars(self.params)}
                told |= {"pid": os.getpid(), "address": self.server.server_address}
                self.say({"content": json.dumps(told, default=vars)})
            case "HUNG UP?":
                self.hung_up.wait()
            case "CRASH" | "STALL" | "CUT":
                self.say({"content": "before"})
                if question == "CRASH":
                    os._exit(3)
                if question == "STALL":
                    self.connection.recv(1)
                    self.hung_up.set()
                return
        self.say({"content": "Hel"})
        self.say({"content": "lo"})
        self.say({}, finish="stop")
        self.event(json.dumps({"choices": [], "usage": USAGE}))
        self.event("[DONE]")

    def say(self, delta: object, *, finish: str | None = None) -> None:
        self.event(json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))

    def event(self, data: str) -> None:
        self.chunk(f"data: {data}\n\n".encode())

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def respond(self, status: int, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
