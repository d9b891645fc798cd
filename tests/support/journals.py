"""What tests of conversations are made of: records, results, and a client's sink."""

from collections.abc import Callable, Sequence

from msgspec import UNSET

from passerelle.conversations.records import FORMAT, Begun, Edited, Piece, Titled, TurnBegun, TurnEnded
from passerelle.conversations.turn import Question
from passerelle.protocol.chat import (
    Answer,
    ChatResult,
    Cost,
    CostSource,
    Finish,
    JsonObject,
    Message,
    Timings,
    ToolCall,
    Usage,
    UserMessage,
)
from passerelle.protocol.conversations import TurnFailure

MODEL = "anthropic/claude-sonnet-4.5"
NOON_S = 1_795_262_400.0
NOON = "2026-11-21T12:00:00.000Z"


def at(seconds: int) -> str:
    """A moment after noon."""
    return f"2026-11-21T12:00:{seconds:02}.000Z"


def begun(**fields: str) -> Begun:
    return Begun(format=FORMAT, at=NOON, **fields)


def asked(id_: str, text: str = "", *, seconds: int = 1, replaces: str | None = None) -> TurnBegun:
    """A turn that asks `text`, or its own id."""
    return TurnBegun(id=id_, at=at(seconds), messages=[UserMessage(content=text or id_)], replaces=replaces)


def piece(turn: str, text: str) -> Piece:
    return Piece(turn=turn, text=text)


def done(turn: str, text: str = "", *, seconds: int = 2, answer: ChatResult | None = None) -> TurnEnded:
    return TurnEnded(turn=turn, at=at(seconds), state="done", result=answer or result(text or f"{turn}!"))


def cancelled(turn: str) -> TurnEnded:
    return TurnEnded(turn=turn, at=at(2), state="cancelled")


def failed(turn: str) -> TurnEnded:
    failure = TurnFailure(kind="unreachable", message="Is this machine online?")
    return TurnEnded(turn=turn, at=at(2), state="failed", failure=failure)


def titled(title: str, *, by_person: bool) -> Titled:
    return Titled(at=at(3), title=title, by_person=by_person)


def edited(turn: str, question: str | None = None, answer: str | None = None) -> Edited:
    return Edited(turn=turn, at=at(4), question=question, answer=answer)


def result(
    text: str,
    *,
    usd: float | None = 0.5,
    source: CostSource = "gateway",
    finish: Finish = "stop",
    calls: Sequence[ToolCall] = (),
    details: Sequence[JsonObject] = (),
) -> ChatResult:
    """An answer that has cost something."""
    message = Answer(content=text, tool_calls=list(calls) or UNSET, reasoning_details=list(details) or UNSET)
    return ChatResult(
        message=message,
        finish=finish,
        model=MODEL,
        provider="bedrock",
        generation="gen_1",
        usage=Usage(input_tokens=100, output_tokens=10, cached_tokens=50, cache_write_tokens=0, reasoning_tokens=0),
        cost=Cost(usd=usd, source=source),
        timings=Timings(first_delta_ms=100, total_ms=1000),
        problem="It broke." if finish == "cutOff" else UNSET,
    )


def question(*messages: str | Message, sent: Sequence[Message] | None = None) -> Question:
    asks = [UserMessage(content=message) if isinstance(message, str) else message for message in messages]
    return Question(messages=asks, sent=asks if sent is None else sent, serving=MODEL)


class Shown:
    """A client's sink: what it was shown, joined; `on_piece` is called with each piece before it is taken."""

    def __init__(self, on_piece: Callable[[str], None] = lambda _: None) -> None:
        self.pieces: list[str] = []
        self._on_piece = on_piece

    def text(self, text: str) -> None:
        self._on_piece(text)
        self.pieces.append(text)

    def reasoning(self, text: str) -> None:
        self.text(f"({text})")

    def tool_call(self, index: int, id_: str | None, name: str | None, arguments: str | None) -> None:
        self.text(f"[{index} {id_} {name} {arguments}]")
