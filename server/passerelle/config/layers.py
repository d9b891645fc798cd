"""Layers → one effective config, in which each value knows the layer that it comes from. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET, Struct, convert, to_builtins
from msgspec.structs import replace

from passerelle.config.conflicts import conflicts, leaves, unheeded
from passerelle.config.parse import Layer, layer_of_tree, problem_at
from passerelle.config.schema import Config, ModelOptions, Options, Routing, RoutingConfig
from passerelle.config.toml import Keys, Tree, dotted, place_of
from passerelle.protocol.state import ConfigValue, Problem, Source
from passerelle.words.references import parse_reference

_ARRAYS = ("budgets", "actions")
_DECISIVE = {"url", "key", "headers", "proxy", "ca_bundle", "byok"}


def _default() -> Layer:
    """What holds where nobody says anything; options and routing are said for all models, so that they are shown."""
    config = Config(
        models={"*": convert(to_builtins(Options()), ModelOptions)},
        routing=convert(to_builtins(Routing()), RoutingConfig),
    )
    return layer_of_tree(to_builtins(config), "default")


DEFAULT = _default()


class Effective(Struct, frozen=True, kw_only=True):
    """The settings in force, where each comes from, and what is wrong.

    `gateway_problem` is what makes the chosen gateway another than its person meant, or a file of theirs of which
    nothing can be read; then no gateway is to be used, or a key or a prompt would go where nobody sent it.
    """

    config: Config
    values: tuple[ConfigValue, ...]
    problems: tuple[Problem, ...]
    gateway_problem: Problem | None = None

    def source_of(self, *keys: str) -> Source:
        """The layer that says a value; `default` also for one that nobody says."""
        key = dotted(keys)
        return next((value.source for value in self.values if value.key == key), "default")


class _Said(NamedTuple):
    """A value, and its place in the layer that says it: there an entry of an array may have another index."""

    value: object
    layer: Layer
    keys: Keys


def merge(layers: Sequence[Layer]) -> Effective:
    """Lay each layer over those before it, key by key; budgets and actions of all layers add up."""
    found = conflicts(layers)
    left_out = {(conflict.number, conflict.keys) for conflict in found}
    said = _stack(layers, left_out)
    config = convert(_config_tree(said), Config)
    problems = [(layer, problem) for layer in layers for problem in layer.problems]
    for conflict in found:
        layer = layers[conflict.number]
        problems.append((layer, problem_at(layer, conflict.keys, conflict.message)))
    for conflict in unheeded(layers, config):
        layer = layers[conflict.number]
        problem = problem_at(layer, conflict.keys, conflict.message)
        problems.append((layer, replace(problem, severity="warning")))
    decisive = [
        problem
        for layer, problem in problems
        if layer.source != "workspace" and (_is_decisive(problem, config.gateway) or not (problem.key or layer.tree))
    ]
    return Effective(
        config=config,
        values=tuple(_shown(keys, one) for keys, one in sorted(said.items())),
        problems=tuple(problem for _, problem in problems),
        gateway_problem=next(iter(decisive), None),
    )


def _is_decisive(problem: Problem, gateway: str) -> bool:
    """Whether a problem changes where requests go, or with what. A key that is unknown changes nothing."""
    table = dotted(("gateways", gateway))
    rest = problem.key.removeprefix(f"{table}.")
    return problem.key in {"gateway", table} or (rest != problem.key and rest.partition(".")[0] in _DECISIVE)


def changed_keys(before: Effective, after: Effective) -> list[str]:
    """The keys whose value differs; `budgets` and `actions` each count as one."""
    old, new = (dict(leaves(to_builtins(effective.config))) for effective in (before, after))
    return sorted(dotted(keys) for keys in old.keys() | new.keys() if old.get(keys) != new.get(keys))


def _stack(layers: Sequence[Layer], left_out: set[tuple[int, Keys]]) -> dict[Keys, _Said]:
    stack: dict[Keys, _Said] = {}
    for number, layer in enumerate(layers):
        first = {name: _entries_in(stack, name) for name in _ARRAYS}
        for keys, value in leaves(layer.tree or {}):
            if left_out.isdisjoint((number, keys[:length]) for length in range(1, len(keys) + 1)):
                stack[_renumbered(keys, first)] = _Said(value, layer, keys)
    return stack


def _entries_in(stack: dict[Keys, _Said], name: str) -> int:
    return 1 + max((int(keys[1]) for keys in stack if keys[0] == name), default=-1)


def _renumbered(keys: Keys, first: dict[str, int]) -> Keys:
    """The key with the index that an entry of an array has behind those of the layers below."""
    if keys[0] not in first:
        return keys
    return keys[0], str(first[keys[0]] + int(keys[1])), *keys[2:]


def _config_tree(said: dict[Keys, _Said]) -> Tree:
    tree: Tree = {}
    for keys, one in said.items():
        table = tree
        for key in keys[:-1]:
            inner = table.setdefault(key, {})
            assert isinstance(inner, dict)  # noqa: S101  # For mypy; the schema lets no value stand above another.
            table = inner
        table[keys[-1]] = one.value
    for name in _ARRAYS:
        entries = tree.pop(name, {})
        tree[name] = list(entries.values()) if isinstance(entries, dict) else []
    return tree


def _shown(keys: Keys, one: _Said) -> ConfigValue:
    value, layer = one.value, one.layer
    if keys[0] == "gateways" and keys[2:3] == ("headers",) and not parse_reference(str(value)):
        value = "…"  # It may be a secret that was not recognised as one.
    return ConfigValue(
        key=dotted(keys),
        value=to_builtins(value),
        source=layer.source,
        path=layer.path or UNSET,
        line=place_of(layer.places, one.keys)[0] if layer.places else UNSET,
    )
