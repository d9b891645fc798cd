"""What goes along with a chat: the editor's own documents, files of the workspace, images; and what stays."""

from pathlib import Path

import pytest

from support.daemon import Home
from support.gateway import ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

IMAGE = {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="}
FILE = {"type": "file", "mediaType": "application/pdf", "data": "JVBERi0=", "name": "spec.pdf"}
QUESTION = {"type": "text", "text": "made-up prompt"}


def attached(path: Path, **more: object) -> list[object]:
    return [{"kind": "file", "uri": path.as_uri(), **more}]


def lines(start: int, end: int) -> dict[str, object]:
    return {"start": {"line": start, "character": 0}, "end": {"line": end, "character": 0}}


async def sent(gateway: ScriptedGateway) -> str:
    """What the gateway was sent before the last message, as text."""
    messages = at((await gateway.chat()).request.json, "messages")
    assert isinstance(messages, list)
    assert messages[-1] == {"role": "user", "content": "made-up prompt"}
    return str(messages[:-1])


async def refused(client: RpcClient, **params: object) -> RpcError:
    with pytest.raises(RpcError) as caught:
        await client.chat(**params)
    return caught.value


async def test_a_file_of_the_workspace_is_read_from_disk(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    path = shared_home.project / "a b é.py"
    path.write_text("print('from disk é😀')", "utf-8")

    await daemon.chat(attachments=attached(path))

    context = await sent(gateway)
    assert "from disk é😀" in context
    assert "a b é.py" in context


async def test_an_open_document_goes_before_the_disk(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    path = shared_home.project / "open.py"
    path.write_text("saved", "utf-8")
    daemon.open(path, "unsaved")

    await daemon.chat(attachments=attached(path))
    assert "unsaved" in await sent(gateway)

    daemon.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
    await daemon.chat(attachments=attached(path))
    context = await sent(gateway)
    assert "saved" in context
    assert "unsaved" not in context


async def test_changes_of_a_document_are_followed(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    """Columns count in UTF-16 here: the emoji takes two."""
    path = shared_home.project / "edited.py"
    daemon.open(path, "one 😀 two\nthree\n")
    change = {"start": {"line": 0, "character": 7}, "end": {"line": 1, "character": 5}}
    document = {"uri": path.as_uri(), "version": 2}
    daemon.notify(
        "textDocument/didChange",
        {"textDocument": document, "contentChanges": [{"range": change, "text": "2\nTHREE"}]},
    )

    await daemon.chat(attachments=attached(path))
    assert "one 😀 2\\nTHREE\\n" in await sent(gateway)

    document["version"] = 3
    daemon.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "all new"}]})
    await daemon.chat(attachments=attached(path))
    assert "all new" in await sent(gateway)


async def test_a_range_sends_only_its_lines(daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway) -> None:
    path = shared_home.project / "range.py"
    path.write_text("".join(f"line {number}\n" for number in range(10)), "utf-8")

    await daemon.chat(attachments=attached(path, range=lines(2, 4)))

    context = await sent(gateway)
    assert "line 2" in context
    assert "line 3" in context
    assert "line 1" not in context
    assert "line 4" not in context


async def test_a_document_that_was_never_saved_is_sent(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    uri = "untitled:Untitled-1"
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "never saved"}
    daemon.notify("textDocument/didOpen", {"textDocument": document})

    await daemon.chat(attachments=[{"kind": "file", "uri": uri}])

    assert "never saved" in await sent(gateway)


async def test_what_lies_outside_the_workspace_stays(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    outside = shared_home.path / "secret.txt"
    outside.write_text("outside", "utf-8")
    link = shared_home.project / "link.txt"
    link.symlink_to(outside)
    up = f"{shared_home.project.as_uri()}/../home/secret.txt"

    for uri in (outside.as_uri(), link.as_uri(), up, up.replace("..", "%2e%2e")):
        error = await refused(daemon, attachments=[{"kind": "file", "uri": uri}])
        assert error.code == -32602
        assert "secret.txt" in error.message or "link.txt" in error.message
    assert gateway.chats.empty()


async def test_an_open_document_outside_the_workspace_is_sent(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    """The person opened it and attached it."""
    outside = shared_home.path / "opened.txt"
    daemon.open(outside, "opened by hand")

    await daemon.chat(attachments=attached(outside))

    assert "opened by hand" in await sent(gateway)


@pytest.mark.parametrize("uri_end", ["missing.py", "", "missing/", "%00", "x" * 5000])
async def test_what_cannot_be_read_is_named(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway, uri_end: str
) -> None:
    error = await refused(daemon, attachments=[{"kind": "file", "uri": f"{shared_home.project.as_uri()}/{uri_end}"}])

    assert error.code == -32602
    assert len(error.message) < 1000
    assert gateway.chats.empty()


async def test_a_file_that_is_no_text_is_refused(
    daemon: RpcClient, shared_home: Home, gateway: ScriptedGateway
) -> None:
    path = shared_home.project / "picture.bin"
    path.write_bytes(b"\x00\xff\xfe" * 100)

    error = await refused(daemon, attachments=attached(path))

    assert error.code == -32602
    assert "picture.bin" in error.message
    assert gateway.chats.empty()


async def test_diagnostics_of_the_configuration_may_be_attached(home: Home) -> None:
    home.project_config.write_text("[roles]\nchat = 7\n", "utf-8")
    async with home.daemon() as client:
        await client.notification("textDocument/publishDiagnostics")

        await client.chat(attachments=[{"kind": "diagnostics", "uri": home.project_config.as_uri()}])

        assert "roles.chat" in await sent(home.gateway)


async def test_images_and_files_reach_a_model_that_can_see(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    await daemon.chat(messages=[{"role": "user", "content": [QUESTION, IMAGE, FILE]}])

    parts = at((await gateway.chat()).request.json, "messages", -1, "content")
    assert at(parts, 0) == {"type": "text", "text": "made-up prompt"}
    assert at(parts, 1) == {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    assert at(parts, 2, "file", "filename") == "spec.pdf"
    assert at(parts, 2, "file", "file_data") == "data:application/pdf;base64,JVBERi0="


@pytest.mark.parametrize(("part", "word"), [(IMAGE, "images"), (FILE, "files")])
async def test_images_and_files_are_refused_for_a_model_that_cannot_see(
    daemon: RpcClient, gateway: ScriptedGateway, part: object, word: str
) -> None:
    await daemon.request("passerelle/models", {"refresh": True})

    error = await refused(
        daemon, messages=[{"role": "user", "content": [QUESTION, part]}], model="anthropic/claude-haiku-4.5"
    )

    assert (error.code, error.kind) == (-32803, "refused")
    assert word in error.message
    assert "anthropic/claude-haiku-4.5" in error.message
    assert gateway.chats.empty()


async def test_a_prompt_that_does_not_fit_says_by_how_much(daemon: RpcClient, gateway: ScriptedGateway) -> None:
    await daemon.request("passerelle/models", {"refresh": True})

    error = await refused(daemon, messages=[{"role": "user", "content": "word " * 1_000_000}])

    assert (error.code, error.kind) == (-32803, "contextTooLong")
    assert any(character.isdigit() for character in error.message)
    assert gateway.chats.empty()
