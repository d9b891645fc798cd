"""`passerelle credits`: what is left at the gateway, in one line."""

import asyncio
import sys
from datetime import UTC, datetime

from passerelle.cli.ending import DONE
from passerelle.cli.figures import ago, left
from passerelle.cli.launch import connect
from passerelle.cli.output import fit, print_json
from passerelle.cli.parser import Arguments
from passerelle.protocol.state import Credits


def run(arguments: Arguments) -> int:
    credit = asyncio.run(_ask(arguments))
    if arguments.json:
        print_json(credit)
    else:
        print(fit(f"{left(credit)} · {ago(credit.at, datetime.now(UTC))}", sys.stdout))
    return DONE


async def _ask(arguments: Arguments) -> Credits:
    async with connect(arguments) as client:
        return await client.credits()
