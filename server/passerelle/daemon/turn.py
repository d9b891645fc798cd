"""One turn of chat: from what a client asked to what it is answered. The relay itself is chat/relay.py."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from passerelle.catalogue.choice import suggestions
from passerelle.catalogue.store import Catalogue
from passerelle.chat.attachments import read_attachments
from passerelle.chat.context import with_attachments
from passerelle.chat.relay import Sink, relay
from passerelle.daemon.asking import Asking, Reached, Wanted, hashed, prepare
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.daemon.meter import Meter
from passerelle.daemon.result import result_of
from passerelle.protocol.chat import ChatParams, ChatResult, Message, SystemMessage, UserMessage
from passerelle.words.failures import Failure, InvalidParams
from passerelle.words.uris import to_uri

FIRST_LIST_S = 5.0
"""How long a first chat waits for the first list of models: without one a retired default would be asked."""


async def chat(daemon: Daemon, client: Client, folder: Path | None, params: ChatParams, sink: Sink) -> ChatResult:
    """Answer one turn, passing it on as it comes. Raises Failure, or InvalidParams for what cannot be asked."""
    started_at = time.monotonic()
    if params.replace is not None:
        raise InvalidParams("replace: it is for a turn of a `conversation`")
    if not params.messages:
        raise InvalidParams("messages: at least one message is needed")
    messages = await attached(params, client)
    reached = await reach(daemon, client, folder)
    beginning = _beginning(params.messages)
    wanted = Wanted(
        params=params, messages=messages, affinity=beginning, conversation=hashed(beginning), started_at=started_at
    )
    return await ask(daemon, client, prepare(reached, wanted), sink)


async def attached(params: ChatParams, client: Client) -> list[Message]:
    """The messages with the texts of the attachments among them. Raises InvalidParams for one that cannot be read."""
    return with_attachments(params.messages, await read_attachments(params.attachments or (), client.desk))


async def reach(daemon: Daemon, client: Client, folder: Path | None) -> Reached:
    """The gateway whose turn it is, with its key and its models. Raises Failure where it cannot be used."""
    scope = await daemon.scope(client, folder)
    access = await daemon.gateways.access(scope.target, client.secrets)
    scope = await daemon.listed(scope, patience_s=FIRST_LIST_S)
    return Reached(scope=scope, access=access, client=client.name, workspace=None if folder is None else to_uri(folder))


async def ask(daemon: Daemon, client: Client, asking: Asking, sink: Sink) -> ChatResult:
    """Send it and pass the answer on as it comes. What came of it is counted, however this ends. Raises Failure."""
    scope, access = asking.reached.scope, asking.reached.access
    try:
        await _relay(daemon, client, asking, sink)
    except Failure as failure:
        if failure.kind != "budgetReached":  # That says nothing of the gateway.
            daemon.note_outcome(scope.target, access, failure)
        if failure.kind == "modelUnknown":
            failure.suggestions = suggestions(asking.candidate.model, scope.models.entries)
            daemon.tasks.start(_renew(scope.catalogue), name="models after an unknown one")
        raise
    except asyncio.CancelledError:
        if asking.relayed.first_piece_at is not None:
            daemon.note_cost(result_of(asking).cost)
        raise
    daemon.note_outcome(scope.target, access, asking.relayed.reader.failure)
    daemon.accounts.renew(scope, client)
    result = result_of(asking)
    daemon.note_cost(result.cost)
    return result


async def _relay(daemon: Daemon, client: Client, asking: Asking, sink: Sink) -> None:
    """Ask one model after the other, until one answers or none is left. Raises the last one's Failure."""
    request = secrets.token_hex(12)
    while True:
        meter = Meter(daemon, client, asking, request)
        try:
            await relay(daemon.gateways.http, asking.relayed, sink, meter, gives_way=asking.gives_way)
        except Failure as failure:
            if not asking.gives_way(failure):
                if before := {one.model: None for one in asking.failed if one.model != asking.candidate.model}:
                    failure.message = f"{failure.message} Before it, {', '.join(before)} gave no answer either."
                raise
            asking.advance()
        else:
            return


def _beginning(messages: Sequence[Message]) -> bytes:
    """What every turn of one conversation has in common, where the client holds it: how it began."""
    first = next((at for at, message in enumerate(messages) if isinstance(message, UserMessage)), 0)
    beginning = [message for message in messages[: first + 1] if isinstance(message, SystemMessage | UserMessage)]
    return msgspec.json.encode(beginning)


async def _renew(catalogue: Catalogue) -> None:
    """The list still had a model that the gateway does not know any more; or somebody mistyped."""
    with suppress(Failure):  # The catalogue keeps it, and status tells it.
        await catalogue.refresh()
