"""A chat that would cost more than the person's limit is not sent before they have said yes."""

import pytest

from support.daemon import Home
from support.messages import RpcError, at
from support.shapes import SONNET

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = [{"role": "user", "content": "word " * 100_000}]  # 125,000 tokens, at 3 dollars a million.


async def test_it_waits_for_a_yes_and_says_what_it_would_cost(home: Home) -> None:
    home.configure("[spending]\nconfirm_above_usd = 0.3")
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as caught:
            await client.chat(model=SONNET, messages=LONG)
        assert home.gateway.chats.empty()
        result = await client.chat(model=SONNET, messages=LONG, confirmed=True)

    assert caught.value.kind == "confirmCost"
    estimate = at(caught.value.data, "estimateUsd")
    assert isinstance(estimate, float)
    assert 0.375 <= estimate <= 0.375 + 4096 * 15e-6 + 0.001
    assert f"about ${estimate:.2f} " in caught.value.message
    assert "spending.confirm_above_usd" in caught.value.message
    assert result["finish"] == "stop"


@pytest.mark.parametrize("limit", ["0", "5.0"])
async def test_nobody_is_asked_below_the_limit_or_without_one(home: Home, limit: str) -> None:
    home.configure(f"[spending]\nconfirm_above_usd = {limit}")
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        assert (await client.chat(model=SONNET, messages=LONG))["finish"] == "stop"


async def test_a_workspace_may_ask_sooner_and_never_later(home: Home) -> None:
    home.configure("[spending]\nconfirm_above_usd = 0.3")
    home.project_config.write_text("[spending]\nconfirm_above_usd = 100.0", "utf-8")
    async with home.daemon() as client:
        client.uninteresting.add("textDocument/publishDiagnostics")
        await client.request("passerelle/models", {"refresh": True})
        with pytest.raises(RpcError) as caught:
            await client.chat(model=SONNET, messages=LONG)

    assert caught.value.kind == "confirmCost"
