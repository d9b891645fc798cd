"""`passerelle` on a terminal: what a person reads there in the end, and what their keys do."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("termios")  # Not on Windows.

from passerelle.protocol.base import REQUEST_CANCELLED
from support.fake_daemon import FakeDaemon, Json, Step, write_script
from support.fake_results import answer, chat_result, delta, model, models, reasoning, status
from support.keyring_file import file_keyring
from support.terminal import on_terminal, screen_text

CHAT = "passerelle/chat"
CANCELLED: Step = {"error": {"code": REQUEST_CANCELLED, "message": "cancelled"}}
MORE = " · $0.0032 · 812 ms to the first word"
SUMMARY = "anthropic/claude-sonnet-4.5 via bedrock · 1,300 tokens in\n(77% cached), 34 out" + MORE
CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = r"(?m)^›$"


async def read_answer(folder: Path, steps: Sequence[Step], **variables: str) -> str:
    """What stands on the terminal after one answer; the command has ended well."""
    command = write_script(folder, {CHAT: steps}).cli("chat", "Hi")
    async with on_terminal(command, folder, **variables) as (terminal, process):
        assert await process.wait() == 0
        return terminal.text.strip("\n")


async def test_markdown_is_rendered_and_the_summary_stands_below(tmp_path: Path) -> None:
    text = await read_answer(tmp_path, answer("# Ti", "tle\n\nSome **bo", "ld** text.\n\n- a\n- b\n"))

    assert text.split("\n", 1)[0].strip() == "Title"
    assert text.split("\n", 1)[1] == f"\nSome bold text.\n\n • a\n • b\n{SUMMARY}"


async def test_an_answer_taller_than_the_screen_is_whole_in_the_scrollback(tmp_path: Path) -> None:
    code = "".join(f"line {number}\n" for number in range(60))
    source = f"Begin.\n\n```\n{code}```\n\nEnd."
    pieces = [source[at : at + 7] for at in range(0, len(source), 7)]

    text = await read_answer(tmp_path, answer(*pieces))

    assert [line.strip() for line in text.splitlines() if line.strip()] == [
        "Begin.",
        *code.splitlines(),
        "End.",
        *SUMMARY.splitlines(),
    ]


async def test_a_table_taller_than_the_screen_has_each_row_once(tmp_path: Path) -> None:
    rows = [f"| {number} | {'wide ' * (number % 4)}|\n" for number in range(40)]
    text = await read_answer(tmp_path, answer("| n | w |\n|---|---|\n", *rows))

    assert [line.split()[0] for line in text.splitlines() if line.strip()[:1].isdigit()] == [str(n) for n in range(40)]


async def test_reasoning_is_shown_before_the_answer(tmp_path: Path) -> None:
    steps = [reasoning(0, "Let me "), reasoning(1, "see."), delta(2, "Yes."), {"result": chat_result("Yes.")}]

    assert await read_answer(tmp_path, steps) == f"Let me see.\n\nYes.\n{SUMMARY}"


async def test_what_a_terminal_would_obey_is_left_out(tmp_path: Path) -> None:
    command = write_script(tmp_path, {CHAT: answer("a\x1b]0;title\x07b\x1b[2Jc\x9b31md")}).cli("chat", "Hi")
    async with on_terminal(command, tmp_path) as (terminal, process):
        await process.wait()

    assert "a]0;titleb[2Jc31md" in terminal.text
    assert "\x1b[2J" not in terminal.output


async def test_a_dumb_terminal_gets_plain_text(tmp_path: Path) -> None:
    command = write_script(tmp_path, {CHAT: answer("**Hel", "lo**")}).cli("chat", "Hi")
    async with on_terminal(command, tmp_path, TERM="dumb") as (terminal, process):
        await process.wait()

    assert terminal.output.replace("\r\n", " ").startswith("**Hello** anthropic/claude-sonnet-4.5 via")
    assert "\x1b" not in terminal.output


async def test_no_color_leaves_the_colours_out(tmp_path: Path) -> None:
    command = write_script(tmp_path, {CHAT: answer("`code`\n\n```python\nif x: pass\n```\n")}).cli("chat", "Hi")
    async with on_terminal(command, tmp_path, NO_COLOR="1") as (terminal, process):
        await process.wait()

    assert "if x: pass" in terminal.text
    assert not any(f"{ground}8;" in terminal.output for ground in "34")


async def test_a_spinner_turns_until_the_first_word(tmp_path: Path) -> None:
    steps: list[Step] = [{"await": "go"}, *answer("Hello")]
    fake = write_script(tmp_path, {CHAT: steps})
    async with on_terminal(fake.cli("chat", "Hi"), tmp_path) as (terminal, process):
        await terminal.shows("waiting for the first word")
        terminal.type(CTRL_C)
        await process.wait()

    assert "waiting" not in terminal.text


async def test_ctrl_c_keeps_what_came(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {CHAT: [delta(0, "Hello *wor"), {"await": "$/cancelRequest"}, CANCELLED]})
    async with on_terminal(fake.cli("chat", "Hi"), tmp_path) as (terminal, process):
        await terminal.shows("Hello")
        terminal.type(CTRL_C)
        exit_code = await process.wait()

    assert exit_code == 130
    assert " ".join(terminal.text.replace("^C", "").split()) == (
        "Hello *wor passerelle: cancelled; what it cost so far is not known yet, the gateway settles it"
    )


def talking(folder: Path, *chats: Sequence[Step], **more: Sequence[Step]) -> FakeDaemon:
    """A daemon for a conversation: the turns are answered one after the other."""
    turns: list[Step] = [{"next": chats}]
    return write_script(folder, {CHAT: turns, "passerelle/status": [{"result": status()}], **more})


async def test_a_conversation_is_the_daemons_to_remember_and_sums_up(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    fake = talking(tmp_path, answer("Yes."), answer("No.", cost={"usd": None, "source": "unknown"}), answer("Who?"))
    async with on_terminal(fake.cli("chat", "-f", "a.py"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("Is it?\n")
        await terminal.shows(r"Yes\.(.|\n)*\$0\.0032 in all\n›$")
        terminal.type("Sure?\n")
        await terminal.shows(r"No\.(.|\n)*1 of 2\s+answers of unknown cost\n›$")
        terminal.type("/new\n")
        await terminal.shows(r"begins a new conversation(.|\n)*›$")
        terminal.type("And?\n")
        await terminal.shows(r"Who\?(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0

    first, second, third = fake.received(CHAT)
    assert first["messages"] == [{"role": "user", "content": "a.py:\n```\nx = 1\n```\n\nIs it?"}]
    assert second["messages"] == [{"role": "user", "content": "Sure?"}]
    assert third["messages"] == [{"role": "user", "content": "And?"}]
    assert first["conversation"] == second["conversation"] != third["conversation"]


async def test_ctrl_c_in_a_conversation_ends_the_answer_and_not_the_talk(tmp_path: Path) -> None:
    fake = talking(tmp_path, [delta(0, "Hel"), {"await": "$/cancelRequest"}, CANCELLED], answer("Fine."))
    async with on_terminal(fake.cli("chat"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("One\n")
        await terminal.shows("Hel")
        terminal.type(CTRL_C)
        await terminal.shows(r"What had\s+come is\s+kept\.\n›$")
        # Python looks for signals only while it waits for a key: one that comes just before needs the next line's end.
        terminal.type(f"{CTRL_C}\n")
        await terminal.shows(r"kept\.\n›[^›]*\n›")
        terminal.type("Two\n")
        await terminal.shows(r"Fine\.(.|\n)*›$")
        terminal.type("/quit\n")
        assert await process.wait() == 0

    assert fake.received(CHAT)[1]["messages"] == [{"role": "user", "content": "Two"}]


async def test_a_refusal_in_a_conversation_does_not_end_it(tmp_path: Path) -> None:
    refused: list[Step] = [{"error": {"code": -32803, "message": "Too long.", "data": {"kind": "contextTooLong"}}}]
    fake = talking(tmp_path, refused, answer("Fine."))
    async with on_terminal(fake.cli("chat"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("One\n")
        await terminal.shows(r"Too long\.\n›$")
        terminal.type("Two\n")
        await terminal.shows(r"Fine\.(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0


async def test_the_daemons_death_ends_a_conversation(tmp_path: Path) -> None:
    fake = talking(tmp_path, [{"exit": 3}])
    async with on_terminal(fake.cli("chat"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("One\n")
        assert await process.wait() == 1

    assert "The daemon ended unexpectedly (exit code 3)" in terminal.text
    assert "`passerelle chat -c` goes on." in terminal.text.replace("\n", "")


async def test_commands_of_a_conversation(tmp_path: Path) -> None:
    found = models(model("openai/gpt-5"), model("openai/gpt-5-mini"))
    fake = talking(tmp_path, answer("Fine."), **{"passerelle/models": [{"result": found}]})
    async with on_terminal(fake.cli("chat"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        for typed, shown in [
            ("/help", "begin another conversation"),
            ("/model gpt", r"Which one\? openai/gpt-5, openai/gpt-5-mini"),
            ("/model openai/gpt-5", "openai/gpt-5 from now on"),
            ("/models gpt", "2 models"),
            ("/nothing", "There is no /nothing here"),
            ("Hi", r"Fine\."),
        ]:
            terminal.type(f"{typed}\n")
            await terminal.shows(rf"{shown}(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0

    assert fake.received(CHAT)[0]["model"] == "openai/gpt-5"
    assert fake.received("initialize")[0]["initializationOptions"] == {"passerelle": {"trusted": True}}


def kept(**more: object) -> Json:
    """A conversation that the daemon keeps."""
    return {
        "id": "aaaa1111bbbb",
        "title": "How it ends",
        "workspaceFolder": None,
        "createdAt": "2020-11-20T10:00:00Z",
        "changedAt": "2020-11-20T10:05:00Z",
        "turns": 2,
        "lastTurn": "t2",
        "running": False,
        "private": False,
        "model": None,
        "costUsd": 0.0132,
        **more,
    }


KEPT: Step = {"result": {"conversations": [kept(), kept(id="aaaa2222bbbb", title="Other", costUsd=None)], "total": 9}}
TOTAL = {"inputTokens": 1, "outputTokens": 1, "cachedTokens": 0, "costUsd": 0.01, "estimatedUsd": 0.0, "unknown": 0}


async def test_conversations_are_a_table(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {"passerelle/conversations": [KEPT]})
    async with on_terminal(fake.cli("conversations"), tmp_path) as (terminal, process):
        assert await process.wait() == 0

    rows = [line.split() for line in terminal.text.splitlines() if line.startswith("aaaa")]
    assert [row[:1] + row[-2:] for row in rows] == [["aaaa1111", "it", "ends"], ["aaaa2222", "?", "Other"]]
    assert "days ago" in terminal.text
    assert "2 of 9 conversations" in terminal.text


async def test_a_conversation_is_read_as_markdown(tmp_path: Path) -> None:
    exported = {"name": "a.md", "text": "# How it ends\n\nIt **ends**.\n"}
    script: dict[str, Sequence[Step]] = {
        "passerelle/conversations": [KEPT],
        "passerelle/conversation/export": [{"result": exported}],
    }
    command = write_script(tmp_path, script).cli("conversations", "show", "aaaa1")
    async with on_terminal(command, tmp_path) as (terminal, process):
        assert await process.wait() == 0

    assert "It ends." in terminal.text


@pytest.mark.parametrize(("typed", "deleted"), [("y\n", 1), ("\n", 0), ("no\n", 0), (CTRL_D, 0)])
async def test_before_it_deletes_it_asks(tmp_path: Path, typed: str, deleted: int) -> None:
    script: dict[str, Sequence[Step]] = {
        "passerelle/conversations": [KEPT],
        "passerelle/conversation/delete": [{"result": {}}],
    }
    fake = write_script(tmp_path, script)
    async with on_terminal(fake.cli("conversations", "delete", "aaaa1"), tmp_path) as (terminal, process):
        await terminal.shows(r"Delete How it ends \(2 turns\)\?(.|\n)*\[y/N\]")
        terminal.type(typed)
        assert await process.wait() == 0

    assert len(fake.received("passerelle/conversation/delete")) == deleted
    assert ("Deleted How it ends." in terminal.text) == bool(deleted)


async def test_a_conversation_is_gone_on_with(tmp_path: Path) -> None:
    whole = {"summary": kept(), "turns": [], "total": TOTAL}
    more: dict[str, Sequence[Step]] = {
        "passerelle/conversations": [KEPT],
        "passerelle/conversation": [{"result": whole}],
    }
    fake = talking(tmp_path, answer("Yes."), **more)
    async with on_terminal(fake.cli("chat", "-c"), tmp_path) as (terminal, process):
        await terminal.shows(r"going on with How it ends(.|\n)*\$0\.010 in all(.|\n)*›$")
        terminal.type("And?\n")
        await terminal.shows(r"Yes\.(.|\n)*\$0\.013 in all\n›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0

    assert fake.received(CHAT)[0]["conversation"] == "aaaa1111bbbb"


async def test_a_private_conversation_says_so_to_the_daemon(tmp_path: Path) -> None:
    fake = talking(tmp_path, answer("Yes."))
    async with on_terminal(fake.cli("chat", "--private"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("Hi\n")
        await terminal.shows(r"Yes\.(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0

    assert fake.received(CHAT)[0]["private"] is True


@pytest.mark.parametrize(
    ("typed", "exit_code", "said"),
    [("made-up-key\n", 0, "Kept."), (CTRL_D, 1, "no key was given"), (CTRL_C, 130, "")],
)
async def test_a_key_is_typed_and_not_shown(tmp_path: Path, typed: str, exit_code: int, said: str) -> None:
    command = write_script(tmp_path, {}).cli("key", "set", "work")
    async with on_terminal(command, tmp_path, **file_keyring(tmp_path / "ring")) as (terminal, process):
        await terminal.shows(r"\(it is not shown\):$")
        terminal.type(typed)
        assert await process.wait() == exit_code

    assert said in terminal.text
    assert "made-up-key" not in terminal.output
    assert "Traceback" not in terminal.output


async def test_the_demo_ends_in_a_conversation(tmp_path: Path) -> None:
    async with on_terminal([sys.executable, "-P", "-m", "passerelle", "demo"], tmp_path) as (terminal, process):
        await terminal.shows(r"from passerelle\.toml:2(.|\n)*Now you(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0


async def test_a_pipe_that_nobody_writes_to_is_not_waited_for_in_silence(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {})
    line = f"sleep 60 | {shlex.join(fake.cli('chat', 'Hi'))}"
    async with on_terminal(["/bin/sh", "-c", line], tmp_path) as (terminal, process):
        await terminal.shows("reading standard input; Ctrl-D ends it")
        terminal.type(CTRL_C)
        await process.wait()


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("ab\r\ncd", "ab\ncd"),
        ("abcdefghijkl", "abcdefghij\nkl"),
        ("ab\r\ncd\r\x1b[2K\x1b[1A\x1b[2Kx", "x\n"),
        ("\x1b[1;31mred\x1b[0m\x1b]8;;http://x\x1b\\!", "red!"),
    ],
)
def test_the_terminal_of_these_tests_reads_as_a_person(output: str, text: str) -> None:
    assert screen_text(output, 10) == text
