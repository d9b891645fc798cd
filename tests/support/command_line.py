"""Commands as a shell runs them: processes with pipes. On a terminal: `support.terminal`."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from support.daemon import clean_environment

LIMIT_S = 30.0
NOTHING: Mapping[str, str] = {}


class Ended(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


@asynccontextmanager
async def started(
    command: Sequence[str], folder: Path, *, is_fed: bool = False, environment: Mapping[str, str] = NOTHING
) -> AsyncIterator[Process]:
    """A command in `folder`, with a home there and nothing else configured; `is_fed` gives it a stdin."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**clean_environment(folder), "PYTHONIOENCODING": "utf-8", **environment},
        stdin=PIPE if is_fed else DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def run_command(
    command: Sequence[str], folder: Path, *, stdin: bytes | None = None, environment: Mapping[str, str] = NOTHING
) -> Ended:
    """Run it to its end."""
    async with started(command, folder, is_fed=stdin is not None, environment=environment) as process:
        stdout, stderr = await process.communicate(stdin)
        assert process.returncode is not None
        return Ended(process.returncode, stdout.decode(), stderr.decode())
