"""protocol.md says what the code does: its examples, its TypeScript, its tables, its settings."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType, UnionType
from typing import Literal, Union, get_args, get_origin

import msgspec
import pytest

from passerelle.config.schema import Config
from passerelle.protocol import announced, apply, base, chat, conversations, lsp, money, state
from passerelle.protocol.methods import METHODS, Method
from passerelle.words.failures import Kind

TEXT = (Path(__file__).parents[2] / "protocol.md").read_text("utf-8")
EXAMPLES = re.findall(r"(?ms)^```json (\S+) (\w+)\n(.*?)^```", TEXT)
TYPESCRIPT = "\n".join(re.findall(r"(?ms)^```ts\n(.*?)^```", TEXT))
INTERFACES = dict(re.findall(r"(?ms)^interface (\w+) \{(.*?)\}$", TYPESCRIPT))
ALIASES = dict(re.findall(r"(?m)^type (\w+) = (.*);$", TYPESCRIPT))
TRANSCRIPT = re.findall(r"(?ms)^```text transcript\n(.*?)^```", TEXT)

TYPES: dict[tuple[str, str], object] = {
    ("initialize", "options"): lsp.Options,
    ("initialize", "capabilities"): dict[str, bool | int],
    ("error", "data"): state.ErrorData,
    **{(method.name, "params"): method.params for method in METHODS},
    **{(method.name, "result"): method.result for method in METHODS if method.result},
}


def structs_in(kind: object) -> Iterator[type[msgspec.Struct]]:
    """The Structs that a type is made of, at any depth."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        parts = [field.type for field in msgspec.structs.fields(kind)]
    else:
        parts = [part for part in get_args(kind) if get_origin(kind) is not Literal]
    yield from chain.from_iterable(map(structs_in, parts))


STRUCTS = {struct.__name__: struct for kind in TYPES.values() for struct in structs_in(kind)}


def wire_fields(struct: type[msgspec.Struct]) -> dict[str, bool]:
    """The names of a Struct's fields as they are sent, and whether each may be absent."""
    tag = struct.__struct_config__.tag_field
    absent = (None, msgspec.UNSET)
    fields = {
        field.encode_name: any(field.default is value for value in absent) for field in msgspec.structs.fields(struct)
    }
    return fields if tag is None else {tag: False, **fields}


def documented_fields(body: str) -> dict[str, bool]:
    """The names of an interface's fields, and whether each is marked `?`."""
    without_comments = re.sub(r"(?s)/\*\*.*?\*/", "", body)
    return {name: mark == "?" for name, mark in re.findall(r"(?m)^ +(\w+)(\??): [^;]+;$", without_comments)}


def section(name: str) -> str:
    """The text under one heading of the third level."""
    found = re.search(rf"(?ms)^### `{re.escape(name)}`\n(.*?)(?=^##)", TEXT)
    assert found, f"{name} has no section"
    return found[1]


def rows(heading: str) -> set[str]:
    """The first cells of the tables in a section of the second level, without their marks."""
    found = re.search(rf"(?ms)^## {heading}\n(.*?)(?=^## )", TEXT)
    assert found
    return {cell.strip("`") for cell in re.findall(r"(?m)^\| (-\d+|`\w+`) \|", found[1])}


@pytest.mark.parametrize(("method", "part", "body"), EXAMPLES)
def test_an_example_is_what_the_code_sends_or_accepts(method: str, part: str, body: str) -> None:
    value = msgspec.convert(json.loads(body), TYPES[method, part], strict=True)

    assert msgspec.to_builtins(value) == json.loads(body)


def test_every_message_has_an_example_and_nothing_else_has() -> None:
    assert {(method, part) for method, part, _ in EXAMPLES} == TYPES.keys()


def test_the_announced_capabilities_are_the_documented_ones() -> None:
    (example,) = [
        json.loads(body) for method, part, body in EXAMPLES if (method, part) == ("initialize", "capabilities")
    ]

    assert example == announced.EXPERIMENTAL
    assert documented_fields(INTERFACES["Capabilities"]).keys() == announced.EXPERIMENTAL.keys()


@pytest.mark.parametrize("method", METHODS, ids=[method.name for method in METHODS])
def test_a_section_says_direction_kind_and_age(method: Method) -> None:
    sender, receiver = ("client", "daemon") if method.sender == "client" else ("daemon", "client")
    kind = "request" if method.result else "notification"

    assert section(method.name).lstrip().startswith(f"{sender} → {receiver}, {kind}. Since 1. ")


def test_every_section_is_of_a_message() -> None:
    assert re.findall(r"(?m)^### `(.*)`$", TEXT) == [method.name for method in METHODS]


def test_an_interface_is_written_for_each_struct_and_nothing_else() -> None:
    assert INTERFACES.keys() - {"Capabilities"} == STRUCTS.keys()


@pytest.mark.parametrize("name", STRUCTS)
def test_an_interface_has_the_fields_of_its_struct(name: str) -> None:
    assert documented_fields(INTERFACES[name]) == wire_fields(STRUCTS[name])


def literals(module: ModuleType) -> dict[str, set[str]]:
    """The closed sets of words of a module, and its unions of Structs, by name."""
    found: dict[str, set[str]] = {}
    for name, value in vars(module).items():
        if get_origin(value) is Literal:
            found[name] = {f'"{word}"' for word in get_args(value)}
        elif get_origin(value) in (Union, UnionType):
            found[name] = {struct.__name__ for struct in get_args(value)}
    return found


def test_the_named_types_are_those_of_the_code() -> None:
    documented = {name: set(text.split(" | ")) for name, text in ALIASES.items()}

    modules = (apply, chat, conversations, money, state)
    assert documented == {name: words for module in modules for name, words in literals(module).items()}


def test_every_kind_of_error_has_a_row_and_every_row_a_kind() -> None:
    codes = {str(value) for name, value in vars(base).items() if name.isupper()}

    assert rows("Errors") == {*get_args(Kind), *codes}


def test_every_command_is_named() -> None:
    assert set(re.findall(r"`(passerelle\.(?!toml)\w+)`", TEXT)) == set(announced.COMMANDS)


def test_the_settings_are_those_of_the_schema() -> None:
    (text,) = re.findall(r"(?ms)^```toml\n(.*?)^```", TEXT)
    tree = tomllib.loads(text)

    msgspec.convert(tree, Config)

    assert tree.keys() == {field.name for field in msgspec.structs.fields(Config)}


def test_the_lengths_in_the_transcript_are_right() -> None:
    (transcript,) = TRANSCRIPT
    bodies = [line for line in transcript.splitlines(keepends=True) if line.startswith("{")]

    framed = [f"Content-Length: {len(body)}\n\n{body}" for body in bodies]

    assert transcript == "".join(framed)
    assert len(transcript.splitlines()) <= 20
    assert all(json.loads(body)["jsonrpc"] == "2.0" for body in bodies)
