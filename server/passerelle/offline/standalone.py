"""The embedded gateway as it ships, and as a program of its own: `passerelle offline`. Prints nothing itself."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from passerelle.offline.gateway import OfflineGateway
from passerelle.offline.guide import Guide
from passerelle.offline.readme import read_readme
from passerelle.offline.smollm import SmolLM


async def open_gateway(cache_dir: Path) -> OfflineGateway:
    """The guide, and the small model where it is installed; not listening yet. `cache_dir` holds the weights."""
    readme = await asyncio.to_thread(read_readme)
    return OfflineGateway([Guide(readme), SmolLM(cache_dir)])


async def run(port: int, cache_dir: Path, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` gets the base URL once it answers. Port 0 takes a free one.

    Raises `Failure` when the port cannot be had.
    """
    gateway = await open_gateway(cache_dir)
    interrupted = asyncio.Event()
    try:
        _on_signals(interrupted.set)
        announce(await gateway.start(port))
        await interrupted.wait()
    finally:
        await gateway.aclose()


def _on_signals(act: Callable[[], object]) -> None:
    """Windows has no such handlers: there Ctrl-C cancels the task that runs us, as `asyncio.run` arranges."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, act)
        except NotImplementedError:
            return
