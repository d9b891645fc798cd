"""What commands tell of money, with the daemon that ships: it is what the gateway charged."""

import csv
import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from support.command_line import Ended, run_command
from support.daemon import Home
from support.gateway import Script
from support.shapes import USAGE, delta, event, streams, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSERELLE = (sys.executable, "-P", "-m", "passerelle")
ENDPOINTS = Path(__file__).parents[1] / "data" / "gateway" / "endpoints.json"
SONNET, MINI = "anthropic/claude-sonnet-4.5", "openai/gpt-5-mini"
CHARGED = ((SONNET, 0.0125), (MINI, 0.000033), (SONNET, 0.3))
NO_BUDGET = '[[budgets]]\nper = "day"\nusd = 0\n'


def charges(model: str, cost_usd: float) -> Script:
    usage = USAGE | {"cost": cost_usd}
    return streams(
        event(delta({"content": "Hello"}, model=model)), event(delta({}, finish="stop", model=model, usage=usage))
    )


async def passerelle(home: Home, *words: str) -> Ended:
    """A command in the person's project."""
    environment = {**home.environment, "PASSERELLE_HOME": str(home.path)}
    return await run_command([*PASSERELLE, *words], home.project, environment=environment)


async def spend(home: Home) -> None:
    for model, cost_usd in CHARGED:
        home.gateway.queue(charges(model, cost_usd))
        assert (await passerelle(home, "chat", "Hi", "-m", model)).exit_code == 0


async def test_the_sums_are_what_the_gateway_charged_and_the_csv_too(home: Home) -> None:
    await spend(home)

    by_day = json.loads((await passerelle(home, "usage", "--json")).stdout)
    by_model = json.loads((await passerelle(home, "usage", "--by", "model", "--json")).stdout)
    exported = (await passerelle(home, "usage", "--csv")).stdout
    table = (await passerelle(home, "usage", "--by", "model", "--last", "1d")).stdout

    total = sum(cost_usd for _, cost_usd in CHARGED)
    assert by_day["total"] == by_model["total"]
    assert by_day["total"]["costUsd"] == pytest.approx(total, abs=1e-12)
    assert [(row["key"], row["requests"]) for row in by_model["rows"]] == [(SONNET, 2), (MINI, 1)]
    assert by_model["rows"][0]["costUsd"] == pytest.approx(0.3125, abs=1e-12)
    rows = list(csv.DictReader(StringIO(exported)))
    assert sum(float(row["costUsd"]) for row in rows) == pytest.approx(total, abs=1e-12)
    assert {row["client"] for row in rows} == {"passerelle-cli"}
    assert [line.split()[0] for line in table.splitlines() if "$" in line] == [SONNET, MINI, "Total"]
    assert "$0.3125" in table


async def test_the_overview_has_today_and_the_models(home: Home) -> None:
    await spend(home)

    ended = await passerelle(home, "usage")

    assert ended.exit_code == 0, ended.stderr
    figures = {line.split("  ")[0]: line for line in ended.stdout.splitlines()}
    assert all("$0.3125" in figures[name] for name in ("Today", "This month", "Last 30 days"))
    assert {SONNET, MINI} <= figures.keys()


async def test_before_anything_was_spent_it_says_what_to_do(home: Home) -> None:
    ended = await passerelle(home, "usage")

    assert ended == (
        0,
        "",
        "Nothing was spent yet. Ask with `passerelle chat`: what it costs is kept, and shown here.\n",
    )


async def test_credits_are_what_the_gateway_says(home: Home) -> None:
    home.gateway.credits = tells({"balance": "95.50", "total_used": "4.50"})

    ended = await passerelle(home, "credits")

    assert ended.stdout.startswith("$95.50 left, $4.50 used · ")
    assert "✓ Credits at the gateway: $95.50 left" in (await passerelle(home, "doctor")).stdout


async def test_endpoints_are_those_of_the_gateway(home: Home) -> None:
    known = json.loads(ENDPOINTS.read_text("utf-8"))
    home.gateway.endpoints = tells(known)

    ended = await passerelle(home, "endpoints", SONNET, "--json")

    assert ended.exit_code == 0, ended.stderr
    assert len(json.loads(ended.stdout)["endpoints"]) == len(known["data"]["endpoints"])


async def test_a_budget_stops_before_anything_is_sent_and_says_what_to_type(home: Home) -> None:
    home.configure(NO_BUDGET)

    ended = await passerelle(home, "chat", "Hi")
    listed = await passerelle(home, "budgets")

    assert (ended.exit_code, ended.stdout, home.gateway.chats.qsize()) == (1, "", 0)
    assert ended.stderr.endswith("`passerelle budgets allow budgets.0` allows one more.\n")
    assert listed.stdout.split("\t")[:7] == ["budgets.0", "day", "0", "0", "0", "stop", "reached"]
    assert f"{home.config}:3" in ended.stderr


async def test_a_budget_that_is_allowed_once_lets_exactly_one_request_through(home: Home) -> None:
    home.configure(NO_BUDGET)

    allowed = await passerelle(home, "budgets", "allow", "budgets.0")
    codes = [(await passerelle(home, "chat", "Hi")).exit_code for _ in range(2)]

    assert allowed.exit_code == 0, allowed.stderr
    assert codes == [0, 1]
    assert home.gateway.chats.qsize() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo terminal")
async def test_a_person_lets_one_request_through_and_is_asked_again_for_the_next(home: Home) -> None:
    from support.terminal import on_terminal  # noqa: PLC0415  # Not on Windows.

    home.configure(NO_BUDGET)
    environment = {**home.environment, "PASSERELLE_HOME": str(home.path)}
    async with on_terminal([*PASSERELLE, "chat"], home.project, **environment) as (terminal, process):
        await terminal.shows("(?m)^›$")
        terminal.type("Hi\n")
        await terminal.shows(r"same\?\s+\[y/N\]$")
        terminal.type("y\n")
        await terminal.shows(r"Hello(.|\n)*›$")
        terminal.type("And?\n")
        await terminal.shows(r"And\?(.|\n)*same\?\s+\[y/N\]$")
        terminal.type("n\n")
        await terminal.shows(r"Not sent\.\n›$")
        terminal.type("/quit\n")
        assert await process.wait() == 0

    asked = [home.gateway.chats.get_nowait().request.json["messages"] for _ in range(home.gateway.chats.qsize())]
    assert [{"role": "user", "content": "Hi"}] in asked
    assert not any("And?" in str(messages) for messages in asked)


async def test_a_budget_that_does_not_exist_is_not_allowed(home: Home) -> None:
    ended = await passerelle(home, "budgets", "allow", "budgets.7")

    assert (ended.exit_code, ended.stderr) == (1, "passerelle: budget: no budget has the key `budgets.7`\n")
