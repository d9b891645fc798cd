"""`passerelle/endpoints`: the providers behind a model, and what the routing of the settings makes of them."""

import pytest

from support.daemon import Home
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import SONNET, refuses, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003"}
THREE = {
    "data": {
        "id": SONNET,
        "endpoints": [
            {"provider_name": "anthropic", "pricing": PRICES, "status": 0, "latency_last_1h": {"p50": 350, "p95": 900}},
            {"provider_name": "vertex", "status": -1},
            {"provider_name": "bedrock"},
        ],
    }
}


async def endpoints(client: RpcClient, model: str = SONNET, **params: object) -> object:
    return await client.request("passerelle/endpoints", {"model": model, **params})


def providers(found: object) -> list[tuple[object, object]]:
    listed = at(found, "endpoints")
    assert isinstance(listed, list)
    return [(endpoint["provider"], endpoint.get("excluded")) for endpoint in listed]


async def test_they_are_told_as_the_gateway_knows_them_and_asked_for_once(home: Home) -> None:
    home.gateway.endpoints = tells(THREE)
    async with home.daemon() as client:
        found = await endpoints(client)

        assert found == await endpoints(client)
        assert providers(found) == [("anthropic", None), ("vertex", None), ("bedrock", None)]
        assert at(found, "endpoints", 0, "price") == {"input": 3, "output": 15, "cacheRead": 0.3, "cacheWrite": None}
        assert at(found, "endpoints", 0, "latencyMs") == {"p50": 350, "p95": 900}
        assert at(found, "endpoints", 1, "up") is False
    assert home.gateway.questions.qsize() == 1
    request = (await home.gateway.question()).request
    assert request.path == f"/v1/models/{SONNET}/endpoints"
    assert "authorization" not in request.headers


async def test_the_routing_of_the_role_says_who_is_left_out(home: Home) -> None:
    home.configure('[routing]\norder = ["bedrock"]\n[routing.roles.inline]\nonly = ["bedrock", "anthropic"]')
    home.gateway.endpoints = tells(THREE)
    reason = "It is not in routing.only: bedrock, anthropic."
    async with home.daemon() as client:
        assert providers(await endpoints(client)) == [("bedrock", None), ("anthropic", None), ("vertex", None)]
        judged = await endpoints(client, role="inline")

    assert providers(judged) == [("bedrock", None), ("anthropic", None), ("vertex", reason)]


async def test_a_model_that_is_unknown_is_answered_with_suggestions(home: Home) -> None:
    home.gateway.endpoints = refuses(404, "model_not_found", "Model not found")
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as refused:
            await endpoints(client, "anthropic/claude-sonnet-45")

    assert refused.value.kind == "modelUnknown"
    assert SONNET in str(at(refused.value.data, "suggestions"))


async def test_a_gateway_that_does_not_tell_says_so(home: Home) -> None:
    async with home.daemon() as client:
        with pytest.raises(RpcError) as refused:
            await endpoints(client)

    assert refused.value.kind == "unsupported"
    assert "vercel does not tell" in refused.value.message
