"""The records that a journal is made of, one JSON object a line. Pure: files are journal.py's, meaning history.py's."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

import msgspec
from msgspec import UNSET, Struct

from passerelle.protocol.chat import Attachment, ChatResult, Message, ToolCallDelta
from passerelle.protocol.conversations import TurnFailure

FORMAT = 1
"""Raised when an older version would read a journal wrongly; records and fields that are merely new it leaves out."""

EndState = Literal["done", "cutOff", "cancelled", "failed"]


class Record(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="record"):
    """What happened once. `at` is an ISO time. Its repr shows nothing that a person wrote."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Begun(Record, frozen=True, kw_only=True, tag="begun"):
    """The conversation. `workspace_folder` is a URI."""

    format: int
    at: str
    workspace_folder: str | None = None
    branched_from: str | None = None


class TurnBegun(Record, frozen=True, kw_only=True, tag="turn"):
    """A question. `sent` is left out where it is `messages`; `model` is what was asked for, `serving` who answers.

    It takes the place of the turn `replaces`, and of those after that. `is_copied`: asked in another conversation.
    """

    id: str
    at: str
    messages: list[Message]
    sent: list[Message] | None = None
    attachments: list[Attachment] = []
    model: str | None = None
    serving: str = ""
    replaces: str | None = None
    is_copied: bool = False


class Piece(Record, frozen=True, kw_only=True, tag="piece", gc=False):
    """A part of the answer to a turn: one of the three."""

    turn: str
    text: str = ""
    reasoning: str = ""
    call: ToolCallDelta | None = None


class TurnEnded(Record, frozen=True, kw_only=True, tag="ended"):
    """Nothing more comes. Where there is a result, it holds the pieces joined, and stands for them."""

    turn: str
    at: str
    state: EndState
    result: ChatResult | None = None
    failure: TurnFailure | None = None


class Titled(Record, frozen=True, kw_only=True, tag="title"):
    at: str
    title: str
    by_person: bool


class Edited(Record, frozen=True, kw_only=True, tag="edited"):
    """New words for a turn; None leaves them as they are."""

    turn: str
    at: str
    question: str | None = None
    answer: str | None = None


AnyRecord = Begun | TurnBegun | Piece | TurnEnded | Titled | Edited

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(AnyRecord).decode


def lines(records: Iterable[AnyRecord]) -> list[bytes]:
    """Each as a line of its own, pieces that came in a row joined."""
    return [_encode(record) + b"\n" for record in _merged(records)]


def read(lines: Iterable[bytes]) -> Iterator[AnyRecord]:
    """The records, without what is torn, broken or from a later version."""
    for line in lines:
        try:
            yield _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue


def _merged(records: Iterable[AnyRecord]) -> Iterator[AnyRecord]:
    for kind, group in groupby(records, key=_kind):
        run = list(group)
        if kind is None:
            yield from run
        else:
            yield _joined([record for record in run if isinstance(record, Piece)])


def _kind(record: AnyRecord) -> tuple[str, str, int] | None:
    """The same for pieces that are one when they are joined."""
    if not isinstance(record, Piece):
        return None
    if record.call is not None:
        return record.turn, "call", record.call.index
    return record.turn, "text" if record.text else "reasoning", 0


def _joined(pieces: list[Piece]) -> Piece:
    calls = [piece.call for piece in pieces if piece.call is not None]
    return Piece(
        turn=pieces[0].turn,
        text="".join(piece.text for piece in pieces),
        reasoning="".join(piece.reasoning for piece in pieces),
        call=_joined_call(calls) if calls else None,
    )


def _joined_call(calls: list[ToolCallDelta]) -> ToolCallDelta:
    return ToolCallDelta(
        index=calls[0].index,
        id=next((call.id for call in calls if call.id is not UNSET), UNSET),
        name=next((call.name for call in calls if call.name is not UNSET), UNSET),
        arguments="".join(call.arguments for call in calls if call.arguments is not UNSET) or UNSET,
    )
