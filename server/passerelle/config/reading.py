"""One settings file as it was read last, and the layer that is in force because of it. Its functions wait for the
disk; call them in a thread.
"""

import time
from pathlib import Path

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from passerelle.config.files import Unreadable, read_text, real_path, write_atomically
from passerelle.config.parse import Layer, parse
from passerelle.config.toml import Keys
from passerelle.config.write import Value, set_value
from passerelle.protocol.state import Problem, Source
from passerelle.words.failures import Failure

EMPTIED_S = 0.05
"""How long a file without content is given: some programs make, empty or remove a file before they write it."""


class Reading(Struct, frozen=True, kw_only=True):
    """`target` is where links lead, or the path. `content` is None for no file, UNSET where it could not be read."""

    path: Path
    target: Path
    layer: Layer
    content: str | UnsetType | None = UNSET
    is_unread: bool = False


def unread(path: Path, source: Source) -> Reading:
    """A file before it was read: an empty layer."""
    return Reading(path=path, target=path, layer=Layer(source=source, path=str(path)), is_unread=True)


def reread(before: Reading) -> Reading:
    """The file as it is now; the very same Reading if nothing changed."""
    target = real_path(before.path)
    try:
        content = _content(before)
    except Unreadable as fault:
        layer = _kept(before, fault.message, fault.line, 1)
        after = Reading(path=before.path, target=target, layer=layer)
        return before if after == before else after
    if content == before.content and target == before.target:
        return before
    return replace(with_content(before, content), target=target)


def with_content(before: Reading, content: str | None) -> Reading:
    """The file with this text, which need not be read."""
    return Reading(path=before.path, target=before.target, layer=_in_force(before, content), content=content)


def rewrite(path: Path, keys: Keys, value: Value) -> None:
    """Set one value in a file. Raises Failure `misconfigured` if its text cannot be read, understood or written."""
    try:
        text = set_value(read_text(path) or "", keys, value)
    except (Unreadable, Failure) as error:
        raise Failure("misconfigured", f"{path}: {error.message}") from None
    write_atomically(path, text)


def _content(before: Reading) -> str | None:
    content = read_text(before.path)
    if content or before.content is UNSET or content == before.content:
        return content
    time.sleep(EMPTIED_S)
    return read_text(before.path)


def _in_force(before: Reading, content: str | None) -> Layer:
    """A text that is not TOML leaves the last good layer in force."""
    if content is None:
        return Layer(source=before.layer.source, path=before.layer.path)
    layer = parse(content, str(before.path), before.layer.source)
    if layer.tree is not None:
        return layer
    (problem,) = layer.problems
    return _kept(before, problem.message, problem.line, problem.column)


def _kept(before: Reading, message: str, line: int, column: int) -> Layer:
    rest = "The last good settings stay in force." if before.layer.tree else "Nothing in it is in force."
    problem = Problem(
        path=str(before.path), line=line, column=column, key="", message=f"{message} {rest}", severity="error"
    )
    return replace(before.layer, problems=(problem,))
