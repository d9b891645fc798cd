"""What a client is sent, and what waits while it does not read."""

import asyncio
import json

from passerelle.protocol.frames import FrameDecoder
from passerelle.rpc.outbox import Outbox


class Client:
    """A sink that can stop taking bytes."""

    def __init__(self) -> None:
        self.reads = True
        self.writes = 0
        self.taken = b""
        self.waiting = b""

    @property
    def waiting_bytes(self) -> int:
        return len(self.waiting)

    def write(self, data: bytes) -> None:
        self.writes += 1
        if self.reads:
            self.taken += data
        else:
            self.waiting += data

    async def aclose(self, limit_s: float) -> None: ...

    def read_on(self) -> None:
        self.reads = True
        self.taken, self.waiting = self.taken + self.waiting, b""

    def messages(self) -> list[dict[str, object]]:
        return [json.loads(frame) for frame in FrameDecoder().feed(self.taken)]

    def deltas(self) -> list[dict[str, object]]:
        found = []
        for message in self.messages():
            assert message["method"] == "passerelle/chat/delta"
            params = message["params"]
            assert isinstance(params, dict)
            found.append(params)
        return found


async def test_pieces_of_one_turn_of_the_loop_are_one_delta() -> None:
    client = Client()
    stream = Outbox(client).stream("t")

    for piece in ("a", "b", "c"):
        stream.text(piece)
    await asyncio.sleep(0)
    stream.text("d")
    await asyncio.sleep(0)

    assert client.deltas() == [{"token": "t", "seq": 0, "text": "abc"}, {"token": "t", "seq": 1, "text": "d"}]


async def test_kinds_stay_in_their_order() -> None:
    client = Client()
    outbox = Outbox(client)
    stream = outbox.stream("t")

    stream.reasoning("hm")
    stream.reasoning("m")
    stream.text("yes")
    stream.tool_call(0, "id0", "f", "")
    stream.tool_call(0, None, None, '{"a"')
    stream.tool_call(0, None, None, ":1}")
    stream.tool_call(1, "id1", "g", "{}")
    stream.text("!")
    outbox.finish(stream)

    assert [{key: delta[key] for key in delta if key not in {"token", "seq"}} for delta in client.deltas()] == [
        {"reasoning": "hmm"},
        {"text": "yes"},
        {"toolCall": {"index": 0, "id": "id0", "name": "f", "arguments": '{"a":1}'}},
        {"toolCall": {"index": 1, "id": "id1", "name": "g", "arguments": "{}"}},
        {"text": "!"},
    ]
    assert [delta["seq"] for delta in client.deltas()] == [0, 1, 2, 3, 4]


async def test_deltas_wait_merged_while_the_client_does_not_read() -> None:
    client = Client()
    outbox = Outbox(client)
    stream = outbox.stream("t")
    client.reads = False
    stream.text("first")
    await asyncio.sleep(0)
    waiting_bytes = client.waiting_bytes

    for _ in range(1000):
        stream.text("x")
        await asyncio.sleep(0)

    assert client.waiting_bytes == waiting_bytes
    client.read_on()
    outbox.flush()
    assert [delta["text"] for delta in client.deltas()] == ["first", "x" * 1000]


async def test_the_rest_of_a_stream_comes_before_its_response() -> None:
    client = Client()
    outbox = Outbox(client)
    stream = outbox.stream("t")
    client.reads = False
    stream.text("a")
    await asyncio.sleep(0)
    stream.text("b")

    outbox.finish(stream)
    outbox.send(b'{"jsonrpc":"2.0","id":1,"result":null}')
    client.read_on()

    assert [message.get("method") for message in client.messages()] == ["passerelle/chat/delta"] * 2 + [None]


async def test_a_dropped_stream_sends_nothing_more() -> None:
    client = Client()
    outbox = Outbox(client)
    stream = outbox.stream("t")

    stream.text("a")
    outbox.drop(stream)
    await asyncio.sleep(0)

    assert client.taken == b""


async def test_many_streams_go_out_in_one_write() -> None:
    client = Client()
    outbox = Outbox(client)
    streams = [outbox.stream(str(number)) for number in range(50)]

    for stream in streams:
        stream.text("x")
    await asyncio.sleep(0)

    assert client.writes == 1
    assert len(client.deltas()) == 50
