"""What `passerelle usage` shows to who asks for nothing in particular: a screen of totals, days and models."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from passerelle.cli.charts import sparkline
from passerelle.cli.sums import Line, Sheet, cost_of, lines_of
from passerelle.client import Client
from passerelle.money.amounts import dollars
from passerelle.money.period import zone_of
from passerelle.protocol.money import UsageParams, UsageRow
from passerelle.protocol.state import ConfigParams

DAYS = 30
DAYS_SHOWN = 7
MODELS_SHOWN = 5


async def find_today(client: Client) -> date:
    """The day that it is where the person is, as the daemon reckons it."""
    values = (await client.config(ConfigParams())).values
    name = next((value.value for value in values if value.key == "spending.time_zone"), "")
    return datetime.now(zone_of(str(name))).date()


async def survey(client: Client) -> Sheet:
    today = await find_today(client)
    first = today - timedelta(days=DAYS - 1)
    of_today, of_month, by_day, by_model = await asyncio.gather(
        client.usage(UsageParams(since=today.isoformat())),
        client.usage(UsageParams(since=today.replace(day=1).isoformat())),
        client.usage(UsageParams(since=first.isoformat())),
        client.usage(UsageParams(since=first.isoformat(), group_by="model")),
    )
    named = {"Today": of_today, "This month": of_month, f"Last {DAYS} days": by_day}
    totals = [Line([name], report.total, is_total=True) for name, report in named.items()]
    days, models = by_day.rows[-DAYS_SHOWN:], by_model.rows[:MODELS_SHOWN]
    more = len(by_model.rows) - len(models)
    return Sheet(
        headings=[""],
        groups=[totals, lines_of(["day"], days), lines_of(["model"], models)],
        report=by_day,
        above=[trend(by_day.rows, first)] if cost_of(by_day.total) else [],
        below=[f"And {more} more, see `passerelle usage --by model --last {DAYS}d`."] if more > 0 else [],
    )


def trend(rows: Sequence[UsageRow], first: date) -> str:
    """A character for each day from the first on, and what the dearest came to."""
    costs = {row.key: cost_of(row) for row in rows}
    days = [(first + timedelta(days=number)).isoformat() for number in range(DAYS)]
    dearest = max(days, key=lambda day: costs.get(day, 0.0))
    chart = sparkline([costs.get(day, 0.0) for day in days])
    return f"{chart}  at most {dollars(costs.get(dearest, 0.0))}, on {dearest}"
