"""One session as each editor: with the capabilities it announces and the habits it has."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from support.daemon import Home, launched
from support.messages import at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIENTS = Path(__file__).parents[1] / "data" / "clients"
UNITS = {"utf-8": 4, "utf-16": 2, "utf-32": 1}
"""How many columns an emoji takes."""
JsonObject = dict[str, object]


class Editor(NamedTuple):
    """What an editor sends beside its capabilities, where the four differ."""

    name: str
    encoding: str
    initialize: JsonObject
    notifications: tuple[tuple[str, JsonObject], ...] = ()


EDITORS = [
    Editor(
        "vscode",
        "utf-16",
        {"locale": "en", "rootPath": "/project", "trace": "off"},
        (("$/setTrace", {"value": "off"}), ("workspace/didChangeWatchedFiles", {"changes": []})),
    ),
    Editor("neovim", "utf-8", {"trace": "off", "workDoneToken": "1", "rootPath": "/project"}),
    Editor(
        "emacs",
        "utf-32",
        {"rootPath": "/project/"},
        (("workspace/didChangeConfiguration", {"settings": {"passerelle": {}}}),),
    ),
    Editor(
        "helix",
        "utf-8",
        {"rootPath": "/project", "initializationOptions": {}},
        (("workspace/didChangeConfiguration", {"settings": {}}),),
    ),
]


@pytest.mark.parametrize("editor", EDITORS, ids=[editor.name for editor in EDITORS])
async def test_a_session(home: Home, editor: Editor) -> None:
    recorded = json.loads((CLIENTS / f"{editor.name}.json").read_text("utf-8"))
    async with launched(home.path, home.environment, folder=home.project) as client:
        client.answers |= {
            "client/registerCapability": lambda _: None,
            "window/workDoneProgress/create": lambda _: None,
            "workspace/configuration": lambda params: [None for _ in str(at(params, "items"))],
        }
        client.uninteresting |= {"$/progress", "passerelle/didChangeConfig"}
        result = await client.initialize(folders=[home.project], params={**recorded, **editor.initialize})
        for method, params in editor.notifications:
            client.notify(method, params)

        assert at(result, "capabilities", "positionEncoding") == editor.encoding
        assert at(await client.request("passerelle/status"), "state") == "ready"
        assert at(await client.request("passerelle/models", {"refresh": True}), "total") == 4
        assert await types_and_asks(client, home, editor.encoding) == "# 😀 typed\\n"
        await breaks_and_mends_a_setting(client, home)


async def types_and_asks(client: RpcClient, home: Home, encoding: str) -> str:
    """Open a document, type behind an emoji, and attach it; the document as the gateway saw it."""
    path = home.project / "a.py"
    uri = path.as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "# 😀 \n"}
    client.notify("textDocument/didOpen", {"textDocument": document})
    column = 3 + UNITS[encoding]
    place = {"line": 0, "character": column}
    change = {"range": {"start": place, "end": place}, "rangeLength": 0, "text": "typed"}
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]})

    result = await client.chat(attachments=[{"kind": "file", "uri": uri}])

    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert at(result, "message", "content") == "Hello"
    context = str(at((await home.gateway.chat()).request.json, "messages", 0))
    return context[context.index("# 😀") :].partition("```")[0]


async def breaks_and_mends_a_setting(client: RpcClient, home: Home) -> None:
    home.project_config.write_text("[roles]\nchat = 7\n", "utf-8")
    broken = await client.notification("textDocument/publishDiagnostics")
    assert at(broken, "diagnostics", 0, "range", "start", "line") == 1

    home.project_config.write_text('[roles]\nchat = "openai/gpt-5-mini"\n', "utf-8")
    mended = await client.notification("textDocument/publishDiagnostics")
    assert at(mended, "diagnostics") == []
    assert await home.model_asked(client) == "openai/gpt-5-mini"
