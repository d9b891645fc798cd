"""Where everything runs: a home and a project of its own, the gateway, and the programs that are compared."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from bench.client import WAIT_S, Client

TESTS = Path(__file__).parents[1]
SERVER = TESTS.parent / "server"
CATALOGUE = TESTS / "data" / "catalogue.json"
PEERS = Path(__file__).parent / "peers"
_PYTHON = (sys.executable, "-P")


class Place:
    """The gateway runs while the place is open; each program is started when it is asked for."""

    def __init__(self, root: Path, gateway: IO[str]) -> None:
        self._home = root / "home"
        self.project = root / "project"
        for folder in (self._home, self.project):
            folder.mkdir()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=lambda: [*map(self._lines.put, gateway)], daemon=True).start()
        self.port = int(self._lines.get(timeout=WAIT_S))
        self.url = f"http://127.0.0.1:{self.port}/v1"
        table = f'[gateways.vercel]\nurl = "{self.url}"\nkey = "env:BENCH_KEY"\n'
        (self._home / "config.toml").write_text(table, "utf-8")

    def daemon(self) -> Client:
        return Client((*_PYTHON, "-m", "passerelle", "lsp"), self._environment, self.project)

    def peer(self, name: str, *arguments: str) -> Client:
        """A server of the folder `peers`."""
        return Client((*_PYTHON, str(PEERS / f"{name}.py"), *arguments), self._environment, self.project)

    def warm_up(self) -> None:
        """Have everything compiled and the catalogue on disk, as on any day but the first."""
        with self.daemon() as daemon, self.peer("bare") as peer:
            peer.initialize()
            daemon.initialize(self.project)
            daemon.request("passerelle/models", {"refresh": True, "limit": 1})
            daemon.request("workspace/executeCommand", {"command": "passerelle.showStatus"})

    def hung_up_after(self, moment_s: float, limit_s: float) -> float | None:
        """Seconds from a moment until the gateway saw a client hang up on it; None if that takes too long."""
        try:
            while (after_s := float(self._lines.get(timeout=limit_s)) - moment_s) < 0:
                pass
        except queue.Empty:
            return None
        return after_s

    @property
    def _environment(self) -> dict[str, str]:
        """Nothing of the machine counts, but where programs are found."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "PASSERELLE_HOME": str(self._home),
            "PYTHONPATH": str(SERVER),
            "BENCH_KEY": "made-up",
        }


@contextmanager
def opened() -> Iterator[Place]:
    command = (*_PYTHON, "-m", "bench.gateway", str(CATALOGUE))
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with (
        TemporaryDirectory() as root,
        subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as gateway,
    ):
        assert gateway.stdout is not None
        try:
            place = Place(Path(root), gateway.stdout)
            place.warm_up()
            yield place
        finally:
            gateway.kill()
