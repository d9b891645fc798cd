"""What a person at a terminal is asked where a limit of theirs stops a request, and the tables of money there."""

from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("termios")  # Not on Windows.

from support.fake_daemon import FakeDaemon, Step, write_script
from support.fake_results import answer, budget, endpoint, status, usage_report
from support.terminal import on_terminal

CHAT, ALLOW = "passerelle/chat", "passerelle/budgets/allowOnce"
CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = r"(?m)^›$"
QUESTION = r"The day's budget is reached\.\s+Send\s+it\s+all\s+the\s+same\?\s+\[y/N\]$"


def stopped(kind: str, **data: object) -> list[Step]:
    data = {"kind": kind, **data}
    return [{"error": {"code": -32803, "message": "The day's budget is reached.", "data": data}}]


BUDGET = stopped("budgetReached", budget=budget(key="budgets.1", state="reached"))
COST = stopped("confirmCost", estimateUsd=0.52)


def asking(folder: Path, *chats: Sequence[Step]) -> FakeDaemon:
    """A daemon whose chats are answered one after the other."""
    turns: list[Step] = [{"next": chats}]
    allowed: list[Step] = [{"result": {"budgets": []}}]
    return write_script(folder, {CHAT: turns, ALLOW: allowed, "passerelle/status": [{"result": status()}]})


async def test_a_person_lets_one_more_through(tmp_path: Path) -> None:
    fake = asking(tmp_path, BUDGET, answer("Hello"))
    async with on_terminal(fake.cli("chat", "Hi"), tmp_path) as (terminal, process):
        await terminal.shows(QUESTION)
        terminal.type("y\n")
        assert await process.wait() == 0

    assert "Hello" in terminal.text
    assert fake.received(ALLOW) == [{"budget": "budgets.1"}]
    first, second = fake.received(CHAT)
    assert (first["messages"], first["conversation"]) == (second["messages"], second["conversation"])


async def test_a_person_confirms_what_it_costs_and_then_lets_it_through(tmp_path: Path) -> None:
    fake = asking(tmp_path, COST, BUDGET, answer("Hello"))
    async with on_terminal(fake.cli("chat", "Hi"), tmp_path) as (terminal, process):
        await terminal.shows(QUESTION)
        terminal.type("y\n")
        await terminal.shows(rf"y\s+{QUESTION}")
        terminal.type("yes\n")
        assert await process.wait() == 0

    assert [asked.get("confirmed") for asked in fake.received(CHAT)] == [None, True, True]
    assert len(fake.received(ALLOW)) == 1


@pytest.mark.parametrize("key", ["n\n", "\n", CTRL_D, CTRL_C])
async def test_without_a_yes_nothing_is_sent(tmp_path: Path, key: str) -> None:
    fake = asking(tmp_path, BUDGET)
    async with on_terminal(fake.cli("chat", "Hi"), tmp_path) as (terminal, process):
        await terminal.shows(QUESTION)
        terminal.type(key)
        assert await process.wait() == 1

    assert terminal.text.rstrip().endswith("passerelle: Not sent.")
    assert (len(fake.received(CHAT)), fake.received(ALLOW)) == (1, [])


async def test_a_no_does_not_end_a_conversation(tmp_path: Path) -> None:
    fake = asking(tmp_path, COST, answer("Fine."))
    async with on_terminal(fake.cli("chat"), tmp_path) as (terminal, process):
        await terminal.shows(PROMPT)
        terminal.type("One\n")
        await terminal.shows(QUESTION)
        terminal.type("n\n")
        await terminal.shows(r"Not sent\.\n›$")
        terminal.type("Two\n")
        await terminal.shows(r"Fine\.(.|\n)*›$")
        terminal.type(CTRL_D)
        assert await process.wait() == 0


async def shown(folder: Path, words: str, method: str, result: object, **variables: str) -> str:
    """What stands on the terminal after a command; it has ended well."""
    fake = write_script(folder, {f"passerelle/{method}": [{"result": result}]})
    async with on_terminal(fake.cli(*words.split()), folder, **variables) as (terminal, process):
        assert await process.wait() == 0
        return terminal.text


async def test_usage_on_a_narrow_terminal(tmp_path: Path) -> None:
    text = await shown(tmp_path, "usage --by model", "usage", usage_report({"a/b": 2.0, "c/d": 0.5}))

    assert text.splitlines()[2] == "a/b    ████████████  $2.00        12    48K     62%  $0.0780"


async def test_budgets_on_a_narrow_terminal(tmp_path: Path) -> None:
    ones = [budget(), budget(key="budgets.1", per="month", usd=50.0, spentUsd=60.0, state="reached", line=20)]
    text = await shown(tmp_path, "budgets", "budgets", {"budgets": ones})

    assert text.splitlines() == [
        "Budget     Allows           Spent",
        "───────────────────────────────────────────────────────",
        "budgets.0  $5.00 a day      $4.20   84%  nearly reached",
        "budgets.1  $50.00 a month  $60.00  120%  reached",
        "",
        "budgets.0: /u/config.toml:12",
        "budgets.1: /u/config.toml:20",
    ]


async def test_endpoints_on_a_narrow_terminal(tmp_path: Path) -> None:
    ones = [endpoint("anthropic"), endpoint("azure", excluded="It is not in routing.only.")]
    text = await shown(
        tmp_path,
        "endpoints a/b",
        "endpoints",
        {"model": "a/b", "endpoints": ones, "at": "2026-11-20T10:00:00Z"},
    )

    assert text.splitlines() == [
        "Provider   In $/M  Out $/M  First word  Tokens/s",
        "──────────────────────────────────────────────────────────",
        "anthropic    3.00    15.00      650 ms        71",
        "azure        3.00    15.00      650 ms        71  left out",
        "",
        "azure: It is not in routing.only.",
    ]


async def test_no_color_leaves_the_bars_plain(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {"passerelle/usage": [{"result": usage_report({"a/b": 2.0})}]})
    async with on_terminal(fake.cli("usage", "--by", "model"), tmp_path, NO_COLOR="1") as (terminal, process):
        assert await process.wait() == 0

    assert "\x1b[36m" not in terminal.output
    assert "█" in terminal.output
