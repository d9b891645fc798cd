"""What of the earlier turns is sent again."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from passerelle.conversations.history import History
from passerelle.conversations.prompt import with_earlier
from passerelle.conversations.records import AnyRecord
from passerelle.protocol.chat import AssistantMessage, JsonObject, Message, ToolCall, ToolMessage, UserMessage
from support.journals import asked, begun, cancelled, done, edited, failed, piece, result

NEW = UserMessage(content="new")
CALL = ToolCall(id="1", name="read", arguments="{}")
OTHER = ToolCall(id="2", name="list", arguments="{}")
FOUND = ToolMessage(tool_call_id="1", content="found")
DETAILS: list[JsonObject] = [{"type": "reasoning.text", "signature": "c2ln"}]


def said(text: str | None, *calls: ToolCall) -> AssistantMessage:
    return AssistantMessage(content=text, tool_calls=list(calls) or None)


def ask(text: str) -> UserMessage:
    return UserMessage(content=text)


def calling(turn: str, *calls: ToolCall, text: str = "") -> AnyRecord:
    return done(turn, answer=result(text, finish="toolCalls", calls=calls))


def told_back(turn: str, *messages: Message) -> AnyRecord:
    return replace(asked(turn), messages=list(messages))


@pytest.mark.parametrize(
    ("records", "new", "expected"),
    [
        ([], [NEW], [NEW]),
        ([asked("a"), done("a")], [NEW], [ask("a"), said("a!"), NEW]),
        ([asked("a"), done("a"), edited("a", "q", "w")], [NEW], [ask("q"), said("w"), NEW]),
        ([asked("a"), failed("a"), asked("b"), done("b")], [NEW], [ask("b"), said("b!"), NEW]),
        ([asked("a"), cancelled("a")], [NEW], [NEW]),
        ([asked("a"), piece("a", " \n"), cancelled("a")], [NEW], [NEW]),
        ([asked("a"), piece("a", "part"), cancelled("a")], [NEW], [ask("a"), said("part"), NEW]),
        ([asked("a"), piece("a", "part")], [NEW], [ask("a"), said("part"), NEW]),
        # A tool loop goes on.
        ([asked("a"), calling("a", CALL)], [FOUND], [ask("a"), said(None, CALL), FOUND]),
        (
            [asked("a"), calling("a", CALL), told_back("b", FOUND), done("b")],
            [NEW],
            [ask("a"), said(None, CALL), FOUND, said("b!"), NEW],
        ),
        # It was left: no call without its result, no result without its call.
        ([asked("a"), calling("a", CALL)], [NEW], [ask("a"), NEW]),
        ([asked("a"), calling("a", CALL, text="I look.")], [NEW], [ask("a"), said("I look."), NEW]),
        ([asked("a"), calling("a", CALL, OTHER)], [FOUND], [ask("a"), said(None, CALL), FOUND]),
        (
            [asked("a"), done("a", answer=result("", finish="cutOff", calls=[CALL])), told_back("b", FOUND), done("b")],
            [NEW],
            [said("b!"), NEW],
        ),
    ],
)
def test_turns_that_count_are_sent_again(
    records: Sequence[AnyRecord], new: list[Message], expected: list[Message]
) -> None:
    assert with_earlier(History([begun(), *records]).turns, new) == expected


def test_reasoning_goes_back_with_its_signature_but_not_where_the_answer_broke_off() -> None:
    whole = done("a", answer=result("w", details=DETAILS))
    broken = done("b", answer=result("x", finish="cutOff", details=DETAILS))

    sent = with_earlier(History([asked("a"), whole, asked("b"), broken]).turns, [NEW])

    assert sent[1] == AssistantMessage(content="w", reasoning_details=DETAILS)
    assert sent[3] == AssistantMessage(content="x")


def test_each_turn_begins_with_what_the_last_one_sent() -> None:
    attached = ask("a.py\n```\nx = 1\n```")
    history = History([begun(), replace(asked("a"), sent=[attached, ask("a")]), done("a")])
    first = with_earlier(history.turns, [ask("b")])
    for record in (asked("b"), done("b")):
        history.take(record)

    assert with_earlier(history.turns, [ask("c")]) == [*first, said("b!"), ask("c")]
    assert first == [attached, ask("a"), said("a!"), ask("b")]
