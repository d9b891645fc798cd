"""Markdown that is still being written: where its finished blocks end, and how a block looks. Writes nothing."""

import re
from collections.abc import Callable
from itertools import pairwise, zip_longest
from typing import ClassVar, NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, MarkdownElement, TableElement
from rich.table import Table

from passerelle.words.text import split_lines


class Block(NamedTuple):
    """One block of the top level: a paragraph, a list, a fence. `is_settled`: further lines leave those above alone."""

    source: str
    is_settled: bool


Split = Callable[[str], list[Block]]


def split_blocks(source: str) -> list[Block]:
    """The blocks of the top level of Markdown; joined they are the source."""
    heads = [token for token in Markdown(source).parsed if token.level == 0 and token.nesting >= 0 and token.map]
    lines = split_lines(source)
    starts = [0, *(token.map[0] for token in heads[1:] if token.map), len(lines)]
    pieces = ["".join(lines[start:end]) for start, end in pairwise(starts)]
    # The widths of a table's columns move until its last row is there.
    are_settled = [token.type != "table_open" for token in heads] or [True]
    return [Block(*block) for block in zip(pieces, are_settled, strict=True) if block[0]]


def split_paragraphs(source: str) -> list[Block]:
    """The paragraphs of plain text; joined they are the source."""
    texts = re.split(r"(\n{2,})", source)
    pieces = [text + gap for text, gap in zip_longest(texts[::2], texts[1::2], fillvalue="")]
    return [Block(piece, is_settled=True) for piece in pieces if piece]


def finished(source: str, split: Split) -> list[Block]:
    """The blocks that nothing can change any more: all before the last one that begins on a whole line.

    Half a line decides nothing: `-` may become a list or underline a heading.
    """
    return split(source[: source.rfind("\n") + 1])[:-1]


class FoldedTable(TableElement):
    """Long words in a cell go on in its next line; rich would cut them off."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            if isinstance(table, Table):
                for column in table.columns:
                    column.overflow = "fold"
            yield table


class AnswerMarkdown(Markdown):
    """rich's Markdown with nothing left out: tags, images and the addresses of links stay as text."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {**Markdown.elements, "table_open": FoldedTable}

    def __init__(self, source: str) -> None:
        super().__init__(source, hyperlinks=False)
        waiting = list(self.parsed)
        while waiting:
            token = waiting.pop()
            match token.type:
                case "html_inline":
                    token.type = "text"
                case "html_block":
                    token.type = "code_block"
                case "image":
                    token.type, token.tag, token.children = "text", "", None
                    token.content = f"![{token.content}]({token.attrs['src']})"
                case _:
                    waiting += token.children or ()
