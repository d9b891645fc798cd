"""Which gateways there are, and the choice of one: for the session, in the workspace's file, in the user's."""

import pytest

from support.daemon import Home
from support.messages import RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINI = "openai/gpt-5-mini"
WORK = '[gateways.work]\nurl = "https://llm.example.com/v1"\nkey = "env:WORK_KEY"\n'
COMMENTED = """\
# mine
[roles]   # who does what
edit = "a/b"   # keep
"""


async def select(client: RpcClient, gateway: str, scope: str = "session") -> object:
    return await client.request("passerelle/selectGateway", {"gateway": gateway, "scope": scope})


async def names(client: RpcClient) -> list[str]:
    listed = at(await client.request("passerelle/gateways"), "gateways")
    assert isinstance(listed, list)
    return [gateway["name"] for gateway in listed]


async def test_the_built_in_gateways_and_a_persons_own_are_listed(home: Home) -> None:
    home.configure("", gateway=WORK)
    async with home.daemon() as client:
        listed = await client.request("passerelle/gateways")

    scripted = {"url": home.gateway.url, "key": "env:SCRIPTED_KEY", "source": "user", "active": True}
    work = {"url": "https://llm.example.com/v1", "key": "env:WORK_KEY", "source": "user", "active": False}
    assert at(listed, "gateways") == [
        {"name": "vercel", **scripted},
        {"name": "offline", "url": "", "key": None, "source": "default", "active": False},
        {"name": "work", **work},
    ]


async def test_the_offline_gateway_starts_when_it_is_chosen(home: Home) -> None:
    before = home.config.read_bytes()
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")

        status = await select(client, "offline")

        url = at(status, "gateway", "url")
        assert str(url).startswith("http://127.0.0.1:")
        assert at(status, "state") == "ready"
        assert at(await client.request("passerelle/gateways"), "gateways", 1, "url") == url
        assert at(await client.request("passerelle/gateways"), "gateways", 0, "active") is False

    assert home.config.read_bytes() == before


async def test_a_gateway_and_a_model_are_kept_for_the_session_beside_each_other(home: Home) -> None:
    home.configure("", gateway=WORK)
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})
        await client.request("passerelle/selectModel", {"role": "chat", "model": MINI, "scope": "session"})
        await select(client, "offline")

        status = await select(client, "vercel")

        assert at(status, "gateway", "name") == "vercel"
        assert at(status, "roles", "chat") == {"model": MINI, "source": "session"}


@pytest.mark.parametrize("scope", ["workspace", "user"])
async def test_a_choice_is_written_at_the_top_and_all_else_is_kept(home: Home, scope: str) -> None:
    path = home.project_config if scope == "workspace" else home.config
    gateway = f'\n[gateways.vercel]\nurl = "{home.gateway.url}"\nkey = "env:SCRIPTED_KEY"\n'
    text = COMMENTED if scope == "workspace" else COMMENTED + gateway
    path.write_text(text, "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")

        status = await select(client, "offline", scope)

        assert at(status, "gateway", "name") == "offline"

    written = path.read_text("utf-8")
    assert written.replace('gateway = "offline"\n\n', "", 1) == text


async def test_an_unknown_gateway_comes_with_the_names_there_are(home: Home) -> None:
    async with home.daemon() as client:
        with pytest.raises(RpcError) as refused:
            await select(client, "ofline", "user")

    assert refused.value.code == -32602
    assert "did you mean offline?" in refused.value.message
    assert at(refused.value.data, "suggestions") == ["offline", "vercel"]
    assert "ofline" not in home.config.read_text("utf-8")


async def test_a_workspace_is_needed_for_its_scope(home: Home) -> None:
    async with home.daemon(folders=[]) as client:
        with pytest.raises(RpcError) as refused:
            await select(client, "offline", "workspace")

    assert refused.value.code == -32602


async def test_a_workspace_cannot_add_a_gateway(home: Home) -> None:
    home.project_config.write_text(WORK, "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("textDocument/publishDiagnostics")

        assert await names(client) == ["vercel", "offline"]
