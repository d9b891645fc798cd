import errno
import ssl
from socket import gaierror

import pytest

from passerelle.gateway.causes import proxy_refused, unreachable


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed: for vck_secretkey")
    error.verify_code = code
    return error


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "x")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (gaierror(-2, "Name or service not known"), "not known to DNS"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "connection refused"),
        (OSError(f"Multiple exceptions: [Errno {errno.ECONNREFUSED}] ('::1', 1), [Errno 1] x"), "connection refused"),
        (OSError(errno.ENETUNREACH, "x"), "no network"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "hung up"),
        (certificate(10), "has expired"),
        (certificate(18), "self-signed"),
        (certificate(20), "ca_bundle"),
        (certificate(62), "another host"),
        (tls("WRONG_VERSION_NUMBER"), "does not speak TLS"),
        (tls("SSLV3_ALERT_HANDSHAKE_FAILURE"), "SSLV3_ALERT_HANDSHAKE_FAILURE"),
        (RuntimeError("vck_secretkey"), "the connection failed"),
    ],
)
@pytest.mark.parametrize("wrapping", ["cause", "context", "group"])
def test_the_cause_beneath_is_said_in_words(cause: Exception, words: str, wrapping: str) -> None:
    outer: Exception = OSError("All connection attempts failed")
    if wrapping == "cause":
        outer.__cause__ = cause
    elif wrapping == "context":
        outer.__context__ = cause
    else:
        outer.__cause__ = ExceptionGroup("several", [ValueError("x"), cause])

    failure = unreachable("llm.example.com", None, outer)

    assert failure.kind == "unreachable"
    assert failure.message.startswith("Cannot reach llm.example.com: ")
    assert words in failure.message
    assert "vck_" not in failure.message


def test_a_proxy_that_cannot_be_reached_is_the_one_to_blame() -> None:
    message = unreachable("llm.example.com", "proxy.example.com", ConnectionRefusedError()).message
    assert message.startswith("Cannot reach the proxy proxy.example.com on the way to llm.example.com: ")


def test_a_certificate_seen_through_a_proxy_is_the_hosts_own() -> None:
    assert "proxy.example.com" not in unreachable("llm.example.com", "proxy.example.com", certificate(20)).message


def test_a_proxy_that_wants_a_password_says_where_it_goes() -> None:
    message = proxy_refused("llm.example.com", "proxy.example.com", "407 Proxy Authentication Required").message
    assert "407" in message
    assert "password" in message


def test_errors_that_stand_on_each_other_end() -> None:
    one, other = OSError("a"), OSError("b")
    one.__context__, other.__context__ = other, one
    assert "the connection failed" in unreachable("host", None, one).message
