"""One turn of chat: from what a client asked to what it is answered. The relay itself is chat/relay.py."""

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import UNSET

from passerelle.catalogue.choice import suggestions
from passerelle.catalogue.model import Entry
from passerelle.catalogue.store import Catalogue
from passerelle.chat.attachments import read_attachments
from passerelle.chat.context import refuse_what_does_not_fit, refuse_what_it_cannot_see, with_attachments
from passerelle.chat.relay import Relayed, Sink, relay
from passerelle.config.resolve import options_for, routing_for
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon, Scope
from passerelle.daemon.roles import CHAT, role_model
from passerelle.gateway.auth import Access
from passerelle.gateway.errors import Asked
from passerelle.gateway.http import Call
from passerelle.gateway.receipt import Receipt
from passerelle.gateway.wire import ChatRequest, ModelFacts, chat_body, request_headers
from passerelle.money.price import estimate_usd
from passerelle.protocol.chat import ChatParams, ChatResult, Cost, Message, SystemMessage, Timings, UserMessage
from passerelle.words.failures import Failure, InvalidParams

FIRST_LIST_S = 5.0
"""How long a first chat waits for the first list of models: without one a retired default would be asked."""


async def chat(daemon: Daemon, client: Client, folder: Path | None, params: ChatParams, sink: Sink) -> ChatResult:
    """Answer one turn, passing it on as it comes. Raises Failure, or InvalidParams for what cannot be asked."""
    started_at = time.monotonic()
    if not params.messages:
        raise InvalidParams("messages: at least one message is needed")
    scope = await daemon.scope(client, folder)
    messages = with_attachments(params.messages, await read_attachments(params.attachments or (), client.desk))
    access = await daemon.gateways.access(scope.target, client.secrets)
    scope = await daemon.listed(scope, patience_s=FIRST_LIST_S)
    model = params.model or role_model(scope.effective, scope.models, params.role or CHAT).model
    entry = scope.models.by_id.get(model)
    if entry is not None:
        refuse_what_it_cannot_see(messages, entry)
        refuse_what_does_not_fit(messages, entry)
    call = _call(scope, params, _request(scope, params, messages, model, entry), access)
    asked = Asked(
        gateway=scope.target.name,
        model=model,
        key_reference=next(map(str, access.references), None),
        secrets=access.secrets,
    )
    try:
        relayed = await relay(daemon.gateways.http, call, asked, sink)
    except Failure as failure:
        daemon.note_outcome(scope.target, access, failure)
        if failure.kind == "modelUnknown":
            failure.suggestions = suggestions(model, scope.models.entries)
            daemon.tasks.start(_renew(scope.catalogue), name="models after an unknown one")
        raise
    daemon.note_outcome(scope.target, access, relayed.reader.failure)
    return _result(relayed, model, entry, started_at)


def _request(
    scope: Scope, params: ChatParams, messages: Sequence[Message], model: str, entry: Entry | None
) -> ChatRequest:
    config, role = scope.effective.config, params.role or CHAT
    facts = ModelFacts(reasoning=True)  # Of a model that is not described, what a person asks for is tried.
    if entry is not None and entry.is_described:
        facts = ModelFacts(
            temperature_refused=entry.temperature_refused,
            reasoning=entry.reasoning,
            reasoning_efforts=entry.reasoning_efforts,
        )
    return ChatRequest(
        model=model,
        messages=messages,
        options=options_for(config, model, role, params.options),
        routing=routing_for(config, model, role),
        caching=config.caching,
        facts=facts,
        tools=params.tools or (),
        tool_choice=params.tool_choice,
    )


def _call(scope: Scope, params: ChatParams, request: ChatRequest, access: Access) -> Call:
    return Call(
        target=scope.target,
        path="chat/completions",
        headers=request_headers(scope.target, access.headers, conversation=_conversation(params.messages)),
        body=chat_body(request, vercel=scope.target.vercel),
        timeouts=request.options.timeouts,
    )


def _conversation(messages: Sequence[Message]) -> str:
    """The same for every turn of one conversation: what it began with. A hash, for it leaves the machine."""
    first = next((at for at, message in enumerate(messages) if isinstance(message, UserMessage)), 0)
    beginning = [message for message in messages[: first + 1] if isinstance(message, SystemMessage | UserMessage)]
    return hashlib.sha256(msgspec.json.encode(beginning)).hexdigest()[:32]


async def _renew(catalogue: Catalogue) -> None:
    """The list still had a model that the gateway does not know any more; or somebody mistyped."""
    with suppress(Failure):  # The catalogue keeps it, and status tells it.
        await catalogue.refresh()


def _result(relayed: Relayed, model: str, entry: Entry | None, started_at: float) -> ChatResult:
    reader, first_piece_at = relayed.reader, relayed.first_piece_at
    return ChatResult(
        message=reader.message(),
        finish=reader.finish,
        model=reader.model or model,
        provider=reader.receipt.provider,
        generation=reader.generation,
        usage=reader.receipt.usage,
        cost=_cost(reader.receipt, entry),
        timings=Timings(
            first_delta_ms=None if first_piece_at is None else round((first_piece_at - started_at) * 1000),
            total_ms=round((time.monotonic() - started_at) * 1000),
        ),
        problem=reader.failure.message if reader.failure is not None else UNSET,
    )


def _cost(receipt: Receipt, entry: Entry | None) -> Cost:
    """The gateway's word; else what the catalogue's prices make of the tokens, called an estimate."""
    if receipt.cost_usd is not None:
        return Cost(usd=receipt.cost_usd, source="gateway")
    estimate = estimate_usd(receipt.usage, entry.pricing) if receipt.usage is not None and entry is not None else None
    return Cost(usd=estimate, source="unknown" if estimate is None else "estimate")
