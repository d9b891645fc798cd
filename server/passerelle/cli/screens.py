"""Where an answer is shown while it comes: on a terminal, in a pipe, or nowhere. They decide nothing of it."""

import sys
from contextlib import ExitStack
from typing import Protocol, Self, TextIO

from msgspec import UNSET

from passerelle.cli.output import clean, fit, is_rich_terminal, is_terminal
from passerelle.protocol.chat import ChatDelta

WAITING = "waiting for the first word"


class Screen(Protocol):
    """Used as a context: entered before the first delta, left when no more will come, for whatever reason."""

    @property
    def pause_s(self) -> float:
        """How long to collect deltas before the next `refresh`."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def add(self, delta: ChatDelta) -> None: ...

    def refresh(self) -> None: ...


def choose_screen(*, is_silent: bool = False) -> Screen:
    """The screen for the stdout of this process. Until the first delta a spinner turns on stderr."""
    if is_silent:
        return Silent(spinner(WAITING))
    if is_rich_terminal(sys.stdout):
        from passerelle.cli.terminal import Rendered  # noqa: PLC0415  # rich: 200 ms, and a pipe needs none of it.

        return Rendered(spinner(WAITING))
    return Plain(sys.stdout, spinner(WAITING))


def spinner(why: str) -> ExitStack:
    """A spinner on stderr, turning already until `close`. Nothing where stderr cannot show one."""
    stack = ExitStack()
    if is_rich_terminal(sys.stderr):
        from rich.console import Console  # noqa: PLC0415

        stack.enter_context(Console(stderr=True).status(why))
    return stack


class Plain:
    """The answer's text as it comes, exactly, and a line feed at its end if it has none."""

    pause_s = 0.0

    def __init__(self, stream: TextIO, waiting: ExitStack) -> None:
        self._stream = stream
        self._waiting = waiting
        self._is_terminal = is_terminal(stream)
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()
        if self._last and not self._last.endswith("\n"):
            self._stream.write("\n")
        self._stream.flush()

    def add(self, delta: ChatDelta) -> None:
        if delta.text is UNSET or not delta.text:
            return
        self._waiting.close()
        self._last = delta.text
        self._stream.write(fit(clean(delta.text), self._stream) if self._is_terminal else delta.text)

    def refresh(self) -> None:
        self._stream.flush()


class Silent:
    """Nothing: who asked wants the whole result, and gets it from elsewhere."""

    pause_s = 0.05

    def __init__(self, waiting: ExitStack) -> None:
        self._waiting = waiting

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()

    def add(self, delta: ChatDelta) -> None: ...

    def refresh(self) -> None: ...
