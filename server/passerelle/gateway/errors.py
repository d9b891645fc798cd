"""What a gateway's refusal means, as a Failure whose sentence helps. Pure: it reads a status, headers and a body."""

import math
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

import msgspec
from msgspec import Struct

from passerelle.gateway.sentences import shortened, words_of
from passerelle.gateway.waiting import retry_after_s
from passerelle.words.failures import Failure, Kind

Limit = Literal["connect_s", "first_byte_s", "idle_s", "total_s"]


class TimedOut(Failure):
    """One of the four time limits of `timeouts` passed; `limit` is its key."""

    def __init__(self, message: str, limit: Limit) -> None:
        super().__init__("timedOut", message)
        self.limit: Limit = limit


class Asked(Struct, frozen=True, kw_only=True):
    """What was asked of whom: what sentences may name. `narrowed_by` are the settings that leave providers out.
    `secrets` are what was sent and must never be repeated.
    """

    gateway: str
    model: str | None = None
    key_reference: str | None = None
    narrowed_by: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Asked({self.gateway!r}, {self.model!r}, {self.key_reference!r})"


class _Said(Struct, frozen=True, kw_only=True):
    """What the gateway said. `codes` are its machine words, lower case, wherever they stood; `considered` the
    providers of which it could take none.
    """

    words: str
    considered: tuple[str, ...] = ()
    codes: frozenset[str]
    status: int | None
    generation: str | None = None
    used_tokens: int | None = None
    limit_tokens: int | None = None


_OWN_BUDGET_CODES = ("quota_for_entity_exceeded", "budget_exceeded")  # Vercel's word, and LiteLLM's.
_CODES: dict[str, Kind] = {
    "model_not_found": "modelUnknown",
    "context_length_exceeded": "contextTooLong",
    "exceed_context_size_error": "contextTooLong",
    "insufficient_quota": "creditsExhausted",  # OpenAI sends it with 429: waiting would not help.
    "insufficient_funds": "creditsExhausted",
    "no_db_connection": "keyRefused",  # LiteLLM without a database knows the master key alone.
}
"""Machine words that mean the same whatever the status is."""

_STATUSES: dict[int, Kind] = {
    HTTPStatus.UNAUTHORIZED: "keyRefused",
    HTTPStatus.PAYMENT_REQUIRED: "creditsExhausted",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.REQUEST_TIMEOUT: "unavailable",
    HTTPStatus.FAILED_DEPENDENCY: "unavailable",
    HTTPStatus.TOO_MANY_REQUESTS: "rateLimited",
}

_STREAM_CODES: dict[str, Kind] = {
    "authentication_error": "keyRefused",
    "forbidden": "forbidden",
    "permission_error": "forbidden",
    "rate_limit_exceeded": "rateLimited",
    "rate_limit_error": "rateLimited",
    "invalid_request_error": "refused",
    "validation_error": "refused",
    "no_providers_available": "refused",
}
"""For an error inside a stream that began with status 200; any other word there means that the upstream broke."""

_FORMS: dict[Kind, str] = {
    "keyMissing": "The gateway {gateway} wants a key{because}. Name one in gateways.{gateway}.key, such as env:NAME.",
    "keyRefused": "The gateway {gateway} refused the key {key}{because}. Check it, or set another one.",
    "creditsExhausted": "The gateway {gateway} has no credits left for you{because}. "
    "Add some in its dashboard, or use another gateway.",
    "forbidden": "The gateway {gateway} does not allow this{because}. Its dashboard shows what your key may do.",
    "modelUnknown": "The gateway {gateway} does not know the model {model}. Choose one that it lists.",
    "rateLimited": "The gateway {gateway} limits how often {model} may be asked{because}. Try again {when}.",
    "unavailable": "The gateway {gateway} or a provider behind it failed{status}{because}. Try again.",
}
_OWN_BUDGET = (
    "The gateway {gateway}'s own budget for you, your key or your team is used up{because}. "
    "Have it raised there, wait until it begins anew, or use another gateway."
)
_NO_PROVIDER = (
    "The gateway {gateway} has no provider left for {model}{because}. It considered {considered}; "
    "{loosen}choose another model."
)
_WRONG_PATH = "The gateway {gateway} knows no such path: gateways.{gateway}.url looks wrong, it should end in /v1."
_TOO_LARGE = "The request is too large for the gateway {gateway}{because}. Send fewer or smaller files."
_REFUSED = "The gateway {gateway} refused the request{status}{because}. Change what it names and try again."

