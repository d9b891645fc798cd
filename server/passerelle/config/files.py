"""Settings files on disk: read whole or not at all, written whole or not at all. Every function may wait for the
disk; call them in a thread.
"""

import os
import stat
from pathlib import Path

from passerelle.words.failures import Failure

MOST_BYTES = 1 << 20
_PRIVATE = 0o600


class Unreadable(Exception):
    """A file is there and its text is not to be had; the message is a sentence."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def read_text(path: Path) -> str | None:
    """The text, without a byte order mark; None where there is no file. Raises Unreadable."""
    try:
        data = _read(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # Of `open`: a path with a NUL names no file.
        return None
    except OSError as error:
        raise Unreadable(f"This file cannot be read: {error.strerror}.") from None
    if len(data) > MOST_BYTES:
        raise Unreadable("This file is larger than 1 MiB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("This file is not UTF-8.", data.count(b"\n", 0, error.start) + 1) from None


def real_path(path: Path) -> Path:
    """Where links lead; the path itself where that cannot be said."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path


def write_atomically(path: Path, text: str) -> None:
    """Put `text` in the place of the file, or of the file that a link there leads to; at no moment is it half there.

    The file's mode stays; a new one is its owner's only. Folders are made. Raises Failure `misconfigured`.
    """
    try:
        _replace(real_path(path), text.encode())
    except OSError as error:
        raise Failure("misconfigured", f"{path} cannot be written: {error.strerror}.") from None


def _read(path: Path) -> bytes:
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable("This is not a file.")
        return file.read(MOST_BYTES + 1)


def _open_at_once(path: str, flags: int) -> int:
    """Whoever puts a named pipe there does not make us wait for its other end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _replace(target: Path, data: bytes) -> None:
    from tempfile import NamedTemporaryFile  # noqa: PLC0415 - Only where something is written.

    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder: only within one file system is a rename atomic.
    with NamedTemporaryFile(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent, delete=False) as file:
        half = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows renames no open file.
            half.chmod(_mode(target))
            half.replace(target)
        except BaseException:
            file.close()
            half.unlink(missing_ok=True)
            raise


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return _PRIVATE
