"""Conversations that the daemon keeps: listed, opened, renamed, deleted, branched, edited, exported."""

from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.protocol.base import Params, Result
from passerelle.protocol.chat import Attachment, ChatResult, Message

TurnState = Literal["running", "done", "cutOff", "cancelled", "failed"]
ExportFormat = Literal["markdown", "json"]


class ConversationsParams(Params, frozen=True, kw_only=True):
    """Without a folder, those of all folders."""

    workspace_folder: str | None = None
    query: str | None = None
    limit: int | None = None


class ConversationSummary(Result, frozen=True, kw_only=True):
    """One conversation without its turns. `problem` says why it is not on disk, where it should be."""

    id: str
    title: str
    workspace_folder: str | None
    created_at: str
    changed_at: str
    turns: int
    last_turn: str | None
    running: bool
    private: bool
    model: str | None
    cost_usd: float | None
    branched_from: str | UnsetType = UNSET
    excerpt: str | UnsetType = UNSET
    problem: str | UnsetType = UNSET


class Conversations(Result, frozen=True, kw_only=True):
    """Newest first; `total` counts what matches before `limit`."""

    conversations: list[ConversationSummary]
    total: int


class TurnFailure(Result, frozen=True, kw_only=True):
    """Why a turn has no answer: the kind and the sentence of the error that the client was given."""

    kind: str
    message: str


class Turn(Result, frozen=True, kw_only=True):
    """One question and its answer, as far as it came. `model` is what was asked for."""

    id: str
    at: str
    messages: list[Message]
    attachments: list[Attachment]
    model: str | None
    state: TurnState
    answer: ChatResult | UnsetType = UNSET
    failure: TurnFailure | UnsetType = UNSET


class ConversationTotal(Result, frozen=True, kw_only=True):
    """Of all turns that were ever asked in it, replaced ones too. `estimated_usd` is what no gateway has confirmed;
    `unknown` counts the answers whose cost nobody knows; `saved_usd` is what prompt caches took off, less what filling
    them cost.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_usd: float
    estimated_usd: float
    unknown: int
    saved_usd: float | UnsetType = UNSET


class Conversation(Result, frozen=True, kw_only=True):
    """One conversation, whole."""

    summary: ConversationSummary
    turns: list[Turn]
    total: ConversationTotal


class ConversationParams(Params, frozen=True, kw_only=True):
    conversation: str


class RenameConversationParams(Params, frozen=True, kw_only=True):
    conversation: str
    title: str


class BranchConversationParams(Params, frozen=True, kw_only=True):
    conversation: str
    turn: str


class EditTurnParams(Params, frozen=True, kw_only=True):
    """New words for the question, the answer or both; nothing is asked."""

    conversation: str
    turn: str
    question: str | None = None
    answer: str | None = None


class ExportConversationParams(Params, frozen=True, kw_only=True):
    conversation: str
    format: ExportFormat


class ExportedConversation(Result, frozen=True, kw_only=True):
    """`name` is a file name to offer."""

    name: str
    text: str


class DidChangeConversations(Result, frozen=True, kw_only=True):
    changed: list[ConversationSummary]
    deleted: list[str]
