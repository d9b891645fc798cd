"""The other commands as processes with pipes, against a scripted daemon."""

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import passerelle
from support.command_line import Ended, run_command, started
from support.fake_daemon import FakeDaemon, Step, write_script
from support.fake_results import MODEL, answer, model, models, status
from support.keyring_file import file_keyring

PROBLEM = {"path": "/p/passerelle.toml", "line": 3, "column": 1, "key": "gatway", "message": "Unknown key."}
FOUND = models(model(MODEL), model("openai/gpt-5", capabilities=[], contextWindow=None), total=7)
CONFIG = {
    "values": [
        {"key": "caching.mode", "value": "auto", "source": "default"},
        {"key": "gateway", "value": "work", "source": "user", "path": "/u/config.toml", "line": 2},
    ],
    "problems": [],
}


async def command(folder: Path, words: str, *, stdin: bytes | None = None, **script: Sequence[Step]) -> Ended:
    fake = write_script(folder, {f"passerelle/{method}": steps for method, steps in script.items()})
    return await run_command(fake.cli(*words.split()), folder, stdin=stdin)


async def test_models_are_tab_separated_for_a_program(tmp_path: Path) -> None:
    ended = await command(tmp_path, "models", models=[{"result": FOUND}])

    assert ended == (
        0,
        f"Claude Sonnet 4.5\t{MODEL}\t200K\t3.00\t15.00\tvision tools\nGpt 5\topenai/gpt-5\t?\t3.00\t15.00\t\n",
        "",
    )


async def test_models_as_json_are_the_result(tmp_path: Path) -> None:
    ended = await command(tmp_path, "models --json", models=[{"result": FOUND}])

    assert json.loads(ended.stdout) == FOUND


async def test_what_is_asked_of_models_is_what_was_said(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {"passerelle/models": [{"result": FOUND}]})

    await run_command(
        fake.cli("models", "gpt", "mini", "--needs", "tools", "--sort", "price", "--limit", "3"), tmp_path
    )

    assert fake.received("passerelle/models") == [
        {"query": "gpt mini", "needs": ["tools"], "sort": "price", "limit": 3}
    ]


async def test_before_the_first_list_it_waits_for_one(tmp_path: Path) -> None:
    nothing = models(fetchedAt=None, source="builtin")
    script: dict[str, Sequence[Step]] = {"passerelle/models": [{"next": [[{"result": nothing}], [{"result": FOUND}]]}]}
    fake = write_script(tmp_path, script)

    ended = await run_command(fake.cli("models"), tmp_path)

    assert ended.stdout.count("\n") == 2
    assert [asked.get("refresh") for asked in fake.received("passerelle/models")] == [None, True]


async def test_no_model_is_said_and_no_failure(tmp_path: Path) -> None:
    assert await command(tmp_path, "models nothing", models=[{"result": models()}]) == (0, "", "No model fits.\n")


async def test_settings_are_tab_separated_with_their_places(tmp_path: Path) -> None:
    ended = await command(tmp_path, "config", config=[{"result": CONFIG}])

    assert ended == (0, 'caching.mode\t"auto"\tdefault\t\ngateway\t"work"\tuser\t/u/config.toml:2\n', "")


@pytest.mark.parametrize(("severity", "exit_code"), [("error", 1), ("warning", 0)])
async def test_problems_of_settings_go_to_stderr(tmp_path: Path, severity: str, exit_code: int) -> None:
    config = {**CONFIG, "problems": [{**PROBLEM, "severity": severity}]}
    ended = await command(tmp_path, "config --json", config=[{"result": config}])

    assert json.loads(ended.stdout) == config
    assert ended.exit_code == exit_code
    assert ended.stderr == f"/p/passerelle.toml:3:1: {severity}: gatway: Unknown key.\n"


async def test_the_current_folder_and_what_the_line_says_reach_the_daemon(tmp_path: Path) -> None:
    (tmp_path / "my.toml").touch()
    scripted: dict[str, Sequence[Step]] = {
        "passerelle/status": [{"result": status(gateway={"name": "work", "url": "http://x", "key": None})}],
        "passerelle/config": [{"environment": "PASSERELLE_CONFIG"}, {"result": CONFIG}],
    }
    fake = write_script(tmp_path, scripted)

    ended = await run_command(fake.cli("--gateway", "work", "config", "--config", "my.toml"), tmp_path)

    (greeting,) = fake.received("initialize")
    assert ended.exit_code == 0, ended.stderr
    assert greeting["rootUri"] == tmp_path.as_uri()
    assert greeting["initializationOptions"] == {"passerelle": {"settings": {"gateway": "work"}}}
    assert fake.received("environment") == [{"PASSERELLE_CONFIG": str(tmp_path / "my.toml")}]


async def test_a_gateway_that_is_not_known_is_refused(tmp_path: Path) -> None:
    ended = await command(tmp_path, "chat Hi --gateway nope", status=[{"result": status()}])

    assert ended == (1, "", "passerelle: There is no gateway nope; `passerelle config` shows which there are.\n")


async def test_the_doctor_goes_the_whole_way_and_fails_for_what_does_not_work(tmp_path: Path) -> None:
    gateway = {"name": "work", "url": "http://127.0.0.1:1/v1", "key": "env:WORK_KEY"}
    ended = await command(tmp_path, "doctor", status=[{"result": status(gateway=gateway)}], config=[{"result": CONFIG}])

    lines = ended.stdout.splitlines()
    assert ended.exit_code == 1
    assert [line[0] for line in lines if line[0] != " "] == list("✓✓✓✓✓✓✓✗✓✗!")
    assert "Settings from /u/config.toml" in lines[2]
    assert "The ledger will be" in lines[5]
    assert "No key from env:WORK_KEY" in lines[7]
    assert lines[9] == "✗ Cannot reach 127.0.0.1: nothing listens there (connection refused)."


