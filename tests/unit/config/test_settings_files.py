"""Files read and written whole, on a real disk."""

import os
import stat
from pathlib import Path

import pytest

from passerelle.config.files import MOST_BYTES, Unreadable, read_text, write_atomically
from passerelle.words.failures import Failure


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"a = 1\r\n", "a = 1\r\n"), (b"\xef\xbb\xbfa = 1", "a = 1"), ("ü = '𝄞'".encode(), "ü = '𝄞'")],
)
def test_a_text_is_read_as_it_is_without_a_byte_order_mark(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)

    assert read_text(path) == text


def test_no_file_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")

    assert read_text(tmp_path / "x.toml") is None
    assert read_text(tmp_path / "folder" / "x.toml") is None
    assert read_text(tmp_path / "file" / "x.toml") is None
    assert read_text(tmp_path / "link") is None


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"a = 1\nb = '\xff'", "This file is not UTF-8.", 2),
        (b"#" * MOST_BYTES, None, 0),
        (b"#" * (MOST_BYTES + 1), "This file is larger than 1 MiB.", 1),
    ],
)
def test_a_text_that_cannot_be_settings_is_refused(tmp_path: Path, data: bytes, message: str | None, line: int) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)

    if message is None:
        assert read_text(path) == data.decode()
        return
    with pytest.raises(Unreadable) as refused:
        read_text(path)

    assert (refused.value.message, refused.value.line) == (message, line)


@pytest.mark.skipif(os.name == "nt", reason="made of POSIX's special files")
@pytest.mark.parametrize("kind", ["pipe", "endless", "folder", "loop"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.toml"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "endless":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)

    with pytest.raises(Unreadable):
        read_text(path)


def test_a_new_file_is_private_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.toml"

    write_atomically(path, "a = 'ü'\r\n")

    assert path.read_bytes() == "a = 'ü'\r\n".encode()
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="POSIX's modes")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o660])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "x.toml"
    path.touch()
    path.chmod(mode)

    write_atomically(path, "a = 1")

    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_text("utf-8") == "a = 1"


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "x.toml"
    link.symlink_to(Path("real", "y.toml"))

    write_atomically(link, "a = 1")
    write_atomically(link, "a = 2")

    assert link.is_symlink()
    assert (tmp_path / "real" / "y.toml").read_text("utf-8") == "a = 2"


def test_a_failed_write_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.mkdir()  # A folder cannot be replaced by a file.

    with pytest.raises(Failure) as refused:
        write_atomically(path, "a = 1")

    assert refused.value.kind == "misconfigured"
    assert refused.value.message.startswith(f"{path} cannot be written: ")
    assert list(tmp_path.iterdir()) == [path]
