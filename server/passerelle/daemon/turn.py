"""One turn of chat: from what a client asked to what it is answered. The relay itself is chat/relay.py."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from passerelle.catalogue.choice import suggestions
from passerelle.catalogue.model import Entry
from passerelle.catalogue.store import Catalogue
from passerelle.chat.attachments import read_attachments
from passerelle.chat.context import refuse_what_does_not_fit, refuse_what_it_cannot_see, with_attachments
from passerelle.chat.relay import Relayed, Sink, relay
from passerelle.config.resolve import options_for, routing_for
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon, Scope
from passerelle.daemon.result import Served, result_of
from passerelle.daemon.roles import CHAT, role_model
from passerelle.gateway.auth import Access
from passerelle.gateway.errors import Asked
from passerelle.gateway.http import Call
from passerelle.gateway.wire import ChatRequest, ModelFacts, chat_body, request_headers
from passerelle.protocol.chat import ChatParams, ChatResult, Message, SystemMessage, UserMessage
from passerelle.words.failures import Failure, InvalidParams

FIRST_LIST_S = 5.0
"""How long a first chat waits for the first list of models: without one a retired default would be asked."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What a turn asks: `messages` are all that the model sees, `params` say how it is asked.

    `conversation` is the same for every turn of one conversation. Its repr shows nothing of what a person wrote.
    """

    params: ChatParams
    messages: Sequence[Message]
    conversation: bytes | None
    started_at: float

    def __repr__(self) -> str:
        return f"Wanted({self.params.model!r})"


class Reached(Struct, frozen=True, kw_only=True):
    """A gateway that can be asked."""

    scope: Scope
    access: Access


class Asking(Struct, frozen=True, kw_only=True):
    """One turn, ready to be sent. `relayed` holds the answer as far as it has come, whatever becomes of the turn."""

    reached: Reached
    call: Call
    served: Served
    relayed: Relayed


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
    wanted = Wanted(params=params, messages=messages, conversation=beginning, started_at=started_at)
    return await ask(daemon, prepare(reached, wanted), sink)


async def attached(params: ChatParams, client: Client) -> list[Message]:
    """The messages with the texts of the attachments among them. Raises InvalidParams for one that cannot be read."""
    return with_attachments(params.messages, await read_attachments(params.attachments or (), client.desk))


async def reach(daemon: Daemon, client: Client, folder: Path | None) -> Reached:
    """The gateway whose turn it is, with its key and its models. Raises Failure where it cannot be used."""
    scope = await daemon.scope(client, folder)
    access = await daemon.gateways.access(scope.target, client.secrets)
    return Reached(scope=await daemon.listed(scope, patience_s=FIRST_LIST_S), access=access)


def prepare(reached: Reached, wanted: Wanted) -> Asking:
    """What is sent. Raises Failure for what the model is known to refuse, InvalidParams for what cannot be said."""
    scope, access, params = reached.scope, reached.access, wanted.params
    model = params.model or role_model(scope.effective, scope.models, params.role or CHAT).model
    entry = scope.models.by_id.get(model)
    if entry is not None:
        refuse_what_it_cannot_see(wanted.messages, entry)
        refuse_what_does_not_fit(wanted.messages, entry)
    asked = Asked(
        gateway=scope.target.name,
        model=model,
        key_reference=next(map(str, access.references), None),
        secrets=access.secrets,
    )
    return Asking(
        reached=reached,
        call=_call(reached, wanted, _request(scope, wanted, model, entry)),
        served=Served(model=model, entry=entry, started_at=wanted.started_at),
        relayed=Relayed(asked),
    )


async def ask(daemon: Daemon, asking: Asking, sink: Sink) -> ChatResult:
    """Send it and pass the answer on as it comes. What came of it is counted, however this ends. Raises Failure."""
    scope, access, relayed = asking.reached.scope, asking.reached.access, asking.relayed
    try:
        await relay(daemon.gateways.http, asking.call, relayed, sink)
    except Failure as failure:
        daemon.note_outcome(scope.target, access, failure)
        if failure.kind == "modelUnknown":
            failure.suggestions = suggestions(asking.served.model, scope.models.entries)
            daemon.tasks.start(_renew(scope.catalogue), name="models after an unknown one")
        raise
    except asyncio.CancelledError:
        if relayed.first_piece_at is not None:
            daemon.note_cost(result_of(relayed, asking.served).cost)
        raise
    daemon.note_outcome(scope.target, access, relayed.reader.failure)
    result = result_of(relayed, asking.served)
    daemon.note_cost(result.cost)
    return result


def _request(scope: Scope, wanted: Wanted, model: str, entry: Entry | None) -> ChatRequest:
    config, params = scope.effective.config, wanted.params
    role = params.role or CHAT
    facts = ModelFacts(reasoning=True)  # Of a model that is not described, what a person asks for is tried.
    if entry is not None and entry.is_described:
        facts = ModelFacts(
            temperature_refused=entry.temperature_refused,
            reasoning=entry.reasoning,
            reasoning_efforts=entry.reasoning_efforts,
        )
    return ChatRequest(
        model=model,
        messages=wanted.messages,
        options=options_for(config, model, role, params.options),
        routing=routing_for(config, model, role),
        caching=config.caching,
        facts=facts,
        tools=params.tools or (),
        tool_choice=params.tool_choice,
    )


def _call(reached: Reached, wanted: Wanted, request: ChatRequest) -> Call:
    target = reached.scope.target
    # A hash, for it leaves the machine.
    conversation = None if wanted.conversation is None else hashlib.sha256(wanted.conversation).hexdigest()[:32]
    return Call(
        target=target,
        path="chat/completions",
        headers=request_headers(target, reached.access.headers, conversation=conversation),
        body=chat_body(request, vercel=target.vercel),
        timeouts=request.options.timeouts,
    )


def _beginning(messages: Sequence[Message]) -> bytes:
    """What every turn of one conversation has in common, where the client holds it: how it began."""
    first = next((at for at, message in enumerate(messages) if isinstance(message, UserMessage)), 0)
    beginning = [message for message in messages[: first + 1] if isinstance(message, SystemMessage | UserMessage)]
    return msgspec.json.encode(beginning)


async def _renew(catalogue: Catalogue) -> None:
    """The list still had a model that the gateway does not know any more; or somebody mistyped."""
    with suppress(Failure):  # The catalogue keeps it, and status tells it.
        await catalogue.refresh()
