import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from passerelle.gateway.secrets import FRESH_S, Editor, SecretReader, remove_key, store_key
from passerelle.words.failures import Failure
from passerelle.words.references import Reference
from passerelle.words.tasks import Tasks

SECRET = "hunter2-hunter2"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Environment(dict[str, str]):
    """Counts how often it is asked."""

    asked = 0

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked += 1
        return super().get(name, default)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    yield tasks
    await tasks.aclose()


def python(code: str) -> Reference:
    return Reference("cmd", f'"{sys.executable}" -c "{code}"')


async def why_missing(reader: SecretReader, reference: Reference, editor: Editor | None = None) -> str:
    with pytest.raises(Failure) as refused:
        await reader.read(reference, editor)
    assert refused.value.kind == "keyMissing"
    assert str(reference) in refused.value.message
    assert SECRET not in refused.value.message
    return refused.value.message


async def test_a_variable_is_read(tasks: Tasks) -> None:
    reader = SecretReader({"KEY": f" {SECRET}\n"}, tasks)
    assert await reader.read(Reference("env", "KEY")) == SECRET
    assert "name another place" in await why_missing(reader, Reference("env", "OTHER"))


@pytest.mark.parametrize("value", ["", "  \n"])
async def test_an_empty_value_is_none(tasks: Tasks, value: str) -> None:
    assert "not set" in await why_missing(SecretReader({"KEY": value}, tasks), Reference("env", "KEY"))


@pytest.mark.parametrize("evil", ["\r\nx-evil: 1", "\n", "\x00", "é", "\u2028", "\x7f"])
async def test_a_value_that_no_header_can_carry_is_refused_unseen(tasks: Tasks, evil: str) -> None:
    reader = SecretReader({"KEY": f"{SECRET}{evil}{SECRET}"}, tasks)
    assert "line break" in await why_missing(reader, Reference("env", "KEY"))


async def test_the_first_line_of_a_file_is_read(tasks: Tasks, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"  {SECRET}  \nand a note\n", "utf-8")
    assert await SecretReader({}, tasks).read(Reference("file", str(file))) == SECRET


async def test_a_file_that_cannot_be_read_is_named(tasks: Tasks, tmp_path: Path) -> None:
    reader = SecretReader({}, tasks)
    assert "no such file" in await why_missing(reader, Reference("file", str(tmp_path / "none")))
    assert "no such file" in await why_missing(reader, Reference("file", str(tmp_path)))


async def test_a_file_without_end_is_read_to_a_bound(tasks: Tasks, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"x" * 1_000_000)
    assert len(await SecretReader({}, tasks).read(Reference("file", str(file)))) == 64 << 10


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only where there are named pipes")
async def test_a_pipe_in_place_of_a_file_is_not_waited_for(tasks: Tasks, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "no such file" in await why_missing(SecretReader({}, tasks), Reference("file", str(tmp_path / "pipe")))


async def test_the_first_line_of_a_command_is_read(tasks: Tasks) -> None:
    assert await SecretReader({}, tasks).read(python(f"print(' {SECRET} '); print('more')")) == SECRET


async def test_a_command_has_no_shell_and_no_input(tasks: Tasks) -> None:
    reader = SecretReader({}, tasks)
    assert await reader.read(python("import sys; print(repr(sys.stdin.read()), '$HOME', '|', '*')")) == "'' $HOME | *"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (python("import sys; print('hunter2-' * 2, file=sys.stderr); print('x'); sys.exit(3)"), "status 3"),
        (python("pass"), "empty"),
        (Reference("cmd", "no-such-program-here --key"), "cannot be started"),
        (Reference("cmd", "echo 'unfinished"), "quotes"),
    ],
)
async def test_a_command_that_gives_no_key_says_why(tasks: Tasks, reference: Reference, words: str) -> None:
    assert words in await why_missing(SecretReader({}, tasks), reference)


async def test_a_command_that_hangs_is_given_up(tasks: Tasks) -> None:
    reader = SecretReader({}, tasks, command_limit_s=0.05)
    assert "within 0.05 s" in await why_missing(reader, python("import time; time.sleep(600)"))


