"""How long a gateway asks us to wait, read from its headers. It does not wait, nor decide whether to."""

import re
from collections.abc import Mapping
from datetime import datetime

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?")
_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens")
_EPOCH_S = 1e9  # A number above this is a moment, not a span; above a thousand times this, in milliseconds.


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds from `now` (Unix time) that the gateway asks to wait; None if it does not say. Names are lower case.

    `retry-after` comes in seconds or as an HTTP date (RFC 9110, 10.2.3), `retry-after-ms` as OpenAI sends it; the
    reset headers stand in for both where a gateway sends only those.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    if "retry-after" in headers:
        return _span(headers["retry-after"], now)
    return next((span for name in _RESETS if (span := _span(headers.get(name, ""), now)) is not None), None)


def _span(text: str, now: float) -> float | None:
    number = _number(text)
    if number is None:
        moment = _date(text)
        number = _duration(text) if moment is None else moment
    if number is None:
        return None
    if number > _EPOCH_S * 1000:
        number /= 1000
    return max(0.0, number - now if number > _EPOCH_S else number)


def _number(text: str) -> float | None:
    """A plain decimal number; `nan` and `inf` are none."""
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text.strip(), re.ASCII) else None


def _date(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - Rare, and it pulls in the email package.

    try:
        moment: datetime = parsedate_to_datetime(text)
        return moment.timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _duration(text: str) -> float | None:
    """`6m0s`, `1.5s`, `20ms`: as OpenAI writes when a limit resets."""
    match = _DURATION.fullmatch(text.strip())
    if not text.strip() or match is None:
        return None
    hours, minutes, seconds, milliseconds = (_number(part or "0") or 0.0 for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
