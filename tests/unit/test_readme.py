"""What README.md and CONTRIBUTING.md tell people to type is understood by the programs they type it into."""

import re
import shlex
from pathlib import Path

import pytest

from passerelle.cli.parser import Arguments, build_parser
from passerelle.config.layers import DEFAULT, merge
from passerelle.config.parse import parse

ROOT = Path(__file__).parents[2]
DOCUMENTS = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))
IN_BLOCKS = re.findall(r"^(?:.*[|$] )?(passerelle .*)", DOCUMENTS, flags=re.MULTILINE)
IN_LINES = re.findall(r"`(passerelle [^`]+)`", DOCUMENTS)
COMMANDS = sorted({command.strip() for command in IN_BLOCKS + IN_LINES})

SETTINGS = [
    block
    for block in re.findall(r"^```toml\n(.*?)^```", DOCUMENTS, flags=re.MULTILINE | re.DOTALL)
    if "[language-server." not in block
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_documents_is_understood(command: str) -> None:
    _, *words = shlex.split(command, comments=True)
    if "--help" in words:
        words.remove("--help")

    assert build_parser().parse_args(words, namespace=Arguments()) is not None


def test_the_documents_show_every_command() -> None:
    named = {shlex.split(command, comments=True)[1] for command in COMMANDS}

    assert {"chat", "conversations", "models", "usage", "budgets", "credits", "endpoints"} <= named
    assert {"config", "doctor", "key", "offline", "lsp", "completion"} <= named


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_of_the_documents_hold_no_problem(text: str) -> None:
    effective = merge([DEFAULT, parse(text, "config.toml", "user")])

    assert list(effective.problems) == []
