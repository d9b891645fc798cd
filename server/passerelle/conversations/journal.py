"""One file for each conversation: read tolerantly, only ever appended to. Blocks: not for the event loop.

Several daemons may append to the same file: each batch of lines is one write at its end. A line that was torn, by a
crash or a full disk, is left as it is, and the next writer begins a new one.
"""

import errno
import logging
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from passerelle.conversations import records
from passerelle.conversations.history import History
from passerelle.conversations.records import AnyRecord

log = logging.getLogger(__name__)
Write = Callable[[int, bytes], int]

LONGEST_LINE_BYTES = 256 * 1024 * 1024
"""A question with its images comes in one message of at most 64 MiB, and may be written twice."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME = re.compile(r"c([0-9a-f]{1,16})-([a-z0-9_-]{1,64})\.jsonl")
# Links are not followed, and a pipe in the place of a file does not hold up who opens it; Windows has neither.
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_id(text: str) -> bool:
    """Whether a conversation may be called so."""
    return _ID.fullmatch(text) is not None


def file_name(id_: str) -> str:
    """Where capitals are says the number in front: some file systems take `a` and `A` for the same."""
    capitals = sum(1 << at for at, letter in enumerate(id_) if letter.isupper())
    return f"c{capitals:x}-{id_.lower()}.jsonl"


def id_of(name: str) -> str | None:
    """The conversation of a file; None for a file that is no journal."""
    if (match := _NAME.fullmatch(name)) is None:
        return None
    capitals = int(match[1], 16)
    id_ = "".join(letter.upper() if capitals >> at & 1 else letter for at, letter in enumerate(match[2]))
    return id_ if file_name(id_) == name else None


def read(path: Path) -> History | None:
    """What a journal tells; None where there is none that can be read, which is logged."""
    try:
        with os.fdopen(_opened(path, os.O_RDONLY), "rb") as file:
            return History(records.read(_lines(file.readline)))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        log.warning("conversation not read path=%s error=%s", path, error.strerror)
        return None


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """The lines, without those that are absurdly long."""
    is_whole = True
    while line := readline(LONGEST_LINE_BYTES):
        ends = line.endswith(b"\n")
        if is_whole and (ends or len(line) < LONGEST_LINE_BYTES):
            yield line
        is_whole = ends


class Journal:
    """Appends to one file, which is made with the first record. What could not be written is written with the next.

    Only the thread that writes calls it. `write` is `os.write`, or what a test has in its place.
    """

    def __init__(self, path: Path, *, exists: bool, write: Write = os.write) -> None:
        self._path = path
        self._exists = exists
        self._write = write
        self._unwritten: list[bytes] = []
        self._torn_bytes = 0  # Of the first unwritten line, at the end of the file,
        self._size_bytes = 0  # which was so long then.
        self._is_deleted = False

    def append(self, news: Sequence[AnyRecord]) -> str | None:
        """Write them, after all that is unwritten; None, or the reason why something is unwritten still."""
        if self._is_deleted:
            return None
        self._unwritten += records.lines(news)
        try:
            if self._unwritten:
                self._write_out()
        except OSError as error:
            return _reason(error)
        return None

    def sync(self) -> None:
        """Have the disk keep what was written, also when the machine goes down. Raises OSError."""
        if self._exists and not self._is_deleted:
            file = _opened(self._path, os.O_RDWR)
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def delete(self) -> None:
        """Delete the file; whatever comes to be written later is not. Raises OSError, and nothing has changed then."""
        with suppress(FileNotFoundError, NotADirectoryError):
            self._path.unlink()
        self._is_deleted = True
        self._unwritten.clear()

    def _write_out(self) -> None:
        file = self._opened()
        try:
            while self._unwritten:
                size = os.fstat(file).st_size
                if size != self._size_bytes:
                    self._torn_bytes = 0  # Another daemon wrote after it: that line is lost, and written anew.
                lead = b"\n" if not self._torn_bytes and _ends_torn(file, size) else b""
                data = b"".join(self._unwritten)[self._torn_bytes :]
                written = self._write(file, lead + data)
                if not written:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                self._note_written(written - len(lead), size + written)
        finally:
            os.close(file)

    def _opened(self) -> int:
        if self._exists:
            return _opened(self._path, os.O_RDWR | os.O_APPEND)
        self._path.parent.parent.mkdir(parents=True, exist_ok=True)
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        file = _opened(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        if os.name != "nt":
            os.fchmod(file, 0o600)
        return file

    def _note_written(self, count: int, size: int) -> None:
        """Forget the lines that are on disk by now; one may lack its end, which the next writer puts."""
        self._exists = True
        self._size_bytes = size
        count += self._torn_bytes
        whole = 0
        while whole < len(self._unwritten) and count >= len(self._unwritten[whole]) - 1:
            count -= len(self._unwritten[whole])
            whole += 1
        del self._unwritten[:whole]
        self._torn_bytes = max(count, 0)


def _opened(path: Path, flags: int) -> int:
    """A plain file, opened; anything else in its place is an OSError."""
    file = os.open(path, flags | _FLAGS, 0o600)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is no file")
    return file


def _ends_torn(file: int, size: int) -> bool:
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


def _reason(error: OSError) -> str:
    """The end of a sentence, for a person."""
    if error.errno in _FULL:
        return "no space left on the disk that holds the state folder"
    if isinstance(error, FileNotFoundError):
        return "its file was deleted"
    return f"its file in the state folder cannot be written ({error.strerror})"
