"""The earlier turns as the gateway is sent them again. Pure."""

from collections.abc import Sequence
from itertools import takewhile

from msgspec import UNSET
from msgspec.structs import replace

from passerelle.conversations.history import KeptTurn
from passerelle.protocol.chat import AssistantMessage, ChatResult, Message, ToolMessage


def with_earlier(turns: Sequence[KeptTurn], sent: Sequence[Message]) -> list[Message]:
    """What was sent with each turn that counts and what it was answered, byte for byte, then `sent`.

    A turn without an answer does not count. Gateways refuse a tool's call without its result, and a result without
    its call: where a tool loop was left, what has lost its other half is left out.
    """
    messages: list[Message] = []
    for turn in turns:
        answer = turn.answer()
        message = _said(answer) if answer is not None else None
        if message is not None:
            messages += [*turn.sent, message]
    whole = [*messages, *sent]
    paired = (_paired(whole, at) for at in range(len(messages)))
    return [*(message for message in paired if message is not None), *sent]


def _said(answer: ChatResult) -> AssistantMessage | None:
    """The answer as a message; None for one that says nothing. Of one that broke off, only the text can be sent:
    calls may lack their ends, and reasoning its signature.
    """
    message, is_whole = answer.message, answer.finish != "cutOff"
    calls = message.tool_calls if is_whole and message.tool_calls is not UNSET else None
    details = message.reasoning_details if is_whole and message.reasoning_details is not UNSET else None
    has_text = bool(message.content.strip())
    if not has_text and not calls:
        return None
    return AssistantMessage(content=message.content if has_text else None, tool_calls=calls, reasoning_details=details)


def _paired(messages: Sequence[Message], at: int) -> Message | None:
    """The message at this place without calls that have no result and results that have no call."""
    message = messages[at]
    if isinstance(message, AssistantMessage) and message.tool_calls:
        following = takewhile(lambda later: isinstance(later, ToolMessage), messages[at + 1 :])
        answered = {later.tool_call_id for later in following if isinstance(later, ToolMessage)}
        calls = [call for call in message.tool_calls if call.id in answered]
        if len(calls) == len(message.tool_calls):
            return message
        if not calls and message.content is None:
            return None
        return replace(message, tool_calls=calls or None)
    if isinstance(message, ToolMessage):
        before = next((earlier for earlier in reversed(messages[:at]) if not isinstance(earlier, ToolMessage)), None)
        calls = before.tool_calls or [] if isinstance(before, AssistantMessage) else []
        return message if any(call.id == message.tool_call_id for call in calls) else None
    return message
