"""A disk that refuses, a file that is broken or gone: nothing is lost, budgets count on, and a sentence tells it."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from passerelle.money.book import Book
from passerelle.money.ledger import Ledger
from passerelle.money.reading import Reading
from passerelle.money.records import Standing
from passerelle.money.rows import Columns, begun_columns, ended_columns
from passerelle.money.standings import standings
from passerelle.money.statements import Table, change, insert
from passerelle.words.failures import Failure
from support.attempts import BEGUN, ENDED, EVERYTHING, NOON_S, Admitted, admit, rows, standing, written

NEVER_S = 1e9
LEASE: Columns = {"owner": "o", "lease_ms": 0}


class Desk:
    """A book and a reader of it, as a ledger has them on its threads."""

    def __init__(self, folder: Path, retry_s: float = NEVER_S) -> None:
        self.path = folder / "ledger.db"
        self.book = Book(self.path, patience_s=0.0, retry_s=retry_s)
        self.reading = Reading(self.path, self.book.replace_broken)

    def begin(self, key: str) -> tuple[float, float]:
        """Write an attempt; what was spent and in flight before."""
        row = {**begun_columns(replace(BEGUN, key=key), 2.0), **LEASE}

        def work(connection: sqlite3.Connection, table: Table) -> tuple[float, float]:
            stands = standing_of(connection)
            insert(connection, table, row)
            return stands

        return self.book.write(work)

    def end(self, key: str) -> None:
        columns = ended_columns(ENDED, NOON_S)
        assert self.book.write(lambda connection, table: change(connection, table, key, columns))

    def standing(self) -> tuple[float, float]:
        return self.reading.read(self.book.source(), standing_of)

    def keys(self) -> list[str]:
        """Of the file."""
        return [str(row["key"]) for row in written(self.path.parent)]

    def close(self) -> None:
        self.reading.close()
        self.book.close()


def standing_of(connection: sqlite3.Connection) -> tuple[float, float]:
    [one] = standings(connection, [EVERYTHING])
    return one.spent_usd, one.in_flight_usd


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


def no_database(path: Path) -> None:
    path.write_bytes(b"What is this? " * 1000)


def torn(path: Path) -> None:
    """Every page but the first is gone."""
    with path.open("r+b") as file:
        file.truncate(4096)


def scribbled(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))


def filled(path: Path, count: int) -> None:
    """As a daemon left it that has ended."""

    def work(connection: sqlite3.Connection, table: Table) -> None:
        for number in range(count):
            insert(connection, table, {**begun_columns(replace(BEGUN, key=f"old {number:04}"), 2.0), **LEASE})

    desk = Desk(path.parent)
    desk.book.write(work)
    desk.close()


def set_aside(path: Path) -> list[Path]:
    return [aside for aside in path.parent.glob("ledger.db.broken-*") if not aside.name.endswith(("-wal", "-shm"))]


@pytest.mark.parametrize("spoil", [no_database, torn, scribbled])
def test_a_broken_file_is_moved_aside_and_a_new_one_begun(desk: Desk, spoil: Callable[[Path], None]) -> None:
    filled(desk.path, 100)
    spoil(desk.path)
    broken = desk.path.read_bytes()
    desk.begin("k")
    desk.end("k")

    [aside] = set_aside(desk.path)
    assert aside.read_bytes() == broken
    assert desk.book.problem == f"The ledger was damaged and is begun anew. What it held is in {aside}."
    assert desk.keys() == ["k"]
    assert desk.standing() == (0.5, 0.0)


def test_a_file_that_breaks_while_it_is_used_is_moved_aside(desk: Desk) -> None:
    filled(desk.path, 1000)
    desk.begin("before")
    desk.close()  # With it goes the log: all is in the file.
    desk.book.write(lambda connection, _: connection.execute("SELECT 1"))
    scribbled(desk.path)
    desk.begin("k")
    desk.begin("l")

    assert len(set_aside(desk.path)) == 1
    assert desk.keys()[-2:] == ["k", "l"]
    assert desk.book.problem is not None


def test_two_broken_files_have_two_names(desk: Desk) -> None:
    for number in range(2):
        desk.path.write_bytes(b"What is this? " * 1000)
        desk.begin(f"k{number}")
        desk.close()

    assert len(set_aside(desk.path)) == 2
    assert desk.keys() == ["k1"]


def test_of_two_daemons_that_find_it_broken_one_moves_it(tmp_path: Path) -> None:
    filled(tmp_path / "ledger.db", 1000)
    first, second = Desk(tmp_path), Desk(tmp_path)
    for desk in (first, second):
        desk.book.write(lambda connection, _: connection.execute("SELECT 1"))
    scribbled(first.path)
    for key in ("k", "l"):
        first.begin(key)
        second.begin(key + "2")

    assert len(set_aside(first.path)) == 1
    assert first.keys() == ["k", "k2", "l", "l2"]
    first.close()
    second.close()


def test_a_reader_that_finds_it_broken_has_it_replaced(desk: Desk) -> None:
    filled(desk.path, 1000)
    source = desk.book.source()
    scribbled(desk.path)
    with pytest.raises(Failure, match="cannot be read"):
        desk.reading.read(
            source, lambda connection: connection.execute("SELECT sum(total_ms) FROM attempts").fetchone()
        )
    desk.book.replace_broken(source)

    assert desk.standing() == (0.0, 0.0)
    assert desk.book.problem is not None
    assert "is begun anew" in desk.book.problem


def test_a_question_that_is_wrong_breaks_nothing(desk: Desk) -> None:
    desk.begin("k")
    source = desk.book.source()
    with pytest.raises(Failure):
        desk.reading.read(source, lambda connection: connection.execute("SELECT nothing FROM attempts"))

    assert desk.book.problem is None
    assert desk.standing() == (0.0, 2.0)


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


async def test_who_began_in_a_file_that_is_gone_ends_in_the_next(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.begin(BEGUN, (), admit)
    emptied(tmp_path)
    await ledger.end("k", ENDED)

    [found] = written(tmp_path)
    assert (found["key"], found["state"], found["model"]) == ("k", "settled", BEGUN.model)
    assert await standing(ledger) == (0.5, 0.0)
    await ledger.aclose()
