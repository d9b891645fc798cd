"""One request on its way: which models may serve it, what each is sent, how far the answer has come. Sends nothing."""

import hashlib
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from passerelle.catalogue.model import Entry
from passerelle.chat.context import refuse_what_does_not_fit, refuse_what_it_cannot_see
from passerelle.chat.relay import Relayed
from passerelle.config.resolve import options_for, routing_for
from passerelle.config.schema import Routing
from passerelle.daemon.core import Scope
from passerelle.daemon.roles import CHAT, role_model
from passerelle.gateway.auth import Access
from passerelle.gateway.errors import Asked
from passerelle.gateway.http import Call
from passerelle.gateway.routing import narrowed_by
from passerelle.gateway.wire import ChatRequest, ModelFacts, chat_body, request_headers
from passerelle.money.amounts import dollars
from passerelle.money.bound import Bound, bound_of, estimated_tokens, likely_usd
from passerelle.protocol.chat import Attempt, ChatParams, Message, Usage
from passerelle.words.failures import Failure, Kind

PASSES_ON: frozenset[Kind] = frozenset(
    {"rateLimited", "unavailable", "streamBroken", "timedOut", "modelUnknown", "contextTooLong"}
)
"""What another model of the same gateway may do better."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What a turn asks: `messages` are all that the model sees, `params` say how it is asked.

    `affinity` is the same for every turn of one conversation, and so is `conversation`, by which the ledger knows it.
    Its repr shows nothing of what a person wrote.
    """

    params: ChatParams
    messages: Sequence[Message]
    affinity: bytes | None
    conversation: str | None
    started_at: float

    def __repr__(self) -> str:
        return f"Wanted({self.params.model!r})"

    @property
    def role(self) -> str:
        return self.params.role or CHAT


class Reached(Struct, frozen=True, kw_only=True):
    """A gateway that can be asked, for a client in one of its folders."""

    scope: Scope
    access: Access
    client: str
    workspace: str | None


class Candidate(Struct, frozen=True, kw_only=True):
    """A model that may serve, what the catalogue says of it (None: nothing), what it is sent and may cost at most."""

    model: str
    entry: Entry | None
    request: ChatRequest
    bound: Bound | None


class Asking:
    """One request, ready to be sent. `relayed` holds the answer as far as it has come, whatever becomes of the turn."""

    def __init__(self, reached: Reached, wanted: Wanted, candidates: Sequence[Candidate]) -> None:
        self.reached = reached
        self.wanted = wanted
        self.failed: list[Attempt] = []
        self.warnings: list[str] = []
        self.limit: str | None = None
        """Why a budget has the answer kept short, in a sentence."""
        self.permits: set[str] = set()
        """Of budgets, those by which a person lets this request through."""
        self.sent = 0
        """How many attempts have reached the gateway."""
        self._left = list(candidates)
        self.advance()

    @cached_property
    def prompt(self) -> Usage:
        """The tokens of the prompt, about."""
        return estimated_tokens(self.wanted.messages, "", self.wanted.params.tools or ())

    @property
    def has_next(self) -> bool:
        """Whether another model may serve where this one does not."""
        return bool(self._left)

    def advance(self) -> None:
        """Go on to the next model."""
        self.candidate = self._left.pop(0)
        self.relayed = Relayed(_asked(self.reached, self.candidate))

    def gives_way(self, failure: Failure) -> bool:
        """Whether the next model is to be asked now."""
        return self.has_next and failure.kind in PASSES_ON

    def call(self, max_tokens: int | None) -> Call:
        """What is sent; `max_tokens` is a budget's word on the length of the answer, None where it has none."""
        request, target = self.candidate.request, self.reached.scope.target
        if max_tokens is not None:
            request = replace(request, options=replace(request.options, max_tokens=max_tokens))
        # A hash, for it leaves the machine.
        affinity = None if self.wanted.affinity is None else hashed(self.wanted.affinity)
        return Call(
            target=target,
            path="chat/completions",
            headers=request_headers(target, self.reached.access.headers, conversation=affinity),
            body=chat_body(request, vercel=target.vercel),
            timeouts=request.options.timeouts,
        )


