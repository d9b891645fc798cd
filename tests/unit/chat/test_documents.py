"""Open documents against a plain model: one string, edited by code points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.chat.documents import Document
from passerelle.protocol.lsp import ContentChange, Position, Range
from passerelle.words.text import ENCODINGS, Encoding, column_of, split_lines

PIECES = st.lists(st.sampled_from(["a", "é", "😀", "\u2028", "\n", "\r", "\r\n", " "]), max_size=12).map("".join)


def document(text: str) -> Document:
    return Document("x", text)


def place(text: str, offset: int, encoding: Encoding) -> Position:
    """The position of a code-point offset; an offset between CR and LF is where the line ends."""
    if text[:offset].endswith("\r") and text[offset:].startswith("\n"):
        offset -= 1
    lines = split_lines(text[:offset])
    return Position(line=len(lines) - 1, character=column_of(lines[-1], len(lines[-1]), encoding))


@given(
    text=PIECES, insert=PIECES, ends=st.tuples(st.integers(0, 12), st.integers(0, 12)), which=st.sampled_from(ENCODINGS)
)
def test_a_change_is_what_it_would_be_in_one_string(
    text: str, insert: str, ends: tuple[int, int], which: Encoding
) -> None:
    start, end = sorted(min(offset, len(text)) for offset in ends)
    start, end = (at - 1 if text[:at].endswith("\r") and text[at:].startswith("\n") else at for at in (start, end))
    changed = document(text)
    span = Range(start=place(text, start, which), end=place(text, end, which))

    inside = changed.text_in(span, which)
    changed.apply(ContentChange(text=insert, range=span), which)

    assert inside == text[start:end]
    assert changed.text() == text[:start] + insert + text[end:]
    assert changed._lines == split_lines(changed.text())


@pytest.mark.parametrize(
    ("line", "character", "expected"),
    [(0, 99, "abX\ncd"), (9, 0, "ab\ncdX"), (9, 9, "ab\ncdX"), (1, 1, "ab\ncXd")],
)
def test_a_position_past_the_end_means_the_end(line: int, character: int, expected: str) -> None:
    changed = document("ab\ncd")
    here = Position(line=line, character=character)

    changed.apply(ContentChange(text="X", range=Range(start=here, end=here)), "utf-16")

    assert changed.text() == expected


def test_a_column_inside_a_surrogate_pair_is_before_it() -> None:
    changed = document("😀")
    here = Position(line=0, character=1)

    changed.apply(ContentChange(text="X", range=Range(start=here, end=here)), "utf-16")

    assert changed.text() == "X😀"


def test_without_a_range_the_text_is_the_whole() -> None:
    changed = document("old")

    changed.apply(ContentChange(text="new\n"), "utf-16")

    assert changed.text() == "new\n"
