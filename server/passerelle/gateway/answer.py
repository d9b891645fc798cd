"""A streamed answer, read from bytes: pieces to pass on as they come, and the whole at its end. No I/O."""

from msgspec import UNSET, Struct

from passerelle.gateway.chunks import Choice, Chunk, Delta, decode_chunk, fields, items, text
from passerelle.gateway.errors import Asked, stream_failure
from passerelle.gateway.reasoning import ReasoningDetails
from passerelle.gateway.receipt import Receipt
from passerelle.gateway.sse import MAX_EVENT_BYTES, SSEDecoder
from passerelle.gateway.toolcalls import ToolCalls
from passerelle.protocol.chat import Answer, Finish, ToolCallDelta
from passerelle.words.failures import Failure

_FINISHES: dict[str, Finish] = {
    "length": "length",
    "tool_calls": "toolCalls",
    "function_call": "toolCalls",
    "content_filter": "filtered",
}
"""Any other reason is a stop, as every SDK takes it."""


class ChatPiece(Struct, frozen=True, gc=False):
    """What one delta adds: one of the three."""

    text: str = ""
    reasoning: str = ""
    tool_call: ToolCallDelta | None = None


class AnswerReader:
    """Feed it the bytes of an answer with status 200, then close it. Pieces joined equal `message()`.

    `failure` says what broke the answer, if anything did; what came before it is kept. It is None for an answer
    that came to its end, which only a finish reason or `[DONE]` proves. A gateway that ignores `stream` and sends
    one JSON object is read as well.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._events = SSEDecoder()
        self._form = ""  # "events" or "json"; unknown until the first byte that is no white space.
        self._json: list[bytes] = []
        self._json_bytes = 0
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._details = ReasoningDetails()
        self._calls = ToolCalls()
        self._finish_reason = ""
        self._model: str | None = None
        self.is_done = False
        """Whether `[DONE]` was read: nothing more is to come, whether or not the gateway hangs up."""
        self.receipt = Receipt(asked.secrets)
        self.generation: str | None = None
        self.failure: Failure | None = None

    @property
    def model(self) -> str | None:
        """The model that answered, as far as it is known."""
        return self.receipt.model or self._model

    @property
    def is_complete(self) -> bool:
        return self.failure is None and (self.is_done or bool(self._finish_reason))

    @property
    def finish(self) -> Finish:
        """How it ended. Some gateways say `stop` where the model calls tools; the calls count."""
        if not self.is_complete:
            return "cutOff"
        finish = _FINISHES.get(self._finish_reason, "stop")
        return "toolCalls" if finish == "stop" and self._calls else finish

    def feed(self, chunk: bytes) -> list[ChatPiece]:
        """The pieces that these bytes complete; none once it failed or is done."""
        pieces: list[ChatPiece] = []
        if not self._form:
            chunk = chunk.lstrip()
            self._recognize(chunk)
        if self._form == "json":
            self._hold_json(chunk)
            return pieces
        try:
            events = self._events.feed(chunk)
        except Failure as failure:
            self.failure = self.failure or failure
            return pieces
        for payload in events:
            if self.failure is None and not self.is_done:
                self._take(payload, pieces)
        return pieces

    def close(self) -> list[ChatPiece]:
        """The bytes have ended: the pieces that this completes. After it, `failure` tells a cut answer from a whole."""
        pieces: list[ChatPiece] = []
        for payload in [b"".join(self._json)] if self._form == "json" else self._events.close():
            # A last event without its end may be cut in the middle: then it is left out, and nothing was complete.
            if self.failure is None and not self.is_done and (_is_end(payload) or decode_chunk(payload) is not None):
                self._take(payload, pieces)
        if self.failure is None and not self.is_complete:
            self._break("broke off before its end")
        return pieces

    def message(self) -> Answer:
        """What came, whole or not."""
        return Answer(
            content="".join(self._text),
            reasoning="".join(self._reasoning) or UNSET,
            tool_calls=self._calls.result() or UNSET,
            reasoning_details=self._details.result() or UNSET,
        )

    def _recognize(self, start: bytes) -> None:
        if start.startswith(b"<"):
            name = self._asked.gateway
            self.failure = Failure(
                "refused",
                f"The gateway {name} answered with a web page: gateways.{name}.url looks wrong, it should end in /v1.",
            )
        if start:
            self._form = "json" if start.startswith(b"{") else "events"

    def _hold_json(self, chunk: bytes) -> None:
        self._json_bytes += len(chunk)
        if self._json_bytes <= MAX_EVENT_BYTES:
            self._json.append(chunk)
        elif self.failure is None:
            self._json.clear()
            self._break("is too large")

    def _take(self, payload: bytes, pieces: list[ChatPiece]) -> None:
        if _is_end(payload):
            self.is_done = True
            return
        chunk = decode_chunk(payload)
        if chunk is None:
            if payload.strip():
                self._break("holds something that is not JSON")
            return
        self._remember(chunk)
        if chunk.error or chunk.error_type or chunk.error_message:
            event = {"error": chunk.error, "error_type": chunk.error_type, "error_message": chunk.error_message}
            self.failure = stream_failure(event, self._asked, generation=self.generation)
        elif chunk.choices:
            self._take_choice(chunk.choices[0], pieces)

    def _remember(self, chunk: Chunk) -> None:
        self._model = text(chunk.model) or self._model
        self.generation = text(chunk.generation_id) or self.generation or text(chunk.id) or None
        if chunk.usage is not None:
            self.receipt.take_usage(chunk.usage)
        if chunk.provider is not None:
            self.receipt.provider = text(chunk.provider) or self.receipt.provider
        if chunk.provider_metadata is not None:
            self.receipt.take_metadata(chunk.provider_metadata)

    def _take_choice(self, choice: Choice, pieces: list[ChatPiece]) -> None:
        delta = choice.delta or choice.message
        if choice.usage is not None:
            self.receipt.take_usage(choice.usage)
        if delta is not None:
            self._take_reasoning(delta, pieces)
            content = delta.content
            if not isinstance(content, str):
                content = self._take_parts(content, pieces) + text(delta.refusal)
            if content:
                self._text.append(content)
                pieces.append(ChatPiece(content))
            if delta.tool_calls is not None:
                pieces.extend(ChatPiece(tool_call=call) for call in self._calls.take(delta.tool_calls))
            if delta.provider_metadata is not None:
                self.receipt.take_metadata(delta.provider_metadata)
        reason = choice.finish_reason
        if isinstance(reason, str) and reason != "error":  # "error" is no end: the answer broke off.
            self._finish_reason = reason or self._finish_reason

    def _take_reasoning(self, delta: Delta, pieces: list[ChatPiece]) -> None:
        """Plain reasoning under either name; where a gateway sends the details alone, the text in them."""
        from_details = "" if delta.reasoning_details is None else self._details.take(delta.reasoning_details)
        self._add_reasoning(text(delta.reasoning) or text(delta.reasoning_content) or from_details, pieces)

    def _add_reasoning(self, reasoning: str, pieces: list[ChatPiece]) -> None:
        if reasoning:
            self._reasoning.append(reasoning)
            pieces.append(ChatPiece(reasoning=reasoning))

    def _take_parts(self, content: object, pieces: list[ChatPiece]) -> str:
        """The text of content that came as parts; Mistral's models send their reasoning among them."""
        parts = [fields(part) for part in items(content)]
        for part in parts:
            thoughts = items(part.get("thinking"))
            self._add_reasoning("".join(text(fields(thought).get("text")) for thought in thoughts), pieces)
        return "".join(text(part.get("text")) for part in parts)

    def _break(self, how: str) -> None:
        self.failure = Failure(
            "streamBroken",
            f"The answer of the gateway {self._asked.gateway} {how}. Try again.",
            generation=self.generation,
            provider=self.receipt.provider,
        )


def _is_end(payload: bytes) -> bool:
    return payload.strip() == b"[DONE]"
