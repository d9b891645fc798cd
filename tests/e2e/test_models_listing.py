"""The catalogue: live, from disk, refreshed, searched; and a model that is gone."""

import asyncio
import json

import pytest
import pytest_asyncio

from support.daemon import Home
from support.gateway import End, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import MODELS, listing, model, refuses, replies

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFRESH = {"refresh": True}
LANGUAGE = ["anthropic/claude-sonnet-4.5", "anthropic/claude-haiku-4.5", "openai/gpt-5-mini", "mistral/codestral"]


def ids(models: object) -> list[object]:
    found = at(models, "models")
    assert isinstance(found, list)
    return [entry["id"] for entry in found]


@pytest_asyncio.fixture(loop_scope="module")
async def listed(daemon: RpcClient) -> RpcClient:
    await daemon.request("passerelle/models", REFRESH)
    return daemon


async def test_language_models_are_listed_with_what_the_gateway_says(daemon: RpcClient) -> None:
    models = await daemon.request("passerelle/models", REFRESH)

    assert sorted(map(str, ids(models))) == sorted(LANGUAGE)
    assert (at(models, "total"), at(models, "source")) == (4, "live")
    assert str(at(models, "fetchedAt")).endswith("Z")
    sonnet = at(models, "models", ids(models).index("anthropic/claude-sonnet-4.5"))
    assert sonnet == {
        "id": "anthropic/claude-sonnet-4.5",
        "name": "Claude Sonnet 4.5",
        "creator": "anthropic",
        "description": at(sonnet, "description"),
        "releasedAt": "2025-09-29T00:00:00Z",
        "contextWindow": 200_000,
        "maxOutput": 64_000,
        "capabilities": at(sonnet, "capabilities"),
        "price": {"input": 3.0, "output": 15.0, "cacheRead": 0.3, "cacheWrite": 3.75},
    }
    capabilities = at(sonnet, "capabilities")
    assert isinstance(capabilities, list)
    assert set(capabilities) == {"vision", "tools", "reasoning", "files", "caching"}
    codestral = at(models, "models", ids(models).index("mistral/codestral"))
    assert at(codestral, "price") == dict.fromkeys(("input", "output", "cacheRead", "cacheWrite"))


@pytest.mark.parametrize(
    ("params", "first", "total"),
    [
        ({"query": "sonnet 4.5"}, "anthropic/claude-sonnet-4.5", None),
        ({"query": "gpt mini"}, "openai/gpt-5-mini", None),
        ({"query": "son4"}, "anthropic/claude-sonnet-4.5", None),
        ({"needs": ["vision"]}, "anthropic/claude-sonnet-4.5", 1),
        ({"needs": ["vision", "webSearch"]}, None, 0),
        ({"sort": "name"}, "anthropic/claude-haiku-4.5", 4),
        ({"sort": "price"}, "anthropic/claude-haiku-4.5", 4),
        ({"sort": "context"}, "openai/gpt-5-mini", 4),
        ({"limit": 1, "sort": "context"}, "openai/gpt-5-mini", 4),
        ({"query": "no such model at all"}, None, 0),
    ],
    ids=json.dumps,
)
async def test_models_are_searched_filtered_and_sorted(
    listed: RpcClient, params: dict[str, object], first: str | None, total: int | None
) -> None:
    models = await listed.request("passerelle/models", params)

    found = ids(models)
    assert (found[0] if found else None) == first
    assert total is None or at(models, "total") == total
    assert len(found) <= int(str(params.get("limit", 100)))


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_limit_that_makes_no_sense_is_named_or_gives_nothing(listed: RpcClient, limit: int) -> None:
    try:
        models = await listed.request("passerelle/models", {"limit": limit})
    except RpcError as error:
        assert error.code == -32602  # noqa: PT017  # Either answer is a good one.
        assert "limit" in error.message  # noqa: PT017
    else:
        assert ids(models) == []


