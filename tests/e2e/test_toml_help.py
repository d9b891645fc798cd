"""Completion and hover in settings files, with the real process and the gateway's own list of models."""

from pathlib import Path

import pytest

from support.daemon import Home, launched
from support.messages import at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
COMPLETION, HOVER = "textDocument/completion", "textDocument/hover"


async def ask(client: RpcClient, method: str, path: Path, marked: str) -> object:
    """Ask at the `|` of a text that is open and not saved."""
    before, _, after = marked.partition("|")
    client.open(path, before + after)
    position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
    return await client.request(method, {"textDocument": {"uri": path.as_uri()}, "position": position})


async def labels(client: RpcClient, path: Path, marked: str) -> list[object]:
    items = at(await ask(client, COMPLETION, path, marked), "items")
    assert isinstance(items, list)
    return [item["label"] for item in items]


async def test_models_of_the_gateway_are_offered_as_they_are_searched(daemon: RpcClient, shared_home: Home) -> None:
    await daemon.request("passerelle/models", {"refresh": True})

    answer = await ask(daemon, COMPLETION, shared_home.project_config, '[roles]\nchat = "son4|"\n')

    assert at(answer, "isIncomplete") is True
    assert at(answer, "items", 0, "label") == "anthropic/claude-sonnet-4.5"
    assert at(answer, "items", 0, "detail") == "$3 → $15 · 200k"
    assert at(answer, "items", 0, "textEdit") == {
        "range": {"start": {"line": 1, "character": 8}, "end": {"line": 1, "character": 12}},
        "newText": "anthropic/claude-sonnet-4.5",
    }


async def test_keys_are_offered_by_file(daemon: RpcClient, shared_home: Home) -> None:
    assert "[gateways.name]" in await labels(daemon, shared_home.config, "|")
    assert "[gateways.name]" not in await labels(daemon, shared_home.project_config, "|")
    assert await labels(daemon, shared_home.project_config, "[caching]\nmode = |") == ["auto", "mark", "off"]


async def test_a_hover_says_what_holds_and_where_it_stands(home: Home) -> None:
    home.project_config.write_text('[caching]\nmode = "off"\n', "utf-8")
    async with home.daemon() as client:
        shown = await ask(client, HOVER, home.project_config, '[caching]\nmo|de = "off"\n')

    assert f'Now `"off"`, from {home.project_config}:2.' in str(at(shown, "contents", "value"))
    assert at(shown, "range") == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 4}}


async def test_a_hover_knows_the_models(daemon: RpcClient, shared_home: Home) -> None:
    await daemon.request("passerelle/models", {"refresh": True})

    known = await ask(daemon, HOVER, shared_home.project_config, '[roles]\nchat = "openai/gpt-|5-mini"\n')
    retired = await ask(daemon, HOVER, shared_home.project_config, '[roles]\nchat = "anthropic/claude-sonnet-|4"\n')

    assert "`openai/gpt-5-mini`" in str(at(known, "contents", "value"))
    assert "`anthropic/claude-sonnet-4.5` serves in its place." in str(at(retired, "contents", "value"))


async def test_snippets_are_for_clients_that_take_them(home: Home) -> None:
    capabilities = {"textDocument": {"completion": {"completionItem": {"snippetSupport": True}}}}
    async with home.daemon() as plain:
        answer = await ask(plain, COMPLETION, home.project_config, "[roles]\nch|")
        assert at(answer, "items", 0, "textEdit", "newText") == "chat = "
    async with launched(home.path, home.environment) as able:
        await able.initialize(folders=[home.project], params={"capabilities": capabilities})
        answer = await ask(able, COMPLETION, home.project_config, "[roles]\nch|")
        assert at(answer, "items", 0, "textEdit", "newText") == 'chat = "$0"'


async def test_other_documents_and_closed_ones_get_nothing(daemon: RpcClient, shared_home: Home) -> None:
    other = shared_home.project / "pyproject.toml"
    closed = {"textDocument": {"uri": (shared_home.project / "x" / "passerelle.toml").as_uri()}}
    place = {**closed, "position": {"line": 0, "character": 0}}

    assert await labels(daemon, other, "|") == []
    assert await ask(daemon, HOVER, other, "ro|les") is None
    assert await daemon.request(COMPLETION, place) == {"isIncomplete": False, "items": []}
    assert await daemon.request(HOVER, place) is None


async def test_keys_are_offered_without_a_gateway_that_can_be_used(home: Home) -> None:
    home.config.write_text('gateway = "nowhere"\n', "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        assert "mode" in await labels(client, home.project_config, "[caching]\n|")
        assert await labels(client, home.project_config, '[roles]\nchat = "|"') == []
