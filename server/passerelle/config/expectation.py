"""What a setting should have been, in words for a person. It never repeats a value: that may be a secret."""

from collections.abc import Iterable
from typing import Literal, get_args, get_origin

from msgspec import inspect

_LONGEST_WORD = 100


def expected(kind: object) -> str:
    """The values that a type of the schema admits: `a number, at least 0 and at most 2`."""
    if words := choices(kind):
        return "one of " + ", ".join(f"`{word}`" for word in words)
    return _words(inspect.type_info(kind))


def nearest(word: object, known: Iterable[object]) -> str | None:
    """The known word that `word` was most likely meant to be; None if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - Only where something is wrong.

    if not isinstance(word, str) or len(word) > _LONGEST_WORD:
        return None
    matches = get_close_matches(word.lower(), [other for other in known if isinstance(other, str)], n=1)
    return matches[0] if matches else None


def choices(kind: object) -> tuple[object, ...]:
    """The words that a `Literal` admits, in its order; nothing for any other type."""
    return get_args(kind) if get_origin(kind) is Literal else ()


def _words(info: object) -> str:
    match info:
        case inspect.Metadata(extra_json_schema={"description": str(description)}):
            return description
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "a whole number" + _bounds(info)
        case inspect.FloatType():
            return "a number" + _bounds(info)
        case inspect.VarTupleType():
            return "a list of strings"
        case _:
            return "a string"


def _bounds(number: inspect.IntType | inspect.FloatType) -> str:
    limits = (("above", number.gt), ("at least", number.ge), ("at most", number.le))
    said = [f"{word} {limit:.10g}" for word, limit in limits if limit is not None]
    return f", {' and '.join(said)}" if said else ""