async def test_a_refresh_tells_what_came_and_went(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        client.pass_over("passerelle/didChangeModels")
        home.gateway.catalogue = listing([*MODELS[1:], model("anthropic/claude-sonnet-5")])

        await client.request("passerelle/models", REFRESH)

        change = await client.notification("passerelle/didChangeModels")
    assert change == {"added": ["anthropic/claude-sonnet-5"], "removed": ["anthropic/claude-sonnet-4.5"], "total": 4}


async def test_many_refreshes_at_once_ask_once(home: Home) -> None:
    together = asyncio.Event()
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        while not home.gateway.listings.empty():
            await home.gateway.listing()
        home.gateway.models = [together, *replies(200, listing())]
        waiting = [client.request("passerelle/models", REFRESH) for _ in range(10)]
        await home.gateway.listing()

        together.set()

        for pending in waiting:
            await pending
    assert home.gateway.listings.empty()


async def test_a_cancelled_refresh_does_not_disturb_another(home: Home) -> None:
    together = asyncio.Event()
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        home.gateway.models = [together, *replies(200, listing())]
        dropped, kept = (client.request("passerelle/models", REFRESH) for _ in range(2))

        dropped.cancel()
        with pytest.raises(RpcError) as cancelled:
            await dropped
        together.set()

        assert cancelled.value.code == -32800
        assert at(await kept, "source") == "live"


async def test_validators_spare_the_gateway(home: Home) -> None:
    home.gateway.etag = '"v1"'
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        while not home.gateway.listings.empty():
            await home.gateway.listing()

        models = await client.request("passerelle/models", REFRESH)

        assert (await home.gateway.listing()).request.headers["if-none-match"] == '"v1"'
        assert (at(models, "total"), at(models, "source")) == (4, "live")


BAD_LISTS = {
    "empty": replies(200, listing([])),
    "no language model": replies(200, listing([model("a/b", type="embedding")])),
    "no list": replies(200, b'{"object": "list"}'),
    "no JSON": replies(200, b"<html>", headers={"content-type": "text/html"}),
    "nothing": replies(200),
    "an error": refuses(500, "internal_server_error", "Internal error"),
    "closed": [End.CLOSE],
}


@pytest.mark.parametrize("script", BAD_LISTS.values(), ids=BAD_LISTS)
async def test_a_bad_answer_never_replaces_a_good_list(
    listed: RpcClient, gateway: ScriptedGateway, script: list[bytes | End]
) -> None:
    gateway.models = script
    with pytest.raises(RpcError) as failed:
        await listed.request("passerelle/models", REFRESH)
    assert failed.value.code == -32803

    assert at(await listed.request("passerelle/models", {}), "total") == 4


async def test_a_broken_entry_costs_only_itself(home: Home) -> None:
    broken: list[object] = [
        None,
        7,
        {},
        {"id": 7, "type": "language"},
        model("a/no-tags", tags=None),
        model(
            "a/strange", context_window="many", max_tokens=-1, pricing={"input": "x"}, released="soon", tags=[1, None]
        ),
        model("a/zero", context_window=0, max_tokens=0, pricing={}),
        model("a/tiers", pricing={"input": "0.000001", "input_tiers": [{"cost": "0.000001", "min": 0}]}),
        model("a/new-kind", type="telepathy"),
        model("a/new-fields", **{"x-new": {"y": 1}, "class": 2}),
    ]
    home.gateway.catalogue = listing([*MODELS, *broken])
    async with home.daemon() as client:
        models = await client.request("passerelle/models", REFRESH)

    found = ids(models)
    assert set(LANGUAGE) <= set(found)
    assert {"a/zero", "a/tiers", "a/new-fields", "a/no-tags"} <= set(found)
    assert "a/new-kind" not in found
    zero = at(models, "models", found.index("a/zero"))
    assert (at(zero, "contextWindow"), at(zero, "maxOutput")) == (None, None)


async def test_the_list_is_kept_for_when_the_gateway_is_gone(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
    home.gateway.models = [End.CLOSE]

    async with home.daemon() as client:
        models = await client.request("passerelle/models", {})
        status = await client.request("passerelle/status")

    assert at(models, "total") == 4
    assert at(models, "source") == "disk"
    assert str(at(models, "fetchedAt")).endswith("Z")
    assert at(status, "roles", "chat", "model") == "anthropic/claude-sonnet-4.5"


async def test_a_broken_file_on_disk_is_no_obstacle(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
    kept = [path for path in home.path.rglob("*") if path.is_file() and b"claude-sonnet-4.5" in path.read_bytes()]
    assert kept
    for path in kept:
        path.write_bytes(b"\xff{broken")

    async with home.daemon() as client:
        assert at(await client.request("passerelle/models", REFRESH), "total") == 4


async def test_an_answer_comes_at_once_from_what_is_known(home: Home) -> None:
    """The gateway never answers the listing; nobody waits for it who did not ask to."""
    home.gateway.models = [End.STALL]
    async with home.daemon() as client:
        models = await client.request("passerelle/models", {})
        status = await client.request("passerelle/status")

    assert at(models, "source") == at(status, "catalogue", "source")
    assert at(models, "source") in {"disk", "builtin"}


async def test_the_retired_default_has_a_successor_and_says_so(home: Home) -> None:
    home.gateway.catalogue = listing(
        [
            *(
                model(f"anthropic/claude-sonnet-{version}", released=released)
                for version, released in (("4.5", 2), ("5", 3))
            ),
            model("anthropic/claude-sonnet-5-batch", released=4),
            model("anthropic/claude-sonnet-5-fast", released=4),
            model("anthropic/claude-opus-5", released=5),
        ]
    )
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        status = await client.request("passerelle/status")
        result = await client.chat()

    assert at(status, "roles", "chat") == {
        "model": "anthropic/claude-sonnet-4.5",
        "source": "default",
        "wanted": "anthropic/claude-sonnet-4",
    }
    assert result["model"] == "anthropic/claude-sonnet-4.5"


async def test_a_model_that_is_there_is_not_replaced(home: Home) -> None:
    home.gateway.catalogue = listing([*MODELS, model("anthropic/claude-sonnet-4")])
    async with home.daemon() as client:
        await client.request("passerelle/models", REFRESH)
        status = await client.request("passerelle/status")

    assert at(status, "roles", "chat") == {"model": "anthropic/claude-sonnet-4", "source": "default"}
