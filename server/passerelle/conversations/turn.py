"""A turn that is being answered: each piece of its answer is on disk before the client has it."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from msgspec import UNSET, Struct
from msgspec.structs import replace

from passerelle.chat.relay import Sink
from passerelle.conversations.records import EndState, Piece
from passerelle.protocol.chat import Attachment, ChatResult, Message, ToolCallDelta
from passerelle.protocol.conversations import TurnFailure

End = Callable[[EndState, ChatResult | None, TurnFailure | None], Awaitable[None]]


class Question(Struct, frozen=True, kw_only=True):
    """What is new with one turn. `sent` is `messages` with the text of the attachments among them, as
    `chat.context.with_attachments` puts it. `model` is what was asked for (None: the role's), `serving` the model that
    the gateway is asked for. Its repr shows the model alone: the rest is what a person wrote.
    """

    messages: Sequence[Message]
    sent: Sequence[Message]
    attachments: Sequence[Attachment] = ()
    model: str | None = None
    serving: str = ""

    def __repr__(self) -> str:
        return f"Question({self.model!r})"


class OpenTurn:
    """A turn that is being answered, a `chat.relay.Sink`: a piece goes on to the client's sink once it is on disk.

    The order stays. Where the disk has not answered in a while, or refused, the piece goes on all the same. Exactly
    one of `done`, `cancelled` and `failed` ends the turn; a second end is nothing.
    """

    def __init__(
        self,
        id_: str,
        sink: Sink,
        record: Callable[[Piece, Callable[[], None]], None],
        end: End,
    ) -> None:
        self.id = id_
        self._sink = sink
        self._record = record
        self._end = end
        self._is_over = False
        self._is_muted = False

    def text(self, text: str) -> None:
        self._put(Piece(turn=self.id, text=text), partial(self._sink.text, text))

    def reasoning(self, text: str) -> None:
        self._put(Piece(turn=self.id, reasoning=text), partial(self._sink.reasoning, text))

    def tool_call(self, index: int, id_: str | None, name: str | None, arguments: str | None) -> None:
        call = ToolCallDelta(index=index, id=id_ or UNSET, name=name or UNSET, arguments=arguments or UNSET)
        self._put(Piece(turn=self.id, call=call), partial(self._sink.tool_call, index, id_, name, arguments))

    async def done(self, result: ChatResult) -> ChatResult:
        """It was answered, whole or cut off. Returns the result with `turn`, once all pieces went on to the client."""
        result = replace(result, turn=self.id)
        await self._end_once("cutOff" if result.finish == "cutOff" else "done", result, None)
        return result

    async def cancelled(self, so_far: ChatResult | None = None) -> None:
        """The person stopped it; no piece goes on to the client any more. Without `so_far`, the pieces are all."""
        self._is_muted = True
        await self._end_once("cancelled", replace(so_far, turn=self.id) if so_far is not None else None, None)

    async def failed(self, kind: str, message: str) -> None:
        """There is no result; kind (empty for a fault of our own) and sentence are what the client is told."""
        await self._end_once("failed", None, TurnFailure(kind=kind, message=message))

    async def _end_once(self, state: EndState, result: ChatResult | None, failure: TurnFailure | None) -> None:
        if not self._is_over:
            self._is_over = True
            await self._end(state, result, failure)

    def _put(self, piece: Piece, pass_on: Callable[[], None]) -> None:
        def go_on() -> None:
            if not self._is_muted:
                pass_on()

        self._record(piece, go_on)
