"""A conversation as a text: Markdown for people, JSON for programs. Pure."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from passerelle.conversations.texts import text_of
from passerelle.conversations.title import file_name
from passerelle.protocol.chat import (
    Attachment,
    ChatResult,
    DiagnosticsAttachment,
    FilePart,
    ImagePart,
    Message,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from passerelle.protocol.conversations import Conversation, ExportedConversation, ExportFormat, Turn
from passerelle.words.uris import to_path

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)")


def exported(conversation: Conversation, form: ExportFormat) -> ExportedConversation:
    """The text, and a name of a file to offer."""
    name = file_name(conversation.summary.title)
    if form == "json":
        text = msgspec.json.format(msgspec.json.encode(conversation), indent=2).decode() + "\n"
        return ExportedConversation(name=f"{name}.json", text=text)
    return ExportedConversation(name=f"{name}.md", text=markdown(conversation))


def markdown(conversation: Conversation) -> str:
    """A heading for each question and each answer, each text as it is."""
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", conversation.summary.title)
    blocks = [f"# {title}", *(block for turn in conversation.turns for block in _turn(turn))]
    return "\n\n".join(blocks) + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    yield "## Question"
    for message in turn.messages:
        yield from _message(message)
    if turn.attachments:
        yield "\n".join(f"- Attached: {_attachment(attachment)}" for attachment in turn.attachments)
    yield "## Answer"
    if turn.answer is not UNSET:
        yield from _answer(turn.answer)
    if ending := _ending(turn):
        yield f"*{ending}*"
    yield f"*{_figures(turn)}*"


def _ending(turn: Turn) -> str:
    """How it ended, where it did not end well."""
    if turn.failure is not UNSET:
        return f"It failed: {turn.failure.message}"
    if turn.state == "cancelled":
        return "It was stopped."
    if turn.answer is UNSET:
        return "There is none."
    return f"It broke off: {turn.answer.problem}" if turn.answer.problem is not UNSET else ""


def _message(message: Message) -> Iterator[str]:
    if isinstance(message, ToolMessage):
        yield f"Result of a tool:\n\n{fenced(message.content)}"
        return
    if text := text_of(message.content):
        yield closed(text)
    if isinstance(message, UserMessage) and not isinstance(message.content, str):
        for part in message.content:
            if isinstance(part, ImagePart):
                yield f"- Attached: an image ({part.media_type})"
            elif isinstance(part, FilePart):
                yield f"- Attached: {_code(part.name or 'a file')} ({part.media_type})"


def _attachment(attachment: Attachment) -> str:
    path = to_path(attachment.uri)
    name = _code(path.name if path is not None else attachment.uri)
    if isinstance(attachment, DiagnosticsAttachment):
        return f"the diagnostics of {name}"
    if attachment.range is None:
        return name
    start, end = attachment.range.start, attachment.range.end
    return f"{name}, lines {start.line + 1} to {max(start.line, end.line - (end.character == 0)) + 1}"


def _answer(answer: ChatResult) -> Iterator[str]:
    if answer.message.content:
        yield closed(answer.message.content)
    for call in answer.message.tool_calls or ():
        yield _tool_call(call)


def _tool_call(call: ToolCall) -> str:
    return f"Call of the tool {_code(call.name)}:\n\n{fenced(call.arguments, 'json')}"


def _figures(turn: Turn) -> str:
    """Who answered, for how much, and when."""
    at = turn.at.replace("T", " ")[: len("2026-11-20 10:00")] + " UTC"
    answer = turn.answer
    if answer is UNSET:
        return at
    told = [answer.model, answer.provider or ""]
    if (usage := answer.usage) is not None:
        told.append(f"{usage.input_tokens} tokens in ({usage.cached_tokens} cached), {usage.output_tokens} out")
    if answer.cost.usd is not None:
        about = "about " if answer.cost.source == "estimate" else ""
        told.append(f"{about}${_dollars(answer.cost.usd)}")
    return " · ".join(filter(None, [*told, at]))


def _dollars(usd: float) -> str:
    """Two digits for cents, and what else there is of them."""
    figure = f"{usd:.6f}"
    return figure[:-4] + figure[-4:].rstrip("0")


def closed(text: str) -> str:
    """The text, with an end for a fence that it leaves open: what follows would be code."""
    indent, fence = "", ""
    for match in map(_FENCE.fullmatch, text.split("\n")):
        if match is None:
            continue
        if not fence and not ("`" in match[2] and "`" in match[3]):
            indent, fence = match[1], match[2]
        elif fence and match[2].startswith(fence) and not match[3].strip():
            fence = ""
    return f"{text.rstrip()}\n{indent}{fence}" if fence else text.strip("\n")


def fenced(text: str, language: str = "") -> str:
    """The text as code, in a fence that nothing inside it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _code(text: str) -> str:
    """A name as inline code."""
    return f"`{text.replace('`', chr(39))}`"
