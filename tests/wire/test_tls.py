import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from passerelle.gateway.http import Call, Http
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from support.shapes import STREAM_HEAD, chunked

pytest.importorskip("cryptography", reason="certificates are made with it")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

YEAR = timedelta(days=365)
HOST = "llm.example.invalid"


def certificate(folder: Path, address: str = "127.0.0.1", *, ends: timedelta = YEAR) -> Path:
    """A certificate that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made up")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - 2 * YEAR)
        .not_valid_after(datetime.now(UTC) + ends)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address)), x509.DNSName(HOST)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder.mkdir(exist_ok=True)
    file = folder / "made-up.pem"
    file.write_bytes(made.public_bytes(pem) + plain)
    return file


class Server:
    """Answers one request on each connection with two chunks, and waits for the end."""

    def __init__(self) -> None:
        self.hung_up: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"{}")
            writer.write(STREAM_HEAD + chunked(b"one") + chunked(b"x" * 300_000))
            await reader.read()
        self.hung_up.set_result(asyncio.get_running_loop().time())
        writer.close()


@asynccontextmanager
async def serving(file: Path) -> AsyncIterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = Server()
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0, ssl=context) as listening:
        server.url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        yield server


@asynccontextmanager
async def proxying(to: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A proxy that connects to one server whatever it is asked for, and the heads that it was sent."""
    heads: list[bytes] = []
    port = urlsplit(to).port

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as listening:
        yield f"http://me:it%27s@127.0.0.1:{listening.sockets[0].getsockname()[1]}", heads


def call(url: str, ca_bundle: Path | None, proxy: str | None = None) -> Call:
    target = Target(name="work", url=url, ca_bundle=None if ca_bundle is None else str(ca_bundle), proxy=proxy)
    return Call(target=target, path="chat/completions", headers={}, body=b"{}")


async def test_a_gateway_with_a_certificate_of_its_own_is_trusted_by_its_bundle(http: Http, tmp_path: Path) -> None:
    file = certificate(tmp_path)
    async with serving(file) as server:
        async with http.stream(call(server.url, file)) as reply:
            assert len(await reply.read_at_most(300_003)) == 300_003
            left_at = asyncio.get_running_loop().time()
        async with asyncio.timeout(5):
            assert await server.hung_up - left_at < 0.05


async def test_a_certificate_that_does_not_hold_is_told(http: Http, tmp_path: Path) -> None:
    for address, ends, is_trusted, words in (
        ("127.0.0.1", YEAR, False, "is self-signed"),
        ("127.0.0.9", YEAR, True, "is for another address"),
        ("127.0.0.1", -YEAR, True, "has expired"),
    ):
        file = certificate(tmp_path / words.replace(" ", "-"), address, ends=ends)
        async with serving(file) as server:
            asked = call(server.url, file if is_trusted else None)
            with pytest.raises(Failure, match=words) as failed:
                await http.get(asked, max_bytes=1)
        assert failed.value.kind == "unreachable"


async def test_a_proxy_carries_what_it_cannot_read(http: Http, tmp_path: Path) -> None:
    file = certificate(tmp_path)
    async with serving(file) as server, proxying(server.url) as (proxy, heads):
        async with http.stream(call(f"https://{HOST}/v1", file, proxy)) as reply:
            assert await reply.read_at_most(3) == b"one"
        async with asyncio.timeout(5):
            await server.hung_up
    assert heads[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n".encode())
    assert b"Basic " + b64encode(b"me:it's") in heads[0]


async def test_variables_of_the_environment_name_certificates_too(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        http = Http(environ={name: str(file)})
        async with serving(file) as server, http.stream(call(server.url, None)) as reply:
            assert await reply.read_at_most(3) == b"one"
        await http.aclose()
