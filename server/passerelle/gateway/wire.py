"""Our request as a chat-completions body and its headers. Pure; what comes back is answer.py's."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from passerelle import __version__
from passerelle.config.schema import Caching, Options, Reasoning, Routing
from passerelle.gateway.marks import marked
from passerelle.gateway.routing import gateway_options
from passerelle.gateway.target import Target
from passerelle.protocol.chat import (
    AssistantMessage,
    FilePart,
    ImagePart,
    JsonObject,
    Message,
    NamedTool,
    Part,
    SystemMessage,
    TextPart,
    Tool,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from passerelle.words.failures import InvalidParams

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Reasoning efforts from least to most, as gateways list them."""


class ModelFacts(Struct, frozen=True, kw_only=True):
    """What the catalogue knows about a model and the request must respect.

    `reasoning` is whether it can reason at all; `reasoning_efforts` are the efforts it lists, and None or empty
    where it lists none: then reasoning can only be switched on and off. `needs_marks` is whether its providers cache
    only what is marked; of a model that says nothing they may, and a mark does no harm.
    """

    temperature_refused: bool = False
    reasoning: bool = False
    reasoning_efforts: tuple[str, ...] | None = None
    needs_marks: bool = True


class ChatRequest(Struct, frozen=True, kw_only=True):
    """One turn, after everything was resolved: attachments are parts of `messages` by now, `byok` is Access's.

    Its repr shows the model alone: the rest is what a person wrote, and secrets.
    """

    model: str
    messages: Sequence[Message]
    options: Options = Options()
    routing: Routing = Routing()
    caching: Caching = Caching()
    facts: ModelFacts = ModelFacts()
    tools: Sequence[Tool] = ()
    tool_choice: Literal["auto", "none", "required"] | NamedTool | None = None
    byok: JsonObject = {}

    def __repr__(self) -> str:
        return f"ChatRequest({self.model!r})"


def chat_body(request: ChatRequest, *, vercel: bool) -> bytes:
    """The JSON of `POST chat/completions`, streamed.

    Where the gateway is not Vercel's the body holds nothing that OpenAI's document does not know: of the routing only
    `user` and the service tier, no `reasoning_details`, and `reasoning_effort` in place of `reasoning`; save for marks,
    where a person wants them. Raises InvalidParams naming the message that cannot be said in this form.

    A turn's messages begin with the bytes of the turn before, for the prompts that providers cache begin alike:
    nothing here may depend on the time, on chance or on what comes later.
    """
    options, mode = request.options, request.caching.mode if request.facts.needs_marks else "off"
    messages = [_message(message, index, vercel=vercel) for index, message in enumerate(request.messages)]
    body: JsonObject = {
        "model": request.model,
        "messages": marked(messages) if mode == "mark" else messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    optional: JsonObject = {
        "temperature": None if request.facts.temperature_refused else options.temperature,
        "max_tokens": options.max_tokens,
        "top_p": options.top_p,
        "stop": options.stop,
        "user": None if vercel else request.routing.user or None,
        "service_tier": None if vercel else request.routing.service_tier,
        **_tools(request),
        **_reasoning(options.reasoning, request.facts, vercel=vercel),
    }
    if vercel and (gateway := gateway_options(request.routing, mark=mode == "auto", byok=request.byok)):
        optional["providerOptions"] = {"gateway": gateway}
    body.update((name, value) for name, value in optional.items() if value is not None and value != ())
    return msgspec.json.encode(body)


def request_headers(target: Target, access: Mapping[str, str], *, conversation: str | None = None) -> dict[str, str]:
    """Headers of a chat request. `access` comes from auth.py and wins, for it holds the person's own headers.

    `conversation` is the same for every turn of one conversation: Vercel keeps it on one provider then, whose
    cache of the prompt is warm. `identity`, because a compressed stream comes late and costs time to unpack.
    """
    headers = {
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "user-agent": f"passerelle/{__version__}",
        "x-title": "Passerelle",
    }
    if target.vercel and conversation is not None:
        headers["x-session-affinity"] = conversation
    return {**headers, **{name.lower(): value for name, value in access.items()}}


def _reasoning(asked: Reasoning | None, facts: ModelFacts, *, vercel: bool) -> JsonObject:
    if asked is None or not facts.reasoning:
        return {}
    effort = nearest_effort(asked, facts.reasoning_efforts) if facts.reasoning_efforts else None
    if not vercel:
        return {"reasoning_effort": effort or asked}
    return {"reasoning": {"effort": effort} if effort else {"enabled": asked != "none"}}


def nearest_effort(asked: str, listed: Sequence[str]) -> str | None:
    """The listed effort nearest to the one asked for, the lesser of two; None if no listed one is known to us.

    Reasoning is switched off only for who asked for `none`, and on for `none` only where it cannot be off.
    """
    known = [effort for effort in EFFORTS if effort in listed and (effort != "none" or asked == "none")]
    return min(known, key=lambda effort: abs(EFFORTS.index(effort) - EFFORTS.index(asked)), default=None)


def _tools(request: ChatRequest) -> JsonObject:
    """By name, for tools are the very beginning of a prompt and clients list them in any order. A schema stays as it
    came: in its order models write the arguments.
    """
    if not request.tools:
        return {}
    choice = request.tool_choice
    return {
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    **({"description": tool.description} if tool.description else {}),
                    "parameters": tool.parameters,
                },
            }
            for tool in sorted(request.tools, key=lambda tool: tool.name)
        ],
        "tool_choice": {"type": "function", "function": {"name": choice.name}}
        if isinstance(choice, NamedTool)
        else choice,
    }


def _message(message: Message, index: int, *, vercel: bool) -> JsonObject:
    match message:
        case SystemMessage():
            return {"role": "system", "content": _system_content(message.content, index)}
        case UserMessage(content=str(text)):
            return {"role": "user", "content": text}
        case UserMessage():
            return {"role": "user", "content": [_part(part) for part in message.content if isinstance(part, Part)]}
        case AssistantMessage():
            return _assistant(message, vercel=vercel)
        case ToolMessage():
            return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.content}


def _system_content(content: str | list[Part], index: int) -> str | list[JsonObject]:
    if isinstance(content, str):
        return content
    if not all(isinstance(part, TextPart) for part in content):
        raise InvalidParams(f"messages[{index}].content: a system message holds text only; put files in a user message")
    return [_part(part) for part in content]


def _part(part: Part) -> JsonObject:
    match part:
        case TextPart():
            return {"type": "text", "text": part.text}
        case ImagePart():
            return {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{part.data}"}}
        case FilePart():
            name = part.name or f"file.{part.media_type.rpartition('/')[2]}"
            data = f"data:{part.media_type};base64,{part.data}"
            return {"type": "file", "file": {"filename": name, "file_data": data}}


def _assistant(message: AssistantMessage, *, vercel: bool) -> JsonObject:
    """`reasoning` is not sent back: what a model needs of it is in `reasoning_details`, with its signatures."""
    sent: JsonObject = {"role": "assistant", "content": message.content}
    if message.tool_calls:
        sent["tool_calls"] = [_tool_call(call) for call in message.tool_calls]
    elif message.content is None:
        sent["content"] = ""
    if vercel and message.reasoning_details:
        sent["reasoning_details"] = message.reasoning_details
    return sent


def _tool_call(call: ToolCall) -> JsonObject:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
