"""`passerelle completion SHELL`: the script that completes our words in a shell, made by shtab."""

from argparse import ArgumentParser

import shtab

from passerelle.cli.ending import DONE
from passerelle.cli.parser import FILE, Arguments, build_parser


def run(arguments: Arguments) -> int:
    parser = build_parser()
    _complete_files(parser)
    print(shtab.complete(parser, arguments.shell))
    return DONE


def _complete_files(parser: ArgumentParser) -> None:
    for action in parser._actions:  # noqa: SLF001  # argparse has no other list of them; shtab reads it too.
        if action.metavar == FILE:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab's way of saying it.
        elif isinstance(action.choices, dict):
            for command in action.choices.values():
                _complete_files(command)
