"""Conversations as they are kept: listed, searched, renamed, exported, private, on disk, by one daemon or by two."""

import asyncio
import json
import os
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support.daemon import Home
from support.gateway import End
from support.messages import JsonObject, RpcError, at
from support.rpc_client import PROMPT_MARK, RpcClient
from support.shapes import begins, says, text
from support.shapes import last as ends
from support.talk import CHANGED, SILENT, Talk, answered, asked, listed, seen, written

pytestmark = pytest.mark.asyncio(loop_scope="module")

TIME = re.compile(r"20\d\d-\d\d-\d\dT[\d:.]+Z")


@pytest.fixture(autouse=True)
def _silent(home: Home) -> None:
    home.configure(SILENT)


def ids(summaries: list[JsonObject]) -> list[object]:
    return [summary["id"] for summary in summaries]


async def news(client: RpcClient, identity: str) -> JsonObject:
    """The next notice of a change, which is of one conversation."""
    notice = await client.notification(CHANGED)
    changed = at(notice, "changed", 0)
    assert isinstance(changed, dict)
    assert (changed["id"], at(notice, "deleted")) == (identity, [])
    return changed


async def test_conversations_are_listed_by_folder_the_newest_first(home: Home) -> None:
    other = home.path.parent / "other"
    other.mkdir()
    async with home.daemon(folders=[home.project, other]) as client:
        await Talk(client, "here").say("one")
        await Talk(client, "there").say("two", workspaceFolder=other.as_uri())
        await Talk(client, "here-2").say("three")
        await Talk(client, "here").say("four")

        assert ids(await listed(client)) == ["here", "here-2", "there"]
        assert ids(await listed(client, workspaceFolder=home.project.as_uri())) == ["here", "here-2"]
        assert ids(await listed(client, workspaceFolder=other.as_uri())) == ["there"]
        assert ids(await listed(client, limit=1)) == ["here"]
        summary = (await listed(client, workspaceFolder=other.as_uri()))[0]

    assert summary["title"] == f"{PROMPT_MARK} two"
    assert summary["workspaceFolder"] == other.as_uri()
    assert (summary["turns"], summary["model"]) == (1, "anthropic/claude-sonnet-4.5")
    assert summary["costUsd"] == pytest.approx(0.00062)


async def test_words_are_found_in_titles_questions_and_answers(home: Home) -> None:
    home.gateway.queue(says("It ends a line at the Carriage return."), says("Nothing."))
    async with home.daemon() as client:
        await Talk(client, "parser").say("one")
        await Talk(client, "other").say("two")

        found = await listed(client, query="carriage LINE")

        assert ids(found) == ["parser"]
        assert "Carriage" in str(found[0]["excerpt"])
        assert await listed(client, query="carriage nothing") == []


async def test_a_given_name_stays(home: Home) -> None:
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")

        summary = await talk.request("rename", title="  How the parser ends ")

        assert summary["title"] == "How the parser ends"
        with pytest.raises(RpcError) as refused:
            await talk.request("rename", title=" \n")
        assert refused.value.code == -32602
        await talk.say("two")
        assert at((await listed(client))[0], "title") == "How the parser ends"


async def test_a_conversation_is_exported(home: Home) -> None:
    home.gateway.queue(says("# Yes\n"))
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")
        await talk.request("rename", title="What it does")

        markdown = await talk.request("export", format="markdown")
        whole = await talk.request("export", format="json")
        opened = await talk.request("")

    assert markdown["name"] == "what-it-does.md"
    assert f"{PROMPT_MARK} one" in str(markdown["text"])
    assert "# Yes" in str(markdown["text"])
    assert json.loads(str(whole["text"])) == opened


async def test_a_client_is_told_of_each_beginning_end_name_and_deletion(home: Home) -> None:
    go_on = asyncio.Event()
    home.gateway.queue([*begins("Hel"), go_on, text("lo"), ends(), End.CLOSE])
    async with home.daemon() as client:
        talk = Talk(client)
        client.uninteresting.discard(CHANGED)
        chat = talk.say("one")

        begun = await news(client, talk.id)
        assert (begun["running"], begun["turns"]) == (True, 1)
        go_on.set()
        result = await chat
        done = await news(client, talk.id)
        assert (done["running"], done["lastTurn"]) == (False, result["turn"])
        await talk.request("rename", title="Named")
        assert (await news(client, talk.id))["title"] == "Named"
        await talk.request("delete")
        assert await client.notification(CHANGED) == {"changed": [], "deleted": [talk.id]}


