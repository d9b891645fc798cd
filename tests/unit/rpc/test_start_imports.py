"""Start-up time: the rooms that only some requests need are loaded with the first of these."""

import subprocess
import sys
from pathlib import Path

import passerelle


def test_the_program_starts_without_what_only_some_need() -> None:
    program = """
import sys
import passerelle.rpc.program
late = ("passerelle.conversations", "passerelle.edits", "passerelle.offline", "passerelle.money.book", "sqlite3",
        "pygls", "lsprotocol", "rich", "tomlkit")
print(*sorted(name for name in sys.modules if name.startswith(late)))
"""
    source_root = str(Path(passerelle.__file__).parents[1])

    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"PYTHONPATH": source_root},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert done.stdout == "\n"
