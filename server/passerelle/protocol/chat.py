"""`passerelle/chat` and its deltas."""

from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.protocol.base import Params, Result
from passerelle.protocol.lsp import Diagnostic, Range

Reasoning = Literal["none", "minimal", "low", "medium", "high"]
Finish = Literal["stop", "length", "toolCalls", "filtered", "cutOff"]
CostSource = Literal["gateway", "estimate", "unknown"]
JsonObject = dict[str, object]


class ToolCall(Params, frozen=True, kw_only=True):
    """One call of a tool. `arguments` is JSON text, as the model wrote it: it may be broken."""

    id: str
    name: str
    arguments: str


class TextPart(Params, frozen=True, kw_only=True, tag_field="type", tag="text"):
    text: str


class ImagePart(Params, frozen=True, kw_only=True, tag_field="type", tag="image"):
    """`data` is base64, without a `data:` prefix."""

    media_type: str
    data: str


class FilePart(Params, frozen=True, kw_only=True, tag_field="type", tag="file"):
    """`data` is base64, without a `data:` prefix."""

    media_type: str
    data: str
    name: str | None = None


Part = TextPart | ImagePart | FilePart


class SystemMessage(Params, frozen=True, kw_only=True, tag_field="role", tag="system"):
    content: str | list[Part]


class UserMessage(Params, frozen=True, kw_only=True, tag_field="role", tag="user"):
    content: str | list[Part]


class AssistantMessage(Params, frozen=True, kw_only=True, tag_field="role", tag="assistant"):
    """A `ChatResult.message` may be sent back as it came; `reasoning` is then left out of the request."""

    content: str | None
    reasoning: str | None = None
    tool_calls: list[ToolCall] | None = None
    reasoning_details: list[JsonObject] | None = None


class ToolMessage(Params, frozen=True, kw_only=True, tag_field="role", tag="tool"):
    tool_call_id: str
    content: str


Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage


class FileAttachment(Params, frozen=True, kw_only=True, tag_field="kind", tag="file"):
    """The open, unsaved document first; from disk only inside a workspace folder."""

    uri: str
    range: Range | None = None


class DiagnosticsAttachment(Params, frozen=True, kw_only=True, tag_field="kind", tag="diagnostics"):
    """The diagnostics of one document, as the client has them in `items`; without them, those that we published."""

    uri: str
    items: list[Diagnostic] | None = None


Attachment = FileAttachment | DiagnosticsAttachment


class ChatOptions(Params, frozen=True, kw_only=True):
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    stop: list[str] | None = None
    reasoning: Reasoning | None = None


class Tool(Params, frozen=True, kw_only=True):
    """`parameters` is a JSON Schema."""

    name: str
    parameters: JsonObject
    description: str | None = None


class NamedTool(Params, frozen=True, kw_only=True):
    name: str


class ChatParams(Params, frozen=True, kw_only=True):
    """One turn. `token` is the client's and is echoed in each delta.

    With `conversation`, the daemon knows the earlier turns and keeps this one; `replace` names the turn whose place it
    takes, and then no message at all means: the same question again. `confirmed` says that the person has seen what
    a dear request would cost, and wants it.
    """

    token: str
    messages: list[Message]
    conversation: str | None = None
    replace: str | None = None
    private: bool | None = None
    confirmed: bool | None = None
    model: str | None = None
    role: str | None = None
    options: ChatOptions | None = None
    attachments: list[Attachment] | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["auto", "none", "required"] | NamedTool | None = None
    workspace_folder: str | None = None


class ToolCallDelta(Result, frozen=True, kw_only=True):
    """A piece of one tool call; `arguments` pieces are joined by `index`."""

    index: int
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    arguments: str | UnsetType = UNSET


class ChatDelta(Result, frozen=True, kw_only=True):
    """A piece of the answer. `seq` counts 0, 1, 2 …; all come before the response."""

    token: str
    seq: int
    text: str | UnsetType = UNSET
    reasoning: str | UnsetType = UNSET
    tool_call: ToolCallDelta | UnsetType = UNSET


class Answer(Result, frozen=True, kw_only=True):
    """The whole message: the deltas joined."""

    content: str
    role: Literal["assistant"] = "assistant"
    reasoning: str | UnsetType = UNSET
    tool_calls: list[ToolCall] | UnsetType = UNSET
    reasoning_details: list[JsonObject] | UnsetType = UNSET


class Usage(Result, frozen=True, kw_only=True):
    """Tokens as the gateway counts them: input includes cached, reasoning is neither added nor subtracted."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int


class Cost(Result, frozen=True, kw_only=True):
    """US dollars; None is unknown, never 0 for unknown. `saved_usd` is what the prompt cache took off, less what
    filling it cost; `market_usd` what the provider lists, where the gateway says it; with `byok` the provider bills the
    person apart.
    """

    usd: float | None
    source: CostSource
    saved_usd: float | UnsetType = UNSET
    market_usd: float | UnsetType = UNSET
    byok: bool | UnsetType = UNSET


class Timings(Result, frozen=True, kw_only=True):
    """Milliseconds since the daemon had the request."""

    first_delta_ms: int | None
    total_ms: int


class Context(Result, frozen=True, kw_only=True):
    """How full the model's window is after this answer, in tokens; None is unknown."""

    used_tokens: int
    window_tokens: int | None


class Attempt(Result, frozen=True, kw_only=True):
    """One try at getting the answer: of the daemon at a gateway, or of the gateway at a provider. `error` is a
    sentence; `status` HTTP's.
    """

    by: Literal["daemon", "gateway"]
    model: str
    provider: str | None
    success: bool
    status: int | UnsetType = UNSET
    error: str | UnsetType = UNSET
    credential: Literal["system", "byok"] | UnsetType = UNSET
    duration_ms: int | UnsetType = UNSET


class ChatResult(Result, frozen=True, kw_only=True):
    """`problem` says in a sentence what cut the answer off; it is there with `finish: "cutOff"` only. `turn` is there
    in a conversation that the daemon keeps, `context` where the gateway counted tokens. `attempts` are all that were
    made, in order, where any is known; `warnings` are sentences: of a budget, or of the gateway.
    """

    message: Answer
    finish: Finish
    model: str
    provider: str | None
    generation: str | None
    usage: Usage | None
    cost: Cost
    timings: Timings
    problem: str | UnsetType = UNSET
    turn: str | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    attempts: list[Attempt] | UnsetType = UNSET
    warnings: list[str] | UnsetType = UNSET
