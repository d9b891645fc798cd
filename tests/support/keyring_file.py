"""A keyring for tests: a JSON file that FAKE_KEYRING names."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

import passerelle


def file_keyring(file: Path) -> dict[str, str]:
    """The environment of a command that shall use it."""
    roots = [str(Path(passerelle.__file__).parents[1]), str(Path(__file__).parents[1])]
    return {
        "PYTHON_KEYRING_BACKEND": f"{__name__}.FileKeyring",
        "FAKE_KEYRING": str(file),
        "PYTHONPATH": os.pathsep.join(roots),
    }


class FileKeyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._read(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")
        self._write(kept)

    @property
    def _file(self) -> Path:
        return Path(os.environ["FAKE_KEYRING"])

    def _read(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        self._file.write_text(json.dumps(kept), "utf-8")
