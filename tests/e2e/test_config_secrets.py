"""Keys: read where they are said to be, when they are needed; sent to the gateway and told to nobody else."""

import json
import sys

import pytest

from support.daemon import KEY, Home
from support.gateway import ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import MADE_UP_KEY, RpcClient
from support.shapes import refuses, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = f"{MADE_UP_KEY}-other"


def key_is(home: Home, reference: str) -> None:
    home.config.write_text(f'[gateways.vercel]\nurl = "{home.gateway.url}"\nkey = {json.dumps(reference)}\n', "utf-8")


async def authorization(gateway: ScriptedGateway) -> str | None:
    return (await gateway.chat()).request.headers.get("authorization")


async def refused(client: RpcClient) -> RpcError:
    with pytest.raises(RpcError) as caught:
        await client.chat()
    return caught.value


async def test_a_file_is_read_when_it_is_needed(home: Home) -> None:
    secret = home.path / "secret"
    key_is(home, f"file:{secret}")
    async with home.daemon() as client:
        error = await refused(client)
        assert (error.kind, str(secret) in error.message) == ("keyMissing", True)

        secret.write_text(f"{OTHER}\n", "utf-8")
        await client.chat()

        assert await authorization(home.gateway) == f"Bearer {OTHER}"


async def test_a_command_is_run_without_a_shell(home: Home) -> None:
    script = home.path / "tell key.py"
    script.write_text(f"import sys; print('{OTHER}' + ''.join(sys.argv[1:]))", "utf-8")
    key_is(home, f"cmd:{sys.executable} '{script}' ';' '$HOME'")
    async with home.daemon() as client:
        await client.chat()

    assert await authorization(home.gateway) == f"Bearer {OTHER};$HOME"


@pytest.mark.parametrize("command", ["no-such-program-at-all", f"{sys.executable} -c 'raise SystemExit(3)'"])
async def test_a_command_that_fails_is_named(home: Home, command: str) -> None:
    key_is(home, f"cmd:{command}")
    async with home.daemon() as client:
        error = await refused(client)

    assert error.kind == "keyMissing"
    assert "cmd:" in error.message
    assert home.gateway.chats.empty()


async def test_a_missing_variable_is_named_and_asks_nobody(home: Home) -> None:
    async with home.daemon({"SCRIPTED_KEY": ""}) as client:
        error = await refused(client)
        status = await client.request("passerelle/status")

    assert error.kind == "keyMissing"
    assert "env:SCRIPTED_KEY" in error.message
    assert at(status, "state") == "needsKey"
    assert at(status, "gateway", "key") == "env:SCRIPTED_KEY"
    assert at(status, "action", "command")
    assert home.gateway.chats.empty()


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({"AI_GATEWAY_API_KEY": OTHER, "VERCEL_OIDC_TOKEN": KEY}, OTHER),
        ({"VERCEL_OIDC_TOKEN": OTHER}, OTHER),
        ({"AI_GATEWAY_API_KEY": "", "VERCEL_OIDC_TOKEN": OTHER}, OTHER),
    ],
)
async def test_vercels_own_variables_serve_where_nothing_is_said(
    home: Home, environment: dict[str, str], sent: str
) -> None:
    home.config.write_text(f'[gateways.vercel]\nurl = "{home.gateway.url}"\n', "utf-8")
    async with home.daemon(environment) as client:
        await client.chat()

    assert await authorization(home.gateway) == f"Bearer {sent}"


async def test_the_models_are_listed_without_a_key(home: Home) -> None:
    async with home.daemon({"SCRIPTED_KEY": ""}) as client:
        models = await client.request("passerelle/models", {"refresh": True})

    assert at(models, "source") == "live"


async def test_the_editor_is_asked_for_its_secret_once(home: Home) -> None:
    key_is(home, "editor:work")
    asked: list[object] = []

    def tell(params: object) -> object:
        asked.append(params)
        return {"value": OTHER}

    async with home.daemon(options={"secrets": True}) as client:
        client.answers["passerelle/secret"] = tell
        await client.chat()
        await client.chat()

    assert asked == [{"name": "work"}]
    assert await authorization(home.gateway) == f"Bearer {OTHER}"


