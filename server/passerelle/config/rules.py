"""What a setting must keep to beyond its type: secrets stay out of files, keys do not travel in clear, and a
workspace does not name gateways. Pure: one key and its value at a time; no message repeats a value.
"""

import re
from math import isfinite
from pathlib import PurePath
from urllib.parse import urlsplit

from passerelle.config.toml import Keys, Tree
from passerelle.words.hosts import is_loopback
from passerelle.words.references import parse_reference

BUILT_IN = frozenset({"vercel", "offline"})
"""Gateways that need no configuration. `offline` has no URL there: the daemon knows it once it runs."""
GUARDED = "gateways"
PRIVACY = frozenset({"zero_data_retention", "disallow_prompt_training", "private"})
PROVIDER_SECRETS = frozenset({"api_key", "access_key_id", "secret_access_key", "private_key"})
"""In `byok`: what must be a reference."""

_HOW = "`env:NAME`, `keyring:NAME`, `file:PATH`, `cmd:PROGRAM ARGUMENTS` or `editor:NAME`"
_SECRET_HEADER = re.compile(r"(proxy-)?authorization|cookie|.*(api-?key|token|secret|password).*", re.IGNORECASE)
_SECRET_PARAMETER = re.compile(r"(?:^|&)[^=&]*(?:key|token|secret|password|sig)[^=&]*=", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


def objection(keys: Keys, value: object) -> str | None:
    """Why a value of the right type cannot be used, as a sentence; None if it can."""
    if isinstance(value, float) and not isfinite(value):
        return "Expected a finite number."
    match keys, value:
        case ("gateways", "offline", *_), _:
            return "The gateway `offline` is built in and cannot be changed."
        case ("gateways", _, *rest), _:
            return _gateway_objection(rest, value)
        case ("inline", "delay_ms"), (int(low), int(high)) if high < low:
            return "Expected the smaller number first."
        case ("spending", "time_zone"), str(zone) if zone and not _is_time_zone(zone):
            return 'Expected the name of a time zone such as "Europe/Paris", or none.'
    return None


def guarded_keys(tree: Tree) -> list[Keys]:
    """The keys that only a person's own layers may set, and a workspace never."""
    gateways = tree.get(GUARDED)
    if not isinstance(gateways, dict):
        return [(GUARDED,)] if GUARDED in tree else []
    found: list[Keys] = []
    for name, gateway in gateways.items():
        names = list(gateway) if isinstance(gateway, dict) else []
        found += [(GUARDED, name, key) for key in names] or [(GUARDED, name)]
    return found or [(GUARDED,)]


def located(keys: Keys, value: object, path: str) -> object:
    """The value with a relative `ca_bundle` made absolute: it is relative to the file that names it."""
    match keys, value:
        case ("gateways", _, "ca_bundle"), str() if not value.startswith("~"):
            return str(PurePath(path).parent / value)
    return value


def _is_time_zone(name: str) -> bool:
    """Whether the database of time zones, the system's or that of `tzdata`, has one of this name."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # Only where one is named.

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _gateway_objection(keys: list[str], value: object) -> str | None:
    match keys, value:
        case ["url"], str():
            return _url_objection(value)
        case ["key"], str() if parse_reference(value) is None:
            return f"A key must not stand here; write where to find it: {_HOW}."
        case ["headers", str(name)], str():
            return _header_objection(name, value)
        case ["byok", _, str(name)], str() if name in PROVIDER_SECRETS and parse_reference(value) is None:
            return f"A secret must not stand here; write where to find it: {_HOW}."
        case ["proxy"], str() if "@" in value:
            return "User and password must not stand here; set `HTTPS_PROXY` in the environment instead."
    return None


def _url_objection(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "Expected a URL with a valid host and port."
    if "@" in parts.netloc or _SECRET_PARAMETER.search(parts.query):
        return f"A secret must not stand in the URL; write where to find it in `key` or `headers`: {_HOW}."
    if not host:
        return "Expected a URL with a host."
    if parts.scheme == "http" and not is_loopback(host):
        return "Expected `https`: over plain `http`, which is for this machine only, the key could be read on its way."
    return None


def _header_objection(name: str, value: str) -> str | None:
    if not _HEADER_NAME.fullmatch(name):
        return "Expected the name of a header: letters, digits and hyphens."
    if parse_reference(value):
        return None
    if _SECRET_HEADER.fullmatch(name):
        return f"A secret must not stand here; write where to find it: {_HOW}."
    return None if _HEADER_VALUE.fullmatch(value) else "Expected a header in printable ASCII, on one line."
