"""A settings file → a layer: the values that are valid, and a problem for each that is not. A wrong key loses
only itself. It reads no file and knows no other layer.
"""

from functools import cache
from types import NoneType, UnionType
from typing import TypeGuard, Union, get_args, get_origin

from msgspec import UNSET, Struct, UnsetType, ValidationError, convert
from msgspec.structs import fields, replace

from passerelle.config.expectation import choices, expected, nearest
from passerelle.config.rules import GUARDED, guarded_keys, located, objection
from passerelle.config.schema import Config
from passerelle.config.toml import Keys, Place, SyntaxFault, Tree, dotted, place_of, read_document
from passerelle.protocol.state import Problem, Source

LOWER = "It is ignored: the layer below serves."
DROPPED = "It is ignored."

_LABELS = {"editor": "the editor's settings", "session": "this session", "environment": "the environment"}


class Layer(Struct, frozen=True, kw_only=True):
    """One source of settings: valid values only, or None for a text that is not TOML. `path` is the file or, for the
    environment, the variable; `places` is empty where there is no text. In `tree` an array of tables is a table of
    those that are valid, by their index as text, which is also their key in `places`.
    """

    source: Source
    path: str | None = None
    tree: Tree | None = {}
    places: dict[Keys, Place] = {}
    problems: tuple[Problem, ...] = ()


def parse(text: str, path: str, source: Source) -> Layer:
    """The layer that a file's text is."""
    try:
        document = read_document(text)
    except SyntaxFault as fault:
        line, column = fault.place
        message = f"This is not TOML: {fault.message}."
        problem = Problem(path=path, line=line, column=column, key="", message=message, severity="error")
        return Layer(source=source, path=path, tree=None, problems=(problem,))
    return layer_of_tree(document.tree, source, path, document.places)


def layer_of_tree(
    tree: object, source: Source, path: str | None = None, places: dict[Keys, Place] | None = None
) -> Layer:
    """The layer that a tree of settings is, such as an editor's; null there means "not said"."""
    reading = _Reading(Layer(source=source, path=path, places=places or {}))
    if source == "workspace" and isinstance(tree, dict):
        for keys in guarded_keys(tree):
            reading.report(keys, f"A workspace must not set gateways; your own settings may. {DROPPED}")
        tree = {key: value for key, value in tree.items() if key != GUARDED}
    valid = reading.table((), tree, Config)
    problems = sorted(reading.problems, key=lambda problem: (problem.line, problem.column))
    return replace(reading.layer, tree=valid or {}, problems=tuple(problems))


def problem_at(layer: Layer, keys: Keys, message: str) -> Problem:
    """A problem of one key, at its place; of a missing key, at the table that lacks it. Each is an error, for what is
    written does not hold.
    """
    line, column = place_of(layer.places, keys)
    path = layer.path or _LABELS.get(layer.source, "the built-in settings")
    return Problem(path=path, line=line, column=column, key=dotted(keys), message=message, severity="error")


class _Reading:
    """One pass over a tree: it hands back what stands (UNSET for nothing) and reports what does not."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.problems: list[Problem] = []

    def report(self, keys: Keys, message: str) -> None:
        self.problems.append(problem_at(self.layer, keys, message))

    def table(self, keys: Keys, value: object, kind: object) -> Tree | UnsetType:
        """A table: of a Struct, which knows its keys, or a `dict`, which takes any."""
        if not isinstance(value, dict):
            self.report(keys, f"Expected a table. {_instead(keys)}")
            return UNSET
        if why := objection(keys, value):
            self.report(keys, f"{why} {DROPPED}")
            return UNSET
        valid: Tree = {}
        for name, inner in value.items():
            inner_keys = (*keys, name)
            inner_kind = _kind_of(kind, name)
            if inner_kind is None:
                self.report(inner_keys, f"{_unknown(name, kind)} {DROPPED}")
            elif inner is not None and (read := self._value(inner_keys, inner, inner_kind)) is not UNSET:
                valid[name] = read
        return valid

    def _value(self, keys: Keys, value: object, kind: object) -> object | UnsetType:
        if (entry := _entry_of(kind)) is not None:
            return self._entries(keys, value, entry)
        if _is_struct(kind) or get_origin(kind) is dict:
            return self.table(keys, value, kind)
        return self._leaf(keys, value, kind)

    def _entries(self, keys: Keys, value: object, kind: type[Struct]) -> Tree | UnsetType:
        """An array of tables; one that lacks what it needs is left out, and the others keep their index."""
        if not isinstance(value, list | tuple):
            self.report(keys, f"Expected an array of tables, `[[{dotted(keys)}]]`. {DROPPED}")
            return UNSET
        needed = [field.name for field in fields(kind) if field.required]
        valid: Tree = {}
        for number, entry in enumerate(value):
            entry_keys = (*keys, str(number))
            read = self.table(entry_keys, entry, kind)
            if isinstance(read, UnsetType):
                continue
            if missing := [name for name in needed if name not in read]:
                names = " and ".join(f"`{name}`" for name in missing)
                self.report(entry_keys, f"Without a valid {names} this entry is ignored.")
            else:
                valid[str(number)] = read
        return valid

    def _leaf(self, keys: Keys, value: object, kind: object) -> object | UnsetType:
        try:
            read: object = convert(value, kind)
        except ValidationError:
            near = nearest(value, choices(kind))
            hint = f"; did you mean `{near}`?" if near else "."
            self.report(keys, f"Expected {expected(kind)}{hint} {_instead(keys)}")
            return UNSET
        if why := objection(keys, read):
            self.report(keys, f"{why} {_instead(keys)}")
            return UNSET
        return located(keys, read, self.layer.path) if self.layer.places and self.layer.path else read


def _instead(keys: Keys) -> str:
    """What was done: only entries of arrays have no layer below that could serve."""
    return DROPPED if keys[:1] in {("budgets",), ("actions",)} else LOWER


def _unknown(name: str, kind: object) -> str:
    """That a key is unknown, and the right one: here, or of the same name elsewhere."""
    known = _kinds(kind) if _is_struct(kind) else {}
    near = nearest(name, known) or _elsewhere().get(name)
    if near:
        return f"Unknown key; did you mean `{near}`?"
    return f"Unknown key; known here are {', '.join(f'`{key}`' for key in known)}."


@cache
def _elsewhere() -> dict[str, str]:
    """The shortest way to each key of the schema by its last name; NAME stands for what a person chooses."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, object]] = [("", Config)]
    for way, kind in waiting:  # Grows as it goes: the nearest to the root come first.
        if get_origin(kind) is dict:
            waiting.append((f"{way}NAME.", get_args(kind)[1]))
        elif _is_struct(entry := _entry_of(kind) or kind):
            for name, inner in _kinds(entry).items():
                found.setdefault(name, way + name)
                waiting.append((f"{way}{name}.", inner))
    return found


def _is_struct(kind: object) -> TypeGuard[type[Struct]]:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _entry_of(kind: object) -> type[Struct] | None:
    """The Struct that each table of an array is; None for anything but `tuple[Struct, ...]`."""
    first = get_args(kind)[0] if get_origin(kind) is tuple else None
    return first if _is_struct(first) else None


def _kind_of(kind: object, name: str) -> object | None:
    return _kinds(kind).get(name) if _is_struct(kind) else get_args(kind)[1]


@cache
def _kinds(kind: type[Struct]) -> dict[str, object]:
    """The type of each field; "or None" is left out, for TOML has no null."""
    return {field.name: _bare(field.type) for field in fields(kind)}


def _bare(kind: object) -> object:
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    (bare,) = (part for part in get_args(kind) if part is not NoneType)
    return bare
