"""Real files, really watched: whatever an editor does to save, what stands in the file comes into force."""

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from passerelle.config import watch
from passerelle.config.layers import merge
from passerelle.config.places import WORKSPACE_FILE
from passerelle.config.store import ConfigStore
from passerelle.config.watch import Watcher
from passerelle.protocol.state import Problem

LIMIT_S = 10


class Desk:
    """A user's file that does not exist yet, a workspace folder, and the store that watches both."""

    def __init__(self, path: Path) -> None:
        self.user = path / "home" / "config" / "config.toml"
        self.folder = path / "project"
        self.folder.mkdir()
        self.file = self.folder / WORKSPACE_FILE
        self.store = ConfigStore(self.user, {}, self._told)
        self.told: list[frozenset[Path]] = []
        self._change = asyncio.Event()

    def _told(self, paths: frozenset[Path]) -> None:
        self.told.append(paths)
        self._change.set()

    def role(self) -> str | None:
        return merge(self.store.layers(self.folder)).config.roles.get("chat")

    def problems(self) -> tuple[Problem, ...]:
        return merge(self.store.layers(self.folder)).problems

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for changes until they brought what is asked for."""
        async with asyncio.timeout(LIMIT_S):
            while not is_so():
                await self._change.wait()
                self._change.clear()

    async def until_role(self, model: str | None) -> None:
        await self.until(lambda: self.role() == model)


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    await desk.store.open()
    await desk.store.add_folder(desk.folder)
    yield desk
    await desk.store.aclose()


def text(model: str) -> str:
    return f"[roles]\nchat = '{model}'\n"


def in_place(path: Path, model: str) -> None:
    path.write_text(text(model), "utf-8")


def in_two_halves(path: Path, model: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text(model)[:11])
        file.flush()
        file.write(text(model)[11:])


def by_rename(path: Path, model: str) -> None:
    half = path.with_suffix(".tmp")
    half.write_text(text(model), "utf-8")
    half.replace(path)


def with_a_backup(path: Path, model: str) -> None:
    """As Vim does: the old file is moved away, and a new one is made."""
    if path.exists():
        path.rename(path.with_name(path.name + "~"))
    path.write_text(text(model), "utf-8")


@pytest.mark.parametrize("save", [in_place, in_two_halves, by_rename, with_a_backup])
async def test_each_way_of_saving_comes_into_force(desk: Desk, save: Callable[[Path, str], None]) -> None:
    for number in range(3):
        save(desk.file, f"a/{number}")
        await desk.until_role(f"a/{number}")


async def test_a_file_in_a_folder_that_appears_later_comes_into_force(desk: Desk) -> None:
    desk.user.parent.parent.mkdir()
    desk.user.parent.mkdir()
    desk.user.write_text(text("a/late"), "utf-8")

    await desk.until_role("a/late")

    by_rename(desk.user, "a/later")
    await desk.until_role("a/later")


async def test_a_folder_that_goes_and_comes_again_is_watched_again(desk: Desk) -> None:
    default = desk.role()
    in_place(desk.file, "a/one")
    await desk.until_role("a/one")

    shutil.rmtree(desk.folder)
    await desk.until_role(default)

    desk.folder.mkdir()
    in_place(desk.file, "a/two")
    await desk.until_role("a/two")


async def test_a_folder_that_another_takes_the_place_of_is_watched_on(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    in_place(other / WORKSPACE_FILE, "a/other")

    desk.folder.rename(tmp_path / "old")
    other.rename(desk.folder)
    await desk.until_role("a/other")

    by_rename(desk.file, "a/more")
    await desk.until_role("a/more")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
async def test_a_link_and_what_it_leads_to_are_both_watched(desk: Desk, tmp_path: Path) -> None:
    targets = [tmp_path / "dotfiles" / "a.toml", tmp_path / "elsewhere" / "b.toml"]
    for number, target in enumerate(targets):
        target.parent.mkdir()
        in_place(target, f"a/{number}")
    desk.file.symlink_to(targets[0])
    await desk.until_role("a/0")

    by_rename(targets[0], "a/through")
    await desk.until_role("a/through")

    link = desk.folder / "new"
    link.symlink_to(targets[1])
    link.replace(desk.file)
    await desk.until_role("a/1")

    in_place(targets[1], "a/last")
    await desk.until_role("a/last")


@pytest.mark.parametrize("save", [in_place, by_rename])
async def test_after_a_flood_of_saves_the_last_one_is_in_force(desk: Desk, save: Callable[[Path, str], None]) -> None:
    def flood() -> None:
        for number in range(300):
            save(desk.file, f"a/{number}")

    await asyncio.to_thread(flood)

    await desk.until_role("a/299")


async def test_a_broken_save_is_told_and_the_last_good_settings_stay(desk: Desk) -> None:
    in_place(desk.file, "a/good")
    await desk.until_role("a/good")

    desk.file.write_text("[roles", "utf-8")
    await desk.until(lambda: len(desk.problems()) == 1)
    assert desk.role() == "a/good"

    in_place(desk.file, "a/mended")
    await desk.until_role("a/mended")
    assert desk.problems() == ()


async def test_other_files_and_saves_without_a_change_are_not_told(desk: Desk) -> None:
    in_place(desk.file, "a/one")
    await desk.until_role("a/one")
    desk.told.clear()

    (desk.folder / "main.py").touch()
    by_rename(desk.file, "a/one")
    by_rename(desk.user.parent.parent.parent / "config.toml", "a/of nobody")
    desk.user.parent.mkdir(parents=True)
    by_rename(desk.user, "a/user")
    await desk.until(lambda: bool(desk.told))

    assert desk.told == [{desk.user}]


async def test_a_removed_folder_is_no_longer_told(desk: Desk) -> None:
    await desk.store.remove_folder(desk.folder)
    by_rename(desk.file, "a/removed")
    desk.user.parent.mkdir(parents=True)
    by_rename(desk.user, "a/user")

    await desk.until_role("a/user")

    assert desk.told == [{desk.user}]


async def test_a_save_is_in_force_within_a_quarter_of_a_second(desk: Desk) -> None:
    took_ms = []
    for number in range(15):
        began = time.perf_counter()
        by_rename(desk.file, f"a/{number}")
        await desk.until_role(f"a/{number}")
        took_ms.append((time.perf_counter() - began) * 1000)

    assert statistics.median(took_ms) < 250, took_ms


class Calls:
    """What a Watcher calls back."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[set[Path]] = asyncio.Queue()
        self.watcher = Watcher(lambda paths: self.queue.put_nowait(set(paths)))

    async def until(self, path: Path) -> None:
        async with asyncio.timeout(LIMIT_S):
            while path not in await self.queue.get():
                pass


