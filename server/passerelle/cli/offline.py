"""`passerelle offline`: the embedded gateway as a server for any program, or the fetching of its model's weights."""

import asyncio
import os

from passerelle.cli.ending import DONE, CommandFailed
from passerelle.cli.output import say
from passerelle.cli.parser import Arguments
from passerelle.config.places import locate
from passerelle.offline.fetch import fetch_weights
from passerelle.offline.standalone import run as serve
from passerelle.words.failures import Failure


def run(arguments: Arguments) -> int:
    cache_dir = locate(os.environ).cache_dir
    try:
        if arguments.fetch:
            print(fetch_weights(cache_dir, say))
        else:
            asyncio.run(serve(arguments.port, cache_dir, _announce))
    except Failure as failure:
        raise CommandFailed(failure.message) from None
    return DONE


def _announce(url: str) -> None:
    print(url, flush=True)
    say("The embedded gateway answers there, to any key; Ctrl-C ends it.")
