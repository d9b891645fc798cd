"""Where settings, state and cache are."""

import sys
from pathlib import Path

import pytest

from passerelle.config.places import Places, locate


def test_one_variable_moves_everything_together() -> None:
    assert locate({"PASSERELLE_HOME": "/h"}) == Places(Path("/h/config.toml"), Path("/h/state"), Path("/h/cache"))


@pytest.mark.parametrize("home", [{}, {"PASSERELLE_HOME": "/h"}])
def test_another_names_the_users_file_alone(home: dict[str, str]) -> None:
    places = locate(home)

    assert locate({**home, "PASSERELLE_CONFIG": "/c/x.toml"}) == places._replace(config_file=Path("/c/x.toml"))


def test_a_relative_path_or_one_with_a_tilde_is_made_absolute() -> None:
    assert locate({"PASSERELLE_HOME": "/h", "PASSERELLE_CONFIG": "x.toml"}).config_file == Path.cwd() / "x.toml"
    assert locate({"PASSERELLE_HOME": "~/h"}).state_dir == Path.home() / "h" / "state"


def test_an_empty_variable_says_nothing() -> None:
    assert locate({"PASSERELLE_HOME": "", "PASSERELLE_CONFIG": ""}) == locate({})


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is Linux's")
def test_the_folders_of_xdg_are_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"/xdg/{name}")

    assert locate({}) == Places(
        Path("/xdg/CONFIG/passerelle/config.toml"), Path("/xdg/STATE/passerelle"), Path("/xdg/CACHE/passerelle")
    )
