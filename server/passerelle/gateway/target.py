"""One gateway as a request sees it: where it is, and what goes along. No I/O."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from msgspec import Struct

from passerelle.config.schema import Byok
from passerelle.words.hosts import is_loopback
from passerelle.words.references import Reference

NO_QUERY: Mapping[str, str] = MappingProxyType({})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Target(Struct, frozen=True, kw_only=True):
    """`url` is the base that paths such as `chat/completions` are put behind. A value of `headers` that reads as a
    secret reference is resolved like the key. `vercel` says that it speaks Vercel's API: only then fields that
    OpenAI's API does not have are sent, and with them the person's credentials at providers, `byok`. Its repr leaves
    out what may hold a secret.
    """

    name: str
    url: str
    key: Reference | None = None
    headers: dict[str, str] = {}
    proxy: str | None = None
    ca_bundle: str | None = None
    byok: dict[str, Byok] = {}
    vercel: bool = False

    def __repr__(self) -> str:
        return f"Target({self.name!r}, {origin(self.url)!r})"


def endpoint(target: Target, path: str, query: Mapping[str, str] = NO_QUERY) -> str:
    """The URL of one path of the gateway's API; a query in the base stays, and `query` comes behind it."""
    base = parts_of(target.url)
    asked = "&".join(filter(None, (base.query, urlencode(query, quote_via=quote, safe=""))))
    return base._replace(path=f"{base.path.rstrip('/')}/{path}", query=asked).geturl()


def origin(url: str) -> str:
    """Scheme, host and port: what a key belongs to. User, password, path and query are left out."""
    parts = parts_of(url)
    authority = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{authority.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"


def host_of(url: str) -> str:
    """The host, for sentences: the rest of a URL may hold a secret."""
    return parts_of(url).hostname or "?"


def parts_of(url: str) -> SplitResult:
    """A text that is no URL has no parts, and so no key is sent there."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def may_carry_key(url: str) -> bool:
    """Whether a key may be sent there: by https, or by http to this machine."""
    scheme = parts_of(url).scheme
    return scheme == "https" or (scheme == "http" and is_loopback(host_of(url)))
