"""Marks in a prompt at the ends of what providers shall cache, for gateways that pass them on. Pure."""

from collections.abc import Sequence

from passerelle.gateway.chunks import fields, items, text
from passerelle.protocol.chat import JsonObject

USER_MESSAGES = 2
"""The last ends this prompt; the one before ended the last turn's, of which the cache is warm."""
_MARK = {"type": "ephemeral"}


def marked(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """The messages with a mark in the last system message and in the last two of the user: three at most, where
    providers take four.

    A mark stands in the last part that is text, for not every gateway reads it elsewhere, and never in an empty one,
    which providers refuse.
    """
    with_text = [at for at, message in enumerate(messages) if _last_text(_parts(message)) is not None]
    systems = [at for at in with_text if messages[at].get("role") == "system"]
    users = [at for at in with_text if messages[at].get("role") == "user"]
    places = {*systems[-1:], *users[-USER_MESSAGES:]}
    return [_marked(message) if at in places else message for at, message in enumerate(messages)]


def _marked(message: JsonObject) -> JsonObject:
    parts = _parts(message)
    place = _last_text(parts)
    marked_parts = [{**part, "cache_control": _MARK} if at == place else part for at, part in enumerate(parts)]
    return {**message, "content": marked_parts}


def _parts(message: JsonObject) -> list[JsonObject]:
    content = message.get("content")
    return (
        [{"type": "text", "text": content}] if isinstance(content, str) else [fields(part) for part in items(content)]
    )


def _last_text(parts: Sequence[JsonObject]) -> int | None:
    return max((at for at, part in enumerate(parts) if text(part.get("text")).strip()), default=None)
