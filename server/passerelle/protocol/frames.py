"""LSP's base protocol as a decoder without I/O: bytes in any cut become message bodies. Standard library only:
the front uses it before anything else is imported.
"""

import re
from typing import Literal

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
_BLANK_LINE = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)

Fault = Literal["tooLarge", "badHeader"]


class FrameDecoder:
    """Feed it bytes as they arrive; it returns the bodies they complete, or what was wrong and skipped.

    Tolerant as the contract says: any header case, optional space after the colon, other headers ignored, LF alone
    as line end. A header block without a length is skipped: the next `Content-Length` is where the stream goes on.
    """

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._max_body_bytes = max_body_bytes
        self._buffer = bytearray()
        self._body_bytes: int | None = None
        self._skip_bytes = 0

    def feed(self, data: bytes) -> list[bytes | Fault]:
        """The bodies and faults that `data` completes, in order."""
        self._buffer += data
        found: list[bytes | Fault] = []
        while (item := self._next()) is not None:
            found.append(item)
        return found

    def _next(self) -> bytes | Fault | None:
        if self._skip_bytes:
            skipped = min(self._skip_bytes, len(self._buffer))
            del self._buffer[:skipped]
            self._skip_bytes -= skipped
        if self._body_bytes is None and (fault := self._header()) is not None:
            return fault
        if self._body_bytes is None or len(self._buffer) < self._body_bytes:
            return None
        body = bytes(memoryview(self._buffer)[: self._body_bytes])
        del self._buffer[: self._body_bytes]
        self._body_bytes = None
        return body

    def _header(self) -> Fault | None:
        end = _BLANK_LINE.search(self._buffer)
        if end is None:
            return self._overlong_header()
        header = bytes(memoryview(self._buffer)[: end.end()])
        del self._buffer[: end.end()]
        if not header.strip():
            return self._header()
        length = _LENGTH.search(header)
        if length is None:
            return "badHeader"
        body_bytes = int(length[1])
        if body_bytes > self._max_body_bytes:
            self._skip_bytes = body_bytes
            return "tooLarge"
        self._body_bytes = body_bytes
        return None

    def _overlong_header(self) -> Fault | None:
        """A stream that is no LSP at all must not fill the memory."""
        if len(self._buffer) <= MAX_HEADER_BYTES:
            return None
        del self._buffer[:-64]
        return "badHeader"


def framed(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
