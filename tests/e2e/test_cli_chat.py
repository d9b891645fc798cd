"""`passerelle chat` as a process with pipes: what goes to stdout, what to stderr, and how it ends."""

import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from passerelle.protocol.base import INVALID_PARAMS, REQUEST_CANCELLED, REQUEST_FAILED
from support.command_line import Ended, run_command, started
from support.fake_daemon import Step, write_script
from support.fake_results import answer, chat_result, delta, reasoning

CHAT = "passerelle/chat"
CANCELLED: Step = {"error": {"code": REQUEST_CANCELLED, "message": "cancelled"}}


async def chat(folder: Path, steps: Sequence[Step], *words: str, stdin: bytes | None = None) -> Ended:
    return await run_command(write_script(folder, {CHAT: steps}).cli("chat", *words), folder, stdin=stdin)


async def test_a_pipe_gets_the_text_exactly_and_a_line_feed(tmp_path: Path) -> None:
    ended = await chat(tmp_path, answer("**He", "l", "lo** é😀\n\n`x`"), "Hi")

    assert ended == (0, "**Hello** é😀\n\n`x`\n", "")


async def test_text_that_ends_with_a_line_feed_gets_no_second(tmp_path: Path) -> None:
    assert (await chat(tmp_path, answer("Hello\n"), "Hi")).stdout == "Hello\n"


async def test_each_piece_comes_at_once(tmp_path: Path) -> None:
    steps = [delta(0, "Hel"), {"await": "$/cancelRequest"}, CANCELLED]
    command = write_script(tmp_path, {CHAT: steps}).cli("chat", "Hi")
    async with started(command, tmp_path) as process:
        assert process.stdout is not None

        assert await process.stdout.readexactly(3) == b"Hel"

        process.send_signal(signal.SIGINT)


async def test_reasoning_is_not_part_of_the_answer(tmp_path: Path) -> None:
    steps = [reasoning(0, "Hm."), delta(1, "Yes"), {"result": chat_result("Yes")}]

    assert (await chat(tmp_path, steps, "Hi")).stdout == "Yes\n"


async def test_json_is_the_whole_result_and_nothing_else(tmp_path: Path) -> None:
    ended = await chat(tmp_path, answer("Hello"), "Hi", "--json")

    assert ended.exit_code == 0
    assert ended.stdout.count("\n") == 1
    assert json.loads(ended.stdout) == chat_result("Hello")


async def test_json_of_a_broken_answer_is_a_failure_with_all_that_came(tmp_path: Path) -> None:
    ended = await chat(tmp_path, answer("Half", finish="cutOff"), "Hi", "--json")

    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["message"]["content"] == "Half"


async def test_the_question_has_prompt_model_and_no_more(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {CHAT: answer("Yes")})

    await run_command(fake.cli("chat", "--private", "-m", "openai/gpt-5", "Is", "it?"), tmp_path)

    (params,) = fake.received(CHAT)
    assert {**params, "token": ""} == {
        "token": "",
        "model": "openai/gpt-5",
        "messages": [{"role": "user", "content": "Is it?"}],
    }


@pytest.mark.parametrize(
    ("words", "stdin", "content"),
    [
        (["Sum"], b"a\nb\n", "standard input:\n```\na\nb\n```\n\nSum"),
        ([], "alone é".encode(), "alone é"),
        (["Hi"], b"", "Hi"),
        (["Explain", "-f", "a.py"], None, "a.py:\n```\nx = 1\n```\n\nExplain"),
    ],
)
async def test_piped_text_and_files_go_along(
    tmp_path: Path, words: list[str], stdin: bytes | None, content: str
) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    fake = write_script(tmp_path, {CHAT: answer("Yes")})

    ended = await run_command(fake.cli("chat", *words), tmp_path, stdin=stdin)

    assert ended.exit_code == 0, ended.stderr
    assert fake.received(CHAT)[0]["messages"] == [{"role": "user", "content": content}]


