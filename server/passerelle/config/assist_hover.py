"""Hover in a settings file: what a key means and what holds now, and what a model can do and costs. Pure."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from passerelle.config.assist import MODEL_PLACES, REST_OF_STRING, matched
from passerelle.config.assist_known import Known, describe
from passerelle.config.assist_place import Where, where
from passerelle.config.assist_schema import about, default_of, entry_of, is_struct, is_table, kind_of, way_to
from passerelle.config.expectation import expected
from passerelle.config.rules import GUARDED
from passerelle.config.toml import Keys, dotted
from passerelle.protocol.assist import Hover, MarkupContent
from passerelle.protocol.lsp import Position, Range
from passerelle.protocol.state import Source
from passerelle.words.text import Encoding, code_points, column_of

SOURCES: dict[Source, str] = {
    "default": "built in",
    "user": "from your own settings",
    "workspace": "from the workspace's settings",
    "editor": "from the editor's settings",
    "environment": "from the environment",
    "session": "chosen for this session",
}
_REST_OF_WORD = re.compile(r"[A-Za-z0-9_-]*")


def hover(lines: Sequence[str], position: Position, encoding: Encoding, known: Known) -> Hover | None:
    """What is to be said of a place in a document, given as lines with their ends; None where that is nothing."""
    if position.line >= len(lines):
        return None
    line, above = lines[position.line].rstrip("\r\n"), "".join(lines[: position.line])
    cursor = code_points(line, position.character, encoding)
    is_quoted = bool(where(above + line[:cursor]).quote)
    end = cursor + len(matched(REST_OF_STRING if is_quoted else _REST_OF_WORD, line[cursor:]))
    found = where(above + line[:end])
    text = _text(found, known) if found.typed else None
    if text is None:
        return None
    start, stop = (column_of(line, index, encoding) for index in (found.start - len(above), end))
    span = Range(start=Position(line=position.line, character=start), end=Position(line=position.line, character=stop))
    return Hover(contents=MarkupContent(value=text), range=span)


def _text(found: Where, known: Known) -> str | None:
    if found.kind == "value":
        is_model = way_to(found.above) in MODEL_PLACES
        return _model(found.typed, known) if is_model else _key(found.above, known)
    if found.kind in {"key", "header"}:
        keys = (*found.above, found.typed)
        if found.above == ("models",) and (text := _model(found.typed, known)):
            return text
        return _key(keys, known)
    return None


def _model(name: str, known: Known) -> str | None:
    """A glob names no model; of an unknown id it is said what serves in its place."""
    if (model := known.model(name)) is not None:
        return describe(model)
    if re.search(r"[*?\[]", name) or not known.search(""):
        return None
    relative = known.stand_in(name)
    instead = f"`{relative}` serves in its place." if relative else "It is tried all the same."
    return f"The gateway lists no `{name}`. {instead}"


def _key(keys: Keys, known: Known) -> str | None:
    words = about(keys)
    if words is None:
        return None
    kind, default = kind_of(keys), default_of(keys)
    said = [f"**{dotted(keys)}**", words]
    if not is_table(kind) and not is_struct(entry_of(kind)) and not is_struct(kind):
        said.append(f"Takes {expected(kind)}." + ("" if default is None else f" By default `{_toml(default)}`."))
    if keys[0] == GUARDED and not known.is_own:
        said.append("In a workspace's file it is ignored.")
    said += _now(keys, known)
    return "\n\n".join(said)


def _now(keys: Keys, known: Known) -> list[str]:
    """The value in force, and who says it."""
    key = dotted(keys)
    value = next((value for value in known.effective.values if value.key == key), None)
    if value is None:
        return []
    said = SOURCES[value.source]
    if value.path is not UNSET:
        said = f"from {value.path}" if value.line is UNSET else f"from {value.path}:{value.line}"
    return [f"Now `{_toml(value.value)}`, {said}."]


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()
