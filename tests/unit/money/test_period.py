"""Days, weeks and months by a person's clocks, wherever they are and whatever their clocks do."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.money.period import Span, began_s, day_of, moment_s, next_s, offsets, told, zone_of

ZONES = [ZoneInfo(name) for name in sorted(available_timezones()) if "/" in name]
SPANS: tuple[Span, ...] = ("day", "week", "month")
MOMENTS = st.integers(1_500_000_000, 3_000_000_000)


def utc(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M}"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("zone", "now", "span", "began", "following"),
    [
        ("UTC", "2026-11-20T15:00", "day", "2026-11-20T00:00", "2026-11-21T00:00"),
        ("UTC", "2026-11-20T00:00", "day", "2026-11-20T00:00", "2026-11-21T00:00"),
        ("UTC", "2026-11-20T15:00", "week", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("UTC", "2026-11-16T00:00", "week", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("UTC", "2026-11-15T23:59", "week", "2026-11-09T00:00", "2026-11-16T00:00"),
        ("UTC", "2026-12-31T15:00", "month", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("UTC", "2027-01-01T00:00", "week", "2026-12-28T00:00", "2027-01-04T00:00"),
        # Leap days.
        ("UTC", "2028-02-29T15:00", "day", "2028-02-29T00:00", "2028-03-01T00:00"),
        ("UTC", "2028-02-10T15:00", "month", "2028-02-01T00:00", "2028-03-01T00:00"),
        ("UTC", "2027-02-10T15:00", "month", "2027-02-01T00:00", "2027-03-01T00:00"),
        # East and west, and by half an hour.
        ("Europe/Paris", "2026-11-20T23:00", "day", "2026-11-20T23:00", "2026-11-21T23:00"),
        ("Asia/Kolkata", "2026-11-20T18:30", "day", "2026-11-20T18:30", "2026-11-21T18:30"),
        ("Asia/Kathmandu", "2026-11-20T18:14", "day", "2026-11-19T18:15", "2026-11-20T18:15"),
        ("Pacific/Kiritimati", "2026-11-30T10:00", "month", "2026-11-30T10:00", "2026-12-31T10:00"),
        ("America/Los_Angeles", "2026-12-01T07:59", "month", "2026-11-01T07:00", "2026-12-01T08:00"),
        # Clocks are put forward and back.
        ("Europe/Paris", "2026-03-29T12:00", "day", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Europe/Paris", "2026-10-25T12:00", "day", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("Europe/Paris", "2026-10-25T12:00", "week", "2026-10-18T22:00", "2026-10-25T23:00"),
        ("Australia/Lord_Howe", "2026-04-04T20:00", "day", "2026-04-04T13:00", "2026-04-05T13:30"),
        # There is no midnight: the day begins at 01:00.
        ("Africa/Cairo", "2026-04-24T12:00", "day", "2026-04-23T22:00", "2026-04-24T21:00"),
        # The last hour of a day comes twice.
        ("Africa/Cairo", "2026-10-29T21:30", "day", "2026-10-28T21:00", "2026-10-29T22:00"),
        # Midnight comes twice: the first one counts.
        ("America/Havana", "2026-11-01T12:00", "day", "2026-11-01T04:00", "2026-11-02T05:00"),
    ],
)
def test_when_a_period_began_and_when_the_next_begins(
    zone: str, now: str, span: Span, began: str, following: str
) -> None:
    found = zone_of(zone)

    assert utc(began_s(span, at(now), found)) == began
    assert utc(next_s(span, at(now), found)) == following


@given(st.sampled_from(ZONES), MOMENTS, st.sampled_from(SPANS))
def test_periods_have_neither_gaps_nor_overlaps(zone: tzinfo, now_s: int, span: Span) -> None:
    began, following = began_s(span, now_s, zone), next_s(span, now_s, zone)

    assert began <= now_s < following
    assert began_s(span, began, zone) == began
    assert began_s(span, following, zone) == following
    assert began_s(span, following - 1, zone) == began


@given(st.sampled_from(ZONES), MOMENTS, st.integers(0, 1_000))
def test_offsets_tell_what_the_clocks_show_at_any_moment(zone: tzinfo, since_s: int, days: int) -> None:
    until_s = since_s + days * 86_400
    known = offsets(since_s, until_s, zone)
    edges = [moment for changed_s, _ in known for moment in (changed_s - 1, changed_s)]

    for moment_at in [since_s, until_s, *(edge for edge in edges if edge >= since_s)]:
        shown = datetime.fromtimestamp(moment_at, zone).utcoffset()
        held = [offset_s for from_s, offset_s in known if from_s <= moment_at][-1]
        assert shown == timedelta(seconds=held)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", "2026-11-19T23:00"),
        ("2026-07-01", "2026-06-30T22:00"),
        ("2026-11-20T10:00", "2026-11-20T09:00"),
        ("2026-11-20 10:00", "2026-11-20T09:00"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00"),
        ("2026-11-20T10:00:00.5+05:30", "2026-11-20T04:30"),
        ("20261120", "2026-11-19T23:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
    ],
)
def test_a_day_or_a_moment_is_read_by_the_persons_clocks(text: str, expected: str) -> None:
    assert utc(moment_s(text, zone_of("Europe/Paris"))) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2026-11-31", "10", "0001-01-01", "9999-12-31", "12:00"]
)
def test_what_is_no_day_and_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # In whatever words.
        moment_s(text, zone_of("Europe/Paris"))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "a\0b"])
def test_without_a_name_that_there_is_the_zone_is_the_machines(name: str) -> None:
    assert zone_of(name) is None


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no time zone from the environment")
@pytest.mark.usefixtures("in_new_york")
def test_the_machines_zone_has_its_days_too() -> None:
    day_s, named = at("2026-11-01T12:00"), zone_of("America/New_York")

    for span in SPANS:
        assert began_s(span, day_s, None) == began_s(span, day_s, named)
        assert next_s(span, day_s, None) == next_s(span, day_s, named)
    assert offsets(day_s, day_s + 3e7, None) == offsets(day_s, day_s + 3e7, named)
    assert moment_s("2026-11-02", None) == at("2026-11-02T05:00")
    assert told(at("2026-11-02T05:00"), None) == "2026-11-02 at 00:00"
    assert day_of(at("2026-11-02T04:59"), None) == "2026-11-01"
