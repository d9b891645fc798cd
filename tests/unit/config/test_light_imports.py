"""Start-up time: what only some need is imported where they need it."""

import subprocess
import sys
from pathlib import Path

import passerelle


def test_reading_settings_imports_neither_the_writer_nor_the_watch() -> None:
    program = """
import sys
from passerelle.config import environment, layers, parse, places, resolve, schema, store
places.locate({"PASSERELLE_HOME": "/h"})
print(*sorted({"tomlkit", "platformdirs", "watchfiles", "difflib", "tempfile"} & sys.modules.keys()))
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
