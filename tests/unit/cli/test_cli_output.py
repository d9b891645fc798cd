"""What may be written to a terminal."""

import io
from pathlib import Path

import pytest

from passerelle.cli.ending import CommandFailed
from passerelle.cli.output import clean, fit, write_file


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


def test_charts_become_plain_where_an_encoding_lacks_them() -> None:
    assert fit("▁▂▃▄▅▆▇█ ██▌", io.TextIOWrapper(io.BytesIO(), encoding="ascii")) == "_.:-=+*# ##-"


def test_a_file_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert write_file(str(tmp_path), "a.csv", "x\r\né\n") == tmp_path / "a.csv"
    assert write_file(str(tmp_path / "b"), "a.csv", "y") == tmp_path / "b"

    assert (tmp_path / "a.csv").read_bytes() == "x\r\né\n".encode()


def test_a_file_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"b: No such file or directory\.$"):
        write_file(str(tmp_path / "a" / "b"), "c", "")
