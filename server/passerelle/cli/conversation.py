"""A conversation at the terminal: lines of a person in, answers out. What was said is the daemon's to keep."""

import asyncio
import re
import sys
from collections.abc import Sequence
from contextlib import suppress

from passerelle.cli.answer import Interrupted, Place, conclude
from passerelle.cli.consent import Declined, ask_allowed
from passerelle.cli.ending import DONE, CommandFailed
from passerelle.cli.figures import Spent, summary, turns
from passerelle.cli.kept import new_id, which
from passerelle.cli.launch import explain, start
from passerelle.cli.models import show_models
from passerelle.cli.output import fit, say, say_aside
from passerelle.cli.parser import Arguments
from passerelle.cli.question import compose
from passerelle.client import Client, ClientError
from passerelle.protocol.chat import Part
from passerelle.protocol.state import ModelsParams

HELP = """\
/model NAME     talk to this model from now on; without NAME, say which one it is
/models QUERY   find models
/new            begin another conversation
/quit           end, as Ctrl-D does
Ctrl-C cancels the answer."""
SHOWN = 15


def converse(arguments: Arguments, files: Sequence[Part] = ()) -> int:
    """Talk with a daemon of our own. `files` go with the first question."""
    with asyncio.Runner() as runner:
        client = runner.run(start(arguments))
        try:
            conversation = Conversation(
                client, arguments.model, files, is_private=arguments.private, is_confirmed=arguments.yes
            )
            runner.run(conversation.go_on(arguments))
            talk(runner, conversation)
        except ClientError as error:
            raise CommandFailed(explain(error)) from error
        finally:
            runner.run(client.aclose())
    return DONE


def talk(runner: asyncio.Runner, conversation: "Conversation") -> None:
    """Serve a person's lines until they end it."""
    with suppress(ImportError):  # Not on Windows, whose console has a history of its own.
        import readline  # noqa: F401, PLC0415  # Loading it gives `input` its history and its keys.
    runner.run(conversation.greet())
    # The loop rests while a person types: the daemon waits for us, not we for it.
    while (line := _read_line()) is not None and runner.run(conversation.take(line)):
        pass


class Conversation:
    """With whom a person talks, in which conversation of the daemon's, and what it has cost."""

    def __init__(
        self,
        client: Client,
        model: str | None = None,
        files: Sequence[Part] = (),
        *,
        is_private: bool = False,
        is_confirmed: bool = False,
    ) -> None:
        self._client = client
        self._model = model
        self._files = files
        self._place = Place(new_id(), is_private or None)
        self._spent = Spent()
        self._is_confirmed = is_confirmed

    async def go_on(self, arguments: Arguments) -> None:
        """Go on with the conversation that the command line names, if it names one. Raises CommandFailed."""
        if (id_ := await which(self._client, arguments)) is None:
            return
        known = await self._client.conversation(id_)
        self._place = Place(id_)
        self._spent = Spent.of(known.total, len(known.turns))
        say_aside(f"going on with {known.summary.title} · {turns(known.summary.turns)}, {self._spent}")

    async def greet(self) -> None:
        status = await self._client.status()
        model = self._model or (status.roles["chat"].model if "chat" in status.roles else "no model yet")
        say_aside(f"{model} on {status.gateway.name} · /help for help, Ctrl-D to end")
        if status.state != "ready":
            say(status.message)

    async def take(self, line: str) -> bool:
        """Serve one line; False ends the conversation. Raises CommandFailed once the daemon is gone."""
        command = re.fullmatch(r"/([a-z]+)(?:\s+(.*))?", line.strip(), re.DOTALL)
        try:
            if command is None:
                await self._turn(line)
                return True
            return await self._obey(command[1], (command[2] or "").strip())
        except ClientError as error:
            if error.code is None:
                kept = "" if self._place.private else " What had come is kept: `passerelle chat -c` goes on."
                raise CommandFailed(explain(error) + kept) from error
            say(explain(error))
            return True

    async def _turn(self, line: str) -> None:
        if not line.strip():
            return
        question = compose(line, files=self._files)
        try:
            result = await ask_allowed(
                self._client, [question], self._model, self._place, is_confirmed=self._is_confirmed
            )
        except Declined as declined:
            say(str(declined))
            return
        except Interrupted as interrupted:
            say(f"{interrupted}. What had come is kept.")
            return
        self._files = ()
        self._spent = self._spent.plus(result.cost)
        conclude(result)
        say_aside(f"{summary(result)} · {self._spent}")

    async def _obey(self, command: str, rest: str) -> bool:
        match command:
            case "quit" | "exit":
                return False
            case "help":
                say_aside(HELP)
            case "new" | "clear":
                self._place, self._spent = self._place._replace(conversation=new_id()), Spent()
                say_aside("the next question begins a new conversation")
            case "models":
                show_models(await self._client.models(ModelsParams(query=rest or None, limit=SHOWN)))
            case "model":
                await self._choose(rest)
            case _:
                say(f"There is no /{command} here; /help lists what there is.")
        return True

    async def _choose(self, name: str) -> None:
        if not name:
            say_aside(self._model or "the model that serves chat; /models marks it")
            return
        found = await self._client.models(ModelsParams(query=name, limit=SHOWN))
        if any(model.id == name for model in found.models):
            self._model = name
            say_aside(f"{name} from now on")
        elif found.models:
            say(f"Which one? {', '.join(model.id for model in found.models[:5])}")
        else:
            self._model = name
            say(f"{name} is not in the gateway's list; it is tried all the same.")


def _read_line() -> str | None:
    """The next line; "" after Ctrl-C, None at the end."""
    try:
        return input(fit("› ", sys.stdout))
    except KeyboardInterrupt:
        print()
        return ""
    except EOFError:
        print()
        return None
