"""Choosing a model: for the session, in the workspace's file, in the user's."""

import pytest

from support.daemon import Home
from support.messages import RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINI, CODESTRAL = "openai/gpt-5-mini", "mistral/codestral"
COMMENTED = """\
# mine
[roles]   # who does what
edit = "a/b"   # keep
chat = "anthropic/claude-haiku-4.5" # cheap

[caching]
mode = "off"
"""


async def select(client: RpcClient, model: str, scope: str, **more: object) -> object:
    return await client.request("passerelle/selectModel", {"role": "chat", "model": model, "scope": scope, **more})


async def test_a_choice_for_the_session_writes_nothing(home: Home) -> None:
    before = home.config.read_bytes()
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})

        status = await select(client, MINI, "session")

        assert at(status, "roles", "chat") == {"model": MINI, "source": "session"}
        assert await home.model_asked(client) == MINI

    assert home.config.read_bytes() == before
    assert not home.project_config.exists()
    async with home.daemon() as client:
        assert at(await client.request("passerelle/status"), "roles", "chat", "source") == "default"


@pytest.mark.parametrize("scope", ["workspace", "user"])
async def test_a_choice_is_written_and_all_else_is_kept(home: Home, scope: str) -> None:
    path = home.project_config if scope == "workspace" else home.config
    gateway = f'\n[gateways.vercel]\nurl = "{home.gateway.url}"\nkey = "env:SCRIPTED_KEY"\n'
    text = COMMENTED if scope == "workspace" else COMMENTED + gateway
    path.write_text(text, "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})

        status = await select(client, CODESTRAL, scope)

        assert at(status, "roles", "chat") == {"model": CODESTRAL, "source": scope}
        assert await home.model_asked(client) == CODESTRAL

    assert path.read_text("utf-8") == text.replace("anthropic/claude-haiku-4.5", CODESTRAL)
    assert not list(path.parent.glob("*.tmp"))


async def test_a_file_that_is_not_there_is_made(home: Home) -> None:
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})

        status = await select(client, MINI, "workspace", workspaceFolder=home.project.as_uri())

    assert at(status, "roles", "chat", "source") == "workspace"
    assert f'chat = "{MINI}"' in home.project_config.read_text("utf-8")


async def test_a_role_of_ones_own_may_be_given_a_model(home: Home) -> None:
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})

        status = await client.request("passerelle/selectModel", {"role": "review", "model": MINI, "scope": "workspace"})

        assert at(status, "roles", "review") == {"model": MINI, "source": "workspace"}
        assert await home.model_asked(client, role="review") == MINI


async def test_an_unknown_model_comes_with_suggestions(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as refused:
            await select(client, "openai/gpt-5-mimi", "workspace")

    assert refused.value.code == -32602
    assert refused.value.kind == "modelUnknown"
    assert at(refused.value.data, "suggestions", 0) == MINI
    assert not home.project_config.exists()


async def test_a_workspace_is_needed_for_its_scope(home: Home) -> None:
    async with home.daemon(folders=[]) as client:
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as refused:
            await select(client, MINI, "workspace")

    assert refused.value.code == -32602


async def test_a_file_that_is_no_toml_is_left_as_it_is(home: Home) -> None:
    home.project_config.write_text("[roles\n", "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as refused:
            await select(client, MINI, "workspace")

    assert (refused.value.code, refused.value.kind) == (-32803, "misconfigured")
    assert home.project_config.read_text("utf-8") == "[roles\n"


async def test_many_choices_at_once_are_written_one_after_the_other(home: Home) -> None:
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        await client.request("passerelle/models", {"refresh": True})
        roles = [f"role{number}" for number in range(20)]
        params = [{"role": role, "model": MINI, "scope": "workspace"} for role in roles]

        for pending in [client.request("passerelle/selectModel", each) for each in params]:
            await pending

    written = home.project_config.read_text("utf-8")
    assert all(f'{role} = "{MINI}"' in written for role in roles)
