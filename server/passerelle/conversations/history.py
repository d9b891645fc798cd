"""What the records of a conversation come to: its turns as they are now. Pure, and the only reader of records."""

from collections.abc import Iterable

from msgspec import UNSET
from msgspec.structs import replace

from passerelle.conversations.records import (
    FORMAT,
    AnyRecord,
    Begun,
    Edited,
    Piece,
    Titled,
    TurnBegun,
    TurnEnded,
)
from passerelle.conversations.texts import with_question
from passerelle.protocol.chat import Answer, ChatResult, Cost, Message, Timings, ToolCall, ToolCallDelta
from passerelle.protocol.conversations import Turn, TurnState

ENDED_WITH_THE_DAEMON = "Passerelle ended in the middle of this answer. Ask again, or go on from here."
STOPPED = "It was stopped."
GOING_ON = "It is still being answered."


class KeptTurn:
    """One question and its answer, as far as the records tell them."""

    def __init__(self, begun: TurnBegun) -> None:
        self.begun = begun
        self.messages: list[Message] = begun.messages
        self.sent: list[Message] = begun.messages if begun.sent is None else begun.sent
        self.ended: TurnEnded | None = None
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._calls: dict[int, list[ToolCallDelta]] = {}

    def take(self, piece: Piece) -> None:
        """A part of the answer."""
        if piece.call is not None:
            self._calls.setdefault(piece.call.index, []).append(piece.call)
        if piece.text:
            self._text.append(piece.text)
        if piece.reasoning:
            self._reasoning.append(piece.reasoning)

    def end(self, ended: TurnEnded) -> None:
        """The first end counts; its result stands for the pieces."""
        if self.ended is not None:
            return
        self.ended = ended
        if ended.result is not None:
            self._text, self._reasoning, self._calls = [], [], {}

    def edit(self, question: str | None, answer: str | None) -> None:
        """Put new words in the place of the old ones."""
        if question is not None:
            self.messages, self.sent = with_question(self.messages, question), with_question(self.sent, question)
        if answer is not None and self.ended is not None and self.ended.result is not None:
            result = self.ended.result
            message = replace(result.message, content=answer)
            self.ended = replace(self.ended, result=replace(result, message=message))
        elif answer is not None:
            self._text = [answer]

    def state(self, *, is_running: bool) -> TurnState:
        """A turn without an end is running in this daemon, or was cut off with the one that asked it."""
        return self.ended.state if self.ended is not None else "running" if is_running else "cutOff"

    def answer(self, *, is_running: bool = False) -> ChatResult | None:
        """The result, or what had come; None for nothing."""
        if self.ended is not None and self.ended.result is not None:
            return self.ended.result
        if not (self._text or self._reasoning or self._calls):
            return None
        return ChatResult(
            message=self._message(),
            finish="cutOff",
            model=self.begun.serving or self.begun.model or "",
            provider=None,
            generation=None,
            usage=None,
            cost=Cost(usd=None, source="unknown"),
            timings=Timings(first_delta_ms=None, total_ms=0),
            problem=self._problem(is_running=is_running),
            turn=self.begun.id,
        )

    def shown(self, *, is_running: bool) -> Turn:
        """As the protocol tells it."""
        failure = self.ended.failure if self.ended is not None else None
        return Turn(
            id=self.begun.id,
            at=self.begun.at,
            messages=self.messages,
            attachments=self.begun.attachments,
            model=self.begun.model,
            state=self.state(is_running=is_running),
            answer=self.answer(is_running=is_running) or UNSET,
            failure=failure or UNSET,
        )

    def _problem(self, *, is_running: bool) -> str:
        """Why there is no result."""
        if self.ended is None:
            return GOING_ON if is_running else ENDED_WITH_THE_DAEMON
        return self.ended.failure.message if self.ended.failure is not None else STOPPED

    def _message(self) -> Answer:
        calls = [_call(self._calls[index]) for index in sorted(self._calls)]
        return Answer(
            content="".join(self._text), reasoning="".join(self._reasoning) or UNSET, tool_calls=calls or UNSET
        )


class History:
    """A conversation by its records, in their order. Records that make no sense any more change nothing.

    `every` are all turns that were ever asked, by their ids; `turns` those that stand.
    """

    def __init__(self, records: Iterable[AnyRecord] = ()) -> None:
        self.begun: Begun | None = None
        self.created_at = ""
        self.changed_at = ""
        self.title: Titled | None = None
        self.turns: list[KeptTurn] = []
        self.every: dict[str, KeptTurn] = {}
        for record in records:
            self.take(record)

    @property
    def is_from_later(self) -> bool:
        """Whether a later version wrote it, in a way that this one would read wrongly."""
        return self.begun is not None and self.begun.format > FORMAT

    def turn(self, id_: str) -> KeptTurn | None:
        """A turn that stands."""
        return next((turn for turn in self.turns if turn.begun.id == id_), None)

    def take(self, record: AnyRecord) -> None:
        """What happened next."""
        match record:
            case Begun():
                self._begin(record)
            case TurnBegun():
                self._begin_turn(record)
            case Titled():
                self._name(record)
            case Piece() if (turn := self.every.get(record.turn)) is not None:
                turn.take(record)
            case TurnEnded() if (turn := self.every.get(record.turn)) is not None:
                turn.end(record)
                self._changed(record.at, is_copied=turn.begun.is_copied)
            case Edited() if (turn := self.every.get(record.turn)) is not None:
                turn.edit(record.question, record.answer)
                self._changed(record.at)

    def _begin(self, record: Begun) -> None:
        if self.begun is None:  # Two daemons may begin the same one at once.
            self.begun = record
            self._changed(record.at)

    def _begin_turn(self, record: TurnBegun) -> None:
        if record.id in self.every:
            return
        self.every[record.id] = turn = KeptTurn(record)
        replaced = self.turn(record.replaces) if record.replaces is not None else None
        if replaced is not None:
            del self.turns[self.turns.index(replaced) :]
        self.turns.append(turn)
        self._changed(record.at, is_copied=record.is_copied)

    def _name(self, record: Titled) -> None:
        if record.by_person or self.title is None or not self.title.by_person:
            self.title = record
            self._changed(record.at)

    def _changed(self, at: str, *, is_copied: bool = False) -> None:
        self.created_at = self.created_at or at
        if not is_copied or not self.changed_at:
            self.changed_at = at


def _call(pieces: list[ToolCallDelta]) -> ToolCall:
    return ToolCall(
        id=next((piece.id for piece in pieces if piece.id is not UNSET), ""),
        name=next((piece.name for piece in pieces if piece.name is not UNSET), ""),
        arguments="".join(piece.arguments for piece in pieces if piece.arguments is not UNSET),
    )
