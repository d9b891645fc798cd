"""What goes out to one client: whole messages at once, deltas merged while the client does not read.

It keeps the order inside a stream (deltas, then the response) and bounds what waits: a client that stops reading
costs the text of its own answers, once, and nobody else's time.
"""

import asyncio
from collections.abc import Callable

import msgspec
from msgspec import UNSET

from passerelle.protocol.chat import ChatDelta, ToolCallDelta
from passerelle.protocol.frames import framed
from passerelle.protocol.methods import CHAT_DELTA
from passerelle.rpc.pipes import Sink

_DELTA_HEAD = b'{"jsonrpc":"2.0","method":"%b","params":' % CHAT_DELTA.name.encode()
_encode = msgspec.json.Encoder().encode


class Outbox:
    """The one way to a client."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._streams: dict[DeltaStream, None] = {}
        self._flush_is_due = False

    @property
    def waiting_bytes(self) -> int:
        return self._sink.waiting_bytes

    def send(self, body: bytes) -> None:
        """One message, after all that was sent before it."""
        self._sink.write(framed(body))

    def stream(self, token: str) -> "DeltaStream":
        """The deltas of one chat; close it before its response is sent."""
        return DeltaStream(token, self._want_flush)

    def flush(self) -> None:
        """Send what the streams hold, in one write; called once per turn of the loop, and when the client read on."""
        self._flush_is_due = False
        if self._sink.waiting_bytes:
            return
        bodies = [framed(body) for stream in self._streams for body in stream.take()]
        self._streams.clear()
        if bodies:
            self._sink.write(b"".join(bodies))

    def finish(self, stream: "DeltaStream") -> None:
        """Send the rest of a stream now, whether the client reads or not: its response comes next."""
        self._streams.pop(stream, None)
        for body in stream.take():
            self.send(body)

    def drop(self, stream: "DeltaStream") -> None:
        """Forget the rest of a cancelled stream."""
        self._streams.pop(stream, None)

    def _want_flush(self, stream: "DeltaStream") -> None:
        self._streams[stream] = None
        if not self._flush_is_due and not self._sink.waiting_bytes:
            self._flush_is_due = True
            asyncio.get_running_loop().call_soon(self.flush)


class DeltaStream:
    """The deltas of one chat, merged with their like until they are taken."""

    def __init__(self, token: str, wants_flush: Callable[["DeltaStream"], None]) -> None:
        self._token = token
        self._wants_flush = wants_flush
        self._seq = 0
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._calls: list[ToolCallDelta] = []
        self._waiting: list[ChatDelta] = []

    def text(self, text: str) -> None:
        """A piece of the answer."""
        if self._reasoning or self._calls:
            self._close_run()
        self._text.append(text)
        self._wants_flush(self)

    def reasoning(self, text: str) -> None:
        """A piece of the model's reasoning."""
        if self._text or self._calls:
            self._close_run()
        self._reasoning.append(text)
        self._wants_flush(self)

    def tool_call(self, index: int, id_: str | None, name: str | None, arguments: str | None) -> None:
        """A piece of a tool call."""
        last = self._calls[-1] if self._calls else None
        if last is None or last.index != index or id_ or name:
            self._close_run()
            last = ToolCallDelta(index=index, id=id_ or UNSET, name=name or UNSET)
            self._calls.append(last)
        if arguments:
            self._calls.append(ToolCallDelta(index=index, arguments=arguments))
        self._wants_flush(self)

    def take(self) -> list[bytes]:
        """The notifications that are due, encoded."""
        self._close_run()
        bodies = [b"%b%b}" % (_DELTA_HEAD, _encode(delta)) for delta in self._waiting]
        self._waiting.clear()
        return bodies

    def _close_run(self) -> None:
        """Make one delta of the pieces of one kind that came in a row."""
        if self._text:
            self._put(ChatDelta(token=self._token, seq=self._seq, text="".join(self._text)))
            self._text.clear()
        elif self._reasoning:
            self._put(ChatDelta(token=self._token, seq=self._seq, reasoning="".join(self._reasoning)))
            self._reasoning.clear()
        elif self._calls:
            self._put(ChatDelta(token=self._token, seq=self._seq, tool_call=_joined(self._calls)))
            self._calls.clear()

    def _put(self, delta: ChatDelta) -> None:
        self._waiting.append(delta)
        self._seq += 1


def _joined(calls: list[ToolCallDelta]) -> ToolCallDelta:
    head = calls[0]
    arguments = "".join(call.arguments for call in calls if call.arguments is not UNSET)
    return ToolCallDelta(index=head.index, id=head.id, name=head.name, arguments=arguments)
