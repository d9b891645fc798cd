"""`workspace/executeCommand`: what an editor without an extension of ours can do."""

import pytest

from support.daemon import Home, launched
from support.gateway import End
from support.messages import RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")


WITH_AN_ARGUMENT = "passerelle.allowOnce"
INVALID_PARAMS = -32602


async def run(client: RpcClient, command: str, **params: object) -> object:
    return await client.request("workspace/executeCommand", {"command": command, **params})


async def test_the_announced_commands_are_there(home: Home) -> None:
    async with launched(home.path, home.environment) as client:
        client.uninteresting.add("window/showMessage")
        client.answers["window/showDocument"] = lambda _: {"success": True}
        announced = at(await client.initialize(), "capabilities", "executeCommandProvider", "commands")
        assert isinstance(announced, list)

        for command in set(announced) - {WITH_AN_ARGUMENT}:
            await run(client, command)
        with pytest.raises(RpcError) as caught:
            await run(client, WITH_AN_ARGUMENT)

    assert caught.value.code == INVALID_PARAMS
    assert set(announced) == {
        "passerelle.openConfiguration",
        "passerelle.refreshModels",
        "passerelle.showStatus",
        WITH_AN_ARGUMENT,
    }


async def test_the_status_is_shown_to_a_person(home: Home) -> None:
    async with home.daemon() as client:
        assert await run(client, "passerelle.showStatus") is None

        shown = await client.notification("window/showMessage")
        assert at(shown, "message") == at(await client.request("passerelle/status"), "message")


async def test_the_settings_are_shown_and_made_if_there_are_none(home: Home) -> None:
    file = home.path / "new" / "config.toml"
    shown: list[object] = []

    def show(params: object) -> object:
        shown.append(at(params, "uri"))
        return {"success": True}

    environment = {"PASSERELLE_CONFIG": str(file), "PASSERELLE__GATEWAYS__VERCEL__URL": home.gateway.url}
    async with home.daemon(environment) as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        client.answers["window/showDocument"] = show
        result = await run(client, "passerelle.openConfiguration")
        assert at(await client.request("passerelle/status"), "problems") == []

    assert shown == [file.as_uri()]
    assert at(result, "uri") == file.as_uri()
    assert file.read_text("utf-8").startswith("#")


async def test_settings_that_are_there_stay_as_they_are(home: Home) -> None:
    before = home.config.read_bytes()
    async with home.daemon() as client:
        client.answers["window/showDocument"] = lambda _: {"success": True}
        await run(client, "passerelle.openConfiguration", arguments=[])

    assert home.config.read_bytes() == before


async def test_an_editor_that_cannot_show_a_document_is_told_where_it_is(home: Home) -> None:
    async with home.daemon() as client:
        client.declined.add("window/showDocument")
        await run(client, "passerelle.openConfiguration")

        assert str(home.config) in str(at(await client.notification("window/showMessage"), "message"))


async def test_a_failure_of_a_command_is_explained(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        home.gateway.models = [End.CLOSE]
        with pytest.raises(RpcError) as refused:
            await run(client, "passerelle.refreshModels")

    assert refused.value.code == -32803
    assert refused.value.kind in {"unreachable", "streamBroken", "unavailable"}


@pytest.mark.parametrize(
    "params",
    [{"command": "passerelle.nope"}, {"command": "rm -rf"}, {"command": 7}, {}, {"arguments": []}, None, []],
)
async def test_a_wrong_command_is_answered(home: Home, params: object) -> None:
    async with home.daemon() as client:
        with pytest.raises(RpcError) as refused:
            await client.request("workspace/executeCommand", params)
        await client.request("passerelle/status")

    assert refused.value.code in {-32602, -32601}