HANGING = """
import os, subprocess, sys
pipe = os.open(sys.argv[1], os.O_WRONLY)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[pipe])
os.write(pipe, b"x")
child.wait()
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only where there are named pipes")
async def test_a_command_is_killed_with_its_children_when_the_daemon_leaves(tmp_path: Path) -> None:
    script, pipe = tmp_path / "hang.py", tmp_path / "pipe"
    script.write_text(HANGING, "utf-8")
    os.mkfifo(pipe)
    tasks = Tasks()
    reference = Reference("cmd", f'"{sys.executable}" "{script}" "{pipe}"')
    asking = asyncio.create_task(SecretReader({}, tasks).read(reference))
    with await asyncio.to_thread(pipe.open, "rb", buffering=0) as held:
        assert await asyncio.to_thread(held.read, 1) == b"x"

        await tasks.aclose()

        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(5):
            # The pipe ends when nobody holds it any more: parent and child are gone.
            assert await asyncio.to_thread(held.read, 1) == b""


class Memory(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class Broken(Memory):
    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        raise keyring.errors.NoKeyringError(SECRET)

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002
        raise keyring.errors.PasswordSetError(password)


@pytest.fixture
def memory() -> Iterator[Memory]:
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


async def test_the_systems_keyring_keeps_keys(tasks: Tasks, memory: Memory) -> None:
    store_key("work", SECRET)
    assert memory.kept == {("passerelle", "work"): SECRET}
    assert await SecretReader({}, tasks).read(Reference("keyring", "work")) == SECRET

    remove_key("work")
    assert "passerelle key set work" in await why_missing(SecretReader({}, tasks), Reference("keyring", "work"))
    with pytest.raises(Failure, match="no key named work"):
        remove_key("work")


@pytest.mark.usefixtures("memory")
async def test_a_keyring_that_fails_is_told_without_what_it_says(tasks: Tasks) -> None:
    keyring.set_keyring(Broken())
    assert "NoKeyringError" in await why_missing(SecretReader({}, tasks), Reference("keyring", "work"))
    with pytest.raises(Failure, match="PasswordSetError") as refused:
        store_key("work", SECRET)
    assert SECRET not in refused.value.message


async def test_a_value_is_kept_for_a_time_and_then_read_again(tasks: Tasks) -> None:
    environ, clock = Environment(KEY=SECRET), Clock()
    reader = SecretReader(environ, tasks, clock)
    for after_s, asked in ((0, 1), (FRESH_S - 1, 1), (2, 2), (1, 2)):
        clock.now += after_s
        assert await reader.read(Reference("env", "KEY")) == SECRET
        assert environ.asked == asked


async def test_a_value_that_was_refused_is_read_again(tasks: Tasks) -> None:
    environ = Environment(KEY="old")
    reader = SecretReader(environ, tasks)
    assert await reader.read(Reference("env", "KEY")) == "old"
    environ["KEY"] = "new"
    reader.forget(Reference("env", "OTHER"))
    assert await reader.read(Reference("env", "KEY")) == "old"
    reader.forget(Reference("env", "KEY"))
    assert await reader.read(Reference("env", "KEY")) == "new"


async def test_a_failure_is_not_kept_nor_logged_as_a_fault(tasks: Tasks, caplog: pytest.LogCaptureFixture) -> None:
    environ = Environment()
    reader = SecretReader(environ, tasks)
    await why_missing(reader, Reference("env", "KEY"))
    environ["KEY"] = SECRET
    assert await reader.read(Reference("env", "KEY")) == SECRET
    assert not caplog.records


class Lender:
    """An editor that answers when the test says so."""

    def __init__(self, connection: str = "1") -> None:
        self.asked: list[str] = []
        self.value: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.editor = Editor(connection, self.ask)

    async def ask(self, name: str) -> str | None:
        self.asked.append(name)
        return await self.value


LENT = Reference("editor", "work")


async def test_many_that_ask_at_once_cause_one_question(tasks: Tasks) -> None:
    reader, lender = SecretReader({}, tasks), Lender()
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(reader.read(LENT, lender.editor)) for _ in range(50)]
        await asyncio.sleep(0)
        lender.value.set_result(SECRET)
    assert [task.result() for task in asking] == [SECRET] * 50
    assert lender.asked == ["work"]


async def test_one_that_is_cancelled_does_not_disturb_the_others(tasks: Tasks) -> None:
    reader, lender = SecretReader({}, tasks), Lender()
    first, second = (asyncio.create_task(reader.read(LENT, lender.editor)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    lender.value.set_result(SECRET)
    assert await second == SECRET
    assert first.cancelled()


async def test_what_an_editor_lends_is_for_its_own_connection(tasks: Tasks) -> None:
    reader, one, other = SecretReader({}, tasks), Lender("1"), Lender("2")
    one.value.set_result("of one")
    other.value.set_result("of other")
    assert await reader.read(LENT, one.editor) == "of one"
    assert await reader.read(LENT, other.editor) == "of other"

    reader.forget_connection("1")

    assert await reader.read(LENT, one.editor) == "of one"
    assert await reader.read(LENT, other.editor) == "of other"
    assert (one.asked, other.asked) == (["work", "work"], ["work"])


async def test_an_editor_that_has_no_key_or_cannot_be_asked_is_told(tasks: Tasks) -> None:
    reader, lender = SecretReader({}, tasks), Lender()
    lender.value.set_result(None)
    assert "not set" in await why_missing(reader, LENT, lender.editor)
    assert "no questions" in await why_missing(reader, LENT)


async def test_no_repr_shows_a_value(tasks: Tasks) -> None:
    reader = SecretReader({"KEY": SECRET}, tasks)
    await reader.read(Reference("env", "KEY"))
    assert SECRET not in repr(reader)


async def test_what_would_disturb_somebody_is_not_at_hand_until_it_was_read(tasks: Tasks) -> None:
    clock = Clock()
    reader = SecretReader({"KEY": SECRET}, tasks, now=clock)
    editor = Editor("one", lambda _: asyncio.sleep(0, SECRET))
    lent = Reference("editor", "work")
    assert reader.is_at_hand(Reference("env", "KEY"))
    assert reader.is_at_hand(Reference("file", "~/key"))
    assert not reader.is_at_hand(Reference("keyring", "work"))
    assert not reader.is_at_hand(python("print(1)"))
    assert not reader.is_at_hand(lent, editor)

    await reader.read(lent, editor)
    assert reader.is_at_hand(lent, editor)
    assert not reader.is_at_hand(lent, Editor("another", editor.ask))
    clock.now += FRESH_S
    assert not reader.is_at_hand(lent, editor)
