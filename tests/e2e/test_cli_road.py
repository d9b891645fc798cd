"""The doctor's own way to a gateway, against real sockets on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.cli.network import try_road
from passerelle.gateway.target import Target

pytest.importorskip("cryptography", reason="certificates are made with it")

from support.certificates import write_certificate

NAME = "Example Ltd, made up"
HOST = "llm.example.invalid"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@asynccontextmanager
async def serving(*answers: bytes, certificate: Path | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port where each request's head is answered with the next of `answers`, and the heads that came."""
    heads: list[bytes] = []
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            for text in answers:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(text)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1], heads


async def walk(url: str, *, proxy: str | None = None, ca_bundle: Path | None = None) -> list[str]:
    """The checks, each as its line."""
    target = Target(name="work", url=url, proxy=proxy, ca_bundle=str(ca_bundle) if ca_bundle else None)
    return [str(check) for check in await asyncio.to_thread(list, try_road(target))]


async def test_a_plain_way_is_taken_step_by_step_and_without_a_key() -> None:
    async with serving(OK) as (port, heads):
        checks = await walk(f"http://127.0.0.1:{port}/v1?team=a")

    assert checks == [
        "✓ DNS: 127.0.0.1 is 127.0.0.1",
        f"✓ Connected to 127.0.0.1:{port}",
        "✓ GET 127.0.0.1/v1/models answered 200",
    ]
    assert heads[0].startswith(b"GET /v1/models?team=a HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{port}\r\n".encode() in heads[0]
    assert b"authorization" not in heads[0].lower()


@pytest.mark.parametrize(("status", "mark"), [(b"401 No", "!"), (b"404 No", "✗"), (b"503 No", "✗")])
async def test_an_answer_is_judged(status: bytes, mark: str) -> None:
    async with serving(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as (port, _):
        checks = await walk(f"http://127.0.0.1:{port}/v1")

    assert checks[-1].startswith(f"{mark} GET 127.0.0.1/v1/models answered {int(status[:3])}")


async def test_nobody_there_is_the_last_check() -> None:
    async with serving() as (port, _):
        pass

    assert (await walk(f"https://127.0.0.1:{port}/v1"))[1:] == [
        "✗ Cannot reach 127.0.0.1: nothing listens there (connection refused)."
    ]


@pytest.mark.parametrize("answer", [b"", b"hello\r\n\r\n"])
async def test_what_is_no_gateway_is_told(answer: bytes) -> None:
    async with serving(answer) as (port, _):
        checks = await walk(f"http://127.0.0.1:{port}/v1")

    assert checks[-1].startswith("✗ Cannot reach 127.0.0.1: ")


async def test_a_certificate_that_its_bundle_trusts_is_good(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    async with serving(OK, certificate=certificate) as (port, _):
        checks = await walk(f"https://127.0.0.1:{port}/v1", ca_bundle=certificate)

    assert checks[2:] == ["✓ TLSv1.3, and its certificate is trusted", "✓ GET 127.0.0.1/v1/models answered 200"]


@pytest.mark.parametrize(
    ("year", "is_trusted", "cause", "openssl"),
    [
        (2040, False, "is self-signed: name it in ca_bundle if it is yours", "self-signed certificate"),
        (2020, True, "has expired: check this machine's clock", "certificate has expired"),
    ],
)
async def test_a_certificate_that_does_not_hold_is_named(
    tmp_path: Path, year: int, is_trusted: bool, cause: str, openssl: str
) -> None:
    certificate = write_certificate(tmp_path, ends_at=datetime(year, 1, 2, tzinfo=UTC))
    async with serving(OK, certificate=certificate) as (port, heads):
        checks = await walk(f"https://127.0.0.1:{port}/v1", ca_bundle=certificate if is_trusted else None)

    assert checks[-1] == (
        f"✗ Cannot reach 127.0.0.1: its certificate {cause}.\n  → It is for {NAME}, issued by {NAME}, "
        f"expires {year}-01-02. OpenSSL: {openssl}"
    )
    assert heads == []


async def test_a_port_without_tls_is_told() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        checks = await walk(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")

    assert checks[-1] == (
        "✗ Cannot reach 127.0.0.1: it does not speak TLS there; check the scheme and the port of the url."
    )


async def test_a_proxy_is_asked_for_a_tunnel() -> None:
    async with serving(TUNNEL) as (port, heads):
        checks = await walk(f"https://{HOST}/v1", proxy=f"http://me:it%27s@127.0.0.1:{port}")

    assert checks[:3] == [
        f"! The way leads through the proxy 127.0.0.1:{port}",
        "✓ DNS: 127.0.0.1 is 127.0.0.1",
        f"✓ Connected to {HOST}:443 by the proxy",
    ]
    assert heads[0].startswith(f"CONNECT {HOST}:443 HTTP/1.".encode())
    assert b"Proxy-Authorization: Basic bWU6aXQncw==" in heads[0]


async def test_a_proxy_is_asked_for_a_page_where_there_is_no_tls() -> None:
    async with serving(OK) as (port, heads):
        checks = await walk(f"http://{HOST}/v1", proxy=f"http://127.0.0.1:{port}")

    assert checks[-1] == f"✓ GET {HOST}/v1/models answered 200"
    assert heads[0].startswith(f"GET http://{HOST}/v1/models HTTP/1.1\r\n".encode())
    assert f"\r\nHost: {HOST}\r\n".encode() in heads[0]


async def test_a_proxy_that_refuses_is_named() -> None:
    async with serving(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as (port, _):
        checks = await walk(f"https://{HOST}/v1", proxy=f"http://127.0.0.1:{port}")

    assert checks[-1].startswith(f"✗ The proxy 127.0.0.1 did not connect to {HOST}: 407 Proxy Authentication Required.")


async def test_a_proxy_of_another_kind_is_left_to_the_daemon() -> None:
    checks = await walk(f"https://{HOST}/v1", proxy="socks5://127.0.0.1:9")

    assert [check[0] for check in checks] == ["!", "!"]
    assert "passerelle doctor --ask" in checks[1]


async def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with serving(OK) as (port, _):
        checks = await walk(f"https://127.0.0.1:{port}/v1", ca_bundle=tmp_path / "none.pem")

    assert checks[-1].startswith("✗ The certificate file ")