async def test_a_secret_is_forgotten_when_the_gateway_refuses_it(home: Home) -> None:
    key_is(home, "editor:work")
    home.gateway.queue(refuses(401, "authentication_error", "Authentication failed"), says("Hello"))
    secrets = [f"{MADE_UP_KEY}-old", OTHER]
    async with home.daemon(options={"secrets": True}) as client:
        client.answers["passerelle/secret"] = lambda _: {"value": secrets.pop(0)}
        error = await refused(client)
        assert error.kind == "keyRefused"
        assert "editor:work" in error.message

        await client.chat()

    assert await authorization(home.gateway) == f"Bearer {MADE_UP_KEY}-old"
    assert await authorization(home.gateway) == f"Bearer {OTHER}"


async def test_an_editor_that_sends_its_settings_is_asked_anew(home: Home) -> None:
    """So that a key which was changed there serves at once, though its reference is what it was."""
    key_is(home, "editor:work")
    secrets = [f"{MADE_UP_KEY}-old", OTHER]
    async with home.daemon(options={"secrets": True}) as client:
        client.answers["passerelle/secret"] = lambda _: {"value": secrets.pop(0)}
        await client.chat()
        client.notify("workspace/didChangeConfiguration", {"settings": {"passerelle": {}}})
        await client.chat()

    assert await authorization(home.gateway) == f"Bearer {MADE_UP_KEY}-old"
    assert await authorization(home.gateway) == f"Bearer {OTHER}"


@pytest.mark.parametrize("answer", [{"value": None}, {"value": ""}, {}, {"valeu": "x"}, None, 7])
async def test_an_editor_without_the_secret_gives_a_missing_key(home: Home, answer: object) -> None:
    key_is(home, "editor:work")
    async with home.daemon(options={"secrets": True}) as client:
        client.answers["passerelle/secret"] = lambda _: answer
        error = await refused(client)

    assert error.kind == "keyMissing"
    assert "editor:work" in error.message


async def test_an_editor_that_keeps_no_secrets_is_not_asked(home: Home) -> None:
    key_is(home, "editor:work")
    async with home.daemon() as client:
        error = await refused(client)

    assert error.kind == "keyMissing"


async def test_a_chat_that_waits_for_a_secret_may_be_cancelled(home: Home) -> None:
    key_is(home, "editor:work")
    async with home.daemon(options={"secrets": True}) as client:
        asked = client.hold("passerelle/secret")
        chat = client.chat()
        await client.wait("to be asked for the secret", asked.wait())

        chat.cancel()

        with pytest.raises(RpcError) as cancelled:
            await chat
        assert cancelled.value.code == -32800


@pytest.mark.parametrize("name", ["clear", "vercel"])
async def test_a_key_is_not_sent_in_the_clear_nor_elsewhere(home: Home, name: str) -> None:
    """The address is wrong, so nobody gets the key: neither that host nor one that a lower layer names."""
    url = "http://llm.example.invalid/v1"
    home.config.write_text(f'gateway = "{name}"\n[gateways.{name}]\nurl = "{url}"\nkey = "env:SCRIPTED_KEY"\n', "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        error = await refused(client)
        status = await client.request("passerelle/status")

    assert home.gateway.strays == []
    assert error.kind == "misconfigured"
    assert at(status, "state") == "misconfigured"


async def test_no_answer_of_the_daemon_holds_the_key(home: Home) -> None:
    """The client looks at every byte of stdout and stderr; here is what might be tempted to tell."""
    home.gateway.queue(
        refuses(400, "invalid_request_error", f"your key {KEY} is odd"),
        refuses(401, "authentication_error", f"Bearer {KEY} is wrong"),
    )
    async with home.daemon() as client:
        await refused(client)
        await refused(client)
        for method in ("passerelle/status", "passerelle/config", "passerelle/models"):
            assert KEY not in json.dumps(await client.request(method, {}))
