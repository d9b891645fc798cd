"""`passerelle chat`: one answer to stdout, what is to be said of it to stderr; without a prompt a conversation. The
daemon keeps both, unless they are private.
"""

import asyncio
import sys

from passerelle.cli.answer import Interrupted, Place, conclude
from passerelle.cli.consent import ask_allowed
from passerelle.cli.conversation import converse
from passerelle.cli.ending import INTERRUPTED, USAGE, CommandFailed
from passerelle.cli.figures import summary
from passerelle.cli.kept import new_id, which
from passerelle.cli.launch import connect
from passerelle.cli.output import is_terminal, print_json, say, say_aside
from passerelle.cli.parser import Arguments
from passerelle.cli.question import compose, read_files, read_piped, read_prompt
from passerelle.protocol.chat import UserMessage

# One answer leaves the daemon no time to have a title made, and what was asked for would be paid for all the same.
UNTITLED = {"conversations": {"titles": False}}


def run(arguments: Arguments) -> int:
    prompt = read_prompt(arguments.prompt)
    files = read_files(arguments.files)
    piped = read_piped()
    if prompt.strip() or piped.strip():
        return asyncio.run(_answer(arguments, compose(prompt, piped, files)))
    if is_terminal(sys.stdin) and is_terminal(sys.stdout) and not arguments.json:
        return converse(arguments, files)
    raise CommandFailed("chat: nothing was asked. Give a prompt, or pipe one in; see --help.", exit_code=USAGE)


async def _answer(arguments: Arguments, question: UserMessage) -> int:
    async with connect(arguments, settings=UNTITLED) as client:
        place = None if arguments.private else Place(await which(client, arguments) or new_id())
        try:
            result = await ask_allowed(
                client, [question], arguments.model, place, is_silent=arguments.json, is_confirmed=arguments.yes
            )
        except Interrupted as interrupted:
            say(f"passerelle: {interrupted}")
            return INTERRUPTED
    if arguments.json:
        print_json(result)
    else:
        say_aside(summary(result))
    return conclude(result)
