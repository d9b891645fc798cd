"""What goes into a prompt beside the person's own words."""

from collections.abc import Sequence

import pytest
from msgspec import Raw

from passerelle.catalogue.model import Entry
from passerelle.chat.context import (
    Attached,
    quoted,
    refuse_what_does_not_fit,
    refuse_what_it_cannot_see,
    with_attachments,
)
from passerelle.protocol.chat import (
    AssistantMessage,
    FilePart,
    ImagePart,
    Message,
    SystemMessage,
    TextPart,
    ToolMessage,
    UserMessage,
)
from passerelle.words.failures import Failure

SYSTEM = SystemMessage(content="be brief")
FIRST = UserMessage(content="first")
ANSWER = AssistantMessage(content="yes")
LAST = UserMessage(content="last")
TOOL = ToolMessage(tool_call_id="1", content="42")
TEXT = Attached(label="a.py", language="python", text="x = 1\n")
CONTEXT = UserMessage(content="a.py\n```python\nx = 1\n```")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([LAST], [CONTEXT, LAST]),
        ([SYSTEM, FIRST, ANSWER, LAST], [SYSTEM, FIRST, ANSWER, CONTEXT, LAST]),
        ([SYSTEM, LAST, ANSWER, TOOL], [SYSTEM, CONTEXT, LAST, ANSWER, TOOL]),
        ([SYSTEM], [CONTEXT, SYSTEM]),
    ],
)
def test_attachments_stand_before_the_last_user_message(messages: list[Message], expected: list[Message]) -> None:
    assert with_attachments(messages, [TEXT]) == expected


def test_without_attachments_nothing_is_added() -> None:
    assert with_attachments([SYSTEM, LAST], []) == [SYSTEM, LAST]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "a.py\n```python\nplain\n```"),
        ("```\ncode\n```\n", "a.py\n````python\n```\ncode\n```\n````"),
        ("  ````\n", "a.py\n`````python\n  ````\n`````"),
        ("inline `````` ticks", "a.py\n```python\ninline `````` ticks\n```"),
        ("", "a.py\n```python\n\n```"),
    ],
)
def test_nothing_inside_can_close_the_fence(text: str, expected: str) -> None:
    assert quoted(Attached(label="a.py", language="python", text=text)) == expected


IMAGE = UserMessage(content=[TextPart(text="what is this?"), ImagePart(media_type="image/png", data="")])
FILE = UserMessage(content=[FilePart(media_type="application/pdf", data="")])
BLIND = Entry(id="a/blind", tags=Raw(b'["tool-use"]'))
SEEING = Entry(id="a/seeing", tags=Raw(b'["vision","file-input"]'))
UNDESCRIBED = Entry(id="a/undescribed")


@pytest.mark.parametrize(
    ("messages", "entry", "word"),
    [
        ([IMAGE], BLIND, "images"),
        ([FIRST, ANSWER, FILE, LAST], BLIND, "files"),
        ([IMAGE, FILE], SEEING, None),
        ([IMAGE, FILE], UNDESCRIBED, None),
        ([FIRST], BLIND, None),
    ],
)
def test_a_model_is_not_shown_what_it_cannot_see(messages: Sequence[Message], entry: Entry, word: str | None) -> None:
    if word is None:
        refuse_what_it_cannot_see(messages, entry)
        return
    with pytest.raises(Failure, match=f"a/blind cannot read {word}") as refused:
        refuse_what_it_cannot_see(messages, entry)
    assert refused.value.kind == "refused"


@pytest.mark.parametrize(
    ("letters", "window", "fits"),
    [(4 * 1000, 1000, True), (8 * 1000, 1000, True), (8 * 1000 + 4, 1000, False), (10**9, None, True)],
)
def test_only_what_is_far_too_long_is_refused_before_it_is_sent(letters: int, window: int | None, fits: bool) -> None:
    entry = Entry(id="a/b", listed_window=window)
    message = UserMessage(content=[TextPart(text="x" * min(letters, 10**6))])
    if fits:
        refuse_what_does_not_fit([message], entry)
        return
    with pytest.raises(Failure, match="about 2001 tokens is about 1001 too long for a/b, which takes 1000") as refused:
        refuse_what_does_not_fit([message], entry)
    assert refused.value.kind == "contextTooLong"