_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|window|size)|prompt is too long|input token count|too many (?:input )?tokens"
    r"|exceed\w* .{0,40}(?:token|context) limit",
    re.IGNORECASE,
)
_NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"maximum context length \w+ (?P<limit>[\d,]+).{0,160}?(?:result\w* in|request\w*)\D{0,20}(?P<used>[\d,]+)",
        r"(?P<used>[\d,]+) tokens? > (?P<limit>[\d,]+)",
        r"(?P<used>\d[\d,]*)(?: \w+){0,2} tokens?\W.{0,80}?(?:exceed|maximum|limit)\D{0,80}(?P<limit>\d[\d,]*)",
        r"token count\D{0,20}(?P<used>\d[\d,]*)\D{0,80}(?P<limit>\d[\d,]*)",
    )
)
_OVER_OWN_BUDGET = re.compile(
    r"budget has been exceeded|\bexceeded\w*budget\b|exceeded budget for|over budget\b|crossed budget", re.IGNORECASE
)
"""LiteLLM's words: it says them with 400, 401 or 429, by its version."""
_CONSIDERED = re.compile(r"\bproviders considered:?\s*(?P<names>[\w/-]+(?:\s*,\s*[\w/-]+)*)", re.IGNORECASE)
_NO_SUCH_MODEL = re.compile(
    r"model\b.{0,80}(?:not found|does not exist|not exist)|not a valid model|invalid model name", re.IGNORECASE
)
_BARE = {"", "not found", "404", "404 not found", "404 page not found", "method not allowed", "405"}
_MAX_BODY_BYTES = 64 << 10
_NO_STATUS = 600


def failure_of(status: int, headers: Mapping[str, str], body: bytes, asked: Asked, *, now: float) -> Failure:
    """The failure that an answer with an error status is. Header names are lower case, `now` is Unix time.

    The kinds are those of protocol.md, "Errors"; the shapes of bodies are those seen from gateways: their own
    envelope, a flat string, another vendor's envelope, JSON quoted in JSON, a web page, plain text, nothing.
    """
    said = _said(_decoded(body, headers), asked, status)
    wait_s = retry_after_s(headers, now)
    kind = _kind(said, asked)
    return Failure(
        kind,
        _sentence(kind, said, asked, wait_s),
        status=status,
        retry_after_s=wait_s if kind in ("rateLimited", "unavailable") else None,
        generation=said.generation,
        details=_details(said),
    )


def stream_failure(error: object, asked: Asked, *, generation: str | None) -> Failure:
    """The failure that an error inside a stream is; `error` is the decoded event."""
    said = _said(error, asked, None)
    kind = _kind(said, asked)
    return Failure(
        kind, _sentence(kind, said, asked, None), status=said.status, generation=generation, details=_details(said)
    )


def timed_out(limit: Limit, seconds: float, host: str) -> TimedOut:
    """Which limit passed, its value and its key."""
    what = {
        "connect_s": f"{host} did not take the connection within {seconds:g} s",
        "first_byte_s": f"{host} sent nothing within {seconds:g} s",
        "idle_s": f"{host} stopped sending for {seconds:g} s",
        "total_s": f"The answer of {host} was not complete after {seconds:g} s",
    }[limit]
    return TimedOut(f"{what}; try again, or raise the limit timeouts.{limit}.", limit)


def _decoded(body: bytes, headers: Mapping[str, str]) -> object:
    """The body as JSON, else as text; a web page says nothing to a person who reads one sentence."""
    text = body[:_MAX_BODY_BYTES].decode(errors="replace").strip().removeprefix("\ufeff")
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        is_page = text.startswith("<") or "html" in headers.get("content-type", "")
        return "" if is_page else text


