"""Requests that a person has let through beforehand, whatever a budget says. Blocks: for threads.

Each is an empty file: the daemon that is told of it need not be the one that is asked for the request.
"""

import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

LASTS_S = 86_400.0


class Permits:
    """Those in `folder`, and those that could not be written there. Whoever looks and then uses one does both within
    one transaction of the ledger, so that it serves one request of one daemon.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unwritten: set[str] = set()

    def give(self, permit: str) -> None:
        """The next request that needs it may use it, within a day."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path(permit).touch(mode=0o600)
        except OSError:
            self._unwritten.add(permit)

    def use(self, permits: Iterable[str]) -> None:
        """They are used up. Raises OSError where one cannot be taken back."""
        for permit in permits:
            self._unwritten.discard(permit)
            if self._is_written(permit):
                self._path(permit).unlink(missing_ok=True)

    def __contains__(self, permit: object) -> bool:
        return isinstance(permit, str) and (permit in self._unwritten or self._is_written(permit))

    def _is_written(self, permit: str) -> bool:
        try:
            return time.time() - self._path(permit).stat().st_mtime < LASTS_S
        except OSError:
            return False

    def _path(self, permit: str) -> Path:
        return self._folder / sha256(permit.encode()).hexdigest()[:32]
