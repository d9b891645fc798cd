"""The table of our own methods. `protocol.md` has a section for each, held by a test."""

from typing import Literal, NamedTuple

from passerelle.protocol.apply import ApplyParams, ApplyResult
from passerelle.protocol.base import Nothing
from passerelle.protocol.chat import ChatDelta, ChatParams, ChatResult
from passerelle.protocol.conversations import (
    BranchConversationParams,
    Conversation,
    ConversationParams,
    Conversations,
    ConversationsParams,
    ConversationSummary,
    DidChangeConversations,
    EditTurnParams,
    ExportConversationParams,
    ExportedConversation,
    RenameConversationParams,
)
from passerelle.protocol.money import (
    AllowOnceParams,
    Budgets,
    BudgetsParams,
    Endpoints,
    EndpointsParams,
    ExportedUsage,
    ExportUsageParams,
    UsageParams,
    UsageReport,
)
from passerelle.protocol.state import (
    ConfigParams,
    Credits,
    DidChangeConfig,
    DidChangeModels,
    EffectiveConfig,
    GatewayChoices,
    Models,
    ModelsParams,
    SecretParams,
    SecretResult,
    SelectGatewayParams,
    SelectModelParams,
    Status,
)

PREFIX = "passerelle/"


class Method(NamedTuple):
    """One message: who sends it, with what, and what the answer is (None for a notification)."""

    name: str
    sender: Literal["client", "daemon"]
    params: type
    result: type | None


STATUS = Method("passerelle/status", "client", Nothing, Status)
MODELS = Method("passerelle/models", "client", ModelsParams, Models)
SELECT_MODEL = Method("passerelle/selectModel", "client", SelectModelParams, Status)
GATEWAYS = Method("passerelle/gateways", "client", Nothing, GatewayChoices)
SELECT_GATEWAY = Method("passerelle/selectGateway", "client", SelectGatewayParams, Status)
CHAT = Method("passerelle/chat", "client", ChatParams, ChatResult)
CONVERSATIONS = Method("passerelle/conversations", "client", ConversationsParams, Conversations)
CONVERSATION = Method("passerelle/conversation", "client", ConversationParams, Conversation)
RENAME_CONVERSATION = Method("passerelle/conversation/rename", "client", RenameConversationParams, ConversationSummary)
DELETE_CONVERSATION = Method("passerelle/conversation/delete", "client", ConversationParams, Nothing)
BRANCH_CONVERSATION = Method("passerelle/conversation/branch", "client", BranchConversationParams, Conversation)
EDIT_TURN = Method("passerelle/conversation/edit", "client", EditTurnParams, Conversation)
EXPORT_CONVERSATION = Method("passerelle/conversation/export", "client", ExportConversationParams, ExportedConversation)
APPLY = Method("passerelle/apply", "client", ApplyParams, ApplyResult)
CREDITS = Method("passerelle/credits", "client", Nothing, Credits)
USAGE = Method("passerelle/usage", "client", UsageParams, UsageReport)
EXPORT_USAGE = Method("passerelle/usage/export", "client", ExportUsageParams, ExportedUsage)
BUDGETS = Method("passerelle/budgets", "client", BudgetsParams, Budgets)
ALLOW_ONCE = Method("passerelle/budgets/allowOnce", "client", AllowOnceParams, Budgets)
ENDPOINTS = Method("passerelle/endpoints", "client", EndpointsParams, Endpoints)
CONFIG = Method("passerelle/config", "client", ConfigParams, EffectiveConfig)
CHAT_DELTA = Method("passerelle/chat/delta", "daemon", ChatDelta, None)
DID_CHANGE_STATUS = Method("passerelle/didChangeStatus", "daemon", Status, None)
DID_CHANGE_MODELS = Method("passerelle/didChangeModels", "daemon", DidChangeModels, None)
DID_CHANGE_CONFIG = Method("passerelle/didChangeConfig", "daemon", DidChangeConfig, None)
DID_CHANGE_CONVERSATIONS = Method("passerelle/didChangeConversations", "daemon", DidChangeConversations, None)
SECRET = Method("passerelle/secret", "daemon", SecretParams, SecretResult)

METHODS: tuple[Method, ...] = (
    STATUS,
    MODELS,
    SELECT_MODEL,
    GATEWAYS,
    SELECT_GATEWAY,
    CHAT,
    CONVERSATIONS,
    CONVERSATION,
    RENAME_CONVERSATION,
    DELETE_CONVERSATION,
    BRANCH_CONVERSATION,
    EDIT_TURN,
    EXPORT_CONVERSATION,
    APPLY,
    CREDITS,
    USAGE,
    EXPORT_USAGE,
    BUDGETS,
    ALLOW_ONCE,
    ENDPOINTS,
    CONFIG,
    CHAT_DELTA,
    DID_CHANGE_STATUS,
    DID_CHANGE_MODELS,
    DID_CHANGE_CONFIG,
    DID_CHANGE_CONVERSATIONS,
    SECRET,
)