def _said(value: object, asked: Asked, status: int | None) -> _Said:
    outer = value[0] if isinstance(value, list) and value else value
    fields = outer if isinstance(outer, dict) else {}
    inner = fields.get("error")
    error = inner if isinstance(inner, dict) else fields
    codes = [source.get(name) for source in (fields, error) for name in ("type", "code", "error_type")]
    statuses = [code for code in codes if isinstance(code, int) and HTTPStatus.BAD_REQUEST <= code < _NO_STATUS]
    used, limit = error.get("n_prompt_tokens"), error.get("n_ctx")  # As llama.cpp's server says it.
    generation = fields.get("generationId")
    words, considered = _words_and_considered(words_of(value, secrets=asked.secrets))
    return _Said(
        words=shortened(words),
        considered=considered,
        codes=frozenset(code.lower() for code in codes if isinstance(code, str)),
        status=status if status is not None else next(iter(statuses), None),
        generation=generation if isinstance(generation, str) else None,
        used_tokens=used if isinstance(used, int) else None,
        limit_tokens=limit if isinstance(limit, int) else None,
    )


def _words_and_considered(words: str) -> tuple[str, tuple[str, ...]]:
    """Where a routing leaves no provider, those that there are stand at the end of the message."""
    found = _CONSIDERED.search(words)
    if found is None:
        return words, ()
    return words[: found.start()].rstrip(" ."), tuple(name.strip() for name in found["names"].split(","))


def _details(said: _Said) -> dict[str, object]:
    return {"considered": list(said.considered)} if said.considered else {}


def _kind(said: _Said, asked: Asked) -> Kind:
    if _is_over_own_budget(said):
        return "creditsExhausted"
    certain = next((kind for code, kind in _CODES.items() if code in said.codes), None)
    if certain is not None:
        return certain
    kind = _kind_in_stream(said) if said.status is None else _kind_of_status(said.status)
    if said.considered and kind != "forbidden":  # A team's rule has left none: that one is told as a rule.
        return "refused"
    if kind == "refused" and _TOO_LONG.search(said.words):
        return "contextTooLong"
    if said.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND) and _NO_SUCH_MODEL.search(said.words):
        return "modelUnknown"
    return "keyMissing" if kind == "keyRefused" and asked.key_reference is None else kind


def _is_over_own_budget(said: _Said) -> bool:
    if not said.codes.isdisjoint(_OWN_BUDGET_CODES):
        return True
    is_refusal = said.status is None or said.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refusal and _OVER_OWN_BUDGET.search(said.words) is not None


def _kind_of_status(status: int) -> Kind:
    return _STATUSES.get(status, "unavailable" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused")


def _kind_in_stream(said: _Said) -> Kind:
    return next((kind for code, kind in _STREAM_CODES.items() if code in said.codes), "unavailable")


def _sentence(kind: Kind, said: _Said, asked: Asked, wait_s: float | None) -> str:
    if kind == "contextTooLong":
        return (
            f"{_too_long(said, asked)} Shorten the conversation, attach less, or choose a model with a larger window."
        )
    if kind == "creditsExhausted" and _is_over_own_budget(said):
        form = _OWN_BUDGET
    else:
        form = _FORMS[kind] if kind in _FORMS else _refusal(said)
    return form.format(
        gateway=asked.gateway,
        model=asked.model or "the model",
        key=asked.key_reference,
        because=f": {said.words}" if said.words else "",
        status=f" (status {said.status})" if said.status else "",
        considered=shortened(", ".join(said.considered)),
        loosen=f"loosen {' or '.join(asked.narrowed_by)}, or " if asked.narrowed_by else "",
        when="in a moment" if wait_s is None else f"in {math.ceil(wait_s)} s",
    )


def _refusal(said: _Said) -> str:
    if said.considered:
        return _NO_PROVIDER
    is_bare = said.words.lower() in _BARE or "not_found" in said.codes
    if said.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) and is_bare:
        return _WRONG_PATH
    return _TOO_LARGE if said.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else _REFUSED


def _too_long(said: _Said, asked: Asked) -> str:
    model = asked.model or "the model"
    used, limit = said.used_tokens, said.limit_tokens
    if used is None or limit is None:
        match = next((found for pattern in _NUMBERS if (found := pattern.search(said.words))), None)
        if match:
            used, limit = (int(match[name].replace(",", "") or "0") for name in ("used", "limit"))
    if used is not None and limit is not None and used > limit:
        return f"The prompt of {used} tokens is {used - limit} too long for {model}, which takes {limit}."
    return f"The prompt is too long for {model}{f': {said.words}' if said.words else ''}."
