"""The layers, and which room may use which library. The rules stand here and nowhere else."""

import ast
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "server" / "passerelle"

# A room imports only from rows above its own, and from itself.
LAYERS = (
    ("words",),
    ("protocol",),
    ("config",),
    ("gateway", "catalogue"),
    ("money",),
    ("chat",),
    ("conversations", "edits"),
    ("daemon",),
    ("offline",),
    ("rpc",),
    ("cli",),
)
ALLOWED = {
    room: {room, *(above for row in LAYERS[:number] for above in row)}
    for number, rooms in enumerate(LAYERS)
    for room in rooms
}
# `client` is for people who write clients: it knows the wire and nothing of the daemon.
ALLOWED["client"] = {"words", "protocol"}
ALLOWED["cli"] |= {"client"}
ALLOWED["__main__"] = {"cli", "rpc"}

LIBRARIES: dict[str, tuple[str, ...]] = {
    "msgspec": ("*",),
    "httpx": ("gateway/http.py", "gateway/network.py"),
    "httpcore": ("gateway/http.py", "gateway/network.py"),
    "certifi": ("gateway/trust.py",),
    "watchfiles": ("config/watch.py",),
    "tomlkit": ("config/write.py",),
    "platformdirs": ("config/*",),
    "keyring": ("gateway/secrets.py", "cli/key.py"),
    "pygls": ("rpc/lsp.py",),
    "lsprotocol": ("rpc/lsp.py",),
    "h11": ("offline/*",),
    "xllamacpp": ("offline/child.py",),
    "rich": ("cli/*",),
    "shtab": ("cli/*",),
    "sqlite3": ("money/*",),  # Of the standard library, and kept to its room all the same.
}

# The model's process has a standard output of its own, which only we read.
PRINTING = ("cli/*", "offline/child.py")

MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 50

Function = ast.FunctionDef | ast.AsyncFunctionDef
Sources = Mapping[str, str]
"""Path below the package, with forward slashes, and text."""


def layer_faults(sources: Sources) -> Iterator[str]:
    """Each import of a room that stands beside or below the one that imports it."""
    for path, module in imports(sources):
        top, _, other = module.partition(".")
        room, other = room_of(path), other.partition(".")[0]
        if top == "passerelle" and other != "__version__" and other not in ALLOWED.get(room, ()):
            yield f"{path} imports {module}, and {room} may not"


def library_faults(sources: Sources) -> Iterator[str]:
    """Each import of a library outside its place, or of one that has no place yet."""
    for path, module in imports(sources):
        name = module.partition(".")[0]
        if name == "passerelle" or (name in sys.stdlib_module_names and name not in LIBRARIES):
            continue
        if not any(fnmatch(path, place) for place in LIBRARIES.get(name, ())):
            yield f"{path} imports {name}, whose place is {LIBRARIES.get(name, 'nowhere yet')}"


def print_faults(sources: Sources) -> Iterator[str]:
    """Standard output carries protocol bytes: only commands print."""
    for path, text in sources.items():
        if any(fnmatch(path, place) for place in PRINTING):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name) and node.id == "print":
                yield f"{path}:{node.lineno} prints"


def size_faults(sources: Sources) -> Iterator[str]:
    """Files and functions that no longer fit into a reader's head; a docstring does not count."""
    for path, text in sources.items():
        if (lines := len(text.splitlines())) > MOST_LINES:
            yield f"{path} has {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function) and (lines := length(node)) > MOST_LINES_OF_A_FUNCTION:
                yield f"{path}:{node.lineno} {node.name} has {lines} lines"


def length(function: Function) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def imports(sources: Sources) -> Iterator[tuple[str, str]]:
    """Each (path, module) imported at run time or for types, at the top or inside a function, by name or by string."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            for module in modules_of(node):
                yield path, module


def modules_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(module="passerelle", level=0):
            return [f"passerelle.{alias.name}" for alias in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.ImportFrom():
            return ["passerelle.relative"]  # No room has this name: a relative import hides where it leads.
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]):
            return [module] if name in {"import_module", "__import__"} else []
    return []


def room_of(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


@pytest.fixture(scope="module")
def package() -> Sources:
    files = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in files}


def test_a_room_imports_only_from_the_layers_before_it(package: Sources) -> None:
    assert list(layer_faults(package)) == []


def test_each_library_is_used_in_its_place_only(package: Sources) -> None:
    assert list(library_faults(package)) == []


def test_only_commands_print(package: Sources) -> None:
    assert list(print_faults(package)) == []


def test_files_and_functions_are_short(package: Sources) -> None:
    assert list(size_faults(package)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("words/x.py", "import passerelle.protocol.base"),
        ("words/x.py", "from passerelle import protocol"),
        ("config/x.py", "from passerelle.daemon import Daemon"),
        ("catalogue/x.py", "from passerelle.gateway.http import fetch"),
        ("chat/x.py", "def f():\n    from passerelle.rpc.lsp import serve"),
        ("chat/x.py", "if TYPE_CHECKING:\n    from passerelle.daemon import Daemon"),
        ("chat/x.py", "import importlib\nimportlib.import_module('passerelle.cli.main')"),
        ("gateway/x.py", "from ..daemon import Daemon"),
        ("offline/x.py", "from passerelle.rpc import lsp"),
        ("rpc/x.py", "from passerelle.cli import main"),
        ("client.py", "from passerelle.config.schema import Config"),
        ("daemon.py", "from passerelle.client import Client"),
        ("newcomer/x.py", "from passerelle.words import text"),
    ],
)
def test_a_planted_import_from_a_wrong_layer_is_found(path: str, text: str) -> None:
    assert len(list(layer_faults({path: text}))) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gateway/wire.py", "import httpcore"),
        ("gateway/wire.py", "def f():\n    from httpcore import Request"),
        ("daemon.py", "if TYPE_CHECKING:\n    import pygls.server"),
        ("rpc/handlers.py", "__import__('rich')"),
        ("cli/main.py", "import requests"),
    ],
)
def test_a_planted_library_out_of_its_place_is_found(path: str, text: str) -> None:
    assert len(list(library_faults({path: text}))) == 1


def test_a_planted_print_is_found() -> None:
    assert list(print_faults({"chat/x.py": "print(1)", "cli/x.py": "print(1)"})) == ["chat/x.py:1 prints"]


def test_a_planted_long_file_or_function_is_found() -> None:
    body = "    x = 1\n" * MOST_LINES_OF_A_FUNCTION
    documented = f'def f():\n    """{"meaning" * 9}\n\n    """\n' + body[: -len("    x = 1\n")]

    assert list(size_faults({"a.py": "\n" * MOST_LINES})) == []
    assert len(list(size_faults({"a.py": "\n" * (MOST_LINES + 1)}))) == 1
    assert list(size_faults({"a.py": documented})) == []
    assert len(list(size_faults({"a.py": "def f():\n" + body}))) == 1


def test_what_is_allowed_is_not_found() -> None:
    sources = {
        "chat/x.py": "import json\nimport msgspec\nfrom passerelle import __version__\nfrom passerelle.chat import y",
        "cli/x.py": "import rich.markdown\nfrom passerelle.client import Client\nfrom passerelle.rpc import main",
        "client.py": "from passerelle.protocol.methods import CHAT",
    }

    assert list(layer_faults(sources)) == []
    assert list(library_faults(sources)) == []
