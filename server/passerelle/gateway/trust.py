"""Which certificates are trusted. Blocking, for it reads files: call it in a thread."""

import ssl
from collections.abc import Mapping
from pathlib import Path

from passerelle.words.failures import Failure


def trust_context(environ: Mapping[str, str], ca_bundle: str | None) -> ssl.SSLContext:
    """The system's certificates and Mozilla's; `SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE` in place of both. What
    `NODE_EXTRA_CA_CERTS` and `ca_bundle` name is added. Raises Failure `misconfigured` naming the file that fails.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    replacement = next((name for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if environ.get(name)), None)
    if replacement is None:
        import certifi  # noqa: PLC0415 - Only where no file is named.

        context.load_default_certs()
        context.load_verify_locations(certifi.where())
    else:
        _add(context, environ[replacement], replacement)
    if extra := environ.get("NODE_EXTRA_CA_CERTS"):
        _add(context, extra, "NODE_EXTRA_CA_CERTS")
    if ca_bundle is not None:
        _add(context, ca_bundle, "ca_bundle")
    return context


def _add(context: ssl.SSLContext, file: str, source: str) -> None:
    path = Path(file).expanduser()
    try:
        context.load_verify_locations(capath=path) if path.is_dir() else context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError) as error:
        cause = "holds no certificate in PEM form" if isinstance(error, ssl.SSLError) else "cannot be read"
        raise Failure("misconfigured", f"The certificate file {file} of {source} {cause}; mend or remove it.") from None
