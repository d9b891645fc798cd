"""The road to a gateway, tried step by step on sockets of our own: name, connection, proxy, TLS, the list of models.

It carries no key. What is trusted and which way it goes is decided by the functions that serve real requests.
"""

import os
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, unquote, urlsplit

from passerelle import __version__
from passerelle.cli.certificates import read_certificate
from passerelle.cli.probes import Check, check_listing
from passerelle.gateway.causes import proxy_refused, unreachable
from passerelle.gateway.proxies import proxy_of
from passerelle.gateway.target import Target, endpoint, host_of
from passerelle.gateway.trust import trust_context
from passerelle.words.failures import Failure

LIMIT_S = 10.0
_REFUSED_BY_PROXY = "Tunnel connection failed: "
"""How http.client begins what a proxy answered."""


def try_road(target: Target) -> Iterator[Check]:
    """A check for each step, as it is taken; the first that is bad is the last."""
    proxy = proxy_of(target.url, target.proxy, os.environ)
    proxy_host = host_of(proxy) if proxy else None
    try:
        with ExitStack() as sockets:
            yield from _steps(target, urlsplit(proxy) if proxy else None, sockets)
    except Failure as failure:
        yield Check("bad", failure.message)
    except (OSError, HTTPException) as error:
        host, text = host_of(target.url), str(error)
        if proxy_host and text.startswith(_REFUSED_BY_PROXY):
            yield Check("bad", proxy_refused(host, proxy_host, text.removeprefix(_REFUSED_BY_PROXY)).message)
        else:
            yield Check("bad", unreachable(host, proxy_host, error).message)


def _steps(target: Target, proxy: SplitResult | None, sockets: ExitStack) -> Iterator[Check]:
    url = urlsplit(target.url)
    host, port, is_secure = url.hostname or "", url.port or _usual_port(url), url.scheme == "https"
    if proxy is not None:
        yield Check("note", f"The way leads through the proxy {proxy.hostname}:{proxy.port or _usual_port(proxy)}")
        if proxy.scheme != "http":
            yield Check("note", f"A proxy of the kind {proxy.scheme} is not tried here: `passerelle doctor --ask` is")
            return
    first = proxy or url
    address = _look_up(first)
    yield Check("good", f"DNS: {first.hostname} is {address}")
    connection = sockets.enter_context(closing(_connect(host, port, proxy, is_secure=is_secure)))
    yield Check("good", f"Connected to {host}:{port}" + (" by the proxy" if proxy else ""))
    if is_secure:
        context = trust_context(os.environ, target.ca_bundle)
        try:
            connection.sock = tls = context.wrap_socket(connection.sock, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            seen = _see_certificate(host, port, proxy)
            yield Check("bad", unreachable(host, None, error).message, f"It is {seen}. OpenSSL: {error.verify_message}")
            return
        yield Check("good", f"{tls.version()}, and its certificate is trusted")
    yield _list_models(connection, target, is_proxied=proxy is not None and not is_secure)


def _usual_port(url: SplitResult) -> int:
    return 443 if url.scheme == "https" else 80


def _look_up(url: SplitResult) -> str:
    found = socket.getaddrinfo(url.hostname, url.port or _usual_port(url), type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def _connect(host: str, port: int, proxy: SplitResult | None, *, is_secure: bool) -> HTTPConnection:
    if proxy is None:
        connection = HTTPConnection(host, port, timeout=LIMIT_S)
    else:
        connection = HTTPConnection(proxy.hostname or "", proxy.port or _usual_port(proxy), timeout=LIMIT_S)
        if is_secure:
            connection.set_tunnel(host, port, _proxy_headers(proxy))
    connection.connect()
    return connection


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _see_certificate(host: str, port: int, proxy: SplitResult | None) -> str:
    """Whose the certificate is that was refused: asked once more, believing nothing and sending nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        closing(_connect(host, port, proxy, is_secure=True)) as connection,
        context.wrap_socket(connection.sock, server_hostname=host) as tls,
    ):
        certificate = read_certificate(tls.getpeercert(binary_form=True) or b"")
    return str(certificate or "a certificate that cannot be read")


def _list_models(connection: HTTPConnection, target: Target, *, is_proxied: bool) -> Check:
    url = urlsplit(endpoint(target, "models"))
    url = url._replace(netloc=url.netloc.rpartition("@")[2])
    path = url.geturl() if is_proxied else url._replace(scheme="", netloc="").geturl()
    connection.request("GET", path, headers={"Host": url.netloc, "User-Agent": f"passerelle/{__version__}"})
    return check_listing(connection.getresponse().status, f"{url.hostname}{url.path}")
