"""Sets up openai-python's own tests as judges of the embedded gateway: a virtual environment and their source.

usage: python tests/judges/setup_openai_python.py        (some 25 seconds, 120 MB in the ignored folder .work)

It is locked beside this file, and made anew when the lock changes. `make test` runs it in CI; elsewhere the tests that
need it are skipped until somebody does.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

LOCK = Path(__file__).with_name("openai_python.txt")
WORK = Path(__file__).parents[2] / ".work" / "openai-python"
PYTHON = WORK / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SOURCE = WORK / "source"
STAMP = WORK / "lock.sha256"


def is_ready() -> bool:
    return STAMP.is_file() and STAMP.read_text("utf-8") == _lock_hash()


def set_up() -> None:
    if is_ready():
        return
    shutil.rmtree(WORK, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
    _pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", LOCK)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        # pip asks the source for its metadata, which runs the build backend: the locked one, already installed.
        wanted = Path(folder) / "openai.txt"
        wanted.write_text(_locked("openai"), "utf-8")
        options = ["--no-deps", "--no-binary", "openai", "--no-build-isolation", "--require-hashes", "--dest", folder]
        _pip("download", *options, "--requirement", wanted)
        with tarfile.open(next(Path(folder).glob("openai-*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
        next(path for path in Path(folder).glob("openai-*") if path.is_dir()).rename(SOURCE)
    STAMP.write_text(_lock_hash(), "utf-8")


def _pip(*arguments: str | Path) -> None:
    subprocess.run([PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _locked(name: str) -> str:
    """One package's lines of the lock."""
    found = re.search(rf"^{name}==.*?(?=^\S)", LOCK.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return found[0] if found else sys.exit(f"{LOCK.name} does not hold {name}")


def _lock_hash() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    set_up()
