import time

import pytest

from passerelle.gateway.sse import SSEDecoder
from passerelle.words.failures import Failure

NASTY = (
    b"\xef\xbb\xbf: a comment\n\n"
    b"event: delta\nid: 7\nretry: 100\ndata: " + '{"t":"a\u2028b\u0085c"}'.encode() + b"\n\n"
    b"data:one\r\ndata: two\r\n\r\n"
    b"\n\r\n\r"
    b"data:  three\r\r"
    b": keep-alive\r\n\r\n"
    b"data: four\ndata\ndata: \xf0\x9f\x99\x82\n\n"
    b"data\n\n"
    b"nonsense without a colon\ndatax: no\ndata: five\r\n\n"
    b"data: [DONE]\n\n"
)
EVENTS = [
    '{"t":"a\u2028b\u0085c"}'.encode(),
    b"one\ntwo",
    b" three",
    b"four\n\n\xf0\x9f\x99\x82",
    b"",
    b"five",
    b"[DONE]",
]


def decode(wire: bytes, size: int, decoder: SSEDecoder | None = None) -> list[bytes]:
    decoder = decoder or SSEDecoder()
    events = [event for start in range(0, len(wire), size) for event in decoder.feed(wire[start : start + size])]
    return events + decoder.close()


@pytest.mark.parametrize("size", range(1, len(NASTY) + 1))
def test_events_do_not_depend_on_how_the_bytes_were_cut(size: int) -> None:
    assert decode(NASTY, size) == EVENTS


@pytest.mark.parametrize("at", range(len(NASTY)))
def test_empty_reads_change_nothing(at: int) -> None:
    decoder = SSEDecoder()
    events = decoder.feed(NASTY[:at]) + decoder.feed(b"") + decoder.feed(NASTY[at:])
    assert events == EVENTS


@pytest.mark.parametrize(
    ("wire", "last"),
    [(b"data: [DONE]", [b"[DONE]"]), (b"data: x\n", [b"x"]), (b"data: x\n\n", []), (b"", []), (b": bye", [])],
)
def test_a_last_event_needs_no_blank_line(wire: bytes, last: list[bytes]) -> None:
    decoder = SSEDecoder()
    decoder.feed(wire)
    assert decoder.close() == last


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\r\r"])
def test_an_event_is_known_as_soon_as_its_blank_line_is(end: bytes) -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: x" + end) == [b"x"]
    assert decoder.feed(b"data: y" + end) == [b"y"]


def seconds_to_decode(line_bytes: int) -> float:
    wire = b"data: " + b"x" * line_bytes + b"\n\n"
    start = time.process_time()
    events = decode(wire, 1024)
    took = time.process_time() - start
    assert [len(event) for event in events] == [line_bytes]
    return took


def test_a_long_line_in_small_pieces_takes_linear_time() -> None:
    small = min(seconds_to_decode(1 << 20) for _ in range(3))
    large = min(seconds_to_decode(5 << 20) for _ in range(3))
    # Five times as long; quadratic would be twenty-five times.
    assert large < 12 * small + 0.005


def test_many_lines_of_one_event_in_small_pieces_take_linear_time() -> None:
    wire = b"data: x\n" * 200_000 + b"\n"
    start = time.process_time()
    (event,) = decode(wire, 1024)
    assert time.process_time() - start < 2
    assert event.count(b"x") == 200_000


@pytest.mark.parametrize("line", [b"data: " + b"x" * 100, b"data: x\n" * 20, b": " + b"x" * 100])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_event_without_end_is_refused(line: bytes, size: int) -> None:
    with pytest.raises(Failure, match="too large") as refused:
        decode(line, size, SSEDecoder(max_event_bytes=16))
    assert refused.value.kind == "streamBroken"


def test_the_bound_is_for_each_event_and_not_for_the_stream() -> None:
    decoder = SSEDecoder(max_event_bytes=16)
    assert [len(decoder.feed(b"data: 12345678\n\n")) for _ in range(100)] == [1] * 100
