"""Many chats at once, and an editor that stops reading: nobody waits for another."""

import asyncio

import pytest

from support.daemon import Home
from support.gateway import End, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import CHUNK_END, DONE, STREAM_HEAD, begins, last, says, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

CROWD = 50


async def test_fifty_chats_at_once_do_not_disturb_each_other(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    together = asyncio.Event()
    for number in range(CROWD):
        gateway.queue([*begins(f"{number}-"), together, text("end"), last(), DONE, CHUNK_END])
    chats = [daemon.chat() for _ in range(CROWD)]
    for _ in range(CROWD):
        await gateway.chat()

    together.set()
    results = [await chat for chat in chats]

    said = {str(at(result, "message", "content")) for result in results}
    assert said == {f"{number}-end" for number in range(CROWD)}


async def test_a_crowd_may_be_cancelled_at_once(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.otherwise = [*begins("Hel"), End.STALL]
    chats = [daemon.chat() for _ in range(CROWD)]
    exchanges = [await gateway.chat() for _ in range(CROWD)]

    for chat in chats:
        chat.cancel()

    for chat, exchange in zip(chats, exchanges, strict=True):
        with pytest.raises(RpcError) as refused:
            await chat
        assert refused.value.code == -32800
        await exchange.hung_up()


async def test_small_requests_are_served_while_chats_run(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])
    chat = daemon.chat()
    await daemon.shown(chat, "Hel")

    assert at(await daemon.request("passerelle/status"), "state") == "ready"
    assert at(await daemon.request("passerelle/models", {"limit": 1}), "total")

    chat.cancel()
    with pytest.raises(RpcError):
        await chat


async def test_an_editor_that_stops_reading_can_still_cancel(home: Home) -> None:
    """Its end of stdout is full: the daemon must read on, and hang up on the gateway when told to."""
    flood = asyncio.Event()
    many = [text("x" * 10_000) for _ in range(400)]
    home.gateway.queue([*begins("Hel"), flood, *many, End.STALL], [*begins(), End.STALL])
    async with home.daemon() as client:
        chat = client.chat()
        flooded = await home.gateway.chat()
        await client.shown(chat, "Hel")
        client.stop_reading()
        flood.set()

        other = client.chat()
        asked = await home.gateway.chat()
        for each, exchange in ((chat, flooded), (other, asked)):
            each.cancel()
            await exchange.hung_up()

        client.read_on()
        for each in (chat, other):
            with pytest.raises(RpcError) as refused:
                await each
            assert refused.value.code == -32800


async def test_an_editor_that_stops_reading_loses_nothing(home: Home) -> None:
    """What waits is merged, not dropped, and another chat goes on meanwhile."""
    pieces = [f"{number:09d} " for number in range(40_000)]
    home.gateway.queue(says(*pieces), says("other"))
    async with home.daemon() as client:
        client.stop_reading()
        slow = client.chat()
        await home.gateway.chat()
        other = client.chat()
        await home.gateway.chat()

        client.read_on()

        assert at(await slow, "message", "content") == "".join(pieces)
        assert at(await other, "message", "content") == "other"
        assert len(slow.deltas) < len(pieces)


async def test_an_editor_that_never_reads_again_does_not_keep_the_daemon(home: Home) -> None:
    home.gateway.queue([*begins(*("x" * 10_000 for _ in range(400))), End.STALL])
    async with home.daemon() as client:
        client.chat()
        exchange = await home.gateway.chat()
        client.stop_reading()
        client.close_input()

        await exchange.hung_up()
        await client.ended()
        client.forgive()


async def test_a_stream_of_many_events_in_one_piece_is_whole(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    pieces = [f"{number} " for number in range(5_000)]
    gateway.queue([STREAM_HEAD + b"".join(text(piece) for piece in pieces) + last() + DONE + CHUNK_END])

    assert at(await daemon.chat(), "message", "content") == "".join(pieces)
