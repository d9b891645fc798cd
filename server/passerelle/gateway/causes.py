"""Why a connection failed, in words for a person, from whatever exceptions lie beneath. Pure."""

import errno
import re
import ssl
from collections.abc import Iterator
from socket import gaierror

from passerelle.words.failures import Failure

_CERTIFICATES = {
    9: "is not valid yet: check this machine's clock",
    10: "has expired: check this machine's clock",
    18: "is self-signed: name it in ca_bundle if it is yours",
    62: "is for another host: check the url",
    64: "is for another address: check the url",
}
"""By OpenSSL's X509_V_ERR numbers (x509_vfy.h)."""

_UNTRUSTED = "is of an authority that is not trusted: if a company's proxy reads the traffic, name its CA in ca_bundle"

_ERRNOS = {
    errno.ECONNREFUSED: "nothing listens there (connection refused)",
    errno.ENETUNREACH: "there is no network",
    errno.EHOSTUNREACH: "there is no route to it",
    errno.ECONNRESET: "it hung up",
    errno.ETIMEDOUT: "it did not answer",
    errno.EACCES: "this machine does not allow the connection",
    errno.EPERM: "this machine does not allow the connection",
    errno.EMFILE: "too many files are open here",
}


def unreachable(host: str, proxy_host: str | None, error: BaseException) -> Failure:
    """The failure that an error while connecting is; it names the host, or the proxy where that is to blame."""
    causes = list(_beneath(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return Failure("unreachable", f"Cannot reach {host}: {_tls_cause(tls)}.")
    where = host if proxy_host is None else f"the proxy {proxy_host} on the way to {host}"
    return Failure("unreachable", f"Cannot reach {where}: {_cause(causes)}.")


def proxy_refused(host: str, proxy_host: str, answer: str) -> Failure:
    """The proxy was reached and would not go on; `answer` is its status line, or what a SOCKS proxy said."""
    hint = " Set `HTTPS_PROXY` with user and password in the environment." if answer.startswith("407") else ""
    return Failure("unreachable", f"The proxy {proxy_host} did not connect to {host}: {answer[:100]}.{hint}")


def _cause(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, gaierror):
            return "its name is not known to DNS; check the name and the network"
        if isinstance(cause, OSError) and (words := _ERRNOS.get(_errno(cause))):
            return words
    return "the connection failed"


def _errno(error: OSError) -> int:
    """Asyncio puts several addresses that failed into one error, which has their numbers in its text alone."""
    in_text = re.search(r"\[Errno (\d+)\]", str(error))
    return error.errno or (int(in_text[1]) if in_text else 0)


def _tls_cause(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate {_CERTIFICATES.get(error.verify_code, _UNTRUSTED)}"
    if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
        return "it does not speak TLS there; check the scheme and the port of the url"
    return f"TLS failed ({error.reason or 'no reason given'})"


def _beneath(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it stands on: causes, contexts, members of groups; the deepest first."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or any(one is known for known in seen):
            continue
        seen.append(one)
        waiting += [one.__context__, one.__cause__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return reversed(seen)
