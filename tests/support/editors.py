"""Real editors, with the lines that README.md tells people to write, at the offline gateway."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from support.needed import needed

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "editors"
SESSION_LIMIT_S = 100
BROKEN_CONFIG = '[cachng]\nmode = "auto"\n'


def find_editor(program: str, how: str) -> str:
    """The path of an editor, beside our Python or in PATH."""
    beside = Path(sys.executable).parent
    path = shutil.which(program, path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    needed(program, how, is_there=path is not None)
    return path or ""


def readme_block(language: str) -> str:
    """The first fenced block of README.md in this language."""
    _, start, rest = (ROOT / "README.md").read_text("utf-8").partition(f"\n```{language}\n")
    block, end, _ = rest.partition("\n```\n")
    assert start
    assert end
    return block


def run_session(command: Sequence[str], tmp_path: Path) -> str:
    """Run one editor in a home and a project of its own; what it printed. Fails unless the editor ends with 0."""
    home, project = tmp_path / "home", tmp_path / "project"
    for folder in (home, project):
        folder.mkdir()
    (home / "config.toml").write_text('gateway = "offline"\n', "utf-8")
    (project / "main.py").write_text("def add(a, b):\n    return a - b\n", "utf-8")
    (project / "passerelle.toml").write_text(BROKEN_CONFIG, "utf-8")
    environment = {
        "PATH": f"{install(tmp_path)}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "PASSERELLE_HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "LANG": "C.UTF-8",
    }
    ended = subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SESSION_LIMIT_S,
        check=False,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def install(tmp_path: Path) -> Path:
    """A folder for PATH in which `passerelle` is the one of this checkout."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "passerelle"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}/server" exec "{sys.executable}" -P -m passerelle "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    return folder
