"""Markdown that is still being written: blocks, and what a rendered one shows."""

from io import StringIO

import pytest
from rich.console import Console

from passerelle.cli.markdown import AnswerMarkdown, Split, finished, split_blocks, split_paragraphs

SOURCE = """\
Intro [link][a] and
more of it
- not
- a paragraph

# Head
Title
=====
> quote
> quote

1. one

   still one
2. two

| a | b |
|---|---|
| 1 | 2 |

```python
# no head

- no list
```
<div>

[a]: http://example.com

    indented\u2028code
- last"""


@pytest.mark.parametrize(
    ("split", "source", "blocks"),
    [
        (split_blocks, "", []),
        (split_blocks, "\n\n", ["\n\n"]),
        (split_blocks, "a\nb\n\nc", ["a\nb\n\n", "c"]),
        (split_blocks, "# a\nb", ["# a\n", "b"]),
        (split_blocks, "- a\n\n  b\n- c\n\nd", ["- a\n\n  b\n- c\n\n", "d"]),
        (split_blocks, "```\n\n# a\n", ["```\n\n# a\n"]),
        (split_blocks, "a\u2028b\n\nc", ["a\u2028b\n\n", "c"]),
        (split_blocks, "[a]: http://x\n\nb\n\nc", ["[a]: http://x\n\nb\n\n", "c"]),
        (split_paragraphs, "a\nb\n\n\nc", ["a\nb\n\n\n", "c"]),
        (split_paragraphs, "\n\na", ["\n\n", "a"]),
        (split_paragraphs, "", []),
    ],
)
def test_blocks(split: Split, source: str, blocks: list[str]) -> None:
    assert [block.source for block in split(source)] == blocks


@pytest.mark.parametrize("split", [split_blocks, split_paragraphs])
def test_a_finished_block_stays_as_it_was_whatever_comes(split: Split) -> None:
    whole = [block.source for block in split(SOURCE)]
    for end in range(len(SOURCE) + 1):
        done = [block.source for block in finished(SOURCE[:end], split)]

        assert done == whole[: len(done)]
    assert len(done) >= len(whole) - 2


@pytest.mark.parametrize("split", [split_blocks, split_paragraphs])
def test_blocks_joined_are_the_source(split: Split) -> None:
    for end in range(len(SOURCE) + 1):
        assert "".join(block.source for block in split(SOURCE[:end])) == SOURCE[:end]


def test_only_a_table_moves_as_it_grows() -> None:
    assert [block.source[0] for block in split_blocks(SOURCE) if not block.is_settled] == ["|"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a `List<T>` or List<T>", "a List<T> or List<T>"),
        ("<details>\nhidden\n</details>", "<details>\nhidden\n</details>"),
        ("![a chart](http://x/y.png)", "![a chart](http://x/y.png)"),
        ("[site](http://example.com)", "site (http://example.com)"),
        ("| n |\n|---|\n| averyverylongwordthatdoesnotfitin |", "n\naveryverylongwordthatdoesn\notfitin"),
    ],
)
def test_nothing_of_an_answer_is_left_out(source: str, shown: str) -> None:
    console = Console(file=StringIO(), width=28)

    console.print(AnswerMarkdown(source))

    assert isinstance(console.file, StringIO)
    lines = (line.strip() for line in console.file.getvalue().splitlines())
    assert "\n".join(line for line in lines if line.strip("─")) == shown
