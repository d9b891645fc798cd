"""Whose a certificate is, read from its bytes."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.cli.certificates import read_certificate

pytest.importorskip("cryptography", reason="certificates are made with it")

from support.certificates import write_certificate


def made(folder: Path, ends_at: datetime, organization: str = "Example Ltd") -> bytes:
    text = write_certificate(folder, ends_at=ends_at, organization=organization).read_text()
    return ssl.PEM_cert_to_DER_cert(text[: text.index("-----BEGIN PRIVATE")])


@pytest.mark.parametrize(
    "ends_at", [datetime(2049, 12, 31, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)]
)
def test_names_and_end(tmp_path: Path, ends_at: datetime) -> None:
    certificate = read_certificate(made(tmp_path, ends_at, "Größe AG"))

    assert certificate == ("Größe AG, made up", "Größe AG, made up", ends_at)
    assert str(certificate).endswith(f"issued by Größe AG, made up, expires {ends_at:%Y-%m-%d}")


def test_what_is_no_certificate_is_none_wherever_it_is_cut(tmp_path: Path) -> None:
    der = made(tmp_path, datetime(2030, 1, 1, tzinfo=UTC))

    for end in range(len(der)):
        assert read_certificate(der[:end]) is None
    assert read_certificate(b"\x30" * 400) is None
