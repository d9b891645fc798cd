"""An answer on a terminal: rendered Markdown that grows, without flicker and without an end at the screen's height."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple, Self

from msgspec import UNSET
from rich.console import Console, RenderableType
from rich.live import Live
from rich.segment import Segment, Segments
from rich.text import Text

from passerelle.cli.markdown import AnswerMarkdown, Block, Split, finished, split_blocks, split_paragraphs
from passerelle.cli.output import clean
from passerelle.protocol.chat import ChatDelta

Line = list[Segment]


class Look(NamedTuple):
    """How a kind of text falls into blocks, and how a block is drawn."""

    split: Split
    render: Callable[[str], RenderableType]


ANSWER = Look(split_blocks, AnswerMarkdown)
REASONING = Look(split_paragraphs, lambda text: Text(text.strip(), style="dim"))
LEAST_PAUSE_S = 0.05
PAUSE_PER_RENDERING = 4
"""Long code takes long to render: at most a fifth of a core goes into it."""


class Rendered:
    """Lines that are final go to the scrollback, once; the rest is redrawn below them, and fits the screen.

    What is final: the blocks before the last, and of a last block taller than the screen the lines that left it.
    """

    def __init__(self, waiting: ExitStack, console: Console | None = None) -> None:
        self.pause_s = LEAST_PAUSE_S
        self._waiting = waiting
        self._console = console or Console(highlight=False)
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )
        self._source = ""
        self._look = ANSWER
        self._is_begun = False
        self._printed_ahead = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()
        if self._live.is_started:
            self._finish(self._look.split(self._source))
            self._live.stop()

    def add(self, delta: ChatDelta) -> None:
        if delta.reasoning is not UNSET:
            self._append(delta.reasoning, REASONING)
        if delta.text is not UNSET:
            self._append(delta.text, ANSWER)

    def refresh(self) -> None:
        """Draw what came. One write to the terminal, so that it never shows half of it."""
        if not self._live.is_started:
            return
        began_s = time.monotonic()
        with self._console:
            self._finish(finished(self._source, self._look.split))
            self._draw_rest()
        self.pause_s = max(LEAST_PAUSE_S, PAUSE_PER_RENDERING * (time.monotonic() - began_s))

    def _append(self, text: str, look: Look) -> None:
        if not text:
            return
        if not self._live.is_started:
            self._waiting.close()
            self._live.start()
        if look is not self._look:
            self._finish(self._look.split(self._source))
            self._look = look
        self._source += clean(text)

    def _finish(self, blocks: list[Block]) -> None:
        """Print the first blocks of what is left for good, in place of what is drawn now."""
        lines = self._lines(blocks)
        if not lines:
            return
        ahead = min(self._printed_ahead, len(lines))
        self._printed_ahead -= ahead
        with self._console:
            self._live.update(_joined([]), refresh=True)
            self._print(lines[ahead:])
        self._is_begun = True
        self._source = self._source[sum(len(block.source) for block in blocks) :]

    def _draw_rest(self) -> None:
        blocks = self._look.split(self._source)
        lines = self._lines(blocks)
        room = max(1, self._console.height - 2)
        overflow = len(lines) - room
        if overflow > self._printed_ahead and all(block.is_settled for block in blocks):
            self._print(lines[self._printed_ahead : overflow])
            self._printed_ahead = overflow
        # The empty line at the end is for the cursor, and for the `^C` that a terminal writes there.
        self._live.update(_joined([*lines[self._printed_ahead :][-room:], [Segment("")]]), refresh=True)

    def _lines(self, blocks: list[Block]) -> list[Line]:
        """The blocks as the terminal's lines, each with an empty line before it but the very first."""
        lines: list[Line] = []
        for block in blocks:
            rendered = _trimmed(self._console.render_lines(self._look.render(block.source), pad=False))
            if rendered and (lines or self._is_begun):
                lines.append([])
            lines += rendered
        return lines

    def _print(self, lines: list[Line]) -> None:
        if lines:
            self._console.print(_joined([*lines, []]))


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without the empty lines around it, which some elements of rich have, and without spaces at the ends of lines:
    they would wrap when the window gets narrower.
    """
    lines = [_shortened(line) for line in lines]
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _shortened(line: Line) -> Line:
    line = list(line)
    while line and not line[-1].text.rstrip() and not _has_ground(line[-1]):
        line.pop()
    if line and not _has_ground(line[-1]):
        line[-1] = Segment(line[-1].text.rstrip(), line[-1].style)
    return line


def _has_ground(segment: Segment) -> bool:
    """Whether its spaces are seen."""
    return segment.style is not None and segment.style.bgcolor is not None


def _joined(lines: list[Line]) -> RenderableType:
    parts = [segment for line in lines for segment in (Segment.line(), *line)][1:]
    return Segments(parts)
