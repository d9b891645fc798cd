"""`passerelle doctor`: goes the whole way from Python to the gateway, and says of each step whether it works."""

import asyncio
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from uuid import uuid4

from msgspec import UnsetType

from passerelle.cli.ending import DONE, FAILED, CommandFailed
from passerelle.cli.figures import summary
from passerelle.cli.launch import current_folder, explain, start
from passerelle.cli.network import try_road
from passerelle.cli.output import clean, fit
from passerelle.cli.parser import Arguments
from passerelle.cli.probes import (
    Check,
    check_budget,
    check_catalogue,
    check_config,
    check_credits,
    check_folder,
    check_ledger,
    check_python,
    check_status,
)
from passerelle.client import Client, ClientError
from passerelle.config.places import locate
from passerelle.gateway.secrets import SecretReader
from passerelle.gateway.target import Target
from passerelle.money.ledger import FILE as LEDGER
from passerelle.protocol.chat import ChatOptions, ChatParams, UserMessage
from passerelle.protocol.state import ConfigParams, EffectiveConfig, GatewayStatus, Today
from passerelle.words.failures import Failure
from passerelle.words.references import parse_reference
from passerelle.words.tasks import Tasks
from passerelle.words.uris import to_uri


def run(arguments: Arguments) -> int:
    is_well = True
    for check in _examine(arguments):
        print(fit(clean(str(check)), sys.stdout), flush=True)
        is_well = is_well and check.verdict != "bad"
    return DONE if is_well else FAILED


def _examine(arguments: Arguments) -> Iterator[Check]:
    yield check_python(sys.version_info[:3], f"{platform.system()} {platform.release()} {platform.machine()}")
    with asyncio.Runner() as runner:
        try:
            client = runner.run(start(arguments))
        except CommandFailed as failure:
            yield Check("bad", str(failure))
            return
        try:
            yield from _examine_daemon(runner, client, is_asked=arguments.ask)
        except ClientError as error:
            yield Check("bad", explain(error))
        finally:
            runner.run(client.aclose())


def _examine_daemon(runner: asyncio.Runner, client: Client, *, is_asked: bool) -> Iterator[Check]:
    # The loop rests while sockets are tried; the daemon, and an embedded gateway in it, live on.
    status = runner.run(client.status())
    yield Check("good", f"The daemon {status.daemon.version} answers")
    config = runner.run(client.config(ConfigParams(workspace_folder=to_uri(current_folder()))))
    yield from check_config(config, locate(os.environ).config_file)
    yield from _try_folders()
    yield _try_ledger(locate(os.environ).state_dir / LEDGER, status.today)
    yield from check_status(status)
    yield from (check_budget(budget, datetime.now(UTC)) for budget in status.budgets or [])
    yield Check("good", f"The gateway is {status.gateway.name}: {status.gateway.url}")
    yield runner.run(_find_key(status.gateway))
    if status.gateway.name != "offline":  # That one is in the daemon, and its port opens when it is asked.
        yield from try_road(_target(status.gateway, config))
        yield from runner.run(_find_credits(client, config))
    yield check_catalogue(status.catalogue, datetime.now(UTC))
    if is_asked:
        yield runner.run(_ask(client))


def _try_folders() -> Iterator[Check]:
    places = locate(os.environ)
    for what, folder in (("State is kept", places.state_dir), ("Lists of models are kept", places.cache_dir)):
        yield check_folder(what, folder, _write_fault(folder))


def _write_fault(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or type(error).__name__


def _try_ledger(path: Path, today: Today | UnsetType) -> Check:
    size_bytes: int | None = None
    fault: str | None = None
    try:
        with path.open("r+b") as file:
            size_bytes = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        pass
    except OSError as error:
        fault = error.strerror or type(error).__name__
    return check_ledger(path, size_bytes, fault, today)


async def _find_credits(client: Client, config: EffectiveConfig) -> list[Check]:
    """What is left, where the gateway tells. That it cannot be asked, for want of a key, is said by other checks."""
    limits = [value.value for value in config.values if value.key == "spending.warn_below_usd"]
    try:
        return [check_credits(await client.credits(), float(str(limits[0])) if limits else 0.0)]
    except ClientError as error:
        return [Check("note", error.message)] if error.kind == "unsupported" else []


async def _find_key(gateway: GatewayStatus) -> Check:
    """Whether the key is where its reference says. What it is stays here."""
    reference = parse_reference(gateway.key or "")
    if reference is None:
        return Check("good", f"The gateway {gateway.name} needs no key")
    if reference.scheme == "editor":
        return Check("note", f"The key is the editor's to give ({reference}): this command cannot ask for it")
    tasks = Tasks()
    try:
        await SecretReader(os.environ, tasks).read(reference)
    except Failure as failure:
        return Check("bad", failure.message)
    finally:
        await tasks.aclose()
    return Check("good", f"The key is found by {reference}")


def _target(gateway: GatewayStatus, config: EffectiveConfig) -> Target:
    table = f"gateways.{gateway.name}."
    said = {value.key.removeprefix(table): str(value.value) for value in config.values if value.key.startswith(table)}
    return Target(name=gateway.name, url=gateway.url, proxy=said.get("proxy"), ca_bundle=said.get("ca_bundle"))


async def _ask(client: Client) -> Check:
    question = UserMessage(content="Say yes.")
    params = ChatParams(token=uuid4().hex, messages=[question], options=ChatOptions(max_tokens=1))
    try:
        return Check("good", f"It answers: {summary(await client.chat(params, lambda _delta: None))}")
    except ClientError as error:
        return Check("bad", explain(error))
