"""From words to an exit code: parses them, runs the command, and says in one line what failed."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from passerelle.cli.ending import DONE, FAILED, INTERRUPTED, USAGE, CommandFailed
from passerelle.cli.output import prepare_streams, say
from passerelle.cli.parser import Arguments, build_parser


def main(words: Sequence[str], *, launch: Sequence[str] | None = None) -> int:
    """Run one command; `launch` is the command line of the daemon that it shall speak to, where not the usual one.

    Raises SystemExit for wrong usage and for `--help`, as argparse does.
    """
    prepare_streams()
    parser = build_parser()
    arguments = parser.parse_args(words, namespace=Arguments())
    if not arguments.command:
        parser.print_help(sys.stderr)
        return USAGE
    arguments.launch = launch
    return _run(arguments)


def _run(arguments: Arguments) -> int:
    # Each command is the file of its name: only the one that is asked for is loaded, for some of them load a lot.
    command: Callable[[Arguments], int] = import_module(f"passerelle.cli.{arguments.command}").run
    try:
        exit_code = command(arguments)
        sys.stdout.flush()
    except CommandFailed as failure:
        say(f"passerelle: {failure}")
        return failure.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough.
        _abandon_stdout()
        return DONE
    except OSError as error:  # A full disk behind `>`: whatever else can fail is told where it fails.
        _abandon_stdout()
        say(f"passerelle: {error.strerror}.")
        return FAILED
    return exit_code


def _abandon_stdout() -> None:
    """What is still buffered has nowhere to go, and the interpreter would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
