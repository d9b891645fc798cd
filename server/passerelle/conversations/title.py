"""What a conversation is called, on a screen and as a file. Pure."""

import re
import unicodedata
from collections.abc import Sequence

from passerelle.conversations.texts import question_of
from passerelle.protocol.chat import Message

LONGEST_UNNAMED = 60
LONGEST_GIVEN = 200
LONGEST_FILE_NAME = 60
"""In characters; of four bytes each they still fit the 255 bytes that file systems take."""
UNNAMED = "Conversation"
_JOINER = "\u200d"
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows keeps for devices, whatever the extension."""


def title_of(messages: Sequence[Message]) -> str:
    """How a conversation began, for one that nobody has named: the first words of its question."""
    return shortened(one_line(question_of(messages)), LONGEST_UNNAMED) or UNNAMED


def given_title(title: str) -> str:
    """A title that somebody chose, fit to be shown; empty if nothing of it is."""
    return shortened(one_line(title), LONGEST_GIVEN)


def one_line(text: str) -> str:
    """Without line ends, and without what steers a terminal."""
    return " ".join("".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text).split())


def shortened(text: str, longest: int) -> str:
    """At most that many characters, cut between words where there are some, and never inside what reads as one."""
    if len(text) <= longest:
        return text
    end = longest - 1
    while end > 0 and _continues(text, end):
        end -= 1
    space = text.rfind(" ", longest // 2, end + 1)
    return text[: end if space < 0 else space].rstrip() + "…"


def file_name(title: str) -> str:
    """The title as a name of a file, without extension, on any system."""
    kept = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in title.lower())
    name = "-".join(kept.split())[:LONGEST_FILE_NAME].strip("-")
    return f"{UNNAMED}-{name}".lower().rstrip("-") if not name or _RESERVED.fullmatch(name) else name


def _continues(text: str, at: int) -> bool:
    """Whether the character at this place belongs to the one before it: accents, skin tones, joined emoji."""
    return (
        unicodedata.category(text[at])[0] == "M"
        or text[at] == _JOINER
        or text[at - 1] == _JOINER
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )
