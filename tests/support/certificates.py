"""Certificates made on the spot, for TLS servers of tests. `importorskip("cryptography")` before this."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

YEAR = timedelta(days=365)


def write_certificate(folder: Path, *, ends_at: datetime | None = None, organization: str = "Example Ltd") -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    names = [(x509.NameOID.ORGANIZATION_NAME, organization), (x509.NameOID.COMMON_NAME, "made up")]
    name = x509.Name([x509.NameAttribute(identifier, value) for identifier, value in names])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends_at or now) - YEAR)
        .not_valid_after(ends_at or now + YEAR)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / "made-up.pem"
    file.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
