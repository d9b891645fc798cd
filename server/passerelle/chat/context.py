"""What goes into a prompt beside the person's own words. Pure: the texts are read elsewhere."""

import re
from collections.abc import Sequence

from msgspec import Struct

from passerelle.catalogue.model import Entry
from passerelle.protocol.chat import FilePart, ImagePart, Message, SystemMessage, TextPart, UserMessage
from passerelle.protocol.state import Capability
from passerelle.words.failures import Failure

_SENSES: tuple[tuple[type, Capability, str], ...] = ((ImagePart, "vision", "images"), (FilePart, "files", "files"))
LETTERS_PER_TOKEN = 4
"""Of English and code, about; texts of other kinds have fewer."""
SURELY = 2
_FENCE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


class Attached(Struct, frozen=True, kw_only=True):
    """A text to be shown to the model, under the name a person knows it by."""

    label: str
    language: str
    text: str


def with_attachments(messages: Sequence[Message], attached: Sequence[Attached]) -> list[Message]:
    """The messages with the attached texts in a message of their own, before the last one of the user."""
    if not attached:
        return list(messages)
    last = max((at for at, message in enumerate(messages) if isinstance(message, UserMessage)), default=0)
    context = UserMessage(content="\n\n".join(map(quoted, attached)))
    return [*messages[:last], context, *messages[last:]]


def quoted(attached: Attached) -> str:
    """The text in a fence that nothing inside it can close."""
    inner = max((len(fence) for fence in _FENCE.findall(attached.text)), default=2)
    fence = "`" * max(3, inner + 1)
    end = "" if attached.text.endswith("\n") else "\n"
    return f"{attached.label}\n{fence}{attached.language}\n{attached.text}{end}{fence}"


def refuse_what_it_cannot_see(messages: Sequence[Message], entry: Entry) -> None:
    """Raise Failure if a message holds an image or a file and the model's own entry says that it takes none.

    A model of which nothing is said is asked: gateways know more than they list.
    """
    if not entry.is_described:
        return
    parts = {
        type(part)
        for message in messages
        if isinstance(message, SystemMessage | UserMessage) and not isinstance(message.content, str)
        for part in message.content
    }
    for kind, capability, word in _SENSES:
        if kind in parts and capability not in entry.capabilities:
            choice = f"Choose a model that can ({capability}), or leave them out."
            raise Failure("refused", f"The model {entry.id} cannot read {word}. {choice}")


def refuse_what_does_not_fit(messages: Sequence[Message], entry: Entry) -> None:
    """Raise Failure for a prompt that is far too long for the model, before it is sent and paid for.

    How many tokens a text is only the model knows: what may just fit is sent, and the gateway decides.
    """
    about_tokens = sum(map(_letters, messages)) // LETTERS_PER_TOKEN
    window = entry.context_window
    if window is not None and about_tokens > SURELY * window:
        over = about_tokens - window
        raise Failure(
            "contextTooLong",
            f"The prompt of about {about_tokens} tokens is about {over} too long for {entry.id}, which takes {window}. "
            "Shorten the conversation, attach less, or choose a model with a larger window.",
        )


def _letters(message: Message) -> int:
    """Of what a person or a tool wrote; pictures and files have a count of their own."""
    if isinstance(message.content, str):
        return len(message.content)
    return sum(len(part.text) for part in message.content or () if isinstance(part, TextPart))
