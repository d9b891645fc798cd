"""The two streams of a command: what may be written to them, and how. Terminals are not trusted with foreign text."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import msgspec

from passerelle.cli.ending import CommandFailed

# Typography that an old code page lacks. Anything else that it lacks becomes a question mark.
PLAIN = str.maketrans(
    {"✓": "+", "✗": "x", "≈": "~", "·": "-", "…": "...", "→": "->", "●": "*", "—": "-", "–": "-", "’": "'"}
    | dict(zip("▁▂▃▄▅▆▇█▌", "_.:-=+*#-", strict=True))  # The charts'.
)
# All control characters but tab and line feed: models and gateways write what they like, and a terminal obeys it.
# With them the marks that turn the direction of text, which can make a line read as what it is not.
_OBEYED = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_DROP = dict.fromkeys(_OBEYED)


def prepare_streams() -> None:
    """No character may stop a command: an old code page gets a question mark, a pipe on Windows gets UTF-8.

    A stream that was closed (`>&-`) takes what is written to it to nowhere.
    """
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # For as long as we run.
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # Not a TextIOWrapper where somebody replaced it, as test runners do.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if os.name == "nt" and not stream.isatty() and "PYTHONIOENCODING" not in os.environ:
            reconfigure(encoding="utf-8")
        reconfigure(errors="replace")


def is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def is_rich_terminal(stream: TextIO | None) -> bool:
    """Whether the stream can move its cursor: a terminal, and no dumb one."""
    return is_terminal(stream) and os.environ.get("TERM", "") not in {"dumb", "unknown"}


def say(line: str) -> None:
    """One line for a person, on stderr."""
    with suppress(OSError):  # Nobody reads it any more.
        print(fit(clean(line).replace("\n", " "), sys.stderr), file=sys.stderr, flush=True)


def is_person_here() -> bool:
    """Whether somebody can read a question and answer it."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def is_agreed(question: str) -> bool:
    """Whether the person at the terminal says yes. Ctrl-C and Ctrl-D mean no; where nobody is, nobody agrees."""
    if not is_person_here():
        return False
    # asyncio would keep the signal for later, and we would wait for a line all the same.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        print(fit(f"{clean(question)} [y/N] ", sys.stderr), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    finally:
        signal.signal(signal.SIGINT, usual)
    if not line.endswith("\n"):
        say("")  # What comes next begins on a line of its own.
    return line.strip().lower() in {"y", "yes"}


def say_aside(line: str) -> None:
    """A line that only a person at a terminal wants: dim, on stderr; nothing where stderr goes to a file."""
    if not is_terminal(sys.stderr):
        return
    from rich.console import Console  # noqa: PLC0415  # 60 ms, and only terminals need it.
    from rich.text import Text  # noqa: PLC0415

    Console(stderr=True, highlight=False).print(Text(fit(clean(line), sys.stderr), style="dim"))


def print_json(value: object) -> None:
    """JSON on stdout: indented for a person, one line for a program."""
    text = msgspec.json.encode(value)
    if is_terminal(sys.stdout):
        text = msgspec.json.format(text, indent=2)
    print(text.decode())


def write_file(place: str, name: str, text: str) -> Path:
    """Write to the file, or to `name` in it where it is a folder; where it is now. Raises CommandFailed."""
    path = Path(place).expanduser()
    path = path / name if path.is_dir() else path
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}.") from None
    return path


def clean(text: str) -> str:
    """Text that a terminal can be given: without characters that it would obey."""
    return text.translate(_DROP)


def homely(path: str) -> str:
    """A path as a person writes it."""
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def fit(text: str, stream: TextIO) -> str:
    """The text with plainer typography where the stream's encoding lacks it."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(PLAIN)
    return text
