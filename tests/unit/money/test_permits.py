"""Permits: one request each, whichever daemon of the person is asked for it."""

import os
from pathlib import Path

from passerelle.money.permits import LASTS_S, Permits

FIRST, SECOND = "budgets.0 in /u/config.toml", "budgets.1 in /u/config.toml"


def test_a_permit_serves_another_daemon_and_once(tmp_path: Path) -> None:
    Permits(tmp_path / "permits").give(FIRST)
    there = Permits(tmp_path / "permits")

    assert (FIRST in there, SECOND in there) == (True, False)
    there.use([FIRST])
    assert FIRST not in Permits(tmp_path / "permits")


def test_using_what_another_has_used_is_no_fault(tmp_path: Path) -> None:
    permits = Permits(tmp_path)

    permits.use([FIRST])

    assert FIRST not in permits


def test_a_permit_does_not_last(tmp_path: Path) -> None:
    permits = Permits(tmp_path)
    permits.give(FIRST)
    (file,) = tmp_path.iterdir()
    old_s = file.stat().st_mtime - LASTS_S
    os.utime(file, (old_s, old_s))

    assert FIRST not in permits
    permits.give(FIRST)
    assert FIRST in permits


def test_where_nothing_can_be_written_it_serves_here(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    permits = Permits(tmp_path / "file" / "permits")
    permits.give(FIRST)

    assert FIRST in permits
    permits.use([FIRST])
    assert FIRST not in permits
