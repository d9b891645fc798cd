"""A file that is broken, or gone: it is set aside, a new one begun, and a sentence tells it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from passerelle.money.ledger import Ledger
from passerelle.money.rows import begun_columns
from passerelle.money.statements import Table, insert
from passerelle.words.failures import Failure
from support.attempts import BEGUN, ENDED, admit, standing
from support.desk import LEASE, Desk
from support.ledger import written


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


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
