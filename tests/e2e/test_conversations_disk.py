"""A disk that takes nothing: the person is told, the talk goes on in memory, and all is written once it can be."""

import shutil
import sys
from collections.abc import Callable

import pytest

from support.daemon import Home
from support.messages import JsonObject, at
from support.rpc_client import RpcClient
from support.shapes import says
from support.talk import CHANGED, SILENT, Talk, listed, written

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def _silent(home: Home) -> None:
    home.configure(SILENT)


async def told(client: RpcClient, accept: Callable[[JsonObject], bool]) -> JsonObject:
    """The first summary that the client is told of and `accept` takes."""
    while True:
        summary = at(await client.notification(CHANGED), "changed", 0)
        assert isinstance(summary, dict)
        if accept(summary):
            return summary


async def test_what_cannot_be_written_is_kept_and_written_later(home: Home) -> None:
    """A file stands where the folder should be."""
    home.gateway.queue(says("A"), says("B"), says("C"))
    in_the_way = home.path / "state" / "conversations"
    in_the_way.parent.mkdir()
    in_the_way.write_text("x", "utf-8")
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")

        summary = await told(client, lambda summary: "problem" in summary)
        assert "memory only" in str(summary["problem"])
        await talk.say("two")
        assert await talk.texts() == ["A", "B"]
        assert [summary["id"] for summary in await listed(client, query="one")] == [talk.id]

        in_the_way.unlink()
        await told(client, lambda summary: "problem" not in summary and summary["running"] is False)
        await talk.say("three")

    async with home.daemon() as client:
        assert await Talk(client).texts() == ["A", "B", "C"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets the limits of another process")
async def test_a_disk_that_fills_up_in_the_middle_tears_nothing(home: Home) -> None:
    import resource  # noqa: PLC0415  # Not on Windows.

    home.gateway.queue(says("A"), says(*["B" * 100] * 50), says("C"))
    async with home.daemon() as client:
        client.uninteresting.add("window/showMessage")  # The ledger does not fit either.
        talk = Talk(client)
        await talk.say("one")
        (file,) = written(home.path)
        limits = resource.prlimit(client.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(client.process.pid, resource.RLIMIT_FSIZE, (file.stat().st_size + 1500, limits[1]))

        await talk.say("two")
        await told(client, lambda summary: "problem" in summary)
        assert await talk.texts() == ["A", "B" * 5000]

        resource.prlimit(client.process.pid, resource.RLIMIT_FSIZE, limits)
        await told(client, lambda summary: "problem" not in summary)
        await talk.say("three")
        before = await talk.request("")

    async with home.daemon() as client:
        assert await Talk(client).request("") == before


async def test_a_folder_that_vanishes_is_made_again(home: Home) -> None:
    home.gateway.queue(says("A"), says("B"))
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")
        shutil.rmtree(home.path / "state")

        await Talk(client, "talk-2").say("two")

        assert [summary["id"] for summary in await listed(client)] == ["talk-2"]
