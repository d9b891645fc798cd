"""A daemon that is killed in the middle of an answer: what the client was shown is in the next daemon."""

import asyncio
import signal
from pathlib import Path

import pytest

from support.chat import Chat
from support.daemon import Home
from support.gateway import End, Step
from support.messages import at
from support.rpc_client import RpcClient
from support.shapes import begins, says, text
from support.talk import SILENT, Talk, written

pytestmark = pytest.mark.asyncio(loop_scope="module")


def words(count: int) -> list[str]:
    return [f"word {number}. " for number in range(count)]


async def kill(client: RpcClient) -> None:
    """As a crash, or somebody who is tired of waiting: nothing is answered any more."""
    client.process.kill()
    client.exit_code = -signal.SIGKILL
    await client.ended()
    client.forgive()


async def killed_after(client: RpcClient, talk: Talk, gates: list[asyncio.Event]) -> Chat:
    """A chat whose words were let go one by one, each when the one before was shown; nobody waits for the last."""
    chat = talk.say("one")
    for number, gate in enumerate(gates):
        await client.shown(chat, "".join(words(number)))
        gate.set()
    await kill(client)
    return chat


async def reopened(home: Home, talk: Talk) -> str:
    """The answer as a new daemon has it; the talk goes on there."""
    async with home.daemon() as client:
        again = Talk(client, talk.id)
        (turn,) = await again.turns()
        assert turn["state"] == "cutOff"
        answer = at(turn, "answer", "message", "content") if "answer" in turn else ""
        home.gateway.queue(says("Gladly."))
        await again.say("Go on")
        assert await again.states() == ["cutOff", "done"]
    return str(answer)


@pytest.mark.parametrize("singly", [2, 3, 20])
@pytest.mark.parametrize("at_once", [0, 1, 200])
async def test_what_was_shown_is_kept(home: Home, singly: int, at_once: int) -> None:
    home.configure(SILENT)
    whole = words(singly + at_once)
    gates = [asyncio.Event() for _ in range(singly)]
    paced: list[Step] = [step for gate, word in zip(gates, whole, strict=False) for step in (gate, text(word))]
    home.gateway.queue([*begins(), *paced, *map(text, whole[singly:]), End.STALL])
    async with home.daemon() as client:
        talk = Talk(client)
        chat = await killed_after(client, talk, gates)

    kept = await reopened(home, talk)

    assert "".join(whole).startswith(kept)
    assert kept.startswith("".join(str(delta["text"]) for delta in chat.deltas[:-1]))


async def test_a_journal_torn_by_the_crash_is_written_on(home: Home) -> None:
    home.configure(SILENT)
    home.gateway.queue(says("A"), says("B"))
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")
    (journal,) = written(home.path)
    torn(journal)

    async with home.daemon() as client:
        again = Talk(client, talk.id)
        await again.say("two")
        assert await again.states() == ["cutOff", "done"]


def torn(journal: Path) -> None:
    """Cut inside of the last line."""
    content = journal.read_bytes()
    journal.write_bytes(content[:-20])
