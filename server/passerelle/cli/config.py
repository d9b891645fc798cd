"""`passerelle config`: every setting that holds, and where it stands; what is wrong, on stderr."""

import asyncio
import os
import sys

import msgspec
from msgspec import UNSET

from passerelle.cli.ending import DONE, FAILED
from passerelle.cli.launch import connect, current_folder
from passerelle.cli.output import homely, is_terminal, print_json, say, say_aside
from passerelle.cli.parser import Arguments
from passerelle.cli.probes import line_of
from passerelle.config.places import locate
from passerelle.protocol.state import ConfigParams, ConfigValue, EffectiveConfig
from passerelle.words.uris import to_uri

HEADINGS = ("Key", "Value", "From", "Where")


def run(arguments: Arguments) -> int:
    config = asyncio.run(_read(arguments))
    if arguments.json:
        print_json(config)
    elif is_terminal(sys.stdout):
        from passerelle.cli.tables import print_table  # noqa: PLC0415  # rich: only terminals need it.

        print_table(HEADINGS, ([*map(homely, row(value))] for value in config.values))
    else:
        for value in config.values:
            print("\t".join(row(value)))
        if arguments.config is None and not any(value.source == "user" for value in config.values):
            say_aside(f"No settings of your own yet; they go into {homely(str(locate(os.environ).config_file))}")
    for problem in config.problems:
        say(line_of(problem))
    return FAILED if any(problem.severity == "error" for problem in config.problems) else DONE


async def _read(arguments: Arguments) -> EffectiveConfig:
    async with connect(arguments) as client:
        return await client.config(ConfigParams(workspace_folder=to_uri(current_folder())))


def row(value: ConfigValue) -> tuple[str, str, str, str]:
    """Cells as `HEADINGS` names them; the value as JSON."""
    where = "" if value.path is UNSET else value.path
    line = "" if value.line is UNSET else f":{value.line}"
    return value.key, msgspec.json.encode(value.value).decode(), value.source, where + line
