"""What an offline model is: its entry in the list, and pieces of text with their count at the end."""

from collections.abc import AsyncGenerator
from typing import Literal, Protocol

from msgspec import Struct

from passerelle.offline.asked import Asked

Finish = Literal["stop", "length"]
"""It had said all, or it had reached a limit."""


class End(Struct, frozen=True, kw_only=True):
    """The last thing a model says: why it stopped (None: it was cut off), and what it read and wrote, in tokens."""

    finish: Finish | None
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


class Modalities(Struct, frozen=True, kw_only=True):
    input: tuple[str, ...] = ("text",)
    output: tuple[str, ...] = ("text",)


class Pricing(Struct, frozen=True, kw_only=True):
    """US dollars per token, as decimal strings. They cost nothing: they run on the person's own computer."""

    input: str = "0"
    output: str = "0"


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of `GET /v1/models`. `tags` and `supported_specifications` are empty because they do none of that."""

    id: str
    object: Literal["model"] = "model"
    created: int
    released: int
    owned_by: str
    name: str
    description: str
    context_window: int
    max_tokens: int
    type: Literal["language"] = "language"
    tags: tuple[str, ...] = ()
    supported_specifications: tuple[str, ...] = ()
    supported_parameters: tuple[str, ...]
    temperature: bool
    modalities: Modalities = Modalities()
    pricing: Pricing = Pricing()


class OfflineModel(Protocol):
    """Something that answers."""

    @property
    def entry(self) -> Entry: ...

    @property
    def provider(self) -> str:
        """What runs it, in the gateway's sense of a provider."""

    async def missing(self) -> str | None:
        """What keeps it from being offered, as a sentence that says what to do; None when it can be asked."""

    def answer(self, asked: Asked) -> AsyncGenerator[str | End, None]:
        """The answer in pieces, then one `End`. Closing it stops the work. Raises `Refused`, also in between."""

    async def aclose(self) -> None:
        """End everything it runs."""