def prepare(reached: Reached, wanted: Wanted) -> Asking:
    """What is sent. Raises Failure for what the model is known to refuse and for what has to be confirmed first,
    InvalidParams for what cannot be said.
    """
    scope, params = reached.scope, wanted.params
    model = params.model or role_model(scope.effective, scope.models, wanted.role).model
    routing = routing_for(scope.effective.config, model, wanted.role)
    candidates = [_candidate(reached, wanted, model, routing)]
    _want_it_confirmed(reached, wanted, candidates[0])
    chat_body(candidates[0].request, vercel=scope.target.vercel)  # What cannot be said is in no ledger.
    for fallback in routing.fallbacks if _daemon_falls_back(routing, vercel=scope.target.vercel) else ():
        try:
            own = replace(routing_for(scope.effective.config, fallback, wanted.role), fallbacks=())
            candidates.append(_candidate(reached, wanted, fallback, own))
        except Failure:  # It cannot read what is asked: the one after it may.
            continue
    return Asking(reached, wanted, candidates)


def hashed(beginning: bytes) -> str:
    """What tells a conversation from others and says nothing of it."""
    return hashlib.sha256(beginning).hexdigest()[:32]


def _daemon_falls_back(routing: Routing, *, vercel: bool) -> bool:
    return routing.fallback == "daemon" or (routing.fallback == "auto" and not vercel)


def _candidate(reached: Reached, wanted: Wanted, model: str, routing: Routing) -> Candidate:
    entry = reached.scope.models.by_id.get(model)
    if entry is not None:
        refuse_what_it_cannot_see(wanted.messages, entry)
        refuse_what_does_not_fit(wanted.messages, entry)
    request = _request(reached, wanted, model, routing)
    named = [reached.scope.models.by_id.get(name) for name in (model, *routing.fallbacks)]
    bound = bound_of(
        request.messages,
        request.tools,
        [one for one in named if one is not None],
        asked=request.options.max_tokens,
        service_tier=routing.service_tier,
    )
    return Candidate(model=model, entry=entry, request=request, bound=bound)


def _request(reached: Reached, wanted: Wanted, model: str, routing: Routing) -> ChatRequest:
    scope, params = reached.scope, wanted.params
    config, entry = scope.effective.config, scope.models.by_id.get(model)
    facts = ModelFacts(reasoning=True)  # Of a model that is not described, what a person asks for is tried.
    if entry is not None and entry.is_described:
        facts = ModelFacts(
            temperature_refused=entry.temperature_refused,
            reasoning=entry.reasoning,
            reasoning_efforts=entry.reasoning_efforts,
            needs_marks=entry.needs_marks,
        )
    return ChatRequest(
        model=model,
        messages=wanted.messages,
        options=options_for(config, model, wanted.role, params.options),
        routing=routing,
        caching=config.caching,
        facts=facts,
        tools=params.tools or (),
        tool_choice=params.tool_choice,
        byok=reached.access.byok,
    )


def _want_it_confirmed(reached: Reached, wanted: Wanted, candidate: Candidate) -> None:
    limit_usd = reached.scope.effective.config.spending.confirm_above_usd
    request = candidate.request
    if not limit_usd or wanted.params.confirmed or candidate.entry is None:
        return
    estimate_usd = likely_usd(
        request.messages,
        request.tools,
        candidate.entry,
        asked=request.options.max_tokens,
        service_tier=request.routing.service_tier,
    )
    if estimate_usd is not None and estimate_usd > limit_usd:
        raise Failure(
            "confirmCost",
            f"This would cost about {dollars(estimate_usd)} with {candidate.model}, more than the {dollars(limit_usd)} "
            "of spending.confirm_above_usd. Confirm it, choose a cheaper model, or send less.",
            details={"estimate_usd": estimate_usd},
        )


def _asked(reached: Reached, candidate: Candidate) -> Asked:
    access = reached.access
    return Asked(
        gateway=reached.scope.target.name,
        model=candidate.model,
        key_reference=next(map(str, access.references), None),
        narrowed_by=narrowed_by(candidate.request.routing) if reached.scope.target.vercel else (),
        secrets=access.secrets,
    )
