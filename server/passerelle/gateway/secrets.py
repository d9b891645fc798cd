"""Secrets, read from where their references point when they are needed. Values stay in this object, and never in a
text for people.
"""

import asyncio
import os
import shlex
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from passerelle.gateway.commands import Command
from passerelle.words.failures import Failure
from passerelle.words.references import Reference
from passerelle.words.tasks import Tasks

FRESH_S = 300.0
COMMAND_LIMIT_S = 10.0
ASK_LIMIT_S = 120.0  # A person may have to type it.
MAX_BYTES = 64 << 10
SERVICE = "passerelle"


class Editor(NamedTuple):
    """The client that answers `editor:` references. What it lends is for its own `connection` only; `ask` gives None
    where it has no such key.
    """

    connection: str
    ask: Callable[[str], Awaitable[str | None]]


_Key = tuple[Reference, str]  # A reference, and the connection that lent its value; "" for all others.


class SecretReader:
    """One value for each reference, kept for five minutes, read once however many ask at the same time."""

    def __init__(
        self,
        environ: Mapping[str, str],
        tasks: Tasks,
        now: Callable[[], float] = time.monotonic,
        command_limit_s: float = COMMAND_LIMIT_S,
    ) -> None:
        self._command_limit_s = command_limit_s
        self._environ = environ
        self._tasks = tasks
        self._now = now
        self._known: dict[_Key, tuple[float, str]] = {}
        self._reading: dict[_Key, asyncio.Task[str | Failure]] = {}

    async def read(self, reference: Reference, editor: Editor | None = None) -> str:
        """The value. Raises Failure `keyMissing` that names the reference and says what to do."""
        key = _key(reference, editor)
        if self._is_fresh(key):
            return self._known[key][1]
        task = self._reading.get(key)
        if task is None:
            task = self._tasks.start(self._fetch(key, editor), name=f"secret {reference.scheme}")
            self._reading[key] = task
            task.add_done_callback(lambda _: self._reading.pop(key, None))
        # Shielded: one request that is cancelled must not fail the others that wait.
        value_or_failure = await asyncio.shield(task)
        if isinstance(value_or_failure, Failure):
            raise value_or_failure
        return value_or_failure

    def is_at_hand(self, reference: Reference, editor: Editor | None = None) -> bool:
        """Whether `read` would find it without asking a person, a program or a keyring."""
        return reference.scheme in ("env", "file") or self._is_fresh(_key(reference, editor))

    def forget(self, reference: Reference) -> None:
        """After the gateway refused it: the next `read` looks again, for it may have been mended meanwhile."""
        for key in [key for key in self._known if key[0] == reference]:
            del self._known[key]

    def forget_connection(self, connection: str) -> None:
        """Drop what a client lent, when it leaves."""
        for key in [key for key in self._known if key[1] == connection]:
            del self._known[key]

    def _is_fresh(self, key: _Key) -> bool:
        return key in self._known and self._now() - self._known[key][0] < FRESH_S

    async def _fetch(self, key: _Key, editor: Editor | None) -> str | Failure:
        """A Failure is returned, not raised: it is expected, and a task's exception is logged as a fault."""
        try:
            value = await self._find(key[0], editor)
        except Failure as failure:
            return failure
        self._known[key] = (self._now(), value)
        return value

    async def _find(self, reference: Reference, editor: Editor | None) -> str:
        limit_s = self._command_limit_s if reference.scheme == "cmd" else ASK_LIMIT_S
        try:
            async with asyncio.timeout(limit_s):
                value = (await self._look_up(reference, editor) or "").strip()
        except TimeoutError:
            raise missing(reference, f"there was no answer within {limit_s:g} s") from None
        if not value:
            raise missing(reference, "it is empty or not set")
        if not is_sendable(value):
            raise missing(reference, "its value has a line break or another character that no key has")
        return value

    async def _look_up(self, reference: Reference, editor: Editor | None) -> str | None:
        match reference.scheme:
            case "env":
                return self._environ.get(reference.name)
            case "file":
                return await asyncio.to_thread(_read_file, reference)
            case "cmd":
                return await _run(reference)
            case "keyring":
                return await asyncio.to_thread(_read_keyring, reference)
            case "editor":
                return await _ask(reference, editor)


def _key(reference: Reference, editor: Editor | None) -> _Key:
    return reference, editor.connection if editor and reference.scheme == "editor" else ""


def is_sendable(value: str) -> bool:
    """Whether a text can stand in a header: printable ASCII. A line break would smuggle a header in."""
    return value.isascii() and value.isprintable()


def missing(reference: Reference, why: str) -> Failure:
    """The failure of a reference that gives no usable value; it says where to put one."""
    hint = {
        "env": f"Set {reference.name} where your editor starts, or name another place for the key in your settings.",
        "file": "Put the key on the first line of that file.",
        "cmd": "Run that command by hand to see what it says.",
        "keyring": f"Store it with `passerelle key set {reference.name}`.",
        "editor": "Store it in your editor.",
    }[reference.scheme]
    return Failure("keyMissing", f"No key from {reference}: {why}. {hint}")


def store_key(name: str, value: str) -> None:
    """Keep the value of `keyring:NAME` in the system's keyring; blocking. Raises Failure `misconfigured`."""
    import keyring  # noqa: PLC0415 - Slow to import, and needed by few.
    import keyring.errors  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, name, value)
    except keyring.errors.KeyringError as error:
        raise _keyring_failed(error) from None


def remove_key(name: str) -> None:
    """Forget the value of `keyring:NAME`; blocking. Raises Failure `misconfigured`, also if there is none."""
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    try:
        keyring.delete_password(SERVICE, name)
    except keyring.errors.PasswordDeleteError:
        raise Failure("keyMissing", f"The keyring holds no key named {name}.") from None
    except keyring.errors.KeyringError as error:
        raise _keyring_failed(error) from None


def _read_keyring(reference: Reference) -> str | None:
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, reference.name)
    except keyring.errors.KeyringError as error:
        raise missing(reference, f"the system's keyring cannot be used ({type(error).__name__})") from None


def _keyring_failed(error: Exception) -> Failure:
    return Failure(
        "misconfigured",
        f"The system's keyring cannot be used ({type(error).__name__}); keep the key in a file or a variable instead.",
    )


def _read_file(reference: Reference) -> str:
    path = Path(os.path.expanduser(reference.name))  # noqa: PTH111 - Path.expanduser raises where there is no home.
    try:
        if not path.is_file():  # A pipe or a device could block for ever.
            raise missing(reference, "there is no such file")
        with path.open("rb") as file:
            return file.readline(MAX_BYTES).decode(errors="replace")
    except OSError as error:
        raise missing(reference, f"the file cannot be read ({error.strerror})") from None


async def _run(reference: Reference) -> str:
    try:
        argv = shlex.split(reference.name, posix=os.name != "nt")
    except ValueError:
        raise missing(reference, "its quotes do not match") from None
    command = Command(argv)
    try:
        status, line = await asyncio.to_thread(command.run, MAX_BYTES)
    except OSError as error:
        raise missing(reference, f"the command cannot be started ({error.strerror})") from None
    finally:
        command.kill()
    if status != 0:
        raise missing(reference, f"the command ended with status {status}")
    return line.decode(errors="replace")


async def _ask(reference: Reference, editor: Editor | None) -> str | None:
    if editor is None:
        raise missing(reference, "this client answers no questions for keys")
    return await editor.ask(reference.name)
