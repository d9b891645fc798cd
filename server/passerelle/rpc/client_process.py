"""Whether the client's process still lives: a daemon must not outlast the editor that started it."""

import asyncio
import os
import sys

POLL_S = 2.0
_WAIT_TIMEOUT = 0x102
_SYNCHRONIZE = 0x00100000


async def wait_until_gone(process_id: int) -> None:
    """Return when the process has ended.

    A process that is not there to begin with is waited for in vain: the client may live in another PID namespace
    (a container, a remote editor), and the end of its pipe tells us then.
    """
    if not is_alive(process_id):
        await asyncio.get_running_loop().create_future()
    if hasattr(os, "pidfd_open"):
        await _wait_by_descriptor(process_id)
    while is_alive(process_id):  # noqa: ASYNC110  # Nothing to wait on: other systems tell only the parent.
        await asyncio.sleep(POLL_S)


def is_alive(process_id: int) -> bool:
    """Whether a process with this id runs. Signal 0 is no question on Windows, it kills: ask the kernel there."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # Windows only.

        handle = ctypes.windll.kernel32.OpenProcess(_SYNCHRONIZE, False, process_id)
        alive = bool(handle) and ctypes.windll.kernel32.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT
        ctypes.windll.kernel32.CloseHandle(handle)
        return alive
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


async def _wait_by_descriptor(process_id: int) -> None:
    """Linux tells by a descriptor that becomes readable: at once, and at no cost while nothing happens. A kernel
    that refuses (a sandbox) leaves it to the polling.
    """
    loop = asyncio.get_running_loop()
    try:
        descriptor = os.pidfd_open(process_id)
    except OSError:
        return
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
