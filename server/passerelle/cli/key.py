"""`passerelle key`: puts a gateway's key into the system's keyring, or takes it out. It never shows one."""

import asyncio
import os
import sys
from contextlib import suppress
from getpass import getpass

from passerelle.cli.ending import DONE, CommandFailed
from passerelle.cli.output import is_terminal
from passerelle.cli.parser import Arguments
from passerelle.gateway.secrets import SecretReader, is_sendable, remove_key, store_key
from passerelle.words.failures import Failure
from passerelle.words.references import Reference, parse_reference
from passerelle.words.tasks import Tasks

MOST_CHARACTERS = 64 * 1024


def run(arguments: Arguments) -> int:
    reference = Reference("keyring", arguments.name)
    if parse_reference(str(reference)) != reference:
        raise CommandFailed("key: a name must not be empty, nor begin or end with a space.")
    try:
        if arguments.action == "remove":
            remove_key(reference.name)
            print(f"Removed. Nothing is kept as {reference} any more.")
        else:
            store_key(reference.name, _read_key(reference))
            asyncio.run(_look(reference))
            print(f'Kept. Write into the gateway\'s settings: key = "{reference}"')
    except Failure as failure:
        raise CommandFailed(failure.message) from None
    return DONE


def _read_key(reference: Reference) -> str:
    value = ""
    if is_terminal(sys.stdin):
        with suppress(EOFError):  # Ctrl-D.
            value = getpass(f"The key to keep as {reference} (it is not shown): ")
    else:
        value = sys.stdin.read(MOST_CHARACTERS)
    value = value.strip()
    if not value:
        raise CommandFailed("key: no key was given.")
    if not is_sendable(value):
        raise CommandFailed("key: what was given has a line break or a character that no key has.")
    return value


async def _look(reference: Reference) -> None:
    """Some keyrings take a value and keep nothing: better to learn it now."""
    tasks = Tasks()
    try:
        await SecretReader(os.environ, tasks).read(reference)
    finally:
        await tasks.aclose()
