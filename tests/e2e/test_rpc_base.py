"""The base protocol: whatever comes in, each request gets one answer and the connection lives on."""

import json

import pytest

from support.gateway import ScriptedGateway
from support.messages import RpcError, at, frame, framed
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

STATUS = {"jsonrpc": "2.0", "id": "raw", "method": "passerelle/status"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc": "2.0", "id": 7, "method"',
        b"",
        b"[",
        b"[" * 100_000,
        b'{"jsonrpc": "2.0", "id": 7, "method": "x", "params": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\xff\xfe",
        b'{"jsonrpc": "2.0", "id": 7, "method": "\xff"}',
    ],
    ids=range(7),
)
async def test_what_is_not_json_is_answered_with_id_null(daemon: RpcClient, body: bytes) -> None:
    daemon.raw(framed(body))

    assert (await daemon.unaddressed()).code == -32700
    await daemon.request("passerelle/status")


@pytest.mark.parametrize(
    "value",
    [
        [],
        [STATUS],
        None,
        1,
        "text",
        {},
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "id": {}, "method": "passerelle/status"},
        {"jsonrpc": "2.0", "id": [1], "method": "passerelle/status"},
        {"jsonrpc": "2.0", "id": True, "method": "passerelle/status"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "passerelle/status"},
        {"jsonrpc": "2.0", "id": 1, "method": 7},
    ],
    ids=json.dumps,
)
async def test_json_that_is_no_message_is_answered_with_id_null(daemon: RpcClient, value: object) -> None:
    daemon.raw(frame(value))

    assert (await daemon.unaddressed()).code == -32600
    await daemon.request("passerelle/status")


@pytest.mark.parametrize("identity", ["", "a-1", "1", "é😀", 0, -7, 2**53], ids=repr)
async def test_an_id_comes_back_as_it_was(daemon: RpcClient, identity: int | str) -> None:
    answer = daemon.expect(identity)
    daemon.raw(frame({**STATUS, "id": identity}))

    assert at(await answer, "state")


@pytest.mark.parametrize(
    ("method", "params", "named"),
    [
        ("passerelle/models", {"limit": "ten"}, "$.limit"),
        ("passerelle/models", {"qurey": "sonnet"}, "qurey"),
        ("passerelle/models", {"needs": ["vison"]}, "$.needs[0]"),
        ("passerelle/models", {"sort": "colour"}, "$.sort"),
        ("passerelle/models", ["sonnet"], "object"),
        ("passerelle/models", "sonnet", "object"),
        ("passerelle/status", {"x": 1}, "x"),
        ("passerelle/config", {"workspaceFolder": 1}, "$.workspaceFolder"),
        ("passerelle/selectModel", {"role": "chat"}, "model"),
        ("passerelle/selectModel", {"role": "chat", "model": "a/b", "scope": "world"}, "$.scope"),
        ("passerelle/chat", {"messages": [{"role": "user", "content": "x"}]}, "token"),
        ("passerelle/chat", {"token": "c", "messages": [{"role": "robot", "content": "x"}]}, "$.messages[0].role"),
        ("passerelle/chat", {"token": "c", "messages": [{"role": "user", "content": 7}]}, "$.messages[0].content"),
        ("passerelle/chat", {"token": "c", "messages": []}, "messages"),
        ("passerelle/chat", {"token": "c", "messages": [], "options": {"topP": "x"}}, "$.options.topP"),
    ],
)
async def test_wrong_params_are_refused_by_the_name_of_their_place(
    daemon: RpcClient, method: str, params: object, named: str
) -> None:
    with pytest.raises(RpcError) as refused:
        await daemon.request(method, params)

    assert refused.value.code == -32602
    assert named in refused.value.message


async def test_absent_and_null_params_mean_none(daemon: RpcClient) -> None:
    answers = [daemon.expect(identity) for identity in ("absent", "null", "empty")]
    daemon.raw(frame({**STATUS, "id": "absent"}))
    daemon.raw(frame({**STATUS, "id": "null", "params": None}))
    daemon.raw(frame({**STATUS, "id": "empty", "params": {}}))

    for answer in answers:
        assert at(await answer, "state")


async def test_null_in_params_means_absent(daemon: RpcClient) -> None:
    whole = await daemon.request("passerelle/models", {})
    nulls = dict.fromkeys(("query", "needs", "sort", "limit", "refresh"))

    assert await daemon.request("passerelle/models", nulls) == whole


@pytest.mark.parametrize("method", ["passerelle/nope", "textDocument/nope", "$/nope", "nope", ""])
async def test_an_unknown_request_is_answered_as_unknown(daemon: RpcClient, method: str) -> None:
    with pytest.raises(RpcError) as refused:
        await daemon.request(method, {"x-key": 1, "class": 2})

    assert refused.value.code == -32601


