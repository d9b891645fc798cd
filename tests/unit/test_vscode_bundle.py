"""How VS Code's extension starts the daemon that lies in it: isolated, and with the libraries of the right Python."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

SCRIPTS = Path(__file__).parents[2] / "client-vscode" / "scripts"
TAG = f"cp{sys.version_info[0]}{sys.version_info[1]}"
DAEMON = """\
import sys
import compiled
def serve():
    print("bundled", compiled.__file__, *sys.path)
    return 7
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The script beside a daemon that only says where it is from."""
    folder = tmp_path / "the bundle"
    for name, text in {"any/passerelle/rpc/stdio.py": DAEMON, f"{TAG}/compiled.py": "", "cp399/other.py": ""}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    shutil.copyfile(SCRIPTS / "launch.py", folder / "launch.py")
    return folder


def run(script: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", script, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **environment}, check=False
    )


def test_nothing_of_the_project_or_the_environment_is_imported(bundle: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("passerelle/__init__.py", "compiled.py", "sitecustomize.py", "json.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("print('stolen')")

    ran = run(bundle / "launch.py", "lsp", cwd=project, PYTHONPATH=str(project), PYTHONSTARTUP=str(project / "json.py"))

    assert (ran.returncode, ran.stderr) == (7, "")
    assert ran.stdout.startswith(f"bundled {bundle / TAG / 'compiled.py'} {bundle / 'any'} {bundle / TAG} ")
    assert str(project) not in ran.stdout


def test_a_python_that_it_was_not_made_for_is_named(bundle: Path) -> None:
    shutil.rmtree(bundle / TAG)

    ran = run(bundle / "launch.py", "lsp", cwd=bundle)

    assert (ran.returncode, ran.stderr) == (1, f"This daemon was made for cp399, and this Python is {TAG}.\n")


def test_a_python_says_what_it_is(bundle: Path) -> None:
    said = json.loads(run(bundle / "launch.py", "--probe", cwd=bundle).stdout)

    assert (said["version"], said["tag"]) == (".".join(map(str, sys.version_info[:3])), TAG)
    assert re.fullmatch(r"\w+-\w+-(32|64)", said["machine"])


@pytest.mark.parametrize("version", ["3.11", "3.14"])
def test_each_python_gets_what_its_lock_says_and_no_tool(version: str) -> None:
    listed = subprocess.run(
        [sys.executable, "-c", f"import bundle; print(*bundle.locked('{version}'), sep='')"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    ).stdout.split("\n")
    lines = [line for line in listed if line]
    names = {Requirement(line.split(" --hash=", 1)[0]).name for line in lines}

    assert {"msgspec", "pygls", "watchfiles", "httpx", "keyring"} <= names
    assert not {"hatchling", "rich", "shtab"} & names
    assert ("importlib-metadata" in names) is (version == "3.11")
    assert all("--hash=sha256:" in line and ";" not in line for line in lines)
