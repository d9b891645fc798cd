"""The settings files in force, read again by word: what the watch adds is in tests/wire."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from passerelle.config.layers import merge
from passerelle.config.store import ConfigStore
from passerelle.words.failures import Failure

GOOD = "[roles]\nchat = 'a/good'\n"


class Home:
    """A person's file, two workspace folders and the store that owns them."""

    def __init__(self, path: Path) -> None:
        self.user = path / "home" / "config.toml"
        self.user.parent.mkdir()
        self.folders = [path / "one", path / "two"]
        for folder in self.folders:
            folder.mkdir()
        self.file = self.folders[0] / "passerelle.toml"
        self.changes: list[frozenset[Path]] = []
        self.store = ConfigStore(self.user, {"PASSERELLE__ROLES__TITLE": "a/variable"}, self.changes.append)

    def role(self, role: str, folder: Path | None = None) -> str | None:
        return merge(self.store.layers(folder)).config.roles.get(role)

    def problems(self) -> list[str]:
        merged = [merge(self.store.layers(folder)) for folder in (None, *self.folders)]
        problems = dict.fromkeys(problem for effective in merged for problem in effective.problems)
        return [f"{Path(problem.path).name}:{problem.line} {problem.message}" for problem in problems]


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(tmp_path)
    yield home
    await home.store.aclose()


async def test_layers_are_those_of_the_folder_between_the_users_and_the_environment(home: Home) -> None:
    home.user.write_text("roles = {chat = 'a/user', edit = 'a/user'}", "utf-8")
    home.file.write_text("roles = {chat = 'a/one', title = 'a/one'}", "utf-8")
    await home.store.open()
    for folder in home.folders:
        await home.store.add_folder(folder)

    one, two = home.folders

    assert [layer.source for layer in home.store.layers(one)] == ["default", "user", "workspace", "environment"]
    assert (home.role("chat", one), home.role("edit", one), home.role("title", one)) == (
        "a/one",
        "a/user",
        "a/variable",
    )
    assert (home.role("chat", two), home.role("chat")) == ("a/user", "a/user")
    assert home.changes == []  # Nobody held other values before.


async def test_a_folder_counts_as_often_as_it_was_added(home: Home) -> None:
    home.file.write_text(GOOD, "utf-8")
    folder = home.folders[0]
    await home.store.open()
    await asyncio.gather(home.store.add_folder(folder), home.store.add_folder(folder))

    await home.store.remove_folder(folder)
    assert home.role("chat", folder) == "a/good"

    await home.store.remove_folder(folder)
    assert home.role("chat", folder) != "a/good"


async def test_only_a_changed_content_is_told_and_it_is_in_force_by_then(home: Home) -> None:
    home.user.write_text(GOOD, "utf-8")
    await home.store.open()
    home.user.write_text(GOOD, "utf-8")
    await home.store.reload()
    assert home.changes == []

    home.user.write_text("[roles]\nchat = 'a/new'", "utf-8")
    await home.store.reload()

    assert home.changes == [{home.user}]
    assert home.role("chat") == "a/new"


def no_text(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda path: path.write_text("[roles]\nchat = ", "utf-8"), "config.toml:2 This is not TOML: Invalid value."),
        (lambda path: path.write_bytes(b"\n\n\xff"), "config.toml:3 This file is not UTF-8."),
        (lambda path: path.write_bytes(b"#" * (1 << 21)), "config.toml:1 This file is larger than 1 MiB."),
        (no_text, f"config.toml:1 This file cannot be read: {os.strerror(errno.EISDIR)}."),
    ],
)
async def test_the_last_good_settings_stay_in_force(home: Home, spoil: Callable[[Path], object], problem: str) -> None:
    home.user.write_text(GOOD + "tilte = 1\n[nope]\n", "utf-8")
    await home.store.open()
    spoil(home.user)

    await home.store.reload()
    await home.store.reload()

    assert home.role("chat") == "a/good"
    assert home.problems() == [f"{problem} The last good settings stay in force."]
    assert home.changes == [{home.user}]


