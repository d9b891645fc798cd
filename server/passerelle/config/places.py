"""Where a person's settings, state and cache are. It makes no folder and reads no file."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

USER_FILE = "config.toml"
WORKSPACE_FILE = "passerelle.toml"
_APP = "passerelle"


class Places(NamedTuple):
    """All absolute; none needs to exist."""

    config_file: Path
    state_dir: Path
    cache_dir: Path


def locate(environ: Mapping[str, str]) -> Places:
    """`PASSERELLE_HOME` moves all three, `PASSERELLE_CONFIG` names the user's file; else the platform's folders."""
    home = environ.get("PASSERELLE_HOME")
    places = _below(_absolute(home)) if home else _of_platform()
    if config := environ.get("PASSERELLE_CONFIG"):
        return places._replace(config_file=_absolute(config))
    return places


def _below(home: Path) -> Places:
    return Places(home / USER_FILE, home / "state", home / "cache")


def _of_platform() -> Places:
    import platformdirs  # noqa: PLC0415 - Not needed where `PASSERELLE_HOME` is set.

    return Places(
        platformdirs.user_config_path(_APP, appauthor=False) / USER_FILE,
        platformdirs.user_state_path(_APP, appauthor=False),
        platformdirs.user_cache_path(_APP, appauthor=False),
    )


def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()
