"""One answer from the gateway to a client, delta by delta: retried before the first, kept after it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Protocol

from passerelle.gateway.answer import AnswerReader, ChatPiece
from passerelle.gateway.errors import Asked, failure_of
from passerelle.gateway.http import Call, Http
from passerelle.gateway.retry import delay_before_retry
from passerelle.words.failures import Failure

ERROR_BYTES = 64 * 1024
GOODBYE_S = 0.05
"""After `[DONE]`, how long the end of the body is waited for: a connection read to its end stays warm."""


class Sink(Protocol):
    """Where the pieces of an answer go."""

    def text(self, text: str) -> None: ...

    def reasoning(self, text: str) -> None: ...

    def tool_call(self, index: int, id_: str | None, name: str | None, arguments: str | None) -> None: ...


class Meter(Protocol):
    """Who counts the attempts of one request and says what may be sent."""

    async def begin(self) -> Call:
        """What to send for the next attempt. Raises Failure where it may not be sent."""

    def heard(self, generation: str) -> None:
        """The gateway has named its answer: it costs from now on, whatever becomes of us."""

    async def end(self, failure: Failure | None) -> None:
        """The attempt is over: how much came of it is in the Relayed."""

    def break_off(self) -> None:
        """The attempt is over because nobody wants its answer any more."""


class Relayed:
    """An answer as far as it came, also of a relay that is cancelled. `reader.failure` says what cut it off, if
    anything did.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.begin()

    def begin(self) -> None:
        """Forget an attempt of which nothing was passed on."""
        self.reader = AnswerReader(self.asked)
        self.first_piece_at: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether something of it was passed on, or nothing was to come: then no other attempt is made."""
        return self.first_piece_at is not None or self.reader.is_complete


async def relay(
    http: Http, relayed: Relayed, sink: Sink, meter: Meter, *, gives_way: Callable[[Failure], bool] = lambda _: False
) -> None:
    """Send the request and pass the answer on. However this ends, the connection to the gateway is let go first.

    Raises Failure where nothing was passed on yet, after the attempts that it is worth; at once where it `gives_way`,
    for then another model is to be asked. Later failures are in `relayed`: the person has read the text, and keeps it.
    """
    started_at = time.monotonic()
    attempt = 1
    while True:
        try:
            failure = await _metered(http, relayed, sink, meter)
        except BaseException:
            meter.break_off()
            raise
        if failure is None:
            return
        elapsed_s = time.monotonic() - started_at
        delay_s = None if gives_way(failure) else delay_before_retry(failure, attempt, elapsed_s, random.random)
        if delay_s is None:
            raise failure
        await asyncio.sleep(delay_s)
        attempt += 1
        relayed.begin()


async def _metered(http: Http, relayed: Relayed, sink: Sink, meter: Meter) -> Failure | None:
    """One attempt; what it failed with, if another one may be made."""
    call = await meter.begin()
    try:
        await _attempt(http, call, sink, relayed, meter)
    except Failure as failure:
        if not relayed.is_shown:
            await meter.end(failure)
            return failure
        relayed.reader.failure = None if relayed.reader.is_complete else failure
    await meter.end(relayed.reader.failure)
    return None


async def _attempt(http: Http, call: Call, sink: Sink, relayed: Relayed, meter: Meter) -> None:
    reader, asked = relayed.reader, relayed.asked
    is_named = False
    async with http.stream(call) as reply:
        if reply.status != HTTPStatus.OK:
            body = await reply.read_at_most(ERROR_BYTES)
            raise failure_of(reply.status, reply.headers, body, asked, now=time.time())
        chunks = reply.chunks()
        async for chunk in chunks:
            _pass_on(reader.feed(chunk), sink, relayed)
            if not is_named and reader.generation is not None:
                is_named = True
                meter.heard(reader.generation)
            if reader.failure is not None:
                raise reader.failure
            if reader.is_done:
                await _read_out(chunks)
                break
    _pass_on(reader.close(), sink, relayed)
    if reader.failure is not None:
        raise reader.failure


async def _read_out(chunks: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(GOODBYE_S):
            async for _ in chunks:
                pass
    except (TimeoutError, Failure):
        return


def _pass_on(pieces: list[ChatPiece], sink: Sink, relayed: Relayed) -> None:
    if pieces and relayed.first_piece_at is None:
        relayed.first_piece_at = time.monotonic()
    for piece in pieces:
        if piece.text:
            sink.text(piece.text)
        elif piece.reasoning:
            sink.reasoning(piece.reasoning)
        elif (call := piece.tool_call) is not None:
            sink.tool_call(call.index, call.id or None, call.name or None, call.arguments or None)