async def test_images_and_pdfs_go_along_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.PNG").write_bytes(b"\x89PNG")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    fake = write_script(tmp_path, {CHAT: answer("Yes")})

    await run_command(fake.cli("chat", "See", "-f", "a.PNG", "--file", "b.pdf"), tmp_path)

    assert fake.received(CHAT)[0]["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "image", "mediaType": "image/png", "data": "iVBORw=="},
                {"type": "file", "mediaType": "application/pdf", "data": "JVBERg==", "name": "b.pdf"},
                {"type": "text", "text": "See"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("words", "stdin", "exit_code", "sentence"),
    [
        ([], b"", 2, "chat: nothing was asked. Give a prompt, or pipe one in; see --help."),
        ([], b" \n", 2, "chat: nothing was asked. Give a prompt, or pipe one in; see --help."),
        (["Hi", "-f", "none.py"], None, 1, "none.py: No such file or directory."),
        (["Hi", "-f", "."], None, 1, ".: Is a directory."),
        (["Hi"], b"a\xffb", 1, "standard input is not UTF-8 text (byte 1): convert it first."),
        (["Hi"], b"a\0b", 1, "standard input is not text: it holds binary data."),
        (["Hi"], b"x" * 10_000_001, 1, "standard input is larger than 10 MB: send a part of it."),
        (["Hi", "--config", "none.toml"], None, 1, "--config: there is no file none.toml."),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_one_line(
    tmp_path: Path, words: list[str], stdin: bytes | None, exit_code: int, sentence: str
) -> None:
    ended = await chat(tmp_path, answer("never"), *words, stdin=stdin)

    assert ended == (exit_code, "", f"passerelle: {sentence}\n")


@pytest.mark.parametrize(
    ("code", "message", "data", "line"),
    [
        (REQUEST_FAILED, "No key. Set one.", {"kind": "keyMissing"}, "No key. Set one. `passerelle demo` needs none."),
        (
            INVALID_PARAMS,
            "No model x.",
            {"kind": "modelUnknown", "suggestions": ["a/x1", "a/x2", "a/x3", "a/x4"]},
            "No model x. Did you mean a/x1 or a/x2 or a/x3?",
        ),
        (REQUEST_FAILED, "Slow down.", {"kind": "rateLimited", "retryAfterMs": 12000}, "Slow down. Try again in 12 s."),
        (REQUEST_FAILED, "No DNS.", {"kind": "unreachable"}, "No DNS. `passerelle doctor` finds out more."),
        (-32603, "internal error", None, "internal error"),
        (REQUEST_FAILED, "two\nlines \x1b[31mred", None, "two lines [31mred"),
    ],
)
async def test_a_refusal_is_one_line_that_helps(
    tmp_path: Path, code: int, message: str, data: object, line: str
) -> None:
    ended = await chat(tmp_path, [{"error": {"code": code, "message": message, "data": data}}], "Hi")

    assert ended == (1, "", f"passerelle: {line}\n")


@pytest.mark.parametrize(
    ("finish", "exit_code", "line"),
    [
        ("cutOff", 1, "the answer broke off before its end; this is all that came"),
        ("length", 0, "the answer stops here: it reached the limit of its length"),
        ("filtered", 0, "the answer stops here: the provider's content filter ended it"),
    ],
)
async def test_an_answer_that_was_ended_says_so_and_stays(
    tmp_path: Path, finish: str, exit_code: int, line: str
) -> None:
    ended = await chat(tmp_path, answer("Half", finish=finish), "Hi")

    assert ended == (exit_code, "Half\n", f"passerelle: {line}\n")


async def test_ctrl_c_cancels_and_waits_for_the_daemon(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {CHAT: [delta(0, "Hel"), {"await": "$/cancelRequest"}, CANCELLED]})
    async with started(fake.cli("chat", "Hi"), tmp_path) as process:
        assert process.stdout is not None
        await process.stdout.readexactly(3)

        process.send_signal(signal.SIGINT)
        stdout, stderr = await process.communicate()

    assert (process.returncode, stdout) == (130, b"\n")
    assert stderr.decode() == ("passerelle: cancelled; what it cost so far is not known yet, the gateway settles it\n")
    assert len(fake.received("$/cancelRequest")) == 1
    assert len(fake.received("exit")) == 1


async def test_an_answer_that_ends_while_it_is_cancelled_says_what_it_cost(tmp_path: Path) -> None:
    steps = [delta(0, "Hel"), {"await": "$/cancelRequest"}, {"result": chat_result("Hel")}]
    async with started(write_script(tmp_path, {CHAT: steps}).cli("chat", "Hi"), tmp_path) as process:
        assert process.stdout is not None
        await process.stdout.readexactly(3)

        process.send_signal(signal.SIGINT)
        _, stderr = await process.communicate()

    assert process.returncode == 130
    assert stderr.decode() == "passerelle: cancelled at its end; $0.0032\n"


async def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    steps: list[Step] = [{"interrupt": 1}, {"await": "$/cancelRequest"}, {"interrupt": 2}, {"pause": True}]

    assert await chat(tmp_path, steps, "Hi") == (-signal.SIGINT, "", "")


async def test_a_daemon_that_dies_in_the_middle_leaves_the_text_and_says_so(tmp_path: Path) -> None:
    ended = await chat(tmp_path, [delta(0, "Hel"), {"stderr": "MemoryError\n"}, {"exit": 9}], "Hi")

    assert ended == (1, "Hel\n", "passerelle: The daemon ended unexpectedly (exit code 9). MemoryError\n")


async def test_a_reader_who_leaves_ends_the_answer_in_silence(tmp_path: Path) -> None:
    script = {CHAT: [*(delta(seq, "x" * 1000) for seq in range(200)), {"await": "$/cancelRequest"}, CANCELLED]}
    fake = write_script(tmp_path, script)
    async with started(fake.cli("chat", "Hi"), tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        await process.stdout.readexactly(3)
        process.stdout._transport.close()  # type: ignore[attr-defined]  # As `head` does; asyncio has no word for it.

        assert await process.stderr.read() == b""
        await process.wait()

    assert process.returncode == 0
    assert len(fake.received("$/cancelRequest")) == 1


async def test_the_daemon_does_not_get_the_terminals_ctrl_c(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {CHAT: [delta(0, "Hel"), {"await": "$/cancelRequest"}, CANCELLED]})
    async with started([sys.executable, "-c", GROUP, *fake.cli("chat", "Hi")], tmp_path) as process:
        _, stderr = await process.communicate()

    assert process.returncode == 130
    assert stderr.decode().startswith("passerelle: cancelled;")


GROUP = """
import os, signal, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, process_group=0)
child.stdout.read(3)
os.killpg(child.pid, signal.SIGINT)
child.communicate()
sys.exit(child.returncode)
"""
