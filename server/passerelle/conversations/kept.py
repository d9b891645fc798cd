"""One conversation that the daemon holds: its turns so far, what may be done to them, and the one being answered."""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from passerelle.chat.relay import Sink
from passerelle.conversations.history import History, KeptTurn
from passerelle.conversations.prompt import with_earlier
from passerelle.conversations.recording import Recording, Then
from passerelle.conversations.records import AnyRecord, Edited, EndState, Piece, Titled, TurnBegun, TurnEnded
from passerelle.conversations.summary import conversation_of, summary_of
from passerelle.conversations.title import given_title
from passerelle.conversations.turn import OpenTurn, Question
from passerelle.protocol.chat import ChatResult, Message, UserMessage
from passerelle.protocol.conversations import Conversation, ConversationSummary, TurnFailure
from passerelle.words.failures import InvalidParams

Clock = Callable[[], float]


class Kept:
    """One conversation. The same id is the same object for as long as somebody holds it.

    `changed` is called when its summary is different. `revision` counts what was done to it here.
    """

    def __init__(
        self, id_: str, history: History, recording: Recording, now: Clock, changed: Callable[["Kept"], None]
    ) -> None:
        self.id = id_
        self.history = history
        self.revision = 0
        self._is_deleted = False
        self._recording = recording
        self._now = now
        self._changed = changed
        self._open: OpenTurn | None = None
        self._on_delete: Callable[[], None] | None = None
        self._beginning: Sequence[AnyRecord] = []

    @property
    def is_private(self) -> bool:
        """Whether it is in memory only, as was asked for."""
        return self._recording.is_private

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked in it yet: it is as good as none."""
        return not self.history.every

    @property
    def is_busy(self) -> bool:
        """Whether memory holds more of it than the disk."""
        return self._open is not None or not self._recording.is_settled or (self.is_private and not self.is_empty)

    @property
    def title_is_given(self) -> bool:
        """Whether a person or a model has named it."""
        return self.history.title is not None

    @property
    def problem(self) -> str | None:
        """In a sentence, why it cannot be written to disk."""
        reason = self._recording.problem
        return f"It is in memory only: {reason}." if reason is not None else None

    def conversation(self) -> Conversation:
        """The whole, also the turn that is being answered, as far as it came."""
        return conversation_of(self.summary(), self.history, running=self._running)

    def summary(self) -> ConversationSummary:
        """In short."""
        return summary_of(
            self.id,
            self.history,
            running=self._running,
            private=self.is_private,
            problem=self.problem,
        )

    def question(self, turn: str) -> Question:
        """What a turn asked, to ask it again. Raises InvalidParams for a turn that it does not have."""
        asked = self._turn(turn, "replace")
        return Question(
            messages=asked.messages,
            sent=asked.sent,
            attachments=asked.begun.attachments,
            model=asked.begun.model,
            serving=asked.begun.serving,
        )

    def prompt(self, sent: Sequence[Message], replace: str | None = None) -> list[Message]:
        """All that the gateway is sent for a new turn: the turns before it (before `replace`, where it takes the place
        of one) as they were sent, with their answers, then `sent`. So each turn begins with the bytes of the last.

        Call it and `begin_turn` without an await between them. Raises InvalidParams for a turn that it does not have.
        """
        turns = self.history.turns
        end = len(turns) if replace is None else turns.index(self._turn(replace, "replace"))
        return with_earlier(turns[:end], sent)

    def begin_turn(
        self, question: Question, sink: Sink, *, on_delete: Callable[[], None], replace: str | None = None
    ) -> OpenTurn:
        """Begin a turn; the question goes to disk before any piece of its answer. `on_delete` is called when the
        conversation is deleted meanwhile: cancel the turn then.

        Raises InvalidParams while another turn is being answered, and for a `replace` that it does not have.
        """
        if self._is_deleted:
            raise InvalidParams("conversation: it was deleted", kind="conversationUnknown")
        if self._open is not None:
            raise InvalidParams("conversation: a turn of it is still being answered; wait for its end, or stop it")
        if replace is not None:
            self._turn(replace, "replace")
        turn = self._open = OpenTurn(new_id(self._now()), sink, self._record_piece, self._end_turn)
        self._on_delete = on_delete
        messages, sent = list(question.messages), list(question.sent)
        begun = TurnBegun(
            id=turn.id,
            at=self.time(),
            messages=messages,
            sent=None if sent == messages else sent,
            attachments=list(question.attachments),
            model=question.model,
            serving=question.serving,
            replaces=replace,
        )
        self._record([*self._beginning, begun], _nothing)
        self._beginning = []
        self._changed(self)
        return turn

    async def set_title(self, title: str, *, by_person: bool) -> None:
        """Name it, on one line; a name that a model made never replaces a person's. Raises InvalidParams if empty."""
        name = given_title(title)
        if not name:
            raise InvalidParams("title: it is empty")
        await self.write([Titled(at=self.time(), title=name, by_person=by_person)])

    async def edit(self, turn: str, question: str | None, answer: str | None) -> None:
        """Put new words in the place of what was asked or answered. Raises InvalidParams for what cannot be edited."""
        if question is None and answer is None:
            raise InvalidParams("question, answer: at least one of them is needed")
        edited = self.ended_turn(turn)
        if answer is not None and edited.answer() is None:
            raise InvalidParams("answer: the turn has none")
        if question is not None and not any(isinstance(message, UserMessage) for message in edited.messages):
            raise InvalidParams("question: the turn has none of a person")
        await self.write([Edited(at=self.time(), turn=turn, question=question, answer=answer)])

    def ended_turn(self, id_: str) -> KeptTurn:
        """A turn that is not being answered. Raises InvalidParams."""
        turn = self._turn(id_, "turn")
        if id_ == self._running:
            raise InvalidParams("turn: it is still being answered; wait for its end, or stop it")
        return turn

    def begin_with(self, records: Sequence[AnyRecord]) -> None:
        """Of a new one: what is written before its first turn."""
        self._beginning = records

    async def write(self, records: Sequence[AnyRecord]) -> None:
        """Let these have happened, and wait until they are on disk, or will not be for now."""
        self._take(records)
        try:
            await self._recording.write(records)
        finally:
            self._changed(self)

    async def delete(self) -> None:
        """Delete it from disk, and end what is being answered in it. Raises OSError, and nothing has changed then."""
        await self._recording.delete()
        self._is_deleted = True
        if self._on_delete is not None:
            self._on_delete()

    def retry(self) -> None:
        """Try again to write what could not be written."""
        self._recording.retry()

    async def settle(self) -> None:
        """Wait until the disk has taken or refused all that there is of it."""
        await self._recording.settle()

    def time(self) -> str:
        """Now, in ISO 8601."""
        moment = datetime.fromtimestamp(self._now(), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def _running(self) -> str | None:
        return self._open.id if self._open is not None else None

    def _turn(self, id_: str, field: str) -> KeptTurn:
        if (turn := self.history.turn(id_)) is None:
            raise InvalidParams(f"{field}: the conversation has no such turn now")
        return turn

    def _record_piece(self, piece: Piece, then: Then) -> None:
        self._record([piece], then)

    def _record(self, records: Sequence[AnyRecord], then: Then) -> None:
        self._take(records)
        self._recording.add(records, then)

    def _take(self, records: Sequence[AnyRecord]) -> None:
        self.revision += 1
        for record in records:
            self.history.take(record)

    async def _end_turn(self, state: EndState, result: ChatResult | None, failure: TurnFailure | None) -> None:
        turn, self._open, self._on_delete = self._running, None, None
        assert turn is not None  # noqa: S101  # An open turn ends once, and only then there is none.
        await self.write([TurnEnded(turn=turn, at=self.time(), state=state, result=result, failure=failure)])


def new_id(now_s: float) -> str:
    """An id that no other daemon gives, and that sorts by time."""
    return f"{int(now_s * 1000):011x}-{secrets.token_hex(6)}"


def _nothing() -> None:
    """Nobody waits for this record."""