async def test_a_standard_request_that_is_not_served_is_answered(daemon: RpcClient) -> None:
    with pytest.raises(RpcError) as refused:
        await daemon.request("textDocument/hover", {"nope": 1})

    assert refused.value.code in {-32601, -32602}


@pytest.mark.parametrize("method", ["passerelle/nope", "textDocument/didNope", "$/nope", "workspace/didRenameFiles"])
async def test_an_unknown_notification_is_let_be(daemon: RpcClient, method: str) -> None:
    daemon.notify(method, {"x-key": 1})

    await daemon.request("passerelle/status")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", {"nope": 1}),
        ("textDocument/didChange", None),
        ("textDocument/didClose", []),
        ("workspace/didChangeWorkspaceFolders", {"event": 1}),
        ("workspace/didChangeConfiguration", "x"),
        ("$/cancelRequest", {"id": {}}),
        ("$/cancelRequest", {"id": "never asked"}),
    ],
)
async def test_a_wrong_notification_costs_only_itself(daemon: RpcClient, method: str, params: object) -> None:
    daemon.notify(method, params)

    await daemon.request("passerelle/status")


async def test_an_answer_to_nothing_is_let_be(daemon: RpcClient) -> None:
    daemon.send({"id": "never asked", "result": 1})
    daemon.send({"id": 4711, "error": {"code": 1, "message": "x"}})

    await daemon.request("passerelle/status")


async def test_nested_messages_and_strange_keys_stay_as_they_are(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    schema = {
        "jsonrpc": "2.0",
        "method": "exit",
        "id": 1,
        "params": {"jsonrpc": "2.0", "result": None},
        "x-key": 1,
        "class": 2,
        "type_name": "Hover",
        "": {"$ref": "#/x"},
    }

    await daemon.chat(tools=[{"name": "tool", "parameters": schema}])

    assert at((await gateway.chat()).request.json, "tools", 0, "function", "parameters") == schema


async def test_half_a_character_is_served(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    """Editors cut text between the two halves of an emoji, and JSON can say it; UTF-8 cannot."""
    await daemon.chat("made-up prompt \ud83d!")

    assert at((await gateway.chat()).request.json, "messages", 0, "content") == "made-up prompt \ufffd!"


HEADERS = {
    "lower case": b"content-length: %d\r\n\r\n",
    "upper case": b"CONTENT-LENGTH: %d\r\n\r\n",
    "no space": b"Content-Length:%d\r\n\r\n",
    "many spaces": b"Content-Length:   %d  \r\n\r\n",
    "content type first": b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
    "content type last": b"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n",
    "unknown headers": b"X-Trace: a:b\r\nContent-Length: %d\r\nx-y:\r\n\r\n",
    "LF alone": b"Content-Length: %d\n\n",
    "an empty line before": b"\r\nContent-Length: %d\r\n\r\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
async def test_a_header_may_be_written_in_many_ways(daemon: RpcClient, header: bytes) -> None:
    answer = daemon.expect("raw")
    body = json.dumps(STATUS).encode()
    daemon.raw(header % len(body) + body)

    assert at(await answer, "state")


async def test_a_header_without_a_length_costs_only_itself(daemon: RpcClient) -> None:
    daemon.raw(b"X-Trace: 1\r\n\r\n")

    assert (await daemon.unaddressed()).code in {-32600, -32700}
    await daemon.request("passerelle/status")


async def test_bytes_may_be_cut_anywhere(daemon: RpcClient) -> None:
    answer = daemon.expect("é😀")
    body = json.dumps({**STATUS, "id": "é😀"}, ensure_ascii=False).encode()

    for byte in framed(body):
        daemon.raw(bytes([byte]))
        await daemon.flush()

    assert at(await answer, "state")


async def test_many_messages_may_come_at_once(daemon: RpcClient) -> None:
    answers = [daemon.expect(f"raw-{number}") for number in range(100)]
    daemon.raw(b"".join(frame({**STATUS, "id": f"raw-{number}"}) for number in range(100)))

    for answer in answers:
        await answer


async def test_a_message_of_ten_megabytes_is_served(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    text = "é" * 5_000_000
    messages = [{"role": "user", "content": text}]

    await daemon.chat(messages=messages, model="openai/unlimited")

    assert at((await gateway.chat()).request.json, "messages", -1, "content") == text


async def test_a_message_over_the_limit_is_skipped(daemon: RpcClient) -> None:
    size = 64 * 1024 * 1024 + 1
    daemon.raw(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(64):
        daemon.raw(bytes(1024 * 1024))
        await daemon.flush()
    daemon.raw(b"x")

    assert (await daemon.unaddressed()).code == -32600
    await daemon.request("passerelle/status")
