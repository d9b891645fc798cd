"""Whether a conversation holds what is searched, and where. Pure."""

from bisect import bisect_left

from passerelle.conversations.title import one_line

BEFORE = 40
AFTER = 80
"""Characters of an excerpt on either side of what was found."""


def words_of(query: str) -> list[str]:
    """What all must be found, in any case and order."""
    return query.casefold().split()


def is_found(words: list[str], title: str, text: str) -> bool:
    """Whether all of the words are in it."""
    title, text = title.casefold(), text.casefold()
    return all(word in title or word in text for word in words)


def excerpt(words: list[str], text: str) -> str | None:
    """The text around the first of the words that is in it, on one line; None if none is."""
    folded = text.casefold()
    start = next((at for word in words if (at := folded.find(word)) >= 0), None)
    if start is None:
        return None
    if len(folded) != len(text):  # Such as "ß", which is "ss" in any case.
        start = bisect_left(range(len(text)), start, key=lambda end: len(text[:end].casefold()))
    first, last = max(0, start - BEFORE), start + AFTER
    before = "… " if first else ""
    after = " …" if last < len(text) else ""
    return f"{before}{one_line(text[first:last])}{after}"
