"""A history in the words of the protocol: in short, and whole. Pure."""

from msgspec import UNSET

from passerelle.conversations.history import History
from passerelle.conversations.texts import question_of
from passerelle.conversations.title import title_of
from passerelle.protocol.chat import ChatResult
from passerelle.protocol.conversations import Conversation, ConversationSummary, ConversationTotal


def summary_of(
    id_: str,
    history: History,
    *,
    running: str | None = None,
    private: bool = False,
    problem: str | None = None,
) -> ConversationSummary:
    """Without the turns. `running` is the turn that this daemon is answering."""
    begun, turns = history.begun, history.turns
    answers = [answer for turn in turns if (answer := turn.answer()) is not None]
    return ConversationSummary(
        id=id_,
        title=title(history),
        workspace_folder=begun.workspace_folder if begun is not None else None,
        created_at=history.created_at,
        changed_at=history.changed_at,
        turns=len(turns),
        last_turn=turns[-1].begun.id if turns else None,
        running=running is not None,
        private=private,
        model=(answers[-1].model or None) if answers else None,
        cost_usd=_cost_usd(history, running),
        branched_from=(begun.branched_from if begun is not None else None) or UNSET,
        problem=problem or UNSET,
    )


def conversation_of(summary: ConversationSummary, history: History, *, running: str | None = None) -> Conversation:
    """The whole."""
    turns = [turn.shown(is_running=turn.begun.id == running) for turn in history.turns]
    return Conversation(summary=summary, turns=turns, total=total_of(history, running=running))


def title(history: History) -> str:
    """The name that it was given, else how it began."""
    if history.title is not None:
        return history.title.title
    return title_of(history.turns[0].messages if history.turns else ())


def text_of(history: History) -> str:
    """What was asked and answered, to be searched."""
    parts: list[str] = []
    for turn in history.turns:
        answer = turn.answer()
        parts += [question_of(turn.messages), answer.message.content if answer is not None else ""]
    return "\n".join(part for part in parts if part)


def total_of(history: History, *, running: str | None = None) -> ConversationTotal:
    """Of all that was ever asked in it; what a branch has taken over was asked elsewhere."""
    answers = _paid(history, running)
    usages = [answer.usage for answer in answers if answer.usage is not None]
    costs = [answer.cost for answer in answers]
    saved = [cost.saved_usd for cost in costs if cost.saved_usd is not UNSET]
    return ConversationTotal(
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        cost_usd=sum((cost.usd or 0.0 for cost in costs if cost.source == "gateway"), 0.0),
        estimated_usd=sum((cost.usd or 0.0 for cost in costs if cost.source == "estimate"), 0.0),
        unknown=sum(cost.usd is None for cost in costs),
        saved_usd=sum(saved) if saved else UNSET,
    )


def _cost_usd(history: History, running: str | None) -> float | None:
    known = [answer.cost.usd for answer in _paid(history, running) if answer.cost.usd is not None]
    return sum(known) if known else None


def _paid(history: History, running: str | None) -> list[ChatResult]:
    turns = [turn for turn in history.every.values() if not turn.begun.is_copied and turn.begun.id != running]
    return [answer for turn in turns if (answer := turn.answer()) is not None]
