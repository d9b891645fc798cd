"""The body of `POST /v1/chat/completions`, checked. What the offline models cannot do is refused by name."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from passerelle.offline.refusals import invalid

Count = Annotated[int, Meta(ge=0)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


class Part(Struct, frozen=True, kw_only=True):
    type: str
    text: str = ""


class Message(Struct, frozen=True, kw_only=True):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | tuple[Part, ...] | None = None

    @property
    def text(self) -> str:
        """The text alone; `read_asked` has refused what is none."""
        if isinstance(self.content, tuple):
            return "".join(part.text for part in self.content)
        return self.content or ""


class Kind(Struct, frozen=True):
    type: str


class Asked(Struct, frozen=True, kw_only=True):
    """A request for an answer. Fields that change nothing here (tools that need not be called, `logprobs`, `user`,
    `seed`, reasoning, routing …) are accepted and not kept, as the real gateway does for models without them.
    """

    model: str
    messages: Annotated[tuple[Message, ...], Meta(min_length=1)]
    stream: bool | None = None
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    stop: str | tuple[str, ...] | None = None
    n: int | None = None
    tool_choice: object = None
    function_call: object = None
    response_format: Kind | None = None
    modalities: tuple[str, ...] | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        """Where the answer is to end; never an empty string."""
        stops = (self.stop,) if isinstance(self.stop, str) else self.stop or ()
        return tuple(filter(None, stops))

    def limit(self, most: int) -> int:
        """How many tokens may be written, at most `most`. The newer name wins over the older."""
        wanted = self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens
        return most if wanted is None else min(wanted, most)


_DECODER = msgspec.json.Decoder(Asked)


def read_asked(body: bytes) -> Asked:
    """Raises `Refused` (400), which names the first field that is wrong."""
    try:
        asked = _DECODER.decode(body)
    except msgspec.ValidationError as error:
        sentence, field = _explain(str(error))
        raise invalid(sentence, field) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid(f"The body cannot be read as JSON: {error}.") from None
    _check_abilities(asked)
    return asked


def _check_abilities(asked: Asked) -> None:
    if asked.n not in (None, 1):
        raise invalid("This gateway gives one answer: leave `n` out.", "n")
    for field, choice in (("tool_choice", asked.tool_choice), ("function_call", asked.function_call)):
        if choice not in (None, "auto", "none"):
            raise invalid(f"The offline models call no tools: `{field}` can be auto or none.", field)
    if asked.response_format is not None and asked.response_format.type != "text":
        raise invalid("The offline models write text only: leave `response_format` out.", "response_format")
    if any(kind != "text" for kind in asked.modalities or ()):
        raise invalid("The offline models write text only: leave `modalities` out.", "modalities")
    for index, message in enumerate(asked.messages):
        parts = message.content if isinstance(message.content, tuple) else ()
        if any(part.type != "text" for part in parts):
            field = f"messages[{index}].content"
            raise invalid(f"The offline models read text only: there is something else in `{field}`.", field)


def _explain(fault: str) -> tuple[str, str | None]:
    """A sentence of msgspec in our words, and the field it is about: ``Expected `str`, got `int` - at `$.model` ``."""
    sentence, _, path = fault.partition(" - at ")
    field = path.strip("`").removeprefix("$").removeprefix(".")
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", sentence):
        field = f"{field}.{missing[1]}".lstrip(".")
        return f"`{field}` is required.", field
    return (f"{sentence} at `{field}`." if field else f"{sentence}."), field or None
