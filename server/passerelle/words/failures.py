"""The failures we can explain to a person. Any other exception is a bug."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "keyMissing",
    "keyRefused",
    "creditsExhausted",
    "budgetReached",
    "forbidden",
    "modelUnknown",
    "contextTooLong",
    "refused",
    "rateLimited",
    "unavailable",
    "unreachable",
    "timedOut",
    "streamBroken",
    "secretFound",
    "misconfigured",
    "conversationUnknown",
    "confirmCost",
    "unsupported",
]
"""What a client reacts to (`error.data.kind`); the table in protocol.md says how. Never renamed."""


class Failure(Exception):
    """A failure with a sentence for a person, who reads it as it stands: say what to do next.

    The message never holds a secret, a prompt or an answer. `details` are more fields of the protocol's `ErrorData`.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        provider: str | None = None,
        generation: str | None = None,
        suggestions: tuple[str, ...] = (),
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s
        self.provider = provider
        self.generation = generation
        self.suggestions = suggestions
        self.details = details


class InvalidParams(Exception):
    """A request that asks for something that does not exist or is not allowed; the message names the field.

    `kind` and `suggestions` are for a client that can offer a choice (a model that is not known).
    """

    def __init__(self, message: str, *, kind: Kind | None = None, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.kind: Kind | None = kind
        self.suggestions = suggestions
