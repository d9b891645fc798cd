"""A glance at the settings files before the first answer: what a client saves after it, is a change.

Standard library only, and not pathlib, whose import takes longer than all that the front does.
"""

import os
import re
import stat
from collections.abc import Mapping, Sequence

MOST_FILES = 10
MOST_BYTES = 1 << 20
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def glance(environ: Mapping[str, str], folder_uris: Sequence[str]) -> dict[str, str | None]:
    """Path → text, or None for no file. What is out of the ordinary is left out: it is read later, with more care."""
    found: dict[str, str | None] = {}
    for path in settings_files(environ, folder_uris)[:MOST_FILES]:
        try:
            found[path] = _text(path)
        except FileNotFoundError:
            found[path] = None
        except (OSError, ValueError):
            continue
    return found


def settings_files(environ: Mapping[str, str], folder_uris: Sequence[str]) -> list[str]:
    """Those whose place shows without a library: the user's where a variable names it, and the folders' own."""
    files = [os.path.join(path, "passerelle.toml") for uri in folder_uris if (path := _path(uri))]
    if config := environ.get("PASSERELLE_CONFIG"):
        files.append(config)
    elif home := environ.get("PASSERELLE_HOME"):
        files.append(os.path.join(home, "config.toml"))
    return [path for path in files if os.path.isabs(path)]


def _path(uri: str) -> str | None:
    """Of a plain `file:` URI on a system with plain paths."""
    if os.name != "posix" or not uri.startswith("file:///"):
        return None
    path = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), uri.removeprefix("file://").encode())
    return path.decode(errors="surrogateescape")


def _text(path: str) -> str:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # A named pipe there must not hold us up.
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError
        data = os.read(descriptor, MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MOST_BYTES:
        raise ValueError
    return data.decode("utf-8-sig")
