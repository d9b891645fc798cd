"""One value set in the text of a settings file; comments, order and line ends stay. It writes no file."""

from collections.abc import MutableMapping
from copy import deepcopy

from passerelle.config.toml import Keys, SyntaxFault, Tree, dotted, read_document
from passerelle.words.failures import Failure

Value = str | int | float | bool | list[str]


def set_value(text: str, keys: Keys, value: Value) -> str:
    """The text with one key set, in tables that are made where they lack.

    Raises Failure `misconfigured` for a text that is not TOML, or where a key above is no table: what a person wrote
    is never thrown away.
    """
    wanted = _with_value(_read(text), keys, value)
    plain = text.replace("\r\n", "\n")
    try:
        written = _edit(plain if plain.endswith("\n") or not plain else f"{plain}\n", keys, value)
        is_right = read_document(written).tree == wanted
    except (ValueError, SyntaxFault):  # tomlkit cannot extend tables of every form, and sometimes breaks one.
        is_right = False
    if not is_right:
        raise Failure("misconfigured", f"`{dotted(keys)}` cannot be set among what is there; please set it by hand.")
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def _read(text: str) -> Tree:
    try:
        return read_document(text).tree
    except SyntaxFault as fault:
        line, _ = fault.place
        raise Failure("misconfigured", f"This is not TOML: {fault.message}, in line {line}; mend it first.") from None


def _with_value(tree: Tree, keys: Keys, value: Value) -> Tree:
    tree = deepcopy(tree)
    table = tree
    for depth, key in enumerate(keys[:-1], 1):
        inner = table.setdefault(key, {})
        if not isinstance(inner, dict):
            raise Failure("misconfigured", f"`{dotted(keys[:depth])}` is not a table; mend it first.")
        table = inner
    table[keys[-1]] = value
    return tree


def _edit(text: str, keys: Keys, value: Value) -> str:
    import tomlkit  # noqa: PLC0415 - Only where something is written.

    document = tomlkit.parse(text)
    table: MutableMapping[str, object] = document
    rest = list(keys)
    while len(rest) > 1 and isinstance(inner := table.get(rest[0]), MutableMapping):
        table = inner
        rest.pop(0)
    added: object = value
    for key in reversed(rest[1:]):
        added = {key: added}
    table[rest[0]] = added
    return tomlkit.dumps(document)
