"""Values that are right by themselves and wrong beside the other layers: a gateway that nobody defines, a workspace
that would loosen what its user said. Pure.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from passerelle.config.expectation import nearest
from passerelle.config.parse import DROPPED, LOWER, Layer
from passerelle.config.rules import BUILT_IN, PRIVACY
from passerelle.config.toml import Keys, Tree

Leaves = dict[Keys, object]
_DAILY = ("inline", "daily_usd")
_KEEP = ("conversations", "keep_days")


class Conflict(NamedTuple):
    """What is left out: these keys, and all below them, of the layer of this number."""

    number: int
    keys: Keys
    message: str


def conflicts(layers: Sequence[Layer]) -> list[Conflict]:
    said = [dict(leaves(layer.tree or {})) for layer in layers]
    defined = {keys[1] for values in said for keys in values if keys[0] == "gateways" and keys[2:] == ("url",)}
    found = [*_undefined(layers, defined), *_unknown(said, BUILT_IN | defined)]
    own = [values for layer, values in zip(layers, said, strict=True) if layer.source != "workspace"]
    for number, layer in enumerate(layers):
        if layer.source == "workspace":
            found += [Conflict(number, keys, f"{why} {DROPPED}") for keys, why in _loosened(said[number], own)]
    return found


def leaves(tree: Tree, above: Keys = ()) -> Iterator[tuple[Keys, object]]:
    """Each value that is no table, with its whole key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _undefined(layers: Sequence[Layer], defined: set[str]) -> Iterator[Conflict]:
    for number, layer in enumerate(layers):
        gateways = (layer.tree or {}).get("gateways")
        for name in gateways if isinstance(gateways, dict) else ():
            if name not in defined:
                yield Conflict(number, ("gateways", name), "Without a valid `url` this gateway is ignored.")


def _unknown(said: Sequence[Leaves], known: frozenset[str]) -> Iterator[Conflict]:
    for number, values in enumerate(said):
        name = values.get(("gateway",))
        if name is None or name in known:
            continue
        near = nearest(name, known)
        hint = f"did you mean `{near}`?" if near else f"known are {', '.join(f'`{other}`' for other in sorted(known))}."
        yield Conflict(number, ("gateway",), f"There is no gateway `{name}`; {hint} {LOWER}")


def _loosened(workspace: Leaves, own: Sequence[Leaves]) -> Iterator[tuple[Keys, str]]:
    """What a workspace says against its user, in whatever place: a narrower one would win over a wider one."""
    private = {keys[-1] for values in own for keys, value in values.items() if keys[-1] in PRIVACY and value is True}
    limit = [values[_DAILY] for values in own if _DAILY in values][-1:]
    for keys, value in workspace.items():
        if keys[-1] in private and value is False:
            yield keys, "Your own settings say true; a workspace may tighten this, never loosen it."
        if keys == _DAILY and isinstance(value, float) and limit and isinstance(limit[0], float) and value > limit[0]:
            yield keys, "A workspace may lower this limit, never raise it."
        if keys == _KEEP:
            yield keys, "How long conversations are kept is said in your own settings, never by a workspace."
