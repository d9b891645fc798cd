"""A command run for its first line of output, in a thread that can be told to give up."""

import os
import signal
import subprocess
import sys
from contextlib import suppress


class Command:
    """`run` blocks and belongs in a thread; `kill` may be called from any other, before, during and after it."""

    def __init__(self, argv: list[str]) -> None:
        self._argv = argv
        self._process: subprocess.Popen[bytes] | None = None
        self._is_killed = False

    def run(self, max_bytes: int) -> tuple[int, bytes]:
        """The exit code and the first line of stdout, or its first `max_bytes`. There is no shell, stdin is empty,
        and stderr is dropped: it may quote the secret. Raises OSError if the program cannot be started.
        """
        with subprocess.Popen(
            self._argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # A group of its own, so that its children can be killed with it.
        ) as process:
            self._process = process
            if self._is_killed:
                self.kill()
            line = process.stdout.readline(max_bytes) if process.stdout else b""
            return process.wait(), line

    def kill(self) -> None:
        """End it with all its children, if it still runs."""
        self._is_killed = True
        process = self._process
        if process is None or process.poll() is not None:
            return
        if sys.platform == "win32":
            process.kill()
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
