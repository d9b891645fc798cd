"""Whether something is found in a conversation, and what is shown of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.conversations.search import excerpt, is_found, words_of

LONG = f"{'before ' * 20}PARSER{' after' * 40}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("parser", True),
        ("PARSER", True),
        ("parser ends", True),
        ("ends parser", True),
        ("titled", True),
        ("titled parser", True),
        ("parser begins", False),
        ("STRASSE", True),
        ("", True),
    ],
)
def test_all_words_must_be_there_in_any_case(query: str, expected: bool) -> None:
    assert is_found(words_of(query), "Titled so", "How the Parser ends in this Straße") is expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("ends", "How it\nends.", "How it ends."),
        ("nothing", "How it ends.", None),
        ("parser", LONG, f"… {LONG[100:220].strip()} …"),
        ("here", "ß" * 100 + "here", f"… {'ß' * 40}here"),
    ],
)
def test_an_excerpt_shows_the_place(query: str, text: str, expected: str | None) -> None:
    assert excerpt(words_of(query), text) == expected


@settings(deadline=None)
@given(st.text(max_size=300), st.text(alphabet="ßabİŉ", min_size=1, max_size=3), st.text(max_size=300))
def test_what_is_found_is_in_the_excerpt(before: str, word: str, after: str) -> None:
    shown = excerpt([word.casefold()], f"{before}{word}{after}")

    assert shown is not None
    assert word.casefold() in shown.casefold()
