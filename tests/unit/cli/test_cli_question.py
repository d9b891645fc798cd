"""How prompt, piped text and files become one message."""

import pytest

from passerelle.cli.ending import CommandFailed
from passerelle.cli.question import as_text, compose, fenced, read_prompt
from passerelle.protocol.chat import ImagePart, Part, TextPart, UserMessage

FILE = TextPart(text="a.py:\n```\nx\n```")
IMAGE = ImagePart(media_type="image/png", data="aa")


@pytest.mark.parametrize(
    ("prompt", "piped", "files", "content"),
    [
        ("Hi", "", [], "Hi"),
        ("", "text", [], "text"),
        ("Hi", "text\n", [], "standard input:\n```\ntext\n```\n\nHi"),
        ("Hi", "", [FILE], f"{FILE.text}\n\nHi"),
        ("Hi", "text", [FILE], f"{FILE.text}\n\nstandard input:\n```\ntext\n```\n\nHi"),
        ("", "text", [FILE], f"{FILE.text}\n\nstandard input:\n```\ntext\n```"),
        ("Hi", "", [IMAGE], [IMAGE, TextPart(text="Hi")]),
        ("Hi", "", [FILE, IMAGE], [IMAGE, TextPart(text=f"{FILE.text}\n\nHi")]),
    ],
)
def test_the_prompt_comes_last(prompt: str, piped: str, files: list[Part], content: str | list[Part]) -> None:
    assert compose(prompt, piped, files) == UserMessage(content=content)


@pytest.mark.parametrize(
    ("text", "fence"),
    [("x", "```"), ("``", "```"), ("```py\nx\n```", "````"), ("a ````` b", "``````")],
)
def test_nothing_in_a_text_can_end_its_fence(text: str, fence: str) -> None:
    assert fenced("f", text) == f"f:\n{fence}\n{text}\n{fence}"


def test_a_byte_order_mark_is_no_text() -> None:
    assert as_text(b"\xef\xbb\xbfa\r\n", "f") == "a\r\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"ab\xff", "f is not UTF-8 text (byte 2): convert it first."),
        ("é".encode("utf-16"), "f is not UTF-8 text (byte 0): convert it first."),
        (b"\x7fELF\0\0", "f is not text: it holds binary data."),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(CommandFailed) as refused:
        as_text(data, "f")

    assert str(refused.value) == sentence


def test_a_prompt_of_bytes_that_are_no_text_is_refused() -> None:
    with pytest.raises(CommandFailed, match="not valid UTF-8"):
        read_prompt([b"a\xff".decode("utf-8", "surrogateescape")])
