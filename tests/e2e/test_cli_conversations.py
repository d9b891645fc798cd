"""`passerelle conversations`, and those of `passerelle chat`: what is asked of the daemon, what is shown."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.command_line import Ended, run_command
from support.daemon import Home
from support.fake_daemon import FakeDaemon, Json, Step, write_script
from support.fake_results import answer
from support.gateway import End
from support.shapes import begins, says

CHAT, LIST, OPEN = "passerelle/chat", "passerelle/conversations", "passerelle/conversation"
PASSERELLE = (sys.executable, "-P", "-m", "passerelle")


def summary(id_: str, title: str = "How it ends", **more: object) -> Json:
    return {
        "id": id_,
        "title": title,
        "workspaceFolder": None,
        "createdAt": "2026-11-20T10:00:00Z",
        "changedAt": "2026-11-20T10:05:00Z",
        "turns": 2,
        "lastTurn": "t2",
        "running": False,
        "private": False,
        "model": "anthropic/claude-sonnet-4.5",
        "costUsd": 0.0132,
        **more,
    }


KNOWN = (summary("aaaa1111bbbb"), summary("aaaa2222bbbb", "Other", costUsd=None, private=True))


def listed(*found: Json) -> list[Step]:
    return [{"result": {"conversations": list(found), "total": len(found)}}]


def scripted(folder: Path, **more: Sequence[Step]) -> FakeDaemon:
    """A daemon that knows two conversations; `more` are methods of one conversation."""
    methods = {f"{OPEN}/{name}": steps for name, steps in more.items()}
    return write_script(folder, {LIST: listed(*KNOWN), CHAT: answer("Yes"), **methods})


async def command(fake: FakeDaemon, *words: str) -> Ended:
    return await run_command(fake.cli(*words), fake.script.parent)


async def test_a_list_is_tab_separated_for_a_program(tmp_path: Path) -> None:
    fake = scripted(tmp_path)

    ended = await command(fake, "conversations", "how", "ends")

    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "aaaa1111bbbb\t2026-11-20T10:05:00Z\t2\t$0.013\tHow it ends",
        "aaaa2222bbbb\t2026-11-20T10:05:00Z\t2\t?\tOther (private)",
    ]
    assert fake.received(LIST) == [{"workspaceFolder": tmp_path.as_uri(), "query": "how ends"}]


async def test_a_list_as_json_is_the_result(tmp_path: Path) -> None:
    fake = scripted(tmp_path)

    ended = await command(fake, "conversations", "--all", "--limit", "3", "--json")

    assert json.loads(ended.stdout) == {"conversations": list(KNOWN), "total": 2}
    assert fake.received(LIST) == [{"limit": 3}]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "No conversation yet in this folder; --all looks in every one."),
        (["--all"], "No conversation yet."),
        (["parser"], "No conversation fits in this folder; --all looks in every one."),
    ],
)
async def test_an_empty_list_is_said_and_no_failure(tmp_path: Path, words: list[str], line: str) -> None:
    fake = write_script(tmp_path, {LIST: listed()})

    assert await command(fake, "conversations", *words) == (0, "", f"{line}\n")


async def test_one_is_shown_as_markdown(tmp_path: Path) -> None:
    fake = scripted(tmp_path, export=[{"result": {"name": "a.md", "text": "# How it ends\n"}}])

    assert await command(fake, "conversations", "show", "aaaa1") == (0, "# How it ends\n", "")
    assert fake.received(f"{OPEN}/export") == [{"conversation": "aaaa1111bbbb", "format": "markdown"}]


async def test_an_export_goes_to_a_file_or_into_a_folder(tmp_path: Path) -> None:
    fake = scripted(tmp_path, export=[{"result": {"name": "a.json", "text": "{}\n"}}])
    words = ("conversations", "export", "aaaa1", "--format", "json", "-o")

    assert (await command(fake, *words, "talk.json")).stderr == "Written to talk.json.\n"
    assert (await command(fake, *words, ".")).stderr == "Written to a.json.\n"
    assert (await command(fake, *words, "none/a.json")).stderr == (
        "passerelle: none/a.json: No such file or directory.\n"
    )
    assert [(tmp_path / name).read_text() for name in ("talk.json", "a.json")] == ["{}\n"] * 2
    assert fake.received(f"{OPEN}/export")[0] == {"conversation": "aaaa1111bbbb", "format": "json"}


async def test_one_is_renamed(tmp_path: Path) -> None:
    fake = scripted(tmp_path, rename=[{"result": summary("aaaa1111bbbb", "A better name")}])

    ended = await command(fake, "conversations", "rename", "aaaa1", "A", "better", "name")

    assert ended == (0, "", "How it ends is now called A better name.\n")
    assert fake.received(f"{OPEN}/rename") == [{"conversation": "aaaa1111bbbb", "title": "A better name"}]


async def test_several_are_deleted(tmp_path: Path) -> None:
    fake = scripted(tmp_path, delete=[{"result": {}}])

    ended = await command(fake, "conversations", "delete", "aaaa1", "aaaa2222bbbb", "aaaa1111", "--yes")

    assert ended == (0, "", "Deleted How it ends.\nDeleted Other.\n")
    assert fake.received(f"{OPEN}/delete") == [{"conversation": "aaaa1111bbbb"}, {"conversation": "aaaa2222bbbb"}]


async def test_of_a_list_with_a_wrong_id_none_is_deleted(tmp_path: Path) -> None:
    fake = scripted(tmp_path, delete=[{"result": {}}])

    ended = await command(fake, "conversations", "delete", "aaaa1", "bbbb", "--yes")

    assert ended.exit_code == 1
    assert fake.received(f"{OPEN}/delete") == []


@pytest.mark.parametrize(
    ("line", "exit_code", "sentence"),
    [
        ("conversations show bbbb", 1, "No conversation is bbbb; `passerelle conversations --all` lists them."),
        (
            "conversations show aaaa",
            1,
            "2 conversations begin with aaaa: give more of the id, as in aaaa1111, aaaa2222.",
        ),
        ("conversations show", 2, "conversations: show takes one id."),
        ("conversations export aaaa1 aaaa2", 2, "conversations: export takes one id."),
        ("conversations rename aaaa1", 2, "conversations: rename takes an id and a title."),
        ("conversations delete", 2, "conversations: delete takes one id or more."),
        ("conversations delete aaaa1", 2, "conversations: nobody is here to ask; --yes deletes without asking."),
        ("chat Hi --conversation bbbb", 1, "No conversation is bbbb; `passerelle conversations --all` lists them."),
    ],
)
async def test_what_cannot_be_done_is_one_line(tmp_path: Path, line: str, exit_code: int, sentence: str) -> None:
    assert await command(scripted(tmp_path), *line.split()) == (exit_code, "", f"passerelle: {sentence}\n")


@pytest.mark.parametrize(
    ("words", "conversation"),
    [(["-c"], "aaaa1111bbbb"), (["--conversation", "aaaa2"], "aaaa2222bbbb"), (["--private"], None)],
)
async def test_a_chat_goes_where_the_line_says(tmp_path: Path, words: list[str], conversation: str | None) -> None:
    fake = scripted(tmp_path)

    assert (await command(fake, "chat", "Hi", *words)).stdout == "Yes\n"

    (asked,) = fake.received(CHAT)
    assert asked.get("conversation") == conversation
    assert asked["messages"] == [{"role": "user", "content": "Hi"}]


async def test_each_chat_begins_a_conversation_of_its_own(tmp_path: Path) -> None:
    fake = scripted(tmp_path)

    for _ in range(2):
        await command(fake, "chat", "Hi")

    first, second = (asked["conversation"] for asked in fake.received(CHAT))
    assert first != second


async def test_where_nothing_was_said_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {LIST: listed()})

    assert await command(fake, "chat", "-c", "Hi") == (
        1,
        "",
        "passerelle: There is no conversation in this folder yet; `passerelle conversations --all` lists others.\n",
    )


async def passerelle(home: Home, *words: str) -> Ended:
    environment = {**home.environment, "PASSERELLE_HOME": str(home.path)}
    return await run_command([*PASSERELLE, *words], home.project, environment=environment)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_talk_of_several_commands_is_one_conversation(home: Home) -> None:
    home.gateway.queue(says("One."))
    home.gateway.queue(says("Two."))

    assert await passerelle(home, "chat", "First question?") == (0, "One.\n", "")
    assert await passerelle(home, "chat", "-c", "And?") == (0, "Two.\n", "")

    await home.gateway.chat()
    assert (await home.gateway.chat()).request.json["messages"] == [
        {"role": "user", "content": "First question?"},
        {"role": "assistant", "content": "One."},
        {"role": "user", "content": "And?"},
    ]
    ended = await passerelle(home, "conversations")
    id_, _, turns, _, title = ended.stdout.rstrip("\n").split("\t")
    assert (turns, title) == ("2", "First question?")
    shown = await passerelle(home, "conversations", "show", id_[:8])
    assert "Two." in shown.stdout
    assert (await passerelle(home, "conversations", "delete", id_[:8], "--yes")).exit_code == 0
    assert (await passerelle(home, "conversations", "--all")).stdout == ""


@pytest.mark.asyncio(loop_scope="module")
async def test_a_private_question_leaves_nothing(home: Home) -> None:
    assert (await passerelle(home, "chat", "--private", "Hi")).exit_code == 0

    assert (await passerelle(home, "conversations", "--all")).stdout == ""


@pytest.mark.asyncio(loop_scope="module")
async def test_what_had_come_before_it_broke_off_is_kept(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.RESET])

    await passerelle(home, "chat", "Hi")

    ended = await passerelle(home, "conversations")
    shown = await passerelle(home, "conversations", "show", ended.stdout[:8])
    assert "Hel" in shown.stdout
