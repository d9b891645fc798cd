"""What may be written to a terminal."""

import io

import pytest

from passerelle.cli.output import clean, fit


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\nc é 漢 👩‍💻", "a\tb\nc é 漢 👩‍💻"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07", "]0;title"),
        ("a\rb\x08c\x7f\x9b2Jd", "abc2Jd"),
        ("user\u202egnp.exe\u2066", "usergnp.exe"),
    ],
)
def test_nothing_is_left_that_a_terminal_obeys(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "✓ ≈ $1 · é"), ("cp1252", "+ ~ $1 - é"), ("ascii", "+ ~ $1 - é")],
)
def test_typography_that_an_encoding_lacks_becomes_plain(encoding: str, text: str) -> None:
    assert fit("✓ ≈ $1 · é", io.TextIOWrapper(io.BytesIO(), encoding=encoding)) == text
