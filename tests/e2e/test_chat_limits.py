"""Four limits of time, each configured and named apart: connect, first byte, idle, total."""

import asyncio
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest

from support.daemon import Home
from support.gateway import End, Exchange, ScriptedGateway, Step
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import CHUNK_END, DONE, ROLE, STREAM_HEAD, begins, chunked, last, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMITS = "[models.'*'.timeouts]\nconnect_s = 0.4\nfirst_byte_s = 0.4\nidle_s = 0.4\ntotal_s = 1.5\n"
TICK_S = 0.1


@pytest.fixture(scope="module")
def settings() -> str:
    return LIMITS


async def refused(client: RpcClient) -> RpcError:
    with pytest.raises(RpcError) as caught:
        await client.chat()
    assert caught.value.kind == "timedOut"
    return caught.value


async def tick(exchange: Exchange, ticks: Sequence[asyncio.Event]) -> None:
    """Let one step after the other happen until there are no more or the client hangs up."""
    for each in ticks:
        each.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await exchange.hung_up()


async def test_a_gateway_that_says_nothing_is_left(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.otherwise = [End.STALL]

    assert "first_byte_s" in (await refused(daemon)).message
    await (await gateway.chat()).hung_up()
    assert gateway.chats.empty(), "who waited that long is not made to wait again"


async def test_a_stream_that_falls_silent_is_cut_off(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])

    result = await daemon.chat()

    assert (at(result, "message", "content"), result["finish"]) == ("Hel", "cutOff")
    await (await gateway.chat()).hung_up()


async def test_a_stream_that_falls_silent_before_any_text_names_its_limit(
    daemon: RpcClient, gateway: ScriptedGateway
) -> None:
    gateway.otherwise = [STREAM_HEAD, ROLE, End.STALL]

    assert "idle_s" in (await refused(daemon)).message


async def test_an_answer_that_never_ends_is_cut_off(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    ticks = [asyncio.Event() for _ in range(100)]
    gateway.queue([*begins("a"), *(step for each in ticks for step in (each, text("a")))])
    chat = daemon.chat()

    await tick(await gateway.chat(), ticks)

    assert (await chat)["finish"] == "cutOff"
    assert len(chat.text) < len(ticks) / 2


async def test_a_thinker_that_never_speaks_names_its_limit(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    ticks = [asyncio.Event() for _ in range(100)]
    comments: list[Step] = [step for each in ticks for step in (each, chunked(b": thinking\n\n"))]
    gateway.queue([STREAM_HEAD, ROLE, *comments])
    waiting = asyncio.create_task(refused(daemon))

    await tick(await gateway.chat(), ticks)

    assert "total_s" in (await waiting).message


async def test_a_comment_keeps_a_stream_alive(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    ticks = [asyncio.Event() for _ in range(8)]
    comments: list[Step] = [step for each in ticks for step in (each, chunked(b": ping\n\n"))]
    gateway.queue([*begins("Hel"), *comments, text("lo"), last(), DONE, CHUNK_END])
    chat = daemon.chat()

    await tick(await gateway.chat(), ticks)

    assert at(await chat, "message", "content") == "Hello"


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port that takes no connection: its queue of one is full, so that the system does not answer."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
async def test_a_host_that_takes_no_connection_is_left(home: Home) -> None:
    with deaf_port() as port:
        table = f'[gateways.vercel]\nurl = "http://127.0.0.1:{port}/v1"\nkey = "env:SCRIPTED_KEY"\n'
        home.config.write_text(LIMITS + table, "utf-8")
        async with home.daemon() as client:
            error = await refused(client)

    assert "connect_s" in error.message
    assert "127.0.0.1" in error.message
