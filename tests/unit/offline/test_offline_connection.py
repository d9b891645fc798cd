"""Real bytes on a real socket: what may come in, in which pieces, how long it may take, and who hangs up."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from passerelle.offline.connection import Limits
from passerelle.offline.models import End
from support.offline import HEARD_S, Puppet, serving

END = End(finish="stop", prompt_tokens=1, completion_tokens=1)
BODY = b'{"model":"offline/puppet","messages":[{"role":"user","content":"Hello"}]}'
STREAMED = BODY.replace(b"}]}", b'}],"stream":true}')
GET = b"GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n"
LAST_GET = GET.replace(b"localhost\r\n", b"localhost\r\nconnection: close\r\n")


def post(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST /v1/chat/completions HTTP/1.1", b"host: 127.0.0.1", *headers]
    if not any(line.lower().startswith(b"transfer-encoding") for line in headers):
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(HEARD_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def one_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """The next answer that has a content-length: its status, headers and body."""
    start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    return int(start.split()[1]), headers, await reader.readexactly(int(headers.get("content-length", 0)))


async def all_answers(port: int, data: bytes) -> bytes:
    """All that comes back until the gateway closes the connection."""
    async with connected(port) as (reader, writer):
        writer.write(data)
        return await reader.read()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 16, 33, 1000])
async def test_a_request_does_not_depend_on_how_its_bytes_were_cut(size: int) -> None:
    data = post(BODY, b"connection: close")
    puppet = Puppet("Hello", END)
    async with serving(puppet) as served, connected(served.port) as (reader, writer):
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
        status, _, body = await one_answer(reader)

    assert status == 200
    assert b'"content":"Hello"' in body
    assert [message.text for message in puppet.asked[0].messages] == ["Hello"]


async def test_a_chunked_body_is_read() -> None:
    data = post(chunked(BODY, 7), b"transfer-encoding: chunked", b"connection: close")

    async with serving(Puppet("Hello", END)) as served:
        assert (await all_answers(served.port, data)).startswith(b"HTTP/1.1 200 OK\r\n")


async def test_a_client_that_waits_to_send_its_body_is_told_to_go_on() -> None:
    async with serving(Puppet("Hello", END)) as served, connected(served.port) as (reader, writer):
        head, end, body = post(BODY, b"expect: 100-continue").partition(b"\r\n\r\n")
        writer.write(head + end)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(body)
        status, _, _ = await one_answer(reader)

    assert status == 200


async def test_head_is_a_get_without_the_body() -> None:
    async with serving(Puppet()) as served:
        whole = await all_answers(served.port, LAST_GET)
        alone = await all_answers(served.port, LAST_GET.replace(b"GET", b"HEAD"))

    head, end, body = whole.partition(b"\r\n\r\n")
    date = re.compile(rb"date: [^\r]+")
    assert body != b""
    assert date.sub(b"", alone) == date.sub(b"", head + end)


async def test_a_connection_serves_request_after_request() -> None:
    async with serving(Puppet("Hello", END)) as served, connected(served.port) as (reader, writer):
        for _ in range(3):
            writer.write(GET)
            assert (await one_answer(reader))[0] == 200
            writer.write(post(BODY))
            assert (await one_answer(reader))[0] == 200


async def test_requests_sent_at_once_are_answered_in_order() -> None:
    puppet = Puppet("Hello", END)
    async with serving(puppet) as served:
        answers = await all_answers(served.port, post(BODY) + GET + post(BODY) + LAST_GET)

    bodies = [answer.rpartition(b"\r\n\r\n")[2][:18] for answer in answers.split(b"HTTP/1.1 200 OK")[1:]]
    assert [body.startswith(b'{"object":"list"') for body in bodies] == [False, True, False, True]
    assert len(puppet.asked) == 2


async def test_fifty_clients_are_served_at_once() -> None:
    go = asyncio.Event()
    puppet = Puppet(go, "Hello", END)
    async with serving(puppet) as served:
        data = post(STREAMED, b"connection: close")
        clients = [asyncio.create_task(all_answers(served.port, data)) for _ in range(50)]
        async with asyncio.timeout(HEARD_S):
            while len(puppet.asked) < len(clients):
                await puppet.began.wait()
                puppet.began.clear()
        go.set()
        answers = await asyncio.gather(*clients)

    assert all(answer.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n") for answer in answers)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"rubbish\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /v1/models HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/models HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"GET /v1/models HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n", 400),
        (post(b"x", b"content-length: 2"), 400),
        (post(b"zz\r\n", b"transfer-encoding: chunked"), 400),
        (post(b"", b"transfer-encoding: gzip"), 501),
        (GET.replace(b"localhost", b"localhost\r\nx: " + b"x" * 200_000), 431),
    ],
)
async def test_what_is_no_valid_request_is_refused_in_the_envelope(data: bytes, status: int) -> None:
    async with serving(Puppet()) as served, connected(served.port) as (reader, writer):
        writer.write(data)
        got, headers, body = await one_answer(reader)

    assert got == status
    assert headers["connection"] == "close"
    assert b'"type":"invalid_request_error"' in body


@pytest.mark.parametrize(
    "data",
    [
        post(b"x" * 200, b"connection: close"),
        post(b"", b"expect: 100-continue").replace(b"content-length: 0", b"content-length: 101"),
        post(chunked(b"x" * 101, 10), b"transfer-encoding: chunked"),
    ],
)
async def test_a_body_over_the_limit_is_refused_before_it_is_read(data: bytes) -> None:
    async with serving(Puppet(), limits=Limits(body_bytes=100)) as served, connected(served.port) as (reader, writer):
        writer.write(data)
        status, headers, _ = await one_answer(reader)

    assert (status, headers["connection"]) == (413, "close")


async def test_a_refusal_reaches_a_client_that_is_still_sending() -> None:
    async with serving(Puppet(), limits=Limits(body_bytes=100)) as served, connected(served.port) as (reader, writer):
        writer.write(post(b"x" * (1 << 20)))
        await writer.drain()
        status, _, _ = await one_answer(reader)

    assert status == 413


async def test_a_request_that_drips_is_refused() -> None:
    async with serving(Puppet(), limits=Limits(request_s=0.05)) as served, connected(served.port) as (reader, writer):
        writer.write(post(BODY)[:-1])
        status, _, body = await one_answer(reader)

    assert status == 408
    assert b'"type":"timeout_error"' in body


async def test_a_connection_that_nobody_uses_is_closed() -> None:
    async with serving(Puppet(), limits=Limits(idle_s=0.05)) as served, connected(served.port) as (reader, _):
        assert await reader.read() == b""


@pytest.mark.parametrize("said", [[], ["Hello"]])
@pytest.mark.parametrize("body", [BODY, STREAMED])
async def test_a_client_that_hangs_up_ends_the_answer(said: list[str], body: bytes) -> None:
    puppet = Puppet(*said, asyncio.Event(), END)
    async with serving(puppet) as served:
        async with connected(served.port) as (reader, writer):
            writer.write(post(body))
            await puppet.began.wait()
            if said and body is STREAMED:
                await reader.readuntil(b"Hello")
        async with asyncio.timeout(HEARD_S):
            await puppet.ended.wait()


async def test_a_client_that_reads_nothing_more_ends_the_answer() -> None:
    puppet = Puppet(*["x" * 1_000_000] * 50, END)
    async with serving(puppet, limits=Limits(write_s=0.05)) as served, connected(served.port) as (_, writer):
        writer.write(post(STREAMED))
        await puppet.ended.wait()


async def test_a_client_that_half_closes_has_hung_up() -> None:
    puppet = Puppet(asyncio.Event(), END)
    async with serving(puppet) as served, connected(served.port) as (reader, writer):
        writer.write(post(BODY))
        await puppet.began.wait()
        writer.write_eof()
        assert await reader.read() == b""
        await puppet.ended.wait()
