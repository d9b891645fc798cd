"""Names of conversations, for people and for file systems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.conversations.title import LONGEST_UNNAMED, UNNAMED, file_name, given_title, shortened, title_of
from passerelle.protocol.chat import ImagePart, Message, SystemMessage, TextPart, UserMessage

IMAGE = ImagePart(media_type="image/png", data="")
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], UNNAMED),
        ([SystemMessage(content="Be brief.")], UNNAMED),
        ([UserMessage(content=" \n")], UNNAMED),
        ([UserMessage(content=[IMAGE])], UNNAMED),
        ([UserMessage(content=[IMAGE, TextPart(text="What is it?")])], "What is it?"),
        ([UserMessage(content="How\n does\tit\x1b[31m end?\x00")], "How does it [31m end?"),
        ([UserMessage(content="word " * 20)], "word word word word word word word word word word word word…"),
        ([UserMessage(content="x" * 100)], "x" * 59 + "…"),
        ([UserMessage(content="界" * 100)], "界" * 59 + "…"),
    ],
)
def test_a_conversation_is_called_by_how_it_began(messages: list[Message], expected: str) -> None:
    assert title_of(messages) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e\u0301" * 5, "e\u0301" * 2 + "…"),
        (f"ab{FAMILY}", "ab…"),
        (f"{FAMILY}{FAMILY}", f"{FAMILY}…"[:6]),
        ("👍🏽👍🏽👍🏽👍🏽", "👍🏽👍🏽…"),
    ],
)
def test_what_reads_as_one_is_not_cut(text: str, expected: str) -> None:
    assert shortened(text, 6) == expected


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_shortened_to_a_line(text: str) -> None:
    title = given_title(text)

    assert "\n" not in title
    assert len(shortened(title, LONGEST_UNNAMED)) <= LONGEST_UNNAMED


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("How the parser ends", "how-the-parser-ends"),
        ("../../etc/passwd", "etc-passwd"),
        ("Où est-ce ? C:\\x", "où-est-ce-c-x"),
        ("解析器 如何結束", "解析器-如何結束"),
        ("हिन्दी में", "हिन्दी-में"),
        ("🎉", "conversation"),
        ("CON", "conversation-con"),
        ("com1", "conversation-com1"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_title_makes_a_file_name(title: str, expected: str) -> None:
    assert file_name(title) == expected


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_title_makes_a_file_name(title: str) -> None:
    name = file_name(title)

    assert 0 < len(name.encode()) <= 250
    assert not set(name) & set('/\\:*?"<>|. \0')
