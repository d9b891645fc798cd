"""What becomes a title of what a model wrote, and what it is asked."""

import pytest

from passerelle.daemon.titles import LONGEST, MOST_SHOWN, cleaned, title_messages
from passerelle.protocol.chat import Answer, ChatResult, Cost, ImagePart, TextPart, Timings, UserMessage
from passerelle.protocol.conversations import Turn


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("How the parser ends", "How the parser ends"),
        ("  How the parser ends.\n", "How the parser ends"),
        ('"How the parser ends"', "How the parser ends"),
        ("“How the parser ends.”", "How the parser ends"),
        ("« Comment l'analyseur finit »", "Comment l'analyseur finit"),
        ("「解析器」の終わり。", "「解析器」の終わり"),
        ("**How the parser ends**", "How the parser ends"),
        ("# How the parser ends", "How the parser ends"),
        ("Title: How the parser ends", "How the parser ends"),
        ('**Title:** "How the parser ends"', "How the parser ends"),
        ("Ends of `__init__` in C#", "Ends of __init__ in C#"),
        ("Subtitle: a word", "Subtitle: a word"),
        ("\n\nHow the parser ends\n\nI hope that helps!", "How the parser ends"),
        ("```\nHow the parser ends\n```", "How the parser ends"),
        ("How\tthe\x1b[31m parser ends", "How the [31m parser ends"),
        ("", ""),
        ("...\n", ""),
        ('""', ""),
    ],
)
def test_a_title_is_one_line_of_plain_words(answer: str, title: str) -> None:
    assert cleaned(answer) == title


def test_a_long_title_is_cut() -> None:
    title = cleaned("word " * 100)

    assert len(title) <= LONGEST
    assert title.endswith("word…")


def test_only_the_beginning_of_question_and_answer_is_shown() -> None:
    image = ImagePart(media_type="image/png", data="x" * 10_000)
    talk = Turn(
        id="t1",
        at="2026-11-20T10:00:00Z",
        messages=[UserMessage(content=[TextPart(text="q" * 5000), image])],
        attachments=[],
        model=None,
        state="done",
        answer=ChatResult(
            message=Answer(content="a" * 5000),
            finish="stop",
            model="a/b",
            provider=None,
            generation=None,
            usage=None,
            cost=Cost(usd=None, source="unknown"),
            timings=Timings(first_delta_ms=None, total_ms=0),
        ),
    )

    _, shown = title_messages(talk)

    assert isinstance(shown, UserMessage)
    assert isinstance(shown.content, str)
    assert shown.content == f"<question>\n{'q' * MOST_SHOWN}\n</question>\n<answer>\n{'a' * MOST_SHOWN}\n</answer>"
