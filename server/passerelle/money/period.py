"""Days, weeks and months as a person's clocks have them. Pure: Unix times in seconds and a time zone in, Unix
times out. A zone that is None is the machine's.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil, floor
from typing import Literal

Span = Literal["day", "week", "month"]

YEARS = range(1970, 9999)
"""Those of a ledger; a day before or after them still has a beginning in every zone."""

_DAY_S = 86_400


def zone_of(name: str) -> tzinfo | None:
    """The zone that `spending.time_zone` names. A name that no zone has is reported as a problem of the settings; until
    it is mended, the machine's zone serves.
    """
    if not name:
        return None
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # Only where one is named.

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


def began_s(span: Span, at_s: float, zone: tzinfo | None) -> float:
    """When the day, week (from Monday) or month of a moment began. Where the clocks skip midnight: as they do so."""
    return _moment_s(_first(span, _clock(at_s, zone)), zone)


def next_s(span: Span, at_s: float, zone: tzinfo | None) -> float:
    """When the one after it begins."""
    first = _first(span, _clock(at_s, zone))
    match span:
        case "day":
            following = first + timedelta(days=1)
        case "week":
            following = first + timedelta(weeks=1)
        case "month":
            following = (first + timedelta(days=31)).replace(day=1)
    return _moment_s(following, zone)


def offsets(since_s: float, until_s: float, zone: tzinfo | None) -> list[tuple[int, int]]:
    """How far the clocks are ahead of UTC, in seconds: each offset with the moment from which it holds, in order. The
    first one holds at `since_s` and before it.
    """
    found = [(floor(since_s), _offset_s(floor(since_s), zone))]
    for day_s in range(found[0][0], ceil(until_s) + _DAY_S, _DAY_S):
        if _offset_s(day_s, zone) != found[-1][1]:
            changed_s = _change_s(day_s - _DAY_S, day_s, zone)
            found.append((changed_s, _offset_s(changed_s, zone)))
    return found


def moment_s(text: str, zone: tzinfo | None) -> float:
    """The moment that a day ("2026-11-20": its beginning) or a moment in ISO 8601 means; one without an offset is told
    by the person's clocks. Raises ValueError for any other text, and for moments that no ledger has.
    """
    said = datetime.fromisoformat(text)
    if said.year not in YEARS:
        raise ValueError(text)
    return said.timestamp() if said.tzinfo else _moment_s(said, zone)


def day_of(at_s: float, zone: tzinfo | None) -> str:
    """As "2026-11-20"."""
    return f"{_clock(at_s, zone):%Y-%m-%d}"


def told(at_s: float, zone: tzinfo | None) -> str:
    """A moment for a sentence: "2026-11-21 at 00:00"."""
    return f"{_clock(at_s, zone):%Y-%m-%d at %H:%M}"


def _offset_s(at_s: int, zone: tzinfo | None) -> int:
    ahead = datetime.fromtimestamp(at_s, UTC).astimezone(zone).utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds())


def _change_s(before_s: int, after_s: int, zone: tzinfo | None) -> int:
    """When the clocks are put forward or back, of two moments between which they are, once."""
    offset_s = _offset_s(before_s, zone)
    return bisect_left(range(before_s, after_s), True, key=lambda at_s: _offset_s(at_s, zone) != offset_s) + before_s


def _clock(at_s: float, zone: tzinfo | None) -> datetime:
    """What the clocks show."""
    return datetime.fromtimestamp(at_s, UTC).astimezone(zone).replace(tzinfo=None)


def _moment_s(clock: datetime, zone: tzinfo | None) -> float:
    """When the clocks show it; where they do so twice, the first time, and where they never do, as they jump."""
    return clock.replace(tzinfo=zone, fold=0).timestamp()


def _first(span: Span, clock: datetime) -> datetime:
    midnight = clock.replace(hour=0, minute=0, second=0, microsecond=0)
    match span:
        case "day":
            return midnight
        case "week":
            return midnight - timedelta(days=midnight.weekday())
        case "month":
            return midnight.replace(day=1)
