"""A disk that refuses: nothing is lost, budgets count on, and a sentence tells it."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from passerelle.money.ledger import Ledger
from passerelle.money.records import Standing
from support.attempts import BEGUN, ENDED, EVERYTHING, NOON_S, Admitted, admit, rows, standing
from support.desk import NEVER_S, Desk
from support.ledger import written


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@contextmanager
def locked(path: Path) -> Iterator[str]:
    """Somebody else writes, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield "Another program has locked the ledger"


@contextmanager
def full(path: Path) -> Iterator[str]:
    """No file of this process may grow: as real as a full disk, and nobody else has to suffer it."""
    most_bytes, most_of_all = resource.getrlimit(resource.RLIMIT_FSIZE)
    longest = max(file.stat().st_size for file in path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, most_of_all))
    try:
        yield "cannot be written"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_of_all))


REFUSALS = [locked, full]


@pytest.mark.parametrize("refusing", REFUSALS)
def test_what_the_disk_refuses_is_counted_and_written_later(
    desk: Desk, refusing: Callable[[Path], AbstractContextManager[str]]
) -> None:
    desk.begin("before")
    desk.begin("other")
    with refusing(desk.path) as sentence:
        assert desk.begin("k") == (0.0, 4.0)
        desk.end("before")
        assert desk.begin("l") == (0.5, 4.0)
        desk.end("k")
        assert desk.standing() == (1.0, 4.0)
        assert desk.book.problem is not None
        assert sentence in desk.book.problem
        assert desk.keys() == ["before", "other"]

    assert desk.begin("after") == (1.0, 4.0)
    assert desk.book.problem is None
    assert desk.standing() == (1.0, 6.0)
    states = {row["key"]: row["state"] for row in written(desk.path.parent)}
    assert states == {"before": "settled", "other": "open", "k": "settled", "l": "open", "after": "open"}


@pytest.mark.parametrize("refusing", REFUSALS)
def test_it_is_written_also_if_nothing_else_is(
    tmp_path: Path, refusing: Callable[[Path], AbstractContextManager[str]]
) -> None:
    desk = Desk(tmp_path, retry_s=0.0)
    desk.begin("before")
    with refusing(desk.path):
        desk.begin("k")
        assert desk.book.retry() == 0.0

    assert desk.book.retry() is None
    assert desk.keys() == ["before", "k"]
    desk.close()


def test_it_is_not_tried_all_the_time(desk: Desk) -> None:
    desk.begin("before")
    with locked(desk.path):
        desk.begin("k")

    rest_s = desk.book.retry()
    assert rest_s is not None
    assert rest_s > NEVER_S / 2
    assert desk.keys() == ["before"]


def test_what_is_left_is_written_at_the_end(desk: Desk) -> None:
    desk.begin("before")
    with locked(desk.path):
        desk.begin("k")
    desk.close()

    assert desk.keys() == ["before", "k"]


async def test_what_never_reached_a_gateway_is_deleted_though_the_disk_refuses(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.begin(BEGUN, (), admit)
    with full(tmp_path / "ledger.db"):
        await ledger.begin(replace(BEGUN, key="l"), (), admit)
        await ledger.dismiss("k")
        await ledger.dismiss("l")
        assert await rows(ledger) == []
        assert await standing(ledger) == (0.0, 0.0)
    await ledger.note_suggestion("shown", "editor")

    assert written(tmp_path) == []
    await ledger.aclose()


async def test_a_decision_is_asked_for_once_though_the_disk_refuses_what_it_admits(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.begin(BEGUN, (), admit)
    asked: list[Sequence[Standing]] = []

    def decide(standings: Sequence[Standing]) -> Admitted:
        asked.append(standings)
        return Admitted()

    with full(tmp_path / "ledger.db"):
        await ledger.begin(replace(BEGUN, key="l"), [EVERYTHING], decide)

    assert asked == [[Standing(spent_usd=0.0, in_flight_usd=2.0)]]
    assert len(await rows(ledger)) == 2
    await ledger.aclose()


async def test_what_others_settle_waits_for_the_disk(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.begin(BEGUN, (), admit)
    await ledger.end("k", ENDED)
    with full(tmp_path / "ledger.db"):
        await ledger.note_suggestion("shown", "editor")
        await ledger.try_later("k", NOON_S)
        await ledger.give_up("k")
        assert await ledger.expire(NOON_S + 1) == 0
        assert await ledger.unsettled() == []

    assert len(await rows(ledger)) == 1
    await ledger.aclose()


def in_place_of_the_folder(folder: Path) -> None:
    folder.write_bytes(b"")


def in_place_of_the_file(folder: Path) -> None:
    (folder / "ledger.db").mkdir(parents=True)


def out_of_the_way(path: Path) -> None:
    path.unlink() if path.is_file() else os.renames(path / "ledger.db", path.parent / "elsewhere")


@pytest.mark.parametrize("put", [in_place_of_the_folder, in_place_of_the_file])
def test_without_any_file_memory_serves_until_there_is_one(tmp_path: Path, put: Callable[[Path], None]) -> None:
    folder = tmp_path / "state"
    put(folder)
    desk = Desk(folder)
    assert desk.begin("k") == (0.0, 0.0)
    assert desk.begin("l") == (0.0, 2.0)
    desk.end("k")
    assert desk.standing() == (0.5, 2.0)
    assert desk.book.problem is not None
    assert "is kept in memory only" in desk.book.problem

    out_of_the_way(folder)
    assert desk.begin("m") == (0.5, 2.0)
    assert desk.book.problem is None
    assert desk.keys() == ["k", "l", "m"]
    assert desk.standing() == (0.5, 4.0)
    desk.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_refuses(desk: Desk) -> None:
    desk.path.parent.chmod(0o500)
    try:
        desk.begin("k")
        assert desk.book.problem is not None
    finally:
        desk.path.parent.chmod(0o700)
    desk.begin("l")

    assert desk.keys() == ["k", "l"]
