"""Which layer says what: built in, user, workspace, editor, environment; and what a workspace may not say."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.daemon import KEY, Home
from support.gateway import ScriptedGateway
from support.messages import at
from support.rpc_client import MADE_UP_KEY, RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

JsonObject = dict[str, object]


async def values(client: RpcClient, folder: Path | None = None) -> dict[str, JsonObject]:
    """The effective settings by key."""
    params = {"workspaceFolder": folder.as_uri()} if folder else {}
    found = at(await client.request("passerelle/config", params), "values")
    assert isinstance(found, list)
    return {value["key"]: value for value in found}


async def test_what_nobody_set_is_built_in(home: Home) -> None:
    async with home.daemon() as client:
        found = await values(client)

    assert found["roles.chat"] == {"key": "roles.chat", "value": "anthropic/claude-sonnet-4", "source": "default"}
    assert found["gateway"]["value"] == "vercel"
    assert found["caching.mode"]["value"] == "auto"


async def test_each_value_names_its_file_and_line(home: Home) -> None:
    home.configure('# mine\n[roles]\nchat = "a/user"\nedit = "a/user-edit"')
    home.project_config.write_text('[roles]\n\nchat = "a/workspace"\n', "utf-8")
    async with home.daemon() as client:
        found = await values(client, home.project)

    assert found["roles.chat"] == {
        "key": "roles.chat",
        "value": "a/workspace",
        "source": "workspace",
        "path": str(home.project_config),
        "line": 3,
    }
    assert found["roles.edit"] == {
        "key": "roles.edit",
        "value": "a/user-edit",
        "source": "user",
        "path": str(home.config),
        "line": 4,
    }


@pytest.mark.parametrize(
    ("editor", "environment", "source"),
    [
        ({}, {}, "workspace"),
        ({}, {"PASSERELLE__ROLES__CHAT": "a/environment"}, "environment"),
        ({"roles": {"chat": "a/editor"}}, {"PASSERELLE__ROLES__CHAT": "a/environment"}, "editor"),
    ],
)
async def test_the_higher_layer_wins(
    home: Home, editor: JsonObject, environment: Mapping[str, str], source: str
) -> None:
    home.configure('[roles]\nchat = "a/user"')
    home.project_config.write_text('[roles]\nchat = "a/workspace"\n', "utf-8")
    async with home.daemon(environment, options={"trusted": True, "settings": editor}) as client:
        found = await values(client, home.project)
        status = await client.request("passerelle/status")
        asked = await home.model_asked(client)

    assert (found["roles.chat"]["value"], found["roles.chat"]["source"]) == (f"a/{source}", source)
    assert at(status, "roles", "chat", "model") == f"a/{source}"
    assert at(status, "roles", "chat", "source") == source
    assert asked == f"a/{source}"


async def test_any_key_may_be_set_in_the_environment(home: Home) -> None:
    environment = {
        "PASSERELLE__CACHING__MODE": "off",
        "PASSERELLE__INLINE__MAX_LINES": "3",
        "PASSERELLE__ROUTING__ORDER": '["a", "b"]',
        "PASSERELLE__ROUTING__ZERO_DATA_RETENTION": "true",
    }
    async with home.daemon(environment) as client:
        found = await values(client)

    assert [found[key]["value"] for key in ("caching.mode", "inline.max_lines", "routing.order")] == [
        "off",
        3,
        ["a", "b"],
    ]
    assert found["routing.zero_data_retention"]["value"] is True
    assert {found[key]["source"] for key in ("caching.mode", "inline.max_lines", "routing.order")} == {"environment"}


async def test_a_wrong_value_in_the_environment_is_named(home: Home) -> None:
    async with home.daemon({"PASSERELLE__INLINE__MAX_LINES": "many", "PASSERELLE__NOPE__X": "1"}) as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        problems = at(await client.request("passerelle/config", {}), "problems")

    said = json.dumps(problems)
    assert "PASSERELLE__INLINE__MAX_LINES" in said
    assert "PASSERELLE__NOPE__X" in said


async def test_the_editors_settings_may_change_while_it_runs(home: Home) -> None:
    async with home.daemon() as client:
        settings = {"passerelle": {"roles": {"chat": "a/editor"}}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})

        assert at(await client.notification("passerelle/didChangeConfig"), "keys") == ["roles.chat"]
        assert (await values(client))["roles.chat"]["source"] == "editor"

        client.notify("workspace/didChangeConfiguration", {"settings": {"passerelle": {}}})

        assert at(await client.notification("passerelle/didChangeConfig"), "keys") == ["roles.chat"]
        assert (await values(client))["roles.chat"]["source"] == "default"


async def test_a_wrong_setting_of_the_editor_costs_only_itself(home: Home) -> None:
    settings = {"roles": {"chat": 7, "edit": "a/b"}, "nope": 1}
    async with home.daemon(options={"settings": settings}) as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        found = await values(client)
        problems = json.dumps(at(await client.request("passerelle/config", {}), "problems"))

    assert found["roles.edit"]["value"] == "a/b"
    assert found["roles.chat"]["source"] == "default"
    assert "roles.chat" in problems
    assert "nope" in problems


GUARDED = {
    "a gateway": '[gateways.evil]\nurl = "URL"\n',
    "a gateway's url": '[gateways.vercel]\nurl = "URL"\n',
    "a key's reference": '[gateways.vercel]\nkey = "file:/etc/passwd"\n',
    "a command": '[gateways.vercel]\nkey = "cmd:touch OWNED"\n',
    "headers": '[gateways.vercel]\nheaders = { x-evil = "1" }\n',
    "a proxy": '[gateways.vercel]\nproxy = "URL"\n',
    "authorities": '[gateways.vercel]\nca_bundle = "evil.pem"\n',
}


@pytest.mark.parametrize("text", GUARDED.values(), ids=GUARDED)
@pytest.mark.parametrize("trusted", [False, True])
async def test_what_is_guarded_is_reported_and_ignored_in_a_workspace(home: Home, text: str, *, trusted: bool) -> None:
    async with ScriptedGateway().serving() as evil:
        owned = home.project / "OWNED"
        home.project_config.write_text(text.replace("URL", evil.url).replace("OWNED", str(owned)), "utf-8")
        async with home.daemon(options={"trusted": trusted}) as client:
            published = await client.notification("textDocument/publishDiagnostics")
            await client.chat()
            found = await values(client, home.project)

        assert at(published, "uri") == home.project_config.as_uri()
        assert "gateways" in str(at(published, "diagnostics", 0, "message"))
        request = (await home.gateway.chat()).request
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert "x-evil" not in request.headers
        assert evil.chats.empty()
        assert evil.listings.empty()
        assert not evil.strays
        assert not owned.exists()
        assert not any(key.startswith("gateways.evil") for key in found)


async def test_a_secret_in_a_file_is_reported_and_not_repeated(home: Home) -> None:
    literal = f"{MADE_UP_KEY}-literal"
    home.config.write_text(f'[gateways.vercel]\nurl = "{home.gateway.url}"\nkey = "{literal}"\n', "utf-8")
    async with home.daemon() as client:
        published = await client.notification("textDocument/publishDiagnostics")
        config = await client.request("passerelle/config", {})
        status = await client.request("passerelle/status")

    assert at(published, "diagnostics", 0, "range", "start", "line") == 2
    assert literal not in json.dumps([published, config, status])


async def test_folders_have_settings_of_their_own(home: Home) -> None:
    """`/x/project` does not own `/x/project-two`."""
    other = home.project.with_name("project-two")
    other.mkdir()
    home.project_config.write_text('[roles]\nchat = "a/one"\n', "utf-8")
    (other / "passerelle.toml").write_text('[roles]\nchat = "a/two"\n', "utf-8")
    async with home.daemon(folders=[home.project, other]) as client:
        assert await home.model_asked(client, workspaceFolder=home.project.as_uri()) == "a/one"
        assert await home.model_asked(client, workspaceFolder=other.as_uri()) == "a/two"
        assert await home.model_asked(client) == "a/one"
        assert (await values(client, other))["roles.chat"]["value"] == "a/two"


async def test_folders_come_and_go_while_it_runs(home: Home) -> None:
    other = home.project.with_name("later")
    other.mkdir()
    file = other / "passerelle.toml"
    file.write_text('[roles]\nchat = "a/later"\n', "utf-8")
    folder = {"uri": other.as_uri(), "name": "later"}
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        assert await home.model_asked(client, workspaceFolder=other.as_uri()) == "a/later"

        file.write_text('[roles]\nchat = "a/changed"\n', "utf-8")
        await client.notification("passerelle/didChangeConfig")
        assert await home.model_asked(client, workspaceFolder=other.as_uri()) == "a/changed"

        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert (await values(client))["roles.chat"]["value"] == "anthropic/claude-sonnet-4"


async def test_problems_of_a_closed_folder_are_cleared(home: Home) -> None:
    home.project_config.write_text("[roles]\nchat = 7\n", "utf-8")
    folder = {"uri": home.project.as_uri(), "name": "project"}
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConfig")
        assert at(await client.notification("textDocument/publishDiagnostics"), "diagnostics")

        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})

        assert at(await client.notification("textDocument/publishDiagnostics"), "diagnostics") == []
