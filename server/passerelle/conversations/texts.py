"""The words in messages: read, and replaced. Pure."""

from collections.abc import Sequence

from passerelle.protocol.chat import Message, Part, TextPart, UserMessage


def text_of(content: str | Sequence[Part] | None) -> str:
    """What is written in a message, without its images and files."""
    if content is None or isinstance(content, str):
        return content or ""
    return "\n\n".join(part.text for part in content if isinstance(part, TextPart))


def question_of(messages: Sequence[Message]) -> str:
    """What the person wrote, in one or several messages."""
    texts = [text_of(message.content) for message in messages if isinstance(message, UserMessage)]
    return "\n\n".join(text for text in texts if text)


def with_question(messages: Sequence[Message], text: str) -> list[Message]:
    """The messages with `text` in place of the text of the last one of the user; its images and files stay."""
    last = max((at for at, message in enumerate(messages) if isinstance(message, UserMessage)), default=None)
    if last is None:
        return list(messages)
    content = messages[last].content
    if isinstance(content, list):
        content = [TextPart(text=text), *(part for part in content if not isinstance(part, TextPart))]
    else:
        content = text
    return [*messages[:last], UserMessage(content=content), *messages[last + 1 :]]
