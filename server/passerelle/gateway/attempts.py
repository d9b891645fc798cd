"""Which providers a gateway has tried for one answer, by its own report. Pure."""

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.gateway.chunks import fields, items, text
from passerelle.gateway.sentences import sentence_of
from passerelle.protocol.chat import Attempt, JsonObject

_FIRST_STATUS, _LAST_STATUS = 100, 599
_LAST_MS = 1 << 53


def attempts_of(routing: JsonObject, secrets: tuple[str, ...] = ()) -> list[Attempt]:
    """In order. `routing` is `provider_metadata.gateway.routing`: attempts by model, or in one list."""
    asked = text(routing.get("canonicalSlug")) or text(routing.get("originalModelId"))
    models = [fields(model) for model in items(routing.get("modelAttempts"))]
    if not models:
        models = [{"canonicalSlug": asked, "providerAttempts": items(routing.get("attempts"))}]
    return [attempt for model in models for attempt in _attempts_at(model, asked, secrets)]


def _attempts_at(model: JsonObject, asked: str, secrets: tuple[str, ...]) -> Iterator[Attempt]:
    name = text(model.get("canonicalSlug")) or text(model.get("modelId")) or asked
    tries = [tried for item in items(model.get("providerAttempts")) if (tried := fields(item))]
    if not tries and model.get("success") is False:  # No provider came to be tried.
        tries = [model]
    for tried in tries:
        success = tried.get("success") is True
        yield Attempt(
            by="gateway",
            model=name,
            provider=text(tried.get("provider")) or None,
            success=success,
            status=_status(tried.get("statusCode")),
            error=UNSET if success else sentence_of(tried.get("error"), secrets=secrets) or UNSET,
            credential=_credential(tried.get("credentialType")),
            duration_ms=_duration_ms(tried.get("startTime"), tried.get("endTime")),
        )


def _status(value: object) -> int | UnsetType:
    return value if isinstance(value, int) and _FIRST_STATUS <= value <= _LAST_STATUS else UNSET


def _credential(value: object) -> Literal["system", "byok"] | UnsetType:
    return "byok" if value == "byok" else "system" if value == "system" else UNSET


def _duration_ms(start: object, end: object) -> int | UnsetType:
    """Both are Unix milliseconds."""
    began, ended = _moment(start), _moment(end)
    return UNSET if began is None or ended is None or ended < began else round(ended - began)


def _moment(value: object) -> float | None:
    return value if isinstance(value, int | float) and 0 < value < _LAST_MS else None
