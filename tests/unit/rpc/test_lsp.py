"""What we mend in pygls: these fail if an upgrade changes what the mending rests on."""

import json
import logging
from collections.abc import AsyncIterator

import pytest

from passerelle.protocol.announced import COMMANDS
from passerelle.rpc.capabilities import OWN, POSITION_ENCODINGS, choose_encoding, initialize_result
from passerelle.rpc.lsp import Server, build_server
from passerelle.rpc.messages import RpcError

SECRET = "vck_made_up"


async def fail() -> object:
    raise ValueError(SECRET)


async def echo() -> object:
    return {"jsonrpc": "2.0", "x-key": 1, "class": 2}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = build_server({COMMANDS[0]: echo, COMMANDS[1]: fail, COMMANDS[2]: echo})
    await server.protocol.answer("first", "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    yield server
    server.shutdown()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("encoding", POSITION_ENCODINGS)
async def test_what_we_announce_is_what_pygls_would_and_what_we_serve_without_it(encoding: str) -> None:
    server = build_server(dict.fromkeys(COMMANDS, echo))
    capabilities = {"general": {"positionEncodings": [encoding]}}

    raw = await server.protocol.answer(
        "1", "initialize", {"processId": 1, "rootUri": None, "capabilities": capabilities}
    )

    theirs = json.loads(bytes(raw))
    assert not theirs["capabilities"].keys() & OWN.keys()
    theirs["capabilities"] |= OWN
    assert theirs == initialize_result(choose_encoding([encoding]))


async def test_a_command_answers_with_what_it_returned(server: Server) -> None:
    raw = await server.protocol.answer("1", "workspace/executeCommand", {"command": COMMANDS[0]})

    assert json.loads(bytes(raw)) == {"jsonrpc": "2.0", "x-key": 1, "class": 2}


@pytest.mark.parametrize(
    "params", [{"nope": 1}, {"command": 7}, {"command": "unknown"}, {"command": COMMANDS[0], "arguments": [1]}, None]
)
async def test_wrong_params_are_answered(server: Server, params: object) -> None:
    with pytest.raises(RpcError) as refused:
        await server.protocol.answer("1", "workspace/executeCommand", params)

    assert refused.value.error.code == -32602


async def test_an_unknown_method_is_answered(server: Server) -> None:
    with pytest.raises(RpcError) as refused:
        await server.protocol.answer("1", "textDocument/nonsense", {})

    assert refused.value.error.code == -32601


async def test_a_fault_leaves_neither_its_message_nor_its_trace(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(RpcError) as refused:
        await server.protocol.answer("1", "workspace/executeCommand", {"command": COMMANDS[1]})

    assert refused.value.error.code == -32603
    assert SECRET not in repr(refused.value.error)
    assert SECRET not in caplog.text


async def test_pygls_logs_no_bodies(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await server.protocol.answer("1", "workspace/executeCommand", {"command": COMMANDS[0]})

    assert [record for record in caplog.records if record.name.startswith("pygls")] == []
