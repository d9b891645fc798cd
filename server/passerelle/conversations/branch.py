"""A new conversation out of the beginning of another, as records. Pure."""

from msgspec.structs import replace

from passerelle.conversations.history import History, KeptTurn
from passerelle.conversations.records import FORMAT, AnyRecord, Begun, TurnBegun, TurnEnded


def branched(history: History, turn: KeptTurn, *, at: str, of: str) -> list[AnyRecord]:
    """The turns up to that one as they are now, under the same name. What they have cost stays where it was paid."""
    folder = history.begun.workspace_folder if history.begun is not None else None
    records: list[AnyRecord] = [Begun(format=FORMAT, at=at, workspace_folder=folder, branched_from=of)]
    if history.title is not None:
        records.append(replace(history.title, at=at))
    for copied in history.turns[: history.turns.index(turn) + 1]:
        records += _copied(copied)
    return records


def _copied(turn: KeptTurn) -> list[AnyRecord]:
    begun, ended = turn.begun, turn.ended
    return [
        TurnBegun(
            id=begun.id,
            at=begun.at,
            messages=turn.messages,
            sent=None if turn.sent == turn.messages else turn.sent,
            attachments=begun.attachments,
            model=begun.model,
            serving=begun.serving,
            is_copied=True,
        ),
        TurnEnded(
            turn=begun.id,
            at=ended.at if ended is not None else begun.at,
            state=ended.state if ended is not None else "cutOff",
            result=turn.answer(),
            failure=ended.failure if ended is not None else None,
        ),
    ]
