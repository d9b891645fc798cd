"""The list of a LiteLLM proxy, with what it tells of its models elsewhere. Pure: bytes in, bytes out.

What its answers look like is held by tests/litellm, which asks a real one.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from passerelle.gateway.chunks import decoded, fields, items, text, tokens, usd
from passerelle.protocol.chat import JsonObject

INFO_PATH = "model/info"
"""Each deployment of each model, with the prices that LiteLLM bills by; its list has none."""

_CREATED = 1677610602
"""The one moment that it gives for all of its models."""
_LANGUAGE = ("", "chat", "completion", "responses")
_TAGS = {
    "supports_vision": "vision",
    "supports_pdf_input": "file-input",
    "supports_function_calling": "tool-use",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "structured-output",
    "supports_web_search": "web-search",
}
_PRICES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "input_cache_read": "cache_read_input_token_cost",
    "input_cache_write": "cache_creation_input_token_cost",
}
_ABOVE = re.compile(r"_above_(\d+)k_tokens")


class _Listed(Struct):
    id: str
    created: object = None
    owned_by: object = None
    mode: object = None
    max_input_tokens: object = None
    max_output_tokens: object = None


class _List(Struct):
    data: list[_Listed]


def is_litellm(listing: bytes) -> bool:
    """Whether an answer to `GET models` is a LiteLLM proxy's: it says nowhere that it is one."""
    listed = _listed(listing) if str(_CREATED).encode() in listing else []
    return bool(listed) and all(model.created == _CREATED and model.owned_by == "openai" for model in listed)


def described(listing: bytes, info: bytes) -> bytes:
    """Its list in the catalogue's words, with what its answer to `GET model/info` says; `info` may be anything else."""
    deployments: defaultdict[str, list[JsonObject]] = defaultdict(list)
    for deployment in map(fields, items(fields(decoded(info)).get("data"))):
        deployments[text(deployment.get("model_name"))].append(fields(deployment.get("model_info")))
    entries = [_entry(model, deployments[model.id] or [_said(model)]) for model in _listed(listing)]
    return msgspec.json.encode({"data": entries})


def _entry(model: _Listed, deployments: Sequence[JsonObject]) -> JsonObject:
    """Which deployment will serve is LiteLLM's choice: so the tightest window counts, the dearest price, and what all
    of them can do.
    """
    mode = text(model.mode) or text(deployments[0].get("mode"))
    entry: JsonObject = {
        "id": model.id,
        "type": "language" if mode in _LANGUAGE else mode,
        "context_window": _tightest(deployments, "max_input_tokens"),
        "max_tokens": _tightest(deployments, "max_output_tokens"),
        "pricing": max(map(_pricing, deployments), key=_dearness),
    }
    if any(value is not None for info in deployments for name, value in info.items() if name.startswith("supports_")):
        entry["tags"] = sorted(set.intersection(*map(_tags, deployments)))
    parameters = [items(info.get("supported_openai_params")) for info in deployments]
    if all(parameters):
        entry["temperature"] = all("temperature" in known for known in parameters)
    return entry


def _said(model: _Listed) -> JsonObject:
    return {"max_input_tokens": model.max_input_tokens, "max_output_tokens": model.max_output_tokens}


def _tightest(deployments: Sequence[JsonObject], name: str) -> int:
    return min(filter(None, (tokens(info.get(name)) for info in deployments)), default=0)


def _tags(info: JsonObject) -> set[str]:
    tags = {tag for name, tag in _TAGS.items() if info.get(name) is True}
    if info.get("supports_prompt_caching") is True:
        # Only providers that cache what is marked, and nothing else, want money for writing it.
        tags.add("explicit-caching" if info.get(_PRICES["input_cache_write"]) is not None else "implicit-caching")
    return tags


def _pricing(info: JsonObject) -> JsonObject:
    """US dollars per token. A price above so many tokens is a tier of ours, which begins with the next one."""
    pricing: JsonObject = {}
    for ours, theirs in _PRICES.items():
        base = usd(info.get(theirs))
        tiers = [
            {"min": int(above[1]) * 1000 + 1, "cost": cost}
            for name, value in info.items()
            if (above := _ABOVE.fullmatch(name.removeprefix(theirs))) and (cost := usd(value)) is not None
        ]
        pricing[ours] = base
        if base is not None and tiers:
            pricing[f"{ours}_tiers"] = [{"min": 0, "cost": base}, *tiers]
    return pricing


def _dearness(pricing: JsonObject) -> float:
    return sum(usd(pricing[name]) or 0.0 for name in ("input", "output"))


def _listed(listing: bytes) -> list[_Listed]:
    try:
        return msgspec.json.decode(listing, type=_List).data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
