"""A conversation as a text."""

import json
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from passerelle.conversations.export import closed, exported, fenced
from passerelle.conversations.history import History
from passerelle.conversations.records import AnyRecord
from passerelle.conversations.summary import conversation_of, summary_of
from passerelle.protocol.chat import (
    DiagnosticsAttachment,
    FileAttachment,
    FilePart,
    ImagePart,
    Part,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from passerelle.protocol.conversations import Conversation
from passerelle.protocol.lsp import Position, Range
from support.journals import asked, begun, cancelled, done, failed, piece, result

LINES = Range(start=Position(line=0, character=0), end=Position(line=10, character=0))
FIGURES = "*anthropic/claude-sonnet-4.5 · bedrock · 100 tokens in (50 cached), 10 out · $0.50 · 2026-11-21 12:00 UTC*"


def conversation(*records: AnyRecord) -> Conversation:
    history = History([begun(), *records])
    return conversation_of(summary_of("c", history), history)


def body(*records: AnyRecord) -> str:
    """Markdown, below the title."""
    text = exported(conversation(*records), "markdown").text
    return text.split("\n\n", maxsplit=1)[1]


def test_a_turn_has_its_question_its_answer_and_its_figures() -> None:
    text = exported(conversation(asked("a", "What *is* it?"), done("a", "It is **that**.")), "markdown")

    assert text.name == "what-is-it.md"
    assert text.text == (
        f"# What \\*is\\* it?\n\n## Question\n\nWhat *is* it?\n\n## Answer\n\nIt is **that**.\n\n{FIGURES}\n"
    )


def test_what_was_attached_is_listed() -> None:
    parts: list[Part] = [
        TextPart(text="Look."),
        ImagePart(media_type="image/png", data=""),
        FilePart(media_type="a/b", data="", name="x"),
    ]
    attachments = [
        FileAttachment(uri="file:///p/a.py"),
        FileAttachment(uri="file:///p/a.py", range=LINES),
        DiagnosticsAttachment(uri="untitled:b`c"),
    ]
    turn = replace(asked("a"), messages=[UserMessage(content=parts)], attachments=attachments)

    assert body(turn, done("a")).split("\n\n## Answer")[0].splitlines() == [
        "## Question",
        "",
        "Look.",
        "",
        "- Attached: an image (image/png)",
        "",
        "- Attached: `x` (a/b)",
        "",
        "- Attached: `a.py`",
        "- Attached: `a.py`, lines 1 to 10",
        "- Attached: the diagnostics of `untitled:b'c`",
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([failed("a")], "*It failed: Is this machine online?*"),
        ([cancelled("a")], "*It was stopped.*"),
        ([piece("a", "part"), cancelled("a")], "part\n\n*It was stopped.*"),
        ([], "*There is none.*"),
        ([done("a", answer=result("part", finish="cutOff"))], "part\n\n*It broke off: It broke.*"),
        ([done("a", answer=result("w", usd=0.001234, source="estimate"))], "about $0.001234 "),
        ([done("a", answer=result("w", usd=None, source="unknown"))], "10 out · 2026"),
    ],
)
def test_how_a_turn_ended_is_told(records: Sequence[AnyRecord], expected: str) -> None:
    assert expected in body(asked("a"), *records)


def test_tools_are_shown_as_code() -> None:
    call = ToolCall(id="1", name="read", arguments='{"a": "```"}')
    calls = done("a", answer=result("", finish="toolCalls", calls=[call]))
    back = replace(asked("b"), messages=[ToolMessage(tool_call_id="1", content="```\nfound")])

    text = body(asked("a"), calls, back, done("b"))

    assert 'Call of the tool `read`:\n\n````json\n{"a": "```"}\n````' in text
    assert "Result of a tool:\n\n````\n```\nfound\n````" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("\nplain\n\n", "plain"),
        ("```\ncode\n```", "```\ncode\n```"),
        ("```py\ncode", "```py\ncode\n```"),
        ("~~~~\ncode\n~~~", "~~~~\ncode\n~~~\n~~~~"),
        ("````\n```\ncode\n```", "````\n```\ncode\n```\n````"),
        ("```\n``` not an end", "```\n``` not an end\n```"),
        ("``` inline ``` code", "``` inline ``` code"),
        ("    ```\nindented", "    ```\nindented"),
        ("1. list\n   ```\n   code", "1. list\n   ```\n   code\n   ```"),
    ],
)
def test_a_fence_that_was_left_open_is_closed(text: str, expected: str) -> None:
    assert closed(text) == expected


def test_code_stays_in_its_fence() -> None:
    assert fenced("a `````` b", "json") == "```````json\na `````` b\n```````"


def test_json_is_all_that_the_protocol_tells() -> None:
    whole = conversation(asked("a"), done("a"))

    text = exported(whole, "json")

    assert text.name == "a.json"
    assert text.text.startswith('{\n  "summary": {\n')
    assert json.loads(text.text)["turns"][0]["answer"]["message"] == {"content": "a!", "role": "assistant"}
