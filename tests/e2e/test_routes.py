"""What a person says of providers reaches the gateway, and what the gateway says of them reaches the person."""

import json

import pytest

from support.daemon import Home
from support.messages import RpcError, at
from support.rpc_client import MADE_UP_KEY
from support.shapes import delta, event, refuses, says, streams, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

JsonObject = dict[str, object]
OWN = f"{MADE_UP_KEY}-of-the-person"


async def asked(home: Home, **params: object) -> JsonObject:
    """The body of the request that one chat makes."""
    async with home.daemon({"OWN_KEY": OWN}) as client:
        await client.request("passerelle/models", {"refresh": True})
        await client.chat(**params)
    return (await home.gateway.chat()).request.json


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("anthropic/claude-sonnet-4.5", {"gateway": {"caching": "auto"}}),  # Tagged explicit-caching.
        ("mistral/codestral", None),  # Described, and nothing of caching is said.
        ("some/new-model", {"gateway": {"caching": "auto"}}),  # Nothing is known: it does no harm.
    ],
)
async def test_the_gateway_marks_prompts_of_models_that_need_it(home: Home, model: str, sent: object) -> None:
    assert (await asked(home, model=model)).get("providerOptions") == sent


@pytest.mark.parametrize("gateway", ["vercel", "other"])
async def test_a_prompt_is_marked_here_if_a_person_wants_that(home: Home, gateway: str) -> None:
    home.configure(
        f'gateway = "{gateway}"\ncaching.mode = "mark"\n'
        f'[gateways.other]\nurl = "{home.gateway.url}"\nkey = "env:SCRIPTED_KEY"\n'
    )
    mark = {"cache_control": {"type": "ephemeral"}}

    body = await asked(home)

    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "made-up prompt", **mark}]}]
    assert "providerOptions" not in body


async def test_a_persons_own_keys_go_to_the_gateway_and_are_shown_to_nobody(home: Home) -> None:
    home.configure("", gateway='byok.anthropic = { api_key = "env:OWN_KEY" }')
    home.gateway.queue(refuses(400, "invalid_request_error", f"the key {OWN} is odd"), says("Hello"))

    async with home.daemon({"OWN_KEY": OWN}) as client:
        with pytest.raises(RpcError) as refused:
            await client.chat()
        await client.chat()
        config = await client.request("passerelle/config")

    assert "the key [key] is odd" in refused.value.message
    bodies = [(await home.gateway.chat()).request.json for _ in range(2)]
    assert all(at(body, "providerOptions", "gateway", "byok") == {"anthropic": [{"apiKey": OWN}]} for body in bodies)
    assert "env:OWN_KEY" in json.dumps(config)
    kept = [file.read_bytes() for file in home.path.rglob("*") if file.is_file()]
    assert not any(OWN.encode() in text for text in kept)


async def test_no_other_gateway_gets_them(home: Home) -> None:
    home.configure(
        f'gateway = "other"\n[gateways.other]\nurl = "{home.gateway.url}"\nkey = "env:SCRIPTED_KEY"',
        gateway='byok.anthropic = { api_key = "env:OWN_KEY" }',
    )

    assert OWN not in json.dumps(await asked(home))


async def test_a_workspace_gives_no_keys_away(home: Home) -> None:
    home.project_config.write_text('[gateways.vercel.byok.evil]\napi_key = "env:OWN_KEY"\n', "utf-8")

    async with home.daemon({"OWN_KEY": OWN}) as client:
        told = await client.notification("textDocument/publishDiagnostics")
        await client.chat()

    assert "gateways.vercel.byok: A workspace must not set gateways" in json.dumps(told)
    assert OWN not in (await home.gateway.chat()).request.body.decode()


async def test_a_routing_that_leaves_no_provider_is_told_with_those_that_there_are(home: Home) -> None:
    home.configure('[routing.roles.chat]\nonly = ["groq"]\nzero_data_retention = true')
    words = "No ZDR (Zero Data Retention) providers available for model. Providers considered: azure, bedrock"
    home.gateway.queue(refuses(400, "no_providers_available", words))

    async with home.daemon() as client:
        with pytest.raises(RpcError) as refused:
            await client.chat()

    assert refused.value.kind == "refused"
    assert "routing.only or routing.zero_data_retention" in refused.value.message
    assert at(refused.value.data, "considered") == ["azure", "bedrock"]


async def test_an_answer_tells_which_providers_were_tried_and_what_the_gateway_warns_of(home: Home) -> None:
    tries = [
        {"provider": "anthropic", "credentialType": "byok", "success": False, "statusCode": 401, "error": "bad key"},
        {"provider": "bedrock", "credentialType": "system", "success": True, "startTime": 1000, "endTime": 3000},
    ]
    routing = {"finalProvider": "bedrock", "modelAttempts": [{"canonicalSlug": "a/b", "providerAttempts": tries}]}
    metadata = {"provider_metadata": {"gateway": {"routing": routing, "warnings": ["cache TTL is not supported."]}}}
    home.gateway.queue(streams(text("Hello"), event(delta(metadata, finish="stop"))))

    async with home.daemon() as client:
        result = await client.chat()

    assert result["provider"] == "bedrock"
    assert result["attempts"] == [
        {
            "by": "gateway",
            "model": "a/b",
            "provider": "anthropic",
            "success": False,
            "status": 401,
            "error": "bad key",
            "credential": "byok",
        },
        {
            "by": "gateway",
            "model": "a/b",
            "provider": "bedrock",
            "success": True,
            "credential": "system",
            "durationMs": 2000,
        },
    ]
    assert result["warnings"] == ["cache TTL is not supported"]


async def test_an_estimate_is_made_of_the_prices_of_the_model_that_answered(home: Home) -> None:
    haiku = "anthropic/claude-haiku-4.5"
    tries = [{"provider": "bedrock", "success": True}]
    failed = {"canonicalSlug": "anthropic/claude-sonnet-4.5", "providerAttempts": [{"provider": "p", "success": False}]}
    routing = {"modelAttempts": [failed, {"canonicalSlug": haiku, "providerAttempts": tries}]}
    metadata = {"provider_metadata": {"gateway": {"routing": routing}}}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    home.gateway.queue(streams(text("Hello"), event(delta(metadata, finish="stop", usage=usage))))

    async with home.daemon() as client:
        result = await client.chat(model="anthropic/claude-sonnet-4.5")

    assert result["model"] == haiku
    assert result["cost"] == {"usd": pytest.approx(0.0015), "source": "estimate"}