@pytest_asyncio.fixture
async def calls() -> AsyncIterator[Calls]:
    calls = Calls()
    yield calls
    await calls.watcher.aclose()


async def test_the_folders_are_called_back_when_their_watch_begins(calls: Calls, tmp_path: Path) -> None:
    calls.watcher.watch([tmp_path])
    assert await calls.queue.get() == {tmp_path}

    calls.watcher.watch([tmp_path, tmp_path / "missing"])
    assert await calls.queue.get() == {tmp_path, tmp_path / "missing"}

    calls.watcher.watch({tmp_path / "missing", tmp_path})  # The same: nothing begins.
    (tmp_path / "x").touch()
    assert await calls.queue.get() == {tmp_path / "x"}


async def test_only_the_folders_themselves_are_watched_and_only_the_last_ones(calls: Calls, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "deep").mkdir(parents=True)
    calls.watcher.watch([tmp_path / "one"])
    await calls.until(tmp_path / "one")
    calls.watcher.watch([tmp_path / "two"])
    await calls.until(tmp_path / "two")

    (tmp_path / "one" / "x").touch()
    (tmp_path / "two" / "deep" / "y").touch()
    (tmp_path / "two" / "z").touch()

    assert await calls.queue.get() == {tmp_path / "two" / "z"}


async def test_a_watch_that_fails_is_tried_again(
    calls: Calls, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    resource = pytest.importorskip("resource")
    calls.watcher.watch([tmp_path])
    await calls.until(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, limits[1]))  # No more files can be opened, nor watches.
    try:
        calls.watcher.watch([tmp_path, tmp_path / "missing"])
        for _ in range(2):  # The folders are called back nevertheless, so that they are read at least.
            await calls.until(tmp_path / "missing")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    await calls.until(tmp_path / "missing")
    (tmp_path / "x").touch()

    await calls.until(tmp_path / "x")

    warnings = [record.getMessage() for record in caplog.records if record.name == watch.__name__]
    assert len(warnings) == 1
    assert warnings[0].startswith("folders cannot be watched, they are read from time to time error=")


async def test_after_closing_nothing_is_called_and_no_thread_is_left(tmp_path: Path) -> None:
    calls = Calls()
    calls.watcher.watch([tmp_path])
    await calls.until(tmp_path)

    await calls.watcher.aclose()
    calls.watcher.watch([tmp_path / "more"])
    (tmp_path / "x").touch()
    await calls.watcher.aclose()

    assert calls.queue.empty()


def test_a_loop_that_ends_without_closing_is_not_held_up(tmp_path: Path) -> None:
    async def forget() -> None:
        calls = Calls()
        calls.watcher.watch([tmp_path])
        await calls.until(tmp_path)

    began = time.perf_counter()
    asyncio.run(forget())

    assert time.perf_counter() - began < LIMIT_S
