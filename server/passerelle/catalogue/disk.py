"""A gateway's list on disk, with what is needed to ask whether it changed. Blocks: not for the event loop.

A file holds the answer as the gateway gave it, so that a later version reads more out of it.
"""

import hashlib
import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import decode, encode

from passerelle.catalogue.model import BROKEN, LAST_SECOND

log = logging.getLogger(__name__)

FORMAT = 1


class Cached(Struct, frozen=True, kw_only=True, rename="camel"):
    """`list` is the body of `GET /models`; the gateway last confirmed it at `fetched_at_s`, a Unix time."""

    format: int = FORMAT
    fetched_at_s: Annotated[float, Meta(ge=0, le=LAST_SECOND)]
    etag: str | None
    last_modified: str | None
    list: Raw


class _Format(Struct):
    format: int


def place_of(cache_dir: Path, gateway: str, url: str) -> Path:
    """Where the list of a gateway is kept. Another url under the same name is another list."""
    name = re.sub(r"[^\w-]+", "_", gateway)[:40]
    return cache_dir / "models" / f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:12]}.json"


def read(path: Path) -> Cached | None:
    """None where there is none, or none that this version can use. A file that is broken is moved aside."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("catalogue not read path=%s error=%s", path, error.strerror)
        return None
    try:
        if decode(content, type=_Format).format != FORMAT:
            log.info("catalogue of another format left path=%s", path)
            return None
        return decode(content, type=Cached)
    except BROKEN:
        set_aside(path)
        return None


def write(path: Path, cached: Cached) -> None:
    """Replace the file in one step: whoever reads or writes it meanwhile sees a whole one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encode(cached))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def set_aside(path: Path) -> None:
    """Keep a broken file for whoever wants to know why, out of the way of the next one."""
    aside = path.with_suffix(".broken")
    log.warning("catalogue on disk is broken, moved to path=%s", aside)
    with suppress(OSError):
        path.replace(aside)
