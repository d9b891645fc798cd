"""`passerelle models`: a table for a person, tab-separated lines for a program."""

import asyncio
import sys
from datetime import UTC, datetime
from shutil import get_terminal_size

from msgspec.structs import replace

from passerelle.cli.ending import DONE
from passerelle.cli.figures import age, price, window
from passerelle.cli.launch import connect
from passerelle.cli.output import fit, is_terminal, print_json, say
from passerelle.cli.parser import Arguments
from passerelle.cli.screens import spinner
from passerelle.protocol.state import Model, Models, ModelsParams

SHOWN = 40
"""On a terminal, unless `--limit` says otherwise: what a person can look through."""
NUMBERS = ("Window", "In $/M", "Out $/M")
HEADINGS = ("", "Name", "Id", *NUMBERS, "Can")
ROOM_FOR = {"Name": 110, "Can": 80}
"""How many columns a terminal must have for a heading."""
ROOM_BESIDE_ID = 45
SOURCES = {"live": "from the gateway", "disk": "kept from last time", "builtin": "built in"}


def run(arguments: Arguments) -> int:
    limit = arguments.limit or (SHOWN if is_terminal(sys.stdout) and not arguments.json else None)
    params = ModelsParams(
        query=" ".join(arguments.query) or None,
        needs=list(arguments.needs) or None,
        sort=arguments.sort,
        limit=limit,
        refresh=arguments.refresh or None,
    )
    models = asyncio.run(_find(arguments, params))
    if arguments.json:
        print_json(models)
    elif is_terminal(sys.stdout):
        show_models(models)
    else:
        for row in rows(models):
            print("\t".join(row[1:]))
    if not models.models:
        say("No model fits.")
    return DONE


async def _find(arguments: Arguments, params: ModelsParams) -> Models:
    async with connect(arguments) as client:
        models = await client.models(params)
        if models.fetched_at is not None:
            return models
        with spinner("asking the gateway for its models"):  # Before the first list there is nothing to show.
            return await client.models(replace(params, refresh=True))


def rows(models: Models) -> list[tuple[str, ...]]:
    """Cells as `HEADINGS` names them; the first marks the model that serves chat."""
    chat = models.roles.get("chat")
    return [_row(model, is_chat=chat is not None and chat.model == model.id) for model in models.models]


def footer(models: Models, now: datetime) -> str:
    """How many of how many, and how old the list is."""
    shown, total = len(models.models), models.total
    count = f"{total} models" if shown == total else f"{shown} of {total} models (more words, or --limit {total})"
    when = f", {age(models.fetched_at, now)}" if models.fetched_at else ""
    return f"{count} · the list is {SOURCES[models.source]}{when} · ● serves chat"


def show_models(models: Models) -> None:
    """The table, on a terminal."""
    from passerelle.cli.tables import print_table  # noqa: PLC0415  # rich: only terminals need it.

    columns = get_terminal_size().columns
    shown = [index for index, heading in enumerate(HEADINGS) if columns >= ROOM_FOR.get(heading, 0)]
    cells = ([row[index] for index in shown] for row in rows(models))
    # An id is there to be copied: broken only where there is no room for it.
    is_roomy = max((len(model.id) for model in models.models), default=0) + ROOM_BESIDE_ID <= columns
    print_table([HEADINGS[index] for index in shown], cells, numbers=NUMBERS, whole=("Id",) if is_roomy else ())
    print(fit(footer(models, datetime.now(UTC)), sys.stdout))


def _row(model: Model, *, is_chat: bool) -> tuple[str, ...]:
    cells = (
        "●" if is_chat else "",
        model.name,
        model.id,
        window(model.context_window),
        price(model.price.input),
        price(model.price.output),
        " ".join(model.capabilities),
    )
    return tuple(" ".join(cell.split()) for cell in cells)
