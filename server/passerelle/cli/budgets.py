"""`passerelle budgets`: what each one allows and how it stands; lets one more request through."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from shutil import get_terminal_size

from msgspec import UNSET

from passerelle.cli.charts import bar
from passerelle.cli.columns import Column, fitting
from passerelle.cli.ending import DONE, USAGE, CommandFailed
from passerelle.cli.figures import ahead, allowance, scope, share, usd_column
from passerelle.cli.launch import connect, current_folder
from passerelle.cli.output import homely, is_terminal, print_json, say
from passerelle.cli.parser import Arguments
from passerelle.protocol import methods
from passerelle.protocol.money import AllowOnceParams, Budgets, BudgetsParams
from passerelle.protocol.state import BudgetState
from passerelle.words.uris import to_uri

NONE = 'No budget yet, unless per conversation. In config.toml, for one: [[budgets]] per = "day", usd = 5'
ALLOW = 2
BAR = 12
ACTIONS = {"warn": "warns", "stop": "stops"}
STATES = {"ok": "", "near": "nearly reached", "reached": "reached"}


def run(arguments: Arguments) -> int:
    if arguments.words and (len(arguments.words) != ALLOW or arguments.words[0] != "allow"):
        raise CommandFailed("budgets: takes nothing, or: allow BUDGET, such as budgets.0.", exit_code=USAGE)
    budgets = asyncio.run(_ask(arguments))
    if arguments.json:
        print_json(budgets)
    elif arguments.words:
        say(f"The next request that {arguments.words[1]} would stop goes through.")
    elif budgets.budgets:
        _show(budgets.budgets)
    else:
        say(NONE)
    return DONE


async def _ask(arguments: Arguments) -> Budgets:
    folder = to_uri(current_folder())
    async with connect(arguments) as client:
        if arguments.words:
            allowed = AllowOnceParams(budget=arguments.words[1], workspace_folder=folder)
            return await client.request(methods.ALLOW_ONCE.name, allowed, Budgets)
        return await client.request(methods.BUDGETS.name, BudgetsParams(workspace_folder=folder), Budgets)


def _show(budgets: Sequence[BudgetState]) -> None:
    if not is_terminal(sys.stdout):
        for budget in budgets:
            print("\t".join(row(budget)))
        return
    from passerelle.cli.tables import print_aside, print_columns  # noqa: PLC0415  # rich: only terminals need it.

    print_columns(fitting(columns_of(budgets, datetime.now(UTC)), get_terminal_size().columns))
    print_aside(["", *(f"{one.key}: {homely(_place(one))}" for one in budgets)])


def columns_of(budgets: Sequence[BudgetState], now: datetime) -> list[Column]:
    """What a person compares; a narrow terminal has room for the first."""
    part = [min(1.0, one.spent_usd / one.usd) if one.usd else 1.0 for one in budgets]
    in_flight = [one.in_flight_usd for one in budgets]
    return [
        Column("Budget", [one.key for one in budgets], kind="text"),
        Column("Allows", [allowance(one) for one in budgets], kind="text"),
        Column("For", [scope(one) for one in budgets], 2, "text"),
        Column("Spent", usd_column([one.spent_usd for one in budgets])),
        Column("", [share(one.spent_usd, one.usd) for one in budgets], 4),
        Column("", [bar(each, 1.0, BAR) for each in part], 5, "chart"),
        Column("", [STATES[one.state] for one in budgets], 1, "text"),
        Column("In flight", usd_column(in_flight) if any(in_flight) else [], 7),
        Column("Begins anew", [ahead(one.resets_at, now) if one.resets_at else "" for one in budgets], 3, "text"),
        Column("Then", [ACTIONS[one.action] for one in budgets], 6, "text"),
    ]


def row(one: BudgetState) -> tuple[str, ...]:
    """For a program: amounts as they are, in US dollars."""
    amounts = [f"{usd:.12g}" for usd in (one.usd, one.spent_usd, one.in_flight_usd)]
    names = ",".join(one.roles), ",".join(one.models)
    return one.key, one.per, *amounts, one.action, one.state, one.resets_at or "", *names, _place(one)


def _place(one: BudgetState) -> str:
    if one.path is UNSET:
        return one.source
    return one.path + ("" if one.line is UNSET else f":{one.line}")