async def test_all_is_there_after_the_daemon_came_back(home: Home) -> None:
    home.gateway.queue(says("A"), says("B"), says("C"))
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one")
        await talk.say("two")
        await talk.request("rename", title="Named")
        before = await talk.request("")

    async with home.daemon() as client:
        talk = Talk(client)
        assert ids(await listed(client)) == [talk.id]
        assert await talk.request("") == before
        await talk.say("three")

    for _ in range(2):
        await home.gateway.chat()
    assert await seen(home.gateway) == [asked("one"), answered("A"), asked("two"), answered("B"), asked("three")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_what_was_said_is_for_its_owner_alone(home: Home) -> None:
    async with home.daemon() as client:
        await Talk(client).say("one")

    (file,) = written(home.path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["asked for", "configured"])
async def test_a_private_conversation_leaves_no_byte_on_the_disk(home: Home, how: str) -> None:
    if how == "configured":
        home.configure(f"{SILENT}private = true\n")
    private = {"private": True} if how == "asked for" else {}
    home.gateway.queue(says("A"), says("B"))
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("one", **private)
        await talk.say("two")
        await talk.request("rename", title="Mine")

        assert await talk.texts() == ["A", "B"]
        assert at((await listed(client))[0], "private") is True
        await home.gateway.chat()
        assert await seen(home.gateway) == [asked("one"), answered("A"), asked("two")]

    assert written(home.path) == []
    async with home.daemon() as client:
        assert await listed(client) == []


@pytest.mark.parametrize("how", ["in good order", "without a word"])
async def test_an_answer_that_ends_with_its_client_was_cut_off(home: Home, how: str) -> None:
    home.gateway.queue([*begins("Hel"), End.STALL], says("lo"))
    async with home.daemon() as client:
        chat = Talk(client).say("one")
        await client.shown(chat, "Hel")
        if how == "in good order":
            await client.request("shutdown")
            client.notify("exit", None)
        client.close_input()
        with pytest.raises(RpcError) as refused:
            await chat
        assert refused.value.code == -32800

    async with home.daemon() as client:
        talk = Talk(client)
        assert (await talk.states(), await talk.texts()) == (["cutOff"], ["Hel"])
        assert "Passerelle ended" in str(at((await talk.turns())[0], "answer", "problem"))
        await talk.say("Go on")

    await home.gateway.chat()
    assert await seen(home.gateway) == [asked("one"), answered("Hel"), asked("Go on")]


async def test_two_daemons_see_each_others_conversations(home: Home) -> None:
    home.gateway.queue(says("A"), says("B"), says("C"))
    async with home.daemon() as first, home.daemon() as second:
        here, there = Talk(first), Talk(second)
        await here.say("one")

        assert ids(await listed(second)) == [here.id]
        assert await there.texts() == ["A"]
        await there.say("two")
        assert await here.texts() == ["A", "B"]
        await here.say("three")
        assert await there.texts() == ["A", "B", "C"]
        await here.request("delete")
        assert await listed(second) == []

    for _ in range(2):
        await home.gateway.chat()
    assert await seen(home.gateway) == [asked("one"), answered("A"), asked("two"), answered("B"), asked("three")]


async def test_old_conversations_go_if_they_should(home: Home) -> None:
    home.configure(f"{SILENT}keep_days = 7\n")
    async with home.daemon() as client:
        await Talk(client, "old").say("one")
        await Talk(client, "new").say("two")
    old = next(file for file in written(home.path) if "old" in file.name)
    age(old, days=8)

    async with home.daemon() as client:
        assert await client.notification(CHANGED) == {"changed": [], "deleted": ["old"]}
        assert ids(await listed(client)) == ["new"]


async def test_nothing_goes_by_itself_where_nobody_said_so(home: Home) -> None:
    async with home.daemon() as client:
        await Talk(client, "old").say("one")
    (old,) = written(home.path)
    age(old, days=5000)

    async with home.daemon() as client:
        assert ids(await listed(client)) == ["old"]


def age(file: Path, *, days: int) -> None:
    """As if all of it had been written so long ago."""

    def earlier(time: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(time[0]) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"

    modified_s = file.stat().st_mtime - timedelta(days=days).total_seconds()
    file.write_text(TIME.sub(earlier, file.read_text("utf-8")), "utf-8")
    os.utime(file, (modified_s, modified_s))
