"""`passerelle/credits`: asked of the gateway at most once a minute, told by status, warned of; or not there at all."""

import pytest

from support.daemon import Home
from support.gateway import ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import refuses, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

STATUS = "passerelle/didChangeStatus"
WARNING = "window/showMessage"
FULL = {"balance": "95.50", "total_used": "4.50"}
LOW = {"balance": "1.25", "total_used": "98.75"}


async def credits_left(client: RpcClient) -> object:
    return await client.request("passerelle/credits")


def asked(gateway: ScriptedGateway) -> list[str]:
    """The pages that were asked for since this was last looked at."""
    return [gateway.questions.get_nowait().request.path for _ in range(gateway.questions.qsize())]


async def test_the_gateway_is_asked_once_for_all_who_want_to_know(home: Home) -> None:
    home.gateway.credits = tells(FULL)
    async with home.daemon() as client:
        first, *others = [await pending for pending in [client.request("passerelle/credits") for _ in range(5)]]

        assert at(first, "balanceUsd") == 95.5
        assert at(first, "usedUsd") == 4.5
        assert others == [first] * 4
        assert await credits_left(client) == first
        assert at(await client.request("passerelle/status"), "credits") == first
    assert asked(home.gateway) == ["/v1/credits"]


async def test_after_a_chat_status_tells_them_unasked(home: Home) -> None:
    home.gateway.credits = tells(FULL)
    async with home.daemon() as client:
        await client.chat()
        told = await client.notification_with(STATUS, lambda status: "credits" in dict(status))
        await client.chat()

        assert at(told, "credits", "balanceUsd") == 95.5
    assert asked(home.gateway) == ["/v1/credits"]


async def test_a_gateway_that_does_not_tell_is_asked_once(home: Home) -> None:
    async with home.daemon() as client:
        for _ in range(3):
            with pytest.raises(RpcError) as refused:
                await credits_left(client)
            assert refused.value.kind == "unsupported"
            await client.chat()
        assert "credits" not in dict(await client.request("passerelle/status"))
    assert asked(home.gateway) == ["/v1/credits"]


async def test_a_failure_is_told_and_the_next_asks_again(home: Home) -> None:
    home.gateway.credits = refuses(503, "internal_server_error", "busy")
    async with home.daemon() as client:
        with pytest.raises(RpcError) as refused:
            await credits_left(client)
        assert refused.value.kind == "unavailable"

        home.gateway.credits = tells(FULL)
        assert at(await credits_left(client), "balanceUsd") == 95.5


async def test_a_person_is_warned_once_when_they_run_low(home: Home) -> None:
    home.configure("[spending]\nwarn_below_usd = 2.0")
    home.gateway.credits = tells(LOW)
    async with home.daemon() as client:
        await client.chat()
        warning = await client.notification(WARNING)
        await credits_left(client)

        assert at(warning, "type") == 2
        assert at(warning, "message") == (
            "The gateway vercel has $1.25 of credits left, less than the $2.00 of spending.warn_below_usd. "
            "Add some in its dashboard."
        )


async def test_who_wants_no_warning_gets_none(home: Home) -> None:
    home.configure("[spending]\nwarn_below_usd = 0")
    home.gateway.credits = tells(LOW)
    async with home.daemon() as client:
        assert at(await credits_left(client), "balanceUsd") == 1.25
