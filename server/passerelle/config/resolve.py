"""What holds for one request: of all that the settings say about models and roles, the most specific. Pure."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from msgspec import convert
from msgspec.structs import asdict, replace

from passerelle.config.schema import Config, ModelOptions, Options, PartialRouting, Routing, Timeouts
from passerelle.protocol.chat import ChatOptions

_WILD = re.compile(r"[*?]|\[[^\]]*\]")


def options_for(
    config: Config,
    model: str,
    role: str,  # noqa: ARG001  # The contract's order has a place for roles; no option differs by role yet.
    asked: ChatOptions | None,
) -> Options:
    """Request > model > default, option by option."""
    said = [asdict(options) for options in _about(config, model)]
    merged = {name: value for name, value in _merge(said).items() if name in Options.__struct_fields__}
    merged |= _merge([asdict(asked)] if asked else [])
    timeouts = _merge(asdict(options.timeouts) for options in _about(config, model) if options.timeouts)
    return convert(merged | {"timeouts": convert(timeouts, Timeouts)}, Options)


def routing_for(config: Config, model: str, role: str) -> Routing:
    """Model > role > all > default, key by key. No model falls back to itself."""
    said: list[PartialRouting] = [config.routing]
    if role in config.routing.roles:
        said.append(config.routing.roles[role])
    said += [options.routing for options in _about(config, model) if options.routing]
    merged = _merge(asdict(routing) for routing in said)
    merged.pop("roles", None)
    routing = convert(merged, Routing)
    return replace(routing, fallbacks=tuple(name for name in routing.fallbacks if name != model))


def _about(config: Config, model: str) -> list[ModelOptions]:
    """What is said about a model, the least specific first: by the number of letters that are not wild."""
    matching = [name for name in config.models if name == model or (_WILD.search(name) and fnmatchcase(model, name))]
    matching.sort(key=lambda name: (name == model, len(_WILD.sub("", name)), len(name), name))
    return [config.models[name] for name in matching]


def _merge(said: Iterable[dict[str, object]]) -> dict[str, object]:
    """The last word on each key; None is no word."""
    return {name: value for words in said for name, value in words.items() if value is not None}
