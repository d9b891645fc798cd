"""What may be said on the command line."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import run
from typing import get_args

import pytest
import shtab

import passerelle
from passerelle.cli.parser import SHELLS, Arguments, build_parser
from passerelle.protocol.state import Capability


def parse(line: str) -> Arguments:
    return build_parser().parse_args(line.split(), namespace=Arguments())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chat", {"command": "chat", "prompt": (), "files": (), "json": False, "model": None}),
        (
            "chat Is it -m a/b -f x -f y --json",
            {"prompt": ["Is", "it"], "model": "a/b", "files": ["x", "y"], "json": True},
        ),
        ("chat -c And", {"go_on": True, "conversation": None, "private": False, "prompt": ["And"]}),
        ("chat --conversation 3f", {"conversation": "3f", "go_on": False}),
        ("conversations how ends --all", {"words": ["how", "ends"], "all": True, "limit": None}),
        ("conversations export 3f -o a --format json", {"words": ["export", "3f"], "output": "a", "format": "json"}),
        ("conversations delete 3f 4f -y", {"words": ["delete", "3f", "4f"], "yes": True, "format": "markdown"}),
        ("chat -- --json", {"prompt": ["--json"], "json": False}),
        ("--gateway a chat", {"gateway": "a", "config": None}),
        ("chat --gateway a --config c", {"gateway": "a", "config": "c"}),
        ("--gateway a chat --gateway b", {"gateway": "b"}),
        ("--config c models", {"config": "c", "query": ()}),
        ("models son 4 --needs Vision,websearch", {"query": ["son", "4"], "needs": ["vision", "webSearch"]}),
        ("models --sort price --limit 3 --refresh", {"sort": "price", "limit": 3, "refresh": True}),
        ("usage", {"by": None, "split": None, "since": None, "last_days": None, "export": None}),
        ("usage --by model --split day --since 2026-11-01", {"by": "model", "split": "day", "since": "2026-11-01"}),
        ("usage --last 4w --until 2026-12-01 --json", {"last_days": 28, "until": "2026-12-01", "json": True}),
        ("usage --csv -o u.csv --last 30d", {"export": "csv", "output": "u.csv", "last_days": 30}),
        ("usage --export json", {"export": "json", "json": False}),
        ("budgets allow budgets.0 --json", {"words": ["allow", "budgets.0"], "json": True}),
        ("budgets", {"words": ()}),
        ("credits --json", {"command": "credits", "json": True}),
        ("endpoints a/b --role inline", {"model": "a/b", "role": "inline"}),
        ("chat --yes Hi", {"yes": True, "prompt": ["Hi"]}),
        ("doctor --ask", {"command": "doctor", "ask": True}),
        ("key set work", {"action": "set", "name": "work"}),
        ("offline --port 0 --fetch", {"port": 0, "fetch": True}),
        ("lsp --stdio --config c", {"command": "lsp", "config": "c"}),
        ("completion zsh", {"shell": "zsh"}),
        ("", {"command": "", "gateway": None}),
    ],
)
def test_what_is_said(line: str, said: Mapping[str, object]) -> None:
    arguments = parse(line)

    assert {name: getattr(arguments, name) for name in said} == said


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("models --needs sight", "'sight' is none of vision, tools, reasoning"),
        ("models --limit 0", "'0' is no whole number from 1 to 1000000"),
        ("models --limit ten", "'ten' is no whole number"),
        ("offline --port 70000", "'70000' is no whole number from 0 to 65535"),
        ("key drop work", "invalid choice: 'drop'"),
        ("usage --by colour", "invalid choice: 'colour'"),
        ("usage --last 7", "'7' is no number of days or weeks, such as 30d or 4w"),
        ("usage --last d", "'' is no whole number from 1"),
        ("usage --last 7d --since 2026-11-01", "not allowed with argument"),
        ("usage --json --csv", "not allowed with argument"),
        ("endpoints", "the following arguments are required: MODEL"),
        ("chat -c --private", "not allowed with argument"),
        ("chat --nope", "unrecognized arguments: --nope"),
    ],
)
def test_wrong_usage_names_what_is_wrong(line: str, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line)

    assert ended.value.code == 2
    assert fault in capsys.readouterr().err


def test_every_shell_that_can_be_completed_is_offered() -> None:
    assert set(SHELLS) == set(shtab.SUPPORTED_SHELLS)


def test_help_names_each_capability_and_gives_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("models --help")

    text = capsys.readouterr().out
    assert all(word in " ".join(text.split()) for word in get_args(Capability))
    assert "examples:" in text


def test_the_way_to_the_daemon_imports_nothing_of_the_commands() -> None:
    """Editors wait for `passerelle lsp`."""
    code = "import sys; import passerelle.cli.main; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(passerelle.__file__).parents[1])}
    ended = run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = ended.stdout.split()

    assert {"argparse", "asyncio", "msgspec", "rich", "passerelle.cli.commands"}.isdisjoint(loaded)
