"""Budgets hold before a request leaves: one after the other, in a crowd, over two daemons, after a start anew."""

import asyncio
from collections.abc import Sequence

import pytest

from support.daemon import Home
from support.gateway import End
from support.ledger import ledger_rows
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import SONNET, USAGE, begins, delta, event, refuses, streams, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

COST_USD = 0.03
CHARGED = USAGE | {"cost": COST_USD, "market_cost": COST_USD}
ANSWER = streams(text("Hello"), event(delta({}, finish="stop", usage=CHARGED)))
SHORT = {"maxTokens": 2000}  # At 15 dollars a million tokens it may cost as much as it does.


def budget(usd: float, *more: str, per: str = "day") -> str:
    return "\n".join(["[[budgets]]", f'per = "{per}"', f"usd = {usd}", *more])


async def asked(client: RpcClient, **params: object) -> str:
    """What became of one chat: its finish, or the kind of its error."""
    try:
        result = await client.chat(**{"model": SONNET, "options": SHORT, **params})
    except RpcError as error:
        return str(error.kind)
    return str(result["finish"])


async def crowd(client: RpcClient, size: int) -> list[str]:
    """The same of many at once."""
    chats = [client.chat(model=SONNET, options=SHORT) for _ in range(size)]
    ends: list[str] = []
    for chat in chats:
        try:
            ends.append(str((await chat)["finish"]))
        except RpcError as error:
            ends.append(str(error.kind))
    return ends


def charged(home: Home) -> float:
    return sum(float(str(row["cost_usd"])) for row in ledger_rows(home))


async def ready(client: RpcClient) -> None:
    """Prices are known."""
    await client.request("passerelle/models", {"refresh": True})


async def test_a_day_costs_no_more_than_its_budget_and_is_told_so(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.1))
    async with home.daemon() as client:
        await ready(client)
        ends = [await asked(client) for _ in range(5)]
        with pytest.raises(RpcError) as caught:
            await client.chat(model=SONNET, options=SHORT)
        status = await client.request("passerelle/status")

    assert ends == ["stop", "stop", "stop", "budgetReached", "budgetReached"]
    assert charged(home) == pytest.approx(3 * COST_USD)
    assert f"{home.config}:3" in caught.value.message
    assert at(caught.value.data, "budget", "key") == "budgets.0"
    assert at(caught.value.data, "budget", "spentUsd") == pytest.approx(3 * COST_USD)
    assert at(caught.value.data, "budget", "resetsAt")
    assert at(caught.value.data, "action", "command") == "passerelle.allowOnce"
    assert at(status, "budgets", 0, "state") == "near"


async def test_fifty_at_once_do_not_overshoot(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.35))
    async with home.daemon() as client:
        await ready(client)
        ends = await crowd(client, 50)

    assert set(ends) == {"stop", "budgetReached"}
    assert charged(home) <= 0.35
    assert charged(home) == pytest.approx(ends.count("stop") * COST_USD)
    assert home.gateway.chats.qsize() == ends.count("stop")


async def test_two_daemons_share_one_budget(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.35))
    async with home.daemon() as one, home.daemon() as other:
        await ready(one)
        await ready(other)
        ends = await asyncio.gather(crowd(one, 25), crowd(other, 25))

    assert {end for of_one in ends for end in of_one} == {"stop", "budgetReached"}
    assert charged(home) <= 0.35


async def test_what_was_spent_holds_after_a_start_anew(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.05))
    for expected in ("stop", "budgetReached"):
        async with home.daemon() as client:
            await ready(client)
            assert await asked(client) == expected


async def test_what_runs_counts_until_it_has_ended(home: Home) -> None:
    home.configure(budget(0.05))
    home.gateway.queue([*begins("Hel"), End.STALL], ANSWER)
    async with home.daemon() as client:
        await ready(client)
        running = client.chat(model=SONNET, options=SHORT)
        await client.shown(running, "Hel")
        assert await asked(client) == "budgetReached"
        listed = await client.request("passerelle/budgets")
        assert float(str(at(listed, "budgets", 0, "inFlightUsd"))) >= COST_USD
        running.cancel()
        with pytest.raises(RpcError):
            await running
        assert await asked(client) == "stop"


async def test_a_person_may_allow_one_more(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.04))
    async with home.daemon() as client:
        await ready(client)
        assert [await asked(client), await asked(client)] == ["stop", "budgetReached"]

        await client.request("passerelle/budgets/allowOnce", {"budget": "budgets.0"})
        assert [await asked(client), await asked(client)] == ["stop", "budgetReached"]

        command = {"command": "passerelle.allowOnce", "arguments": ["budgets.0"]}
        await client.request("workspace/executeCommand", command)
        assert sorted(await crowd(client, 5)) == ["budgetReached"] * 4 + ["stop"]

        with pytest.raises(RpcError, match=r"no budget has the key `budgets\.7`"):
            await client.request("passerelle/budgets/allowOnce", {"budget": "budgets.7"})


