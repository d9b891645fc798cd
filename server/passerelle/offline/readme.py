"""Passerelle's own README: where it is found, and its sections. Knows no question and no answer."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[3] / "README.md"
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class Section(NamedTuple):
    """What stands between one heading and the next; `title` is empty before the first."""

    title: str
    text: str


def read_readme(source: Path = SOURCE) -> str:
    """The README of the source tree, else the one that came with the installed package; empty if there is neither.

    Reads files: call it in a thread.
    """
    if source.is_file():
        return source.read_text(encoding="utf-8")
    try:
        return str(metadata("passerelle").json.get("description") or "")
    except PackageNotFoundError:
        return ""


def split_sections(markdown: str) -> list[Section]:
    """The sections that say something, in order, without pictures: there is nobody to send them.

    A `#` in a fenced block is a comment and no heading.
    """
    sections: list[Section] = []
    title, lines, fence = "", list[str](), ""
    for line in markdown.splitlines():
        fence = fence_after(line, fence)
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            sections.append(Section(title, "\n".join(lines).strip()))
            title, lines = heading[2], []
        elif fence or not _PICTURE.fullmatch(line):
            lines.append(line)
    sections.append(Section(title, "\n".join(lines).strip()))
    return [section for section in sections if section.text]


def fence_after(line: str, fence: str) -> str:
    """The fence of the code block that is open after `line`, empty for none, given the one that was open before."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence


def excerpt(text: str, most_chars: int) -> str:
    """The first paragraphs and whole code blocks of a section, up to about `most_chars`; says where more is left."""
    size, fence = 0, ""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        fence = fence_after(line, fence)
        size += len(line) + 1
        if size > most_chars and not line and not fence:
            return "\n".join(lines[:index]) + "\n\n(This section goes on in the README.)"
    return text
