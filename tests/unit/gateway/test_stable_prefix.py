"""A provider's cache serves prompts that begin alike: each turn begins with the bytes of the turn before."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.config.schema import Caching
from passerelle.gateway.wire import ChatRequest, chat_body
from passerelle.protocol.chat import (
    AssistantMessage,
    ImagePart,
    Message,
    SystemMessage,
    TextPart,
    Tool,
    ToolCall,
    ToolMessage,
    UserMessage,
)

WORDS = st.text(max_size=12)
PARTS = st.lists(
    st.builds(TextPart, text=WORDS) | st.builds(ImagePart, media_type=st.just("image/png"), data=st.just("aGk=")),
    max_size=3,
)
DETAILS = st.lists(st.fixed_dictionaries({"type": st.just("reasoning.text"), "text": WORDS}), max_size=2)
SAID = st.one_of(
    st.builds(UserMessage, content=WORDS | PARTS),
    st.builds(
        AssistantMessage,
        content=st.none() | WORDS,
        tool_calls=st.none() | st.lists(st.builds(ToolCall, id=WORDS, name=WORDS, arguments=WORDS), max_size=2),
        reasoning_details=st.none() | DETAILS,
    ),
    st.builds(ToolMessage, tool_call_id=WORDS, content=WORDS),
)
TALKS = st.builds(
    lambda system, said: [*system, *said],
    st.lists(st.builds(SystemMessage, content=WORDS), max_size=1),
    st.lists(SAID, min_size=1, max_size=8),
)
SCHEMAS = st.dictionaries(WORDS, st.integers() | WORDS, max_size=4)
TOOLS = st.lists(
    st.builds(Tool, name=st.text(min_size=1), parameters=SCHEMAS, description=st.none() | WORDS),
    unique_by=lambda tool: tool.name,
    max_size=5,
)


class Parts(msgspec.Struct):
    """Of a body, as they stand in it."""

    messages: msgspec.Raw
    tools: msgspec.Raw = msgspec.Raw(b"")


def sent(messages: list[Message], *, vercel: bool = True, mode: str = "auto", tools: list[Tool] | None = None) -> Parts:
    caching = msgspec.convert({"mode": mode}, Caching)
    request = ChatRequest(model="x/y", messages=messages, caching=caching, tools=tools or ())
    return msgspec.json.decode(chat_body(request, vercel=vercel), type=Parts)


@pytest.mark.parametrize("vercel", [True, False])
@given(talk=TALKS, more=st.lists(SAID, min_size=1, max_size=3))
def test_a_turn_begins_with_the_bytes_of_the_turn_before(
    talk: list[Message], more: list[Message], *, vercel: bool
) -> None:
    before, after = (bytes(sent(messages, vercel=vercel).messages) for messages in (talk, talk + more))

    assert after.startswith(before.removesuffix(b"]") + b",")


@given(tools=TOOLS, data=st.data())
def test_tools_are_the_same_bytes_in_whatever_order_a_client_lists_them(tools: list[Tool], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(tools))

    assert bytes(sent([UserMessage(content="Hi")], tools=tools).tools) == bytes(
        sent([UserMessage(content="Hi")], tools=shuffled).tools
    )


def test_a_schema_of_a_tool_keeps_its_order() -> None:
    tool = Tool(name="f", parameters={"z": 1, "a": {"y": 1, "b": 2}})

    assert b'"parameters":{"z":1,"a":{"y":1,"b":2}}' in bytes(sent([UserMessage(content="Hi")], tools=[tool]).tools)


@given(talk=TALKS, more=st.lists(SAID, min_size=1, max_size=3))
def test_marks_move_on_while_what_they_mark_stays(talk: list[Message], more: list[Message]) -> None:
    """The bytes differ, for the marks are among them; what a provider caches does not know of marks and parts."""
    before, after = (json.loads(bytes(sent(messages, mode="mark").messages)) for messages in (talk, talk + more))

    assert [unmarked(message) for message in after][: len(before)] == [unmarked(message) for message in before]
    assert json.dumps(after).count("cache_control") <= 4


def unmarked(message: dict[str, object]) -> list[tuple[str, object]]:
    """All of a message, a text as the one part that it is."""
    content = message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    assert isinstance(parts, list)
    kept = [{name: value for name, value in part.items() if name != "cache_control"} for part in parts]
    return sorted({**message, "content": kept}.items())


@given(talk=TALKS)
def test_the_same_turn_is_the_same_bytes_each_time(talk: list[Message]) -> None:
    request = ChatRequest(model="x/y", messages=talk)

    assert chat_body(request, vercel=True) == chat_body(request, vercel=True)
