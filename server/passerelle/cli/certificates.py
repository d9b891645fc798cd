"""Whose a certificate is that was not trusted: the standard library decodes only those that it trusts. No I/O."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

# Tags and object identifiers of RFC 5280, section 4.1 and appendix A, as DER writes them.
_VERSION = 0xA0
_UTC_TIME = 0x17
_LONG_FORM = 0x80
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"


class Certificate(NamedTuple):
    """Of an X.509 certificate what tells a person whose it is."""

    subject: str
    issuer: str
    expires_at: datetime

    def __str__(self) -> str:
        return f"for {self.subject}, issued by {self.issuer}, expires {self.expires_at:%Y-%m-%d}"


def read_certificate(der: bytes) -> Certificate | None:
    """The certificate in `der`; None if it is none that we can read."""
    try:
        ((_, certificate),) = _items(der)
        (_, signed), *_ = _items(certificate)
        _serial, _algorithm, issuer, validity, subject, *_ = (value for tag, value in _items(signed) if tag != _VERSION)
        _begin, end = _items(validity)
        return Certificate(_name(subject), _name(issuer), _time(*end))
    except (ValueError, IndexError):
        return None


def _items(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element; sequences and sets have elements as their content."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & _LONG_FORM:
            size = length & ~_LONG_FORM
            length, at = int.from_bytes(der[at : at + size]), at + size
        if at + length > len(der):
            raise ValueError("cut off")
        yield tag, der[at : at + length]
        at += length


def _name(der: bytes) -> str:
    """`Example Ltd, example.com`: organization and common name; all other parts of a name say less."""
    parts: dict[bytes, str] = {}
    for _, relative in _items(der):
        for _, pair in _items(relative):
            (_, identifier), (_, value) = _items(pair)
            parts[identifier] = value.decode("utf-8", "replace")
    known = [parts[identifier] for identifier in (_ORGANIZATION, _COMMON_NAME) if identifier in parts]
    return ", ".join(known) or "nobody named"


def _time(tag: int, value: bytes) -> datetime:
    # Two digits of a year from 50 on are of the last century.
    century = (b"19" if value >= b"5" else b"20") if tag == _UTC_TIME else b""
    return datetime.strptime((century + value).decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
