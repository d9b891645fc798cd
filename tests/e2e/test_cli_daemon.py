"""The commands with the daemon that ships, as a person runs them: against the scripted gateway and the embedded one."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from passerelle.client import Client
from passerelle.protocol.state import ConfigParams
from support.command_line import Ended, run_command, started
from support.daemon import KEY, Home, clean_environment
from support.gateway import End
from support.shapes import begins, refuses, says

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSERELLE = (sys.executable, "-P", "-m", "passerelle")


async def passerelle(home: Home, *words: str, stdin: bytes | None = None) -> Ended:
    """A command in the person's project."""
    environment = {**home.environment, "PASSERELLE_HOME": str(home.path)}
    return await run_command([*PASSERELLE, *words], home.project, stdin=stdin, environment=environment)


async def test_a_question_is_answered(home: Home) -> None:
    home.gateway.queue(says("Hel", "lo é😀"))

    assert await passerelle(home, "chat", "Hi") == (0, "Hello é😀\n", "")

    request = (await home.gateway.chat()).request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json["messages"] == [{"role": "user", "content": "Hi"}]


async def test_the_result_has_its_cost(home: Home) -> None:
    ended = await passerelle(home, "chat", "Hi", "--json")

    assert json.loads(ended.stdout)["cost"].items() >= {"usd": 0.00062, "source": "gateway"}.items()


async def test_ctrl_c_hangs_up_on_the_gateway(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.STALL])
    async with started([*PASSERELLE, "chat", "Hi"], home.project, environment=home.environment) as process:
        assert process.stdout is not None
        await process.stdout.readexactly(3)
        exchange = await home.gateway.chat()

        process.send_signal(signal.SIGINT)
        _, stderr = await process.communicate()

    assert process.returncode == 130
    assert stderr.startswith(b"passerelle: cancelled;")
    assert exchange.is_hung_up


async def test_an_answer_that_breaks_off_keeps_its_text(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.RESET])

    ended = await passerelle(home, "chat", "Hi")

    assert (ended.exit_code, ended.stdout) == (1, "Hel\n")
    assert ended.stderr == "passerelle: the answer broke off before its end; this is all that came\n"


async def test_a_wrong_key_is_one_line_without_the_key(home: Home) -> None:
    home.gateway.queue(refuses(401, "authentication_error", "Invalid key"))

    ended = await passerelle(home, "chat", "Hi")

    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "env:SCRIPTED_KEY" in ended.stderr
    assert KEY not in ended.stderr


async def test_the_doctor_is_content_with_what_works(home: Home) -> None:
    ended = await passerelle(home, "doctor", "--ask")

    assert ended.exit_code == 0, ended.stdout
    assert f"✓ Settings from {home.config}" in ended.stdout
    assert "✓ The key is found by env:SCRIPTED_KEY" in ended.stdout
    assert "✓ It answers: " in ended.stdout
    assert KEY not in ended.stdout


async def test_a_first_list_of_models_is_waited_for(home: Home) -> None:
    ended = await passerelle(home, "models", "--limit", "2")

    assert ended.exit_code == 0, ended.stderr
    assert [line.count("\t") for line in ended.stdout.splitlines()] == [5, 5]


async def test_settings_and_problems_have_their_places(home: Home) -> None:
    home.project_config.write_text('[roles]\nchat = "a/b"\nchatt = 1\n')

    ended = await passerelle(home, "config")

    assert f'roles.chat\t"a/b"\tworkspace\t{home.project_config}:2\n' in ended.stdout
    assert ended.stderr.startswith(f"{home.project_config}:3:1: error: roles.chatt")
    assert ended.exit_code == 1


async def test_a_newcomer_without_a_key_is_told_what_to_do(home: Home) -> None:
    home.config.write_text(f'[gateways.vercel]\nurl = "{home.gateway.url}"\n')

    ended = await passerelle(home, "chat", "Hi")

    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "AI_GATEWAY_API_KEY" in ended.stderr


async def test_the_tour_needs_nothing_and_touches_nothing(home: Home) -> None:
    before = home.config.read_text()

    ended = await passerelle(home, "demo")

    assert ended.exit_code == 0, ended.stderr
    assert "offline/guide" in ended.stdout
    assert "temperature = 0.2, from passerelle.toml:2" in ended.stdout
    assert home.gateway.listings.empty()
    assert home.config.read_text() == before
    assert list(home.project.iterdir()) == []


async def test_the_embedded_gateway_serves_until_ctrl_c(tmp_path: Path) -> None:
    async with started([*PASSERELLE, "offline"], tmp_path) as process:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        port = int(url.removesuffix("/v1").rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

        process.send_signal(signal.SIGINT)

        assert await process.wait() in {0, 130}


async def test_an_editor_may_name_gateway_and_settings_on_the_command_line(home: Home) -> None:
    words = ("lsp", "--stdio", "--gateway", "offline", "--config", str(home.config))
    environment = clean_environment(home.path)
    async with await Client.start([*PASSERELLE, *words], env=environment, folder=home.project) as client:
        status = await client.status()
        config = await client.config(ConfigParams())

    assert status.gateway.name == "offline"
    assert str(home.config) in {value.path for value in config.values}


async def test_a_projects_own_passerelle_is_not_run(home: Home) -> None:
    """The daemon starts in the person's project, whatever lies there."""
    (home.project / "passerelle.py").write_text("raise SystemExit('the decoy ran')")
    (home.project / "asyncio.py").write_text("raise SystemExit('the decoy ran')")

    assert (await passerelle(home, "chat", "Hi")).stdout == "Hello\n"
