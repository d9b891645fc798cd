"""The same streams from raw sockets, in this process: nothing is decoded and nobody told, so nothing can be quicker."""

import selectors
import socket
import time
from collections.abc import Sequence

from bench.rows import Sample
from support.shapes import CHUNK_END

READ_BYTES = 1 << 16


def burst(port: int, model: str, deltas: int) -> Sample:
    """The CPU time of this process for one delta of a stream, and deltas a second."""
    cpu_s, began_s, events, data = time.process_time(), time.monotonic(), 0, b""
    with _ask(port, model) as stream:
        while not data.endswith(CHUNK_END):
            data = stream.recv(READ_BYTES)
            events += data.count(b"data: ")
    assert events >= deltas
    return {"cpu": 1e6 * (time.process_time() - cpu_s) / deltas, "rate": deltas / (time.monotonic() - began_s)}


def paced(port: int, models: Sequence[str]) -> list[tuple[float, bytes]]:
    """What came when, of a stream for each model."""
    arrivals: list[tuple[float, bytes]] = []
    with selectors.DefaultSelector() as selector:
        for model in models:
            selector.register(_ask(port, model), selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                stream = key.fileobj
                assert isinstance(stream, socket.socket)
                arrivals.append((time.monotonic(), data := stream.recv(READ_BYTES)))
                if data.endswith(CHUNK_END):
                    selector.unregister(stream)
                    stream.close()
    return arrivals


def _ask(port: int, model: str) -> socket.socket:
    body = b'{"model":"%b"}' % model.encode()
    stream = socket.create_connection(("127.0.0.1", port))
    stream.sendall(b"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
    return stream
