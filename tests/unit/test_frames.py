"""The base protocol, cut everywhere."""

import pytest

from passerelle.protocol.frames import Fault, FrameDecoder, framed

BODY = '{"a":"é\u2028😀"}'.encode()
WIRE = (
    framed(BODY)
    + b"content-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}"
    + b"X-Other: 1\r\nCONTENT-LENGTH :  3 \r\n\r\n[1]"
    + b"Content-Length: 4\n\nnull"
    + b"Content-Length: 0\r\n\r\n"
    + framed(b"last")
)
FRAMES = [BODY, b"{}", b"[1]", b"null", b"", b"last"]


@pytest.mark.parametrize("size", range(1, len(WIRE) + 1))
def test_frames_do_not_depend_on_how_the_bytes_were_cut(size: int) -> None:
    decoder = FrameDecoder()

    frames = [frame for i in range(0, len(WIRE), size) for frame in decoder.feed(WIRE[i : i + size])]

    assert frames == FRAMES


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"Content-Length: 100\r\n\r\n" + b"x" * 100 + framed(b"ok"), ["tooLarge", b"ok"]),
        (b"Content-Length: 999999999999999\r\n\r\n" + b"x" * 5000, ["tooLarge"]),
        (b"Nonsense: 1\r\n\r\n" + framed(b"ok"), ["badHeader", b"ok"]),
        (b"Content-Length: abc\r\n\r\n{}" + framed(b"ok"), ["badHeader", b"ok"]),
        (b"Content-Length: -5\r\n\r\n" + framed(b"ok"), ["badHeader", b"ok"]),
        (b"\r\n\r\n" + framed(b"ok"), [b"ok"]),
        (b"\n" + framed(b"ok"), [b"ok"]),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_what_cannot_be_read_is_skipped_and_the_stream_goes_on(
    wire: bytes, expected: list[bytes | Fault], size: int
) -> None:
    decoder = FrameDecoder(max_body_bytes=64)

    frames = [frame for i in range(0, len(wire), size) for frame in decoder.feed(wire[i : i + size])]

    assert frames == expected


def test_a_skipped_body_is_not_kept_in_memory() -> None:
    decoder = FrameDecoder(max_body_bytes=64)
    decoder.feed(b"Content-Length: 100000000\r\n\r\n")

    for _ in range(50):
        decoder.feed(b"x" * 1_000_000)

    assert len(decoder._buffer) == 0


@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
def test_a_stream_that_is_no_lsp_fills_no_memory(size: int) -> None:
    decoder = FrameDecoder()
    wire = b"\x00" * 200_000 + b"\r\n\r\n" + framed(b"ok")

    frames = [frame for i in range(0, len(wire), size) for frame in decoder.feed(wire[i : i + size])]

    assert frames[-1] == b"ok"
    assert set(frames[:-1]) == {"badHeader"}
