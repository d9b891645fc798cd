"""Values that are right by themselves and wrong beside the other layers: a gateway that nobody defines, a workspace
that would loosen what its user said. Pure.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from passerelle.config.expectation import nearest
from passerelle.config.parse import DROPPED, LOWER, Layer
from passerelle.config.rules import BUILT_IN, PRIVACY
from passerelle.config.schema import VERCEL_URL, Config
from passerelle.config.toml import Keys, Tree

Leaves = dict[Keys, object]
_DAILY = ("inline", "daily_usd")
_KEEP = ("conversations", "keep_days")
_CONFIRM = ("spending", "confirm_above_usd")
_VERCELS = frozenset({"order", "only", "sort", "zero_data_retention", "disallow_prompt_training", "tags"})
"""Of routing: what only Vercel's gateway is told."""


class Conflict(NamedTuple):
    """What is left out: these keys, and all below them, of the layer of this number."""

    number: int
    keys: Keys
    message: str


def conflicts(layers: Sequence[Layer]) -> list[Conflict]:
    said = [dict(leaves(layer.tree or {})) for layer in layers]
    defined = {keys[1] for values in said for keys in values if keys[0] == "gateways" and keys[2:] == ("url",)}
    found = [*_undefined(layers, defined), *_unknown(said, BUILT_IN | defined), *_useless(said)]
    own = [values for layer, values in zip(layers, said, strict=True) if layer.source != "workspace"]
    for number, layer in enumerate(layers):
        if layer.source == "workspace":
            found += [Conflict(number, keys, f"{why} {DROPPED}") for keys, why in _loosened(said[number], own)]
    return found


def unheeded(layers: Sequence[Layer], config: Config) -> Iterator[Conflict]:
    """What a gateway that is not Vercel's is not told, where somebody asks for it. It stays in force, for the day that
    another gateway serves.
    """
    gateway = config.gateways.get(config.gateway)
    if gateway is None or _is_vercels(config.gateway, gateway.url):
        return
    for number, layer in enumerate(layers):
        for keys, value in leaves(layer.tree or {}) if layer.source != "default" else ():
            if "routing" in (keys[0], *keys[2:3]) and keys[-1] in _VERCELS and value:
                yield Conflict(
                    number, keys, f"It has no effect: the gateway `{config.gateway}` is not Vercel's, and is not told."
                )


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


def _useless(said: Sequence[Leaves]) -> Iterator[Conflict]:
    """Credentials at providers for a gateway that takes none."""
    urls = {keys[1]: str(url) for values in said for keys, url in values.items() if keys[2:] == ("url",)}
    plain = {name for name, url in urls.items() if not _is_vercels(name, url)}
    for number, values in enumerate(said):
        for name in sorted(plain & {keys[1] for keys in values if keys[2:3] == ("byok",)}):
            why = "Only Vercel's gateway takes credentials of providers."
            yield Conflict(number, ("gateways", name, "byok"), f"{why} {DROPPED}")


def _is_vercels(name: str, url: str) -> bool:
    return name == "vercel" or urlsplit(url)[:2] == urlsplit(VERCEL_URL)[:2]


def _loosened(workspace: Leaves, own: Sequence[Leaves]) -> Iterator[tuple[Keys, str]]:
    """What a workspace says against its user, in whatever place: a narrower one would win over a wider one."""
    private = {keys[-1] for values in own for keys, value in values.items() if keys[-1] in PRIVACY and value is True}
    allowed = {name for values in own for keys, value in values.items() for name in _providers(keys, value)}
    limit = [values[_DAILY] for values in own if _DAILY in values][-1:]
    for keys, value in workspace.items():
        if keys[-1] in private and value is False:
            yield keys, "Your own settings say true; a workspace may tighten this, never loosen it."
        named = _providers(keys, value)
        if keys[-1] == "only" and allowed and not (named and named <= allowed):
            yield keys, "Your own settings allow fewer providers; a workspace may tighten this, never loosen it."
        if keys == _DAILY and isinstance(value, float) and limit and isinstance(limit[0], float) and value > limit[0]:
            yield keys, "A workspace may lower this limit, never raise it."
        if keys == _KEEP:
            yield keys, "How long conversations are kept is said in your own settings, never by a workspace."
        if keys[0] == "spending" and not _asks_more_often(keys, value, own):
            yield keys, "How spending is counted and warned of is said in your own settings, never by a workspace."


def _providers(keys: Keys, value: object) -> set[str]:
    """Those that a `routing.only` names."""
    return set(value) if keys[-1] == "only" and isinstance(value, tuple | list) else set()


def _asks_more_often(keys: Keys, value: object, own: Sequence[Leaves]) -> bool:
    """Whether a workspace has cheaper chats confirmed than its user would; they ask for none with 0."""
    limit = [values[_CONFIRM] for values in own if _CONFIRM in values][-1:]
    if keys != _CONFIRM or not isinstance(value, float) or not limit or not isinstance(limit[0], float):
        return False
    return 0 < value <= limit[0] or limit[0] == 0
