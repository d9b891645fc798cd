"""The schema as a person asks about it: which keys a table has, what a key means, takes and is by default. Pure."""

from functools import cache
from types import NoneType, UnionType
from typing import TypeGuard, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from passerelle.config.assist_words import ABOUT
from passerelle.config.layers import DEFAULT
from passerelle.config.schema import Config
from passerelle.config.toml import Keys

ANY = "*"
"""In a way to a key: a name that the person chooses, or the number of an entry."""
_ROUTINGS = (("models", ANY, "routing"), ("routing", "roles", ANY))


def kind_of(keys: Keys) -> object | None:
    """The type of what a key holds, without "or None"; None for a key that there is not."""
    kind: object = Config
    for key in keys:
        inner = _inner(kind, key)
        if inner is None:
            return None
        kind = inner
    return kind


def keys_of(kind: object) -> list[str]:
    """The keys that a table of this type has; none where the person chooses them."""
    return [field.name for field in fields(kind)] if is_struct(kind) else []


def is_struct(kind: object) -> TypeGuard[type[Struct]]:
    return isinstance(kind, type) and issubclass(kind, Struct)


def is_table(kind: object) -> bool:
    return is_struct(kind) or get_origin(kind) is dict


def entry_of(kind: object) -> object | None:
    """What each entry of a list is; None for what is no list."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def way_to(keys: Keys) -> Keys:
    """The key with `ANY` for what a person chooses; what is said of routing is said once, for wherever it stands."""
    way: list[str] = []
    kind: object | None = Config
    for key in keys:
        way.append(key if is_struct(kind) else ANY)
        kind = _inner(kind, key)
    for longer in _ROUTINGS:
        if tuple(way[: len(longer)]) == longer and len(way) > len(longer):
            return ("routing", *way[len(longer) :])
    return tuple(way)


def about(keys: Keys) -> str | None:
    """What a key means, in a sentence."""
    return ABOUT.get(".".join(way_to(keys)))


def default_of(keys: Keys) -> object | None:
    """What holds where nobody says anything; None where that is nothing, and for a table."""
    if not keys or is_table(kind_of(keys)):
        return None
    for way in (keys, way_to(keys)):
        value: object = DEFAULT.tree
        for key in way:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    field = _field(kind_of(keys[:-1]), keys[-1])
    default: object = field.default if field else NODEFAULT
    return None if default is NODEFAULT else default


def _inner(kind: object | None, key: str) -> object | None:
    if get_origin(kind) is dict:
        return _bare(get_args(kind)[1])
    if (entry := entry_of(kind)) is not None:
        return entry if is_struct(entry) and key.isdecimal() else None
    field = _field(kind, key)
    return None if field is None else _bare(field.type)


def _field(kind: object | None, key: str) -> FieldInfo | None:
    return _fields(kind).get(key) if is_struct(kind) else None


@cache
def _fields(kind: type[Struct]) -> dict[str, FieldInfo]:
    return {field.name: field for field in fields(kind)}


def _bare(kind: object) -> object:
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    (bare,) = (part for part in get_args(kind) if part is not NoneType)
    return bare
