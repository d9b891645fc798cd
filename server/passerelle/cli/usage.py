"""`passerelle usage`: what was spent, by the ledger. Tables for a person; JSON, or the ledger itself, for a program."""

import asyncio
import sys
from datetime import timedelta
from shutil import get_terminal_size

from passerelle.cli.ending import DONE, USAGE, CommandFailed
from passerelle.cli.launch import connect
from passerelle.cli.output import clean, is_terminal, print_json, say, write_file
from passerelle.cli.overview import find_today, survey
from passerelle.cli.parser import Arguments
from passerelle.cli.sums import Line, Sheet, columns_of, lines_of, notes
from passerelle.client import Client
from passerelle.protocol import methods
from passerelle.protocol.conversations import ConversationsParams
from passerelle.protocol.money import ExportedUsage, ExportUsageParams, UsageKey, UsageParams, UsageReport

EMPTY = "Nothing was spent yet. Ask with `passerelle chat`: what it costs is kept, and shown here."
EMPTY_TIME = "Nothing was spent in this time; `passerelle usage --by month` shows when it was."


def run(arguments: Arguments) -> int:
    if arguments.export and (arguments.by or arguments.split):
        raise CommandFailed("usage: --by and --split make sums, and an export has none.", exit_code=USAGE)
    if arguments.output and not arguments.export:
        raise CommandFailed("usage: -o is for an export: say --csv, or --export json.", exit_code=USAGE)
    asyncio.run(_run(arguments))
    return DONE


async def _run(arguments: Arguments) -> None:
    async with connect(arguments) as client:
        since = arguments.since
        if arguments.last_days is not None:
            since = (await find_today(client) - timedelta(days=arguments.last_days - 1)).isoformat()
        if arguments.export:
            params = ExportUsageParams(format=arguments.export, since=since, until=arguments.until)
            await _export(client, params, arguments.output)
            return
        asked = UsageParams(since=since, until=arguments.until, group_by=arguments.by, split_by=arguments.split)
        if asked == UsageParams() and not arguments.json:
            await _show(client, await survey(client))
            return
        report = await client.usage(asked)
        if arguments.json:
            print_json(report)
        else:
            await _show(client, await _by_groups(client, report, asked))


async def _export(client: Client, params: ExportUsageParams, place: str | None) -> None:
    exported = await client.request(methods.EXPORT_USAGE.name, params, ExportedUsage)
    if place is None:
        print(clean(exported.text) if is_terminal(sys.stdout) else exported.text, end="")
    else:
        say(f"Attempts written to {write_file(place, exported.name, exported.text)}: {exported.rows:,}.")


async def _by_groups(client: Client, report: UsageReport, asked: UsageParams) -> Sheet:
    keys: list[UsageKey] = [key for key in (asked.group_by or "day", asked.split_by) if key is not None]
    titles: dict[str, str] = {}
    if "conversation" in keys:
        titles = {one.id: one.title for one in (await client.conversations(ConversationsParams())).conversations}
    total = Line(["Total", ""][: len(keys)], report.total, is_total=True)
    return Sheet([key.capitalize() for key in keys], [lines_of(keys, report.rows, titles), [total]], report)


async def _show(client: Client, sheet: Sheet) -> None:
    if not sheet.report.total.attempts:
        ever = await client.usage(UsageParams())
        say(EMPTY_TIME if ever.total.attempts else EMPTY)
        return
    from passerelle.cli.tables import print_aside, print_columns  # noqa: PLC0415  # rich: 60 ms.

    columns = columns_of(sheet, get_terminal_size().columns)
    strong = [number for number, line in enumerate(sheet.lines) if line.is_total]
    print_aside([*sheet.above, ""] if sheet.above else [])
    print_columns(columns, apart=sheet.beginnings, strong=strong)
    below = [*sheet.below, *notes(sheet.report, columns)]
    print_aside(["", *below] if below else [])
