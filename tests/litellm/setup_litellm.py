"""Sets up a LiteLLM proxy, the gateway that teams host themselves: a virtual environment of its own.

usage: python tests/litellm/setup_litellm.py        (a minute or more, 740 MB in the ignored folder .work)

It is locked beside this file, and made anew when the lock changes. `make litellm` runs it; the tests that need it are
skipped until somebody does.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("litellm.txt")
WORK = Path(__file__).parents[2] / ".work" / "litellm"
BIN = WORK / "venv" / ("Scripts" if os.name == "nt" else "bin")
STAMP = WORK / "lock.sha256"


def is_ready() -> bool:
    return STAMP.is_file() and STAMP.read_text("utf-8") == _lock_hash()


def set_up() -> None:
    if is_ready():
        return
    shutil.rmtree(WORK, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
    install = [BIN / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*install, "--require-hashes", "--only-binary", ":all:", "--requirement", LOCK], check=True)
    STAMP.write_text(_lock_hash(), "utf-8")


def _lock_hash() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    set_up()
