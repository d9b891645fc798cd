"""A daemon for one command: started in the current folder, with what the command line says, and ended with it."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec import UNSET, Raw

from passerelle.cli.ending import CommandFailed
from passerelle.cli.output import is_terminal
from passerelle.cli.parser import Arguments
from passerelle.client import LAUNCH, Client, ClientError
from passerelle.protocol.lsp import Options

NOTHING: Mapping[str, object] = {}


@asynccontextmanager
async def connect(arguments: Arguments, *, settings: Mapping[str, object] = NOTHING) -> AsyncIterator[Client]:
    """A daemon for the time of the block, with these settings. What it refuses becomes CommandFailed."""
    client = await start(arguments, settings=settings)
    try:
        async with client:
            yield client
    except ClientError as error:
        raise CommandFailed(explain(error)) from error


async def start(
    arguments: Arguments,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    settings: Mapping[str, object] = NOTHING,
    on_notification: Callable[[str, Raw], None] = lambda _method, _params: None,
) -> Client:
    """Start a daemon; the caller closes it. Raises CommandFailed."""
    if arguments.config is not None:
        environment = {**environment, "PASSERELLE_CONFIG": config_file(arguments.config)}
    try:
        client = await Client.start(
            arguments.launch or LAUNCH,
            env=environment,
            folder=folder or current_folder(),
            options=_options(arguments, settings),
            on_notification=on_notification,
        )
    except ClientError as error:
        raise CommandFailed(explain(error)) from error
    except OSError as error:
        raise CommandFailed(f"The daemon cannot be started: {error.strerror}.") from error
    try:
        await _check_gateway(client, arguments.gateway)
    except BaseException:
        await client.aclose()
        raise
    return client


def explain(error: ClientError) -> str:
    """What the daemon refused, in one line: its own sentence, and what only a person at a shell can use."""
    sentence = error.message
    if error.data is not None and error.data.suggestions:
        sentence += f" Did you mean {' or '.join(error.data.suggestions[:3])}?"
    if error.data is not None and error.data.retry_after_ms:
        sentence += f" Try again in {error.data.retry_after_ms / 1000:.0f} s."
    if error.kind == "confirmCost":
        sentence += " `--yes` confirms it."
    if error.kind == "budgetReached" and error.data is not None and error.data.budget is not UNSET:
        sentence += f" `passerelle budgets allow {error.data.budget.key}` allows one more."
    if error.kind == "keyMissing":
        sentence += " `passerelle demo` needs none."
    if error.kind == "unreachable":
        sentence += " `passerelle doctor` finds out more."
    return sentence


def config_file(name: str) -> str:
    """The absolute path of `--config FILE`. Raises CommandFailed where there is no such file."""
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise CommandFailed(f"--config: there is no file {name}.")
    return str(path)


def current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise CommandFailed("The current folder does not exist any more: change to another one.") from None


async def _check_gateway(client: Client, wanted: str | None) -> None:
    """A gateway that is not known is ignored by the daemon, and another one would serve: nobody asked for that."""
    if wanted is None:
        return
    with suppress(ClientError):  # What is wrong is for the command itself to hear.
        if (await client.status()).gateway.name != wanted:
            raise CommandFailed(f"There is no gateway {wanted}; `passerelle config` shows which there are.")


def _options(arguments: Arguments, settings: Mapping[str, object]) -> Options:
    # In the folder of a stranger a script has not looked around; a person at a terminal chose to be there.
    trusted = is_terminal(sys.stdin) or is_terminal(sys.stdout)
    if arguments.gateway is not None:
        settings = {**settings, "gateway": arguments.gateway}
    return Options(trusted=trusted or None, settings=dict(settings) or None)
