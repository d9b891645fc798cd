"""`passerelle endpoints`: the providers behind a model, side by side."""

import asyncio
import sys
from collections.abc import Sequence
from shutil import get_terminal_size

from msgspec import UNSET

from passerelle.cli.columns import Column, fitting
from passerelle.cli.ending import DONE
from passerelle.cli.figures import UNKNOWN, price, seconds, window
from passerelle.cli.launch import connect, current_folder
from passerelle.cli.output import is_terminal, print_json, say
from passerelle.cli.parser import Arguments
from passerelle.protocol import methods
from passerelle.protocol.money import Endpoint, Endpoints, EndpointsParams
from passerelle.words.uris import to_uri


def run(arguments: Arguments) -> int:
    found = asyncio.run(_ask(arguments))
    if arguments.json:
        print_json(found)
    elif not found.endpoints:
        say(f"The gateway names no provider of {found.model}.")
    elif is_terminal(sys.stdout):
        _show(found.endpoints)
    else:
        for one in found.endpoints:
            print("\t".join(_row(one)))
    return DONE


async def _ask(arguments: Arguments) -> Endpoints:
    params = EndpointsParams(
        model=arguments.model or "", role=arguments.role, workspace_folder=to_uri(current_folder())
    )
    async with connect(arguments) as client:
        return await client.request(methods.ENDPOINTS.name, params, Endpoints)


def _show(endpoints: Sequence[Endpoint]) -> None:
    from passerelle.cli.tables import print_aside, print_columns  # noqa: PLC0415  # rich: only terminals need it.

    print_columns(fitting(columns_of(endpoints), get_terminal_size().columns))
    reasons = [f"{one.provider}: {one.excluded}" for one in endpoints if one.excluded is not UNSET]
    print_aside(["", *reasons] if reasons else [])


def columns_of(endpoints: Sequence[Endpoint]) -> list[Column]:
    """What a person compares; a narrow terminal has room for the first."""
    return [
        Column("Provider", [one.provider for one in endpoints], kind="text"),
        Column("In $/M", [price(one.price.input) for one in endpoints]),
        Column("Out $/M", [price(one.price.output) for one in endpoints]),
        Column("Cached $/M", [price(one.price.cache_read) for one in endpoints], 6),
        Column("First word", [seconds(one.latency_ms.p50) if one.latency_ms else UNKNOWN for one in endpoints], 2),
        Column(
            "Tokens/s", [f"{one.throughput_tps.p50:.0f}" if one.throughput_tps else UNKNOWN for one in endpoints], 3
        ),
        Column("Uptime", [_uptime(one) for one in endpoints], 4),
        Column("Window", [window(one.context_window) for one in endpoints], 5),
        Column("Max out", [window(one.max_output) for one in endpoints], 7),
        Column("Precision", [one.quantization or "" for one in endpoints], 8, "text"),
        Column("Caching", ["by itself" if one.implicit_caching else "" for one in endpoints], 9, "text"),
        Column("", [_state(one) for one in endpoints], 1, "text"),
    ]


def _row(one: Endpoint) -> tuple[str, ...]:
    cells = [column.cells[0] for column in columns_of([one])]
    return (*cells, "" if one.excluded is UNSET else one.excluded)


def _uptime(one: Endpoint) -> str:
    """Of the longest time that is known."""
    known = [each for each in (one.uptime.last_day, one.uptime.last_hour, one.uptime.last15m) if each is not None]
    return f"{known[0]:.1f}%" if known else UNKNOWN


def _state(one: Endpoint) -> str:
    if not one.up:
        return "down"
    return "" if one.excluded is UNSET else "left out"
