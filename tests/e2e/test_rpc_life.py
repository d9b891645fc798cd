"""How a session begins and ends."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from support.daemon import Home, launched
from support.gateway import End
from support.messages import RpcError, at, frame, framed
from support.rpc_client import RpcClient
from support.shapes import begins

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENT = Path(__file__).parents[2] / "protocol.md"


async def code_of(client: RpcClient, method: str, params: object = None) -> int:
    with pytest.raises(RpcError) as refused:
        await client.request(method, params)
    return refused.value.code


async def test_nothing_is_served_before_initialize(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        assert await code_of(client, "passerelle/status") == -32002
        assert await code_of(client, "textDocument/hover", {}) == -32002
        client.notify("textDocument/didOpen", {})

        result = await client.initialize()

        assert at(result, "capabilities", "experimental", "passerelle", "protocol") == 1
        assert at(result, "serverInfo", "name") == "passerelle"


async def test_what_was_announced_in_ill_typed_options_is_named(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        with pytest.raises(RpcError) as refused:
            await client.initialize(options={"trusted": "yes"})
        assert refused.value.code == -32602
        assert "trusted" in refused.value.message

        with pytest.raises(RpcError) as refused:
            await client.initialize(options={"trust": True})
        assert refused.value.code == -32602
        assert "trust" in refused.value.message

        await client.initialize(options={"trusted": True})


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-8"], "utf-8"),
        (["x"], "utf-16"),
    ],
)
async def test_the_position_encoding_is_the_clients_first_that_is_known(
    home: Home, offered: object, chosen: str
) -> None:
    general = {} if offered is None else {"general": {"positionEncodings": offered}}
    async with launched(home.path, home.environment) as client:
        result = await client.initialize(params={"capabilities": general})

    assert at(result, "capabilities", "positionEncoding") == chosen


async def test_initialize_is_answered_once(home: Home) -> None:
    async with home.daemon() as client:
        assert await code_of(client, "initialize", {"capabilities": {}}) == -32600


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(framed(b"not JSON"), id="not JSON"),
        pytest.param(frame([]), id="no message"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no frame"),
    ],
)
async def test_what_comes_before_initialize_may_be_anything(home: Home, first: bytes) -> None:
    async with launched(home.path, home.environment) as client:
        client.raw(first)
        assert (await client.unaddressed()).code in {-32700, -32600}

        await client.initialize()
        await client.request("passerelle/status")


async def test_nobody_needs_to_wait_for_the_answer_to_initialize(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        answers = [client.request("initialize", {"capabilities": {}})]
        client.notify("initialized", {})
        answers += [client.request("passerelle/status") for _ in range(3)]

        for answer in answers:
            await answer


async def test_an_initialize_of_a_megabyte_is_served(home: Home) -> None:
    unknown = {f"x-{number}": "é" * 1000 for number in range(1000)}
    async with launched(home.path, home.environment) as client:
        await client.initialize(params={"capabilities": {"experimental": unknown}, **unknown})

        assert await client.request("passerelle/status")


async def test_an_initialize_that_says_nothing_is_enough(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        identity = "initialize"
        answer = client.expect(identity)
        client.raw(frame({"jsonrpc": "2.0", "id": identity, "method": "initialize", "params": {}}))

        await answer
        assert await client.request("passerelle/status")


async def test_a_client_of_the_old_kind_names_one_root(home: Home) -> None:
    home.project_config.write_text('[roles]\nchat = "a/root"\n', "utf-8")
    for root in ({"rootUri": home.project.as_uri()}, {"rootPath": str(home.project)}):
        async with launched(home.path, home.environment) as client:
            await client.initialize(params=root)

            assert at(await client.request("passerelle/status"), "roles", "chat", "model") == "a/root"


async def test_nothing_is_served_after_shutdown(home: Home) -> None:
    async with home.daemon() as client:
        assert await client.request("shutdown") is None
        assert await code_of(client, "passerelle/status") == -32600
        assert await code_of(client, "shutdown") == -32600

        client.notify("exit", None)

        assert await client.ended() == 0


async def test_exit_without_shutdown_is_a_failure(home: Home) -> None:
    async with home.daemon() as client:
        client.exit_code = 1
        client.notify("exit", None)

        assert await client.ended() == 1


async def test_exit_before_initialize_is_a_failure(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        client.exit_code = 1
        client.notify("exit", None)

        assert await client.ended() == 1


async def test_the_end_of_input_ends_the_daemon_and_what_it_does(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.STALL])
    async with home.daemon() as client:
        chat = client.chat()
        await client.shown(chat, "Hel")
        client.close_input()

        with pytest.raises(RpcError) as cancelled:
            await chat
        assert cancelled.value.code == -32800
        assert await client.ended() == 0
    await (await home.gateway.chat()).hung_up()


async def test_the_end_of_input_before_anything_was_said_is_no_failure(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        client.close_input()

        assert await client.ended() == 0


async def test_the_end_of_input_inside_a_message_is_no_failure(home: Home) -> None:
    async with home.daemon() as client:
        client.raw(frame({"jsonrpc": "2.0", "id": 7, "method": "passerelle/status"})[:-5])
        client.close_input()

        assert await client.ended() == 0


async def test_shutdown_cancels_what_runs(home: Home) -> None:
    home.gateway.queue([*begins("Hel"), End.STALL])
    async with home.daemon() as client:
        chat = client.chat()
        await client.shown(chat, "Hel")

        assert await client.request("shutdown") is None
        with pytest.raises(RpcError) as cancelled:
            await chat
        assert cancelled.value.code in {-32800, -32802}
        client.notify("exit", None)
        assert await client.ended() == 0
    await (await home.gateway.chat()).hung_up()


async def test_shutdown_and_exit_may_come_together(home: Home) -> None:
    async with home.daemon() as client:
        shutdown = client.request("shutdown")
        client.notify("exit", None)

        assert await shutdown is None
        assert await client.ended() == 0


async def test_the_daemon_ends_with_the_process_of_its_client(home: Home) -> None:
    """The editor died without closing the pipe: some child of its still holds it open."""
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    async with launched(home.path, home.environment) as client:
        await client.initialize(params={"processId": editor.pid})
        await client.request("passerelle/status")

        await editor.communicate(b"\n")

        assert await client.ended() == 0


async def test_a_client_without_a_process_is_served(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        await client.initialize(params={"processId": None})
        status = await client.request("passerelle/status")

    assert at(status, "daemon", "pid") == client.process.pid
    assert at(status, "daemon", "connections") == 1
    assert 1_000_000 < int(str(at(status, "daemon", "rssBytes"))) < 1_000_000_000


async def test_code_of_the_project_is_never_imported(home: Home) -> None:
    """An editor starts us with the project as working directory; what lies there may have any name."""
    for name in ("passerelle", "server", "json", "msgspec", "pygls", "httpx"):
        decoy = home.project / name
        decoy.mkdir()
        (decoy / "__init__.py").write_text("raise SystemExit('the decoy was imported')", "utf-8")
        (decoy / "__main__.py").write_text("raise SystemExit('the decoy was run')", "utf-8")
        (home.project / f"{name}.py").write_text("raise SystemExit('the decoy was imported')", "utf-8")

    async with launched(home.path, home.environment, folder=home.project) as client:
        await client.initialize(folders=[home.project])
        result = await client.chat()

    assert at(result, "message", "content") == "Hello"


async def test_the_transcript_of_the_document_works_as_it_is_typed(home: Home) -> None:
    (transcript,) = re.findall(r"(?ms)^```text transcript\n(.*?)^```", DOCUMENT.read_text("utf-8"))
    messages = re.findall(r"Content-Length: \d+\n\n\{.*\n", transcript)
    async with launched(home.path) as client:
        answers = [client.expect(identity) for identity in (1, 2, 3, 4)]
        chat = client.watch("c1", answers[2])
        client.raw("".join(messages[:-2]).encode())

        assert at(await answers[0], "capabilities", "experimental", "passerelle", "chat") is True
        assert at(await answers[1], "models", 0, "id") == "offline/guide"
        assert "Passerelle" in str(at(await chat, "message", "content"))

        client.raw("".join(messages[-2:]).encode())
        assert await answers[3] is None
        assert await client.ended() == 0
