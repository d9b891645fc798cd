"""The table of our own methods. `protocol.md` has a section for each, held by a test."""

from typing import Literal, NamedTuple

from passerelle.protocol.base import Nothing
from passerelle.protocol.chat import ChatDelta, ChatParams, ChatResult
from passerelle.protocol.state import (
    ConfigParams,
    DidChangeConfig,
    DidChangeModels,
    EffectiveConfig,
    Models,
    ModelsParams,
    SecretParams,
    SecretResult,
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
CHAT = Method("passerelle/chat", "client", ChatParams, ChatResult)
CONFIG = Method("passerelle/config", "client", ConfigParams, EffectiveConfig)
CHAT_DELTA = Method("passerelle/chat/delta", "daemon", ChatDelta, None)
DID_CHANGE_STATUS = Method("passerelle/didChangeStatus", "daemon", Status, None)
DID_CHANGE_MODELS = Method("passerelle/didChangeModels", "daemon", DidChangeModels, None)
DID_CHANGE_CONFIG = Method("passerelle/didChangeConfig", "daemon", DidChangeConfig, None)
SECRET = Method("passerelle/secret", "daemon", SecretParams, SecretResult)

METHODS: tuple[Method, ...] = (
    STATUS,
    MODELS,
    SELECT_MODEL,
    CHAT,
    CONFIG,
    CHAT_DELTA,
    DID_CHANGE_STATUS,
    DID_CHANGE_MODELS,
    DID_CHANGE_CONFIG,
    SECRET,
)
