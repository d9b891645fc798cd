"""Settings in environment variables: `PASSERELLE__ROUTING__SORT=cost` sets `routing.sort`."""

import tomllib
from collections.abc import Mapping

from passerelle.config.parse import Layer, layer_of_tree
from passerelle.config.toml import Tree

PREFIX = "PASSERELLE__"


def environment_layers(environ: Mapping[str, str]) -> tuple[Layer, ...]:
    """A layer for each variable, in the order of their names. Keys are lower case: Windows knows no other names."""
    return tuple(
        layer_of_tree(_tree(name, text), "environment", name)
        for name, text in sorted(environ.items())
        if name.startswith(PREFIX)
    )


def _tree(name: str, text: str) -> Tree:
    value = _value(text)
    for key in reversed(name.removeprefix(PREFIX).lower().split("__")):
        value = {key: value}
    return value if isinstance(value, dict) else {}


def _value(text: str) -> object:
    """What the text is in TOML; a string without quotes is one too."""
    try:
        tree = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    # A line end in the text could begin another key.
    return tree["value"] if len(tree) == 1 else text