async def test_a_file_that_was_never_good_says_that_nothing_of_it_is_in_force(home: Home) -> None:
    home.user.write_text("= 1", "utf-8")
    await home.store.open()

    assert home.problems() == ["config.toml:1 This is not TOML: Invalid statement. Nothing in it is in force."]

    home.user.write_text(GOOD, "utf-8")
    await home.store.reload()

    assert home.problems() == []
    assert home.role("chat") == "a/good"


async def test_a_deleted_file_is_an_empty_layer(home: Home) -> None:
    home.user.write_text(GOOD, "utf-8")
    await home.store.open()
    home.user.unlink()

    await home.store.reload()

    assert home.role("chat") != "a/good"
    assert home.problems() == []
    assert home.changes == [{home.user}]


async def test_problems_of_all_files_are_told_once(home: Home) -> None:
    home.user.write_text("gatway = 1", "utf-8")
    home.file.write_text("gateway = 'nobodys'", "utf-8")
    await home.store.open()
    for folder in home.folders:
        await home.store.add_folder(folder)

    assert [problem.partition(" ")[0] for problem in home.problems()] == ["config.toml:1", "passerelle.toml:1"]


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_value_that_was_set_is_in_force_at_once(home: Home, is_there: bool) -> None:
    if is_there:
        home.file.write_text("# mine\n[roles]\nchat = 'a/old' # why\n", "utf-8")
    await home.store.open()
    await home.store.add_folder(home.folders[0])

    await home.store.set_value(home.file, ("roles", "chat"), "a/new")

    assert home.role("chat", home.folders[0]) == "a/new"
    assert home.changes == [{home.file}]
    assert home.file.read_text("utf-8") == (
        '# mine\n[roles]\nchat = "a/new" # why\n' if is_there else '[roles]\nchat = "a/new"\n'
    )


@pytest.mark.parametrize("content", [b"[roles", b"\xff"])
async def test_a_broken_file_is_not_written_over(home: Home, content: bytes) -> None:
    home.user.write_bytes(content)
    await home.store.open()

    with pytest.raises(Failure) as refused:
        await home.store.set_value(home.user, ("roles", "chat"), "a/new")

    assert refused.value.message.startswith(f"{home.user}: This ")
    assert home.user.read_bytes() == content


async def test_values_set_at_once_are_all_kept(home: Home) -> None:
    await home.store.open()

    roles = [f"role-{number}" for number in range(10)]
    await asyncio.gather(*(home.store.set_value(home.user, ("roles", role), role) for role in roles))

    assert [home.role(role) for role in roles] == roles


async def test_a_folder_removed_while_its_file_is_read_stays_removed(home: Home) -> None:
    home.file.write_text(GOOD, "utf-8")
    folder = home.folders[0]
    await home.store.open()

    await asyncio.gather(home.store.add_folder(folder), home.store.remove_folder(folder))

    assert len(home.store.layers(folder)) == len(home.store.layers(None))


async def test_a_folder_that_cannot_exist_disturbs_no_other(home: Home) -> None:
    impossible = Path("/a\0b")
    await home.store.open()
    await home.store.add_folder(impossible)
    home.user.write_text(GOOD, "utf-8")

    await home.store.reload()

    assert home.role("chat", impossible) == "a/good"


async def test_a_text_that_was_known_earlier_is_in_force_first(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[roles]\nchat = 'a/later'\n", "utf-8")
    changes: list[frozenset[Path]] = []
    store = ConfigStore(file, {}, changes.append, known={file: GOOD})

    await store.reload()
    assert merge(store.layers(None)).config.roles["chat"] == "a/good"
    assert changes == []

    await store.reload()
    assert merge(store.layers(None)).config.roles["chat"] == "a/later"
    assert changes == [frozenset({file})]
    await store.aclose()
