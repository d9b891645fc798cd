"""One short function for each method about conversations; what they do is in conversations/."""

from passerelle.protocol.base import Nothing
from passerelle.protocol.conversations import (
    BranchConversationParams,
    Conversation,
    ConversationParams,
    Conversations,
    ConversationsParams,
    ConversationSummary,
    EditTurnParams,
    ExportConversationParams,
    ExportedConversation,
    RenameConversationParams,
)
from passerelle.rpc.session import Session


async def conversations(session: Session, params: ConversationsParams) -> Conversations:
    """`passerelle/conversations`"""
    return await session.daemon.conversations.summaries(params)


async def conversation(session: Session, params: ConversationParams) -> Conversation:
    """`passerelle/conversation`"""
    return (await session.daemon.conversations.get(params.conversation)).conversation()


async def rename(session: Session, params: RenameConversationParams) -> ConversationSummary:
    """`passerelle/conversation/rename`"""
    return await session.daemon.conversations.rename(params)


async def delete(session: Session, params: ConversationParams) -> Nothing:
    """`passerelle/conversation/delete`"""
    await session.daemon.conversations.delete(params.conversation)
    return Nothing()


async def branch(session: Session, params: BranchConversationParams) -> Conversation:
    """`passerelle/conversation/branch`"""
    return await session.daemon.conversations.branch(params)


async def edit(session: Session, params: EditTurnParams) -> Conversation:
    """`passerelle/conversation/edit`"""
    return await session.daemon.conversations.edit(params)


async def export(session: Session, params: ExportConversationParams) -> ExportedConversation:
    """`passerelle/conversation/export`"""
    return await session.daemon.conversations.export(params)
