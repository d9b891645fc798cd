"""A command on a pseudo terminal, and what a person reads there. Not on Windows."""

import asyncio
import codecs
import os
import re
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from support.command_line import LIMIT_S
from support.daemon import clean_environment

TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
SEQUENCE = re.compile(r"\x1b\[\??([\d;]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|([^\x1b])")


def screen_text(output: str, columns: int) -> str:
    """What a person reads after a terminal was sent `output`: the lines above the screen, and those on it.

    It knows what rich and readline use: lines, columns, cursor up, erasing a line; colours and modes are ignored.
    """
    lines: list[list[str]] = [[]]
    row = column = 0
    for parameter, command, character in SEQUENCE.findall(output):
        if command == "A":
            row -= int(parameter or 1)
        elif command == "K":
            del lines[row][0 if parameter == "2" else column :]
        elif character == "\r":
            column = 0
        elif character == "\b":
            column -= 1
        elif character == "\n" or (character >= " " and column == columns):
            row += 1
            column = 0 if character != "\n" else column
        if character >= " ":
            lines += [[] for _ in range(row + 1 - len(lines))]
            lines[row] += " " * (column + 1 - len(lines[row]))
            lines[row][column] = character
            column += 1
        lines += [[] for _ in range(row + 1 - len(lines))]
    return "\n".join("".join(line).rstrip() for line in lines)


class Terminal:
    """A pseudo terminal with a command on it. Not on Windows."""

    def __init__(self, columns: int = 60, rows: int = 12) -> None:
        self._ours, self._theirs = os.openpty()
        termios.tcsetwinsize(self._theirs, (rows, columns))
        self._columns = columns
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._came = asyncio.Event()
        self.output = ""
        os.set_blocking(self._ours, False)
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    @property
    def text(self) -> str:
        return screen_text(self.output, self._columns)

    async def run(self, command: Sequence[str], folder: Path, **variables: str) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", TAKE_TERMINAL, *command),
            cwd=folder,
            env={**clean_environment(folder), "TERM": "xterm-256color", **variables},
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    async def shows(self, pattern: str) -> None:
        """Wait until what a person reads matches."""
        async with asyncio.timeout(LIMIT_S):
            while not re.search(pattern, self.text):
                self._came.clear()
                await self._came.wait()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        os.close(self._ours)
        os.close(self._theirs)

    def _read(self) -> None:
        self.output += self._decode(os.read(self._ours, 1 << 16))
        self._came.set()


@asynccontextmanager
async def on_terminal(
    command: Sequence[str], folder: Path, **variables: str
) -> AsyncIterator[tuple[Terminal, Process]]:
    """A command on a terminal of 60 columns and 12 rows, which is its controlling one: Ctrl-C is a signal."""
    terminal = Terminal()
    process = await terminal.run(command, folder, **variables)
    try:
        async with asyncio.timeout(LIMIT_S):
            yield terminal, process
    except BaseException as error:
        error.add_note(f"The terminal reads:\n{terminal.text}")
        raise
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        terminal.close()