async def test_the_doctor_asks_for_one_token_when_told_to(tmp_path: Path) -> None:
    gateway = {"name": "offline", "url": "http://127.0.0.1:1/v1", "key": None}
    refused: list[Step] = [{"error": {"code": -32803, "message": "No credits.", "data": {"kind": "creditsExhausted"}}}]
    fake = write_script(
        tmp_path,
        {
            "passerelle/status": [{"result": status(gateway=gateway)}],
            "passerelle/config": [{"result": CONFIG}],
            "passerelle/chat": refused,
        },
    )

    ended = await run_command(fake.cli("doctor", "--ask"), tmp_path)

    assert fake.received("passerelle/chat")[0]["options"] == {"maxTokens": 1}
    assert ended.stdout.splitlines()[-1] == "✗ No credits."
    assert ended.exit_code == 1


async def test_the_doctor_says_when_there_is_no_daemon(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {"initialize": [{"stderr": "ImportError: msgspec\n"}, {"exit": 1}]})

    ended = await run_command(fake.cli("doctor"), tmp_path)

    assert ended.exit_code == 1
    assert ended.stdout.splitlines()[1] == "✗ The daemon ended unexpectedly (exit code 1). ImportError: msgspec"


async def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {})
    gone = tmp_path / "gone"
    gone.mkdir()
    leave = f"import os, sys; os.rmdir({str(gone)!r}); os.execv(sys.argv[1], sys.argv[1:])"
    python, *rest = fake.cli("models")

    async with started([python, "-c", leave, python, *rest], gone) as process:
        _, stderr = await process.communicate()

    assert (process.returncode, stderr.decode()) == (
        1,
        "passerelle: The current folder does not exist any more: change to another one.\n",
    )


async def test_a_reader_who_leaves_is_no_failure(tmp_path: Path) -> None:
    many = models(*(model(f"a/{number}", name="x" * 1000) for number in range(300)))
    fake = write_script(tmp_path, {"passerelle/models": [{"result": many}]})
    async with started(fake.cli("models"), tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        await process.stdout.readexactly(3)
        process.stdout._transport.close()  # type: ignore[attr-defined]  # As `head` does; asyncio has no word for it.

        assert await process.stderr.read() == b""
        assert await process.wait() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
@pytest.mark.parametrize(
    ("redirection", "exit_code", "stderr"),
    [(">&-", 0, b""), ("2>&-", 0, b""), ("<&-", 0, b"")]
    + [(">/dev/full", 1, b"passerelle: No space left on device.\n")] * Path("/dev/full").exists(),
)
async def test_streams_that_take_nothing(tmp_path: Path, redirection: str, exit_code: int, stderr: bytes) -> None:
    fake = write_script(tmp_path, {"passerelle/chat": answer("Hello")})
    line = f"{shlex.join(fake.cli('chat', 'Hi'))} {redirection}"
    async with started(["/bin/sh", "-c", line], tmp_path) as process:
        _, said = await process.communicate()

    assert (process.returncode, said) == (exit_code, stderr)


def unscripted(folder: Path) -> FakeDaemon:
    return write_script(folder, {})


async def test_version_help_and_completion_need_no_daemon(tmp_path: Path) -> None:
    fake = unscripted(tmp_path)
    version = await run_command(fake.cli("--version"), tmp_path)
    script = await run_command(fake.cli("completion", "bash"), tmp_path)
    nothing = await run_command(fake.cli(), tmp_path)

    assert version == (0, f"passerelle {passerelle.__version__}\n", "")
    assert "--gateway" in script.stdout
    assert (nothing.exit_code, nothing.stdout) == (2, "")
    assert "passerelle demo" in nothing.stderr
    assert fake.received("initialize") == []


async def test_a_key_goes_through_stdin_into_the_keyring_and_is_not_shown(tmp_path: Path) -> None:
    fake = unscripted(tmp_path)
    keyring = file_keyring(tmp_path / "ring")

    kept = await run_command(fake.cli("key", "set", "work"), tmp_path, stdin=b" made-up-key \n", environment=keyring)
    stored = json.loads((tmp_path / "ring").read_text())
    removed = await run_command(fake.cli("key", "remove", "work"), tmp_path, environment=keyring)
    again = await run_command(fake.cli("key", "remove", "work"), tmp_path, environment=keyring)

    assert kept == (0, 'Kept. Write into the gateway\'s settings: key = "keyring:work"\n', "")
    assert stored == {"passerelle/work": "made-up-key"}
    assert removed == (0, "Removed. Nothing is kept as keyring:work any more.\n", "")
    assert again == (1, "", "passerelle: The keyring holds no key named work.\n")


@pytest.mark.parametrize(
    ("backend", "stdin", "line"),
    [
        ("keyring.backends.null.Keyring", b"made-up-key", "No key from keyring:work: it is empty or not set. Store it"),
        ("keyring.backends.fail.Keyring", b"made-up-key", "The system's keyring cannot be used (NoKeyringError); keep"),
        ("keyring.backends.null.Keyring", b"\n", "key: no key was given."),
        ("keyring.backends.null.Keyring", b"two\nlines", "key: what was given has a line break or a character"),
    ],
)
async def test_a_key_that_cannot_be_kept_is_a_failure_that_does_not_show_it(
    tmp_path: Path, backend: str, stdin: bytes, line: str
) -> None:
    ended = await run_command(
        unscripted(tmp_path).cli("key", "set", "work"),
        tmp_path,
        stdin=stdin,
        environment={"PYTHON_KEYRING_BACKEND": backend},
    )

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"passerelle: {line}")
    assert "made-up-key" not in ended.stdout + ended.stderr