async def test_a_budget_that_warns_lets_all_through_and_says_so(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.02, 'action = "warn"'))
    async with home.daemon() as client:
        client.uninteresting.discard("window/showMessage")
        await ready(client)
        assert "warnings" not in await client.chat(model=SONNET, options=SHORT)
        second = await client.chat(model=SONNET, options=SHORT)
        third = await client.chat(model=SONNET, options=SHORT)
        shown = await client.notification("window/showMessage")

    for result in (second, third):
        assert "budgets.0" in str(at(result, "warnings", 0))
    assert at(shown, "message") == at(second, "warnings", 0)


@pytest.mark.parametrize(
    ("of", "stopped"),
    [
        ('roles = ["inline"]', {"role": "inline"}),
        ('models = ["anthropic/*"]', {"model": SONNET}),
    ],
)
async def test_a_budget_of_a_role_or_a_model_leaves_others_alone(
    home: Home, of: str, stopped: dict[str, object]
) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0, of))
    other = {"role": "chat", "model": "openai/gpt-5-mini"}
    async with home.daemon() as client:
        await ready(client)
        assert [await asked(client, **stopped), await asked(client, **other)] == ["budgetReached", "stop"]


async def test_a_workspace_may_tighten_and_counts_its_own_spending(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(1.0))
    home.project_config.write_text(budget(0.04), "utf-8")
    async with home.daemon() as client:
        await ready(client)
        first, second = await asked(client), await asked(client)
        listed = await client.request("passerelle/budgets")
    async with home.daemon(folders=[]) as elsewhere:
        await ready(elsewhere)
        third = await asked(elsewhere)

    assert [first, second, third] == ["stop", "budgetReached", "stop"]
    assert [at(one, "source") for one in sequence(at(listed, "budgets"))] == ["user", "workspace"]


async def test_a_conversation_has_a_budget_of_its_own(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(f"{budget(0.04, per='conversation')}\n[conversations]\ntitles = false")
    async with home.daemon() as client:
        client.uninteresting.add("passerelle/didChangeConversations")
        await ready(client)
        ends = [await asked(client, conversation=name) for name in ("a", "a", "b")]

    assert ends == ["stop", "budgetReached", "stop"]


async def test_where_nobody_limited_the_answer_its_length_gives_way(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.5))
    async with home.daemon() as client:
        await ready(client)
        assert await asked(client, options=None) == "stop"

    sent = (await home.gateway.chat()).request.json
    assert isinstance(sent["max_tokens"], int)
    assert 10_000 < sent["max_tokens"] <= 0.25 / 15e-6


async def test_the_answer_says_so_where_it_was_kept_short(home: Home) -> None:
    cut = event(delta({}, finish="length", usage=CHARGED))
    home.gateway.queue(ANSWER, streams(text("Hello"), cut))
    home.configure(budget(0.5))
    async with home.daemon() as client:
        await ready(client)
        whole, short = [await client.chat(model=SONNET) for _ in range(2)]

    assert "warnings" not in whole
    assert "budgets.0" in str(at(short, "warnings", 0))
    assert "tokens only" in str(at(short, "warnings", 0))


async def test_a_permit_is_for_all_attempts_of_its_request(home: Home) -> None:
    busy = refuses(429, "rate_limit_exceeded", "slow down", headers={"retry-after": "0"})
    home.configure(budget(0.01))
    home.gateway.queue(busy, ANSWER)
    async with home.daemon() as client:
        await ready(client)
        assert await asked(client) == "budgetReached"
        await client.request("passerelle/budgets/allowOnce", {"budget": "budgets.0"})
        assert [await asked(client), await asked(client)] == ["stop", "budgetReached"]


async def test_a_permit_that_cannot_be_taken_back_serves_nobody(home: Home) -> None:
    home.configure(budget(0))
    async with home.daemon() as client:
        await ready(client)
        await client.request("passerelle/budgets/allowOnce", {"budget": "budgets.0"})
        [permit] = next(home.path.rglob("permits")).iterdir()
        permit.unlink()
        permit.mkdir()  # No file any more, so that even root cannot unlink it.
        end = await asked(client)
        status = await client.request("passerelle/status")

    assert end == "budgetReached"
    assert "ledger" not in str(status["message"])


async def test_a_request_without_a_price_goes_while_something_is_left(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure(budget(0.05))
    async with home.daemon() as client:
        await ready(client)
        ends = [await asked(client, model="x/unlisted") for _ in range(3)]

    assert ends == ["stop", "stop", "budgetReached"]


def sequence(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value
