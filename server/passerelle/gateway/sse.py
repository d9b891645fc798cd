"""Server-sent events from bytes, after the HTML standard. It neither reads a socket nor knows what the data means."""

from passerelle.words.failures import Failure

MAX_EVENT_BYTES = 64 << 20
_BOM = b"\xef\xbb\xbf"


class SSEDecoder:
    """Feed it chunks as they arrive, cut anywhere; it returns the data of the events that they complete.

    Lines end at CR, LF or CRLF only. `str.splitlines`, and so `httpx.aiter_lines`, also splits at U+2028, which a
    model may write inside JSON. Comments and the fields `event`, `id` and `retry` are passed over: gateways say
    all in the data.
    """

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_bytes = max_event_bytes
        self._line: list[bytes] = []  # Pieces of a line whose end has not come; joined once, so that it stays linear.
        self._line_bytes = 0
        self._data: list[bytes] = []  # Data lines of an event whose end has not come.
        self._data_bytes = 0
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of each event that ends in this chunk.

        Raises Failure `streamBroken` when one event grows past the bound.
        """
        if self._after_cr or b"\r" in chunk:
            chunk = self._unify_line_ends(chunk)
        end = chunk.rfind(b"\n")
        if end < 0:
            self._line.append(chunk)
            self._line_bytes += len(chunk)
            self._check_size()
            return []
        self._line.append(chunk[:end])
        lines = b"".join(self._line).split(b"\n")
        rest = chunk[end + 1 :]
        self._line = [rest]
        self._line_bytes = len(rest)
        return self._take(lines)

    def close(self) -> list[bytes]:
        """The last event, if the stream ended without the blank line that should follow it."""
        return self._take([b"".join(self._line), b""])

    def _take(self, lines: list[bytes]) -> list[bytes]:
        if self._at_start:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        events: list[bytes] = []
        for line in lines:
            if line.startswith(b"data:"):
                data = line[6:] if line.startswith(b"data: ") else line[5:]
                self._data.append(data)
                self._data_bytes += len(data)
            elif not line and self._data:
                events.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
                self._data.clear()
                self._data_bytes = 0
            elif line == b"data":
                self._data.append(b"")
        self._check_size()
        return events

    def _check_size(self) -> None:
        if self._line_bytes + self._data_bytes > self._max_bytes:
            raise Failure("streamBroken", "The gateway sent one event that is too large to be an answer; try again.")

    def _unify_line_ends(self, chunk: bytes) -> bytes:
        """CR and CRLF as LF. A CR at the end of a chunk counts at once; an LF that follows it then does not."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
