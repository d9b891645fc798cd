"""Taking a chat back: the gateway is hung up on at once, nothing more is shown, and there is one answer."""

import asyncio

import pytest

from support.gateway import End, Script, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import STREAM_HEAD, begins, refuses, text

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def cancelled(daemon: RpcClient, gateway: ScriptedGateway, script: Script, shown: str) -> None:
    """Take back a chat that has shown this much."""
    gateway.queue(script)
    chat = daemon.chat()
    exchange = await gateway.chat()
    await daemon.shown(chat, shown)

    at_s = asyncio.get_running_loop().time()
    chat.cancel()

    with pytest.raises(RpcError) as refused:
        await chat
    assert refused.value.code == -32800
    # The target is 50 ms; a machine that is busy with other tests gets more.
    assert await exchange.hung_up() - at_s < 2.0


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        pytest.param([End.STALL], "", id="before the first byte"),
        pytest.param([STREAM_HEAD, End.STALL], "", id="after the head"),
        pytest.param([*begins("Hel"), End.STALL], "Hel", id="in the middle"),
        pytest.param([*begins("Hel"), text("lo")[:-9], End.STALL], "Hel", id="inside an event"),
    ],
)
async def test_a_cancelled_chat_hangs_up(
    daemon: RpcClient, gateway: ScriptedGateway, script: Script, shown: str
) -> None:
    await cancelled(daemon, gateway, script, shown)

    assert at(await daemon.chat(), "message", "content") == "Hello"


async def test_a_chat_that_waits_to_try_again_is_cancelled_at_once(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue(refuses(503, headers={"retry-after": "2"}))
    chat = daemon.chat()
    await gateway.chat()

    chat.cancel()

    with pytest.raises(RpcError) as refused:
        await chat
    assert refused.value.code == -32800
    await daemon.request("passerelle/status")
    assert gateway.chats.empty()


async def test_a_cancel_that_comes_too_late_is_let_be(daemon: RpcClient) -> None:
    chat = daemon.chat()
    await chat

    chat.cancel()

    await daemon.request("passerelle/status")


async def test_a_cancel_before_the_chat_was_looked_at_is_answered(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    """Both come in one read."""
    gateway.otherwise = [*begins(), End.STALL]
    chat = daemon.chat()
    chat.cancel()

    with pytest.raises(RpcError) as refused:
        await chat
    assert refused.value.code == -32800
    while not gateway.chats.empty():
        await (await gateway.chat()).hung_up()


async def test_one_cancelled_chat_does_not_disturb_another(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    more = asyncio.Event()
    gateway.queue([*begins("Hel"), more, text("lo"), End.CLOSE], [*begins("Bon"), End.STALL])
    kept = daemon.chat()
    await daemon.shown(kept, "Hel")
    dropped = daemon.chat()
    await daemon.shown(dropped, "Bon")

    dropped.cancel()
    with pytest.raises(RpcError):
        await dropped
    more.set()

    assert at(await kept, "message", "content") == "Hello"


async def test_two_cancels_give_one_answer(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])
    chat = daemon.chat()
    await daemon.shown(chat, "Hel")

    chat.cancel()
    chat.cancel()

    with pytest.raises(RpcError):
        await chat
    await daemon.request("passerelle/status")
