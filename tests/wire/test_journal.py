"""Journals as bytes on a real disk: cut everywhere, written in parts, by several daemons, by nobody sane."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.conversations.journal import Journal, Write, file_name, id_of, is_id, read
from passerelle.conversations.records import AnyRecord, Piece, lines
from passerelle.conversations.records import read as read_lines
from support.journals import asked, begun, done, edited, failed, piece, titled

RECORDS: list[AnyRecord] = [
    begun(workspace_folder="file:///p"),
    asked("a", "Où est-ce ?\u2028\U0001f600"),
    piece("a", "C'est "),
    Piece(turn="a", reasoning="hm"),
    piece("a", "là.\n"),
    done("a", "C'est là.\n"),
    asked("b", replaces="a"),
    failed("b"),
    edited("a", "q"),
    titled("T", by_person=True),
]
FIRST, BOTH = len(lines(RECORDS[:1])[0]), len(b"".join(lines(RECORDS[:2])))
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "conversations" / file_name("c")


def journal(path: Path, write: Write = os.write) -> Journal:
    return Journal(path, exists=path.exists(), write=write)


def records_in(path: Path) -> list[AnyRecord]:
    return list(read_lines(path.read_bytes().splitlines(keepends=True)))


class Disk:
    """Takes as many bytes as it is told for each write, and then is full."""

    def __init__(self, *takes: int) -> None:
        self.takes = list(takes)

    def write(self, file: int, data: bytes) -> int:
        if not self.takes:
            raise FULL
        return os.write(file, data[: self.takes.pop(0)])


def test_what_was_written_is_read(path: Path) -> None:
    for record in RECORDS:
        assert journal(path).append([record]) is None

    assert records_in(path) == RECORDS
    history = read(path)
    assert history is not None
    assert [turn.begun.id for turn in history.turns] == ["b"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_a_journal_is_for_its_owner_alone(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path.parents[1].mkdir(mode=0o700)
        path.parents[1].chmod(0o700)
        path.parent.mkdir(mode=0o700)
        path.parent.chmod(0o700)
        journal(path).append(RECORDS)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_folder_of_journals_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        journal(path).append(RECORDS)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_journal_cut_at_any_byte_tells_a_beginning_of_what_was_written(path: Path) -> None:
    """As after kill -9, or a power cut: nothing but the last line is lost, and whoever writes next is read."""
    whole = b"".join(lines(RECORDS))
    path.parent.mkdir(parents=True)
    for end in range(len(whole) + 1):
        path.write_bytes(whole[:end])
        kept = records_in(path)
        assert read(path) is not None
        journal(path).append([titled("next", by_person=True)])

        complete = whole[:end].count(b"\n")
        assert kept == RECORDS[: len(kept)]
        assert complete <= len(kept) <= complete + 1
        assert records_in(path) == [*kept, titled("next", by_person=True)]


@settings(deadline=None)
@given(takes=st.lists(st.integers(1, 400), max_size=12), batches=st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_a_disk_that_takes_parts_loses_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, takes: list[int], batches: list[int]
) -> None:
    path = tmp_path_factory.mktemp("parts") / "conversations" / file_name("c")
    disk = Disk(*takes)
    written = Journal(path, exists=False, write=disk.write)
    records = iter(RECORDS * 3)
    told: list[AnyRecord] = []
    for size in batches:
        batch = [record for record, _ in zip(records, range(size), strict=False)]
        told += batch
        written.append(batch)
    disk.takes = [sys.maxsize]

    assert written.append([]) is None

    assert joined(records_in(path)) == joined(told)


def joined(records: list[AnyRecord]) -> list[AnyRecord]:
    """As if all had been written at once."""
    return list(read_lines(lines(records)))


@pytest.mark.parametrize("take", [1, 50, FIRST - 1, FIRST, FIRST + 1, BOTH - 2, BOTH - 1, BOTH])
def test_a_line_torn_by_a_full_disk_is_written_anew_where_another_daemon_came_after_it(path: Path, take: int) -> None:
    disk = Disk(take)
    mine, other = journal(path, disk.write), Journal(path, exists=False)
    mine.append(RECORDS[:2])

    other.append([titled("other", by_person=True)])
    disk.takes = [sys.maxsize]
    assert mine.append(RECORDS[2:3]) is None

    found = records_in(path)
    assert titled("other", by_person=True) in found
    assert [record for record in found if record != titled("other", by_person=True)] == RECORDS[:3]


def test_two_daemons_write_into_one_journal(path: Path) -> None:
    one, two = journal(path), journal(path)
    for number in range(50):
        one.append([piece("a", f"{number} ")])
        two.append([piece("b", f"{number} ")])

    found = records_in(path)
    for turn in ("a", "b"):
        mine = [record.text for record in found if isinstance(record, Piece) and record.turn == turn]
        assert mine == [f"{number} " for number in range(50)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errno.ENOSPC, "no space left on the disk that holds the state folder"),
        (errno.EFBIG, "no space left on the disk that holds the state folder"),
        (errno.EROFS, "its file in the state folder cannot be written (Read-only file system)"),
        (errno.EIO, "its file in the state folder cannot be written (Input/output error)"),
    ],
)
def test_why_it_cannot_be_written_is_said(path: Path, error: int, reason: str) -> None:
    def write(file: int, data: bytes) -> int:  # noqa: ARG001
        raise OSError(error, os.strerror(error))

    assert journal(path, write).append(RECORDS) == reason


def test_a_disk_that_takes_nothing_is_full(path: Path) -> None:
    assert journal(path, lambda _file, _data: 0).append(RECORDS) is not None


def test_a_folder_that_cannot_be_made_is_tried_again(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.write_text("in the way")
    written = Journal(place / "conversations" / file_name("c"), exists=False)
    assert written.append(RECORDS[:1]) is not None

    place.unlink()

    assert written.append(RECORDS[1:]) is None
    assert records_in(place / "conversations" / file_name("c")) == RECORDS


def test_a_journal_that_somebody_deleted_does_not_come_back(path: Path) -> None:
    written = journal(path)
    written.append(RECORDS[:2])
    path.unlink()

    assert written.append(RECORDS[2:]) == "its file was deleted"
    assert not path.exists()


def test_after_deleting_nothing_is_written(path: Path) -> None:
    written = journal(path)
    written.append(RECORDS[:2])
    written.delete()

    assert written.append(RECORDS[2:]) is None
    written.sync()
    assert not path.exists()


def test_deleting_what_was_never_written_is_nothing(path: Path) -> None:
    journal(path).delete()

    assert not path.parent.exists()


def test_what_was_written_is_synced(path: Path) -> None:
    written = journal(path)
    written.append(RECORDS)

    written.sync()

    assert records_in(path) == RECORDS


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"".join(lines(RECORDS)))
    path.symlink_to(target)


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these, or not for everybody")
@pytest.mark.parametrize("make", [folder, link, pipe])
def test_what_is_no_file_is_neither_read_nor_written(path: Path, make: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True)
    make(path)

    assert read(path) is None
    assert journal(path).append(RECORDS) is not None


RUBBISH = {
    "random": bytes(range(256)) * 16,
    "deep": b"[" * 100_000,
    "torn": b'{"record":"turn","id":' * 1000,
    "long": b"x" * (2 * 1024 * 1024),
    "no text": b"\xff\xfe\n\x00\n",
}


@pytest.mark.parametrize("content", list(RUBBISH.values()), ids=list(RUBBISH))
def test_rubbish_is_passed_over(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content + b"\n" + b"".join(lines(RECORDS[:2])) + content)

    history = read(path)

    assert history is not None
    assert [turn.begun.id for turn in history.turns] == ["a"]


@pytest.mark.parametrize("id_", ["a", "A", "con", "NUL", "01J9Z3K8-7f2a", "_", "-", "x" * 64, "Ab" * 32])
def test_an_id_has_a_file_of_its_own(id_: str) -> None:
    name = file_name(id_)

    assert is_id(id_)
    assert id_of(name) == id_
    assert name == name.lower()
    assert len({file_name(same).lower() for same in (id_, id_.swapcase())}) == len({id_, id_.swapcase()})


@pytest.mark.parametrize("text", ["", "..", "a/b", "a\\b", "a.b", "a b", "é", "x" * 65, "a\n", "a\x00"])
def test_what_could_lead_elsewhere_is_no_id(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    "name", ["x.jsonl", "c0-a", "c1-0.jsonl", "c00-a.jsonl", "c0-A.jsonl", "c0-a.jsonl~", "c-a.jsonl"]
)
def test_other_files_are_no_journals(name: str) -> None:
    assert id_of(name) is None
