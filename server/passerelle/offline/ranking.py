"""Which sections of a text answer a question, by the words they share (BM25). It understands nothing."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from passerelle.offline.readme import Section, fence_after

QUESTION_CHARS = 4000
"""Of a longer question only the end is read: this runs on the event loop."""
TITLE_WEIGHT = 2.0
PROSE_WEIGHT = 2
"""Against code, and against a title as part of its section."""
SATURATION, LENGTH_PENALTY = 1.2, 0.75
"""k1 and b of BM25, at their usual values."""

_ENDING = re.compile(r"(?:ing|ed|es|e|s)$")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about all an and any anywhere are as at be been but by can could did do does explain for from get give go
        had has have hello help here hey hi how i if in into is it its just know let like make may me more much my need
        no not now of off on or our out over please really said say says should show so some something tell than thank
        thanks that the their them then there these they thing this those to too up us use used using want was way we
        what when where which who whom whose why will with work would you your""",
    )
)


class Ranked(NamedTuple):
    """`known` is the share, 0 to 1, of the question's telling words that the section has."""

    score: float
    known: float
    section: Section


class Index:
    """The words of some sections, counted once."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._titles = [frozenset(terms(section.title)) for section in sections]
        self._counts = [_count(section) for section in sections]
        self._mean_length = sum(count.total() for count in self._counts) / max(1, len(sections))

    def rank(self, question: str) -> list[Ranked]:
        """The sections that share a telling word with the question, best first.

        A word that most sections have tells nothing, unless it is in a title or the question has no other.
        """
        asked = set(terms(question[-QUESTION_CHARS:]))
        holders = {term: sum(term in count for count in self._counts) for term in asked}
        titled = frozenset[str]().union(*self._titles)
        telling = {term for term in asked if term in titled or holders[term] * 2 <= len(self._sections)} or asked
        ranked: list[Ranked] = []
        for section, title, count in zip(self._sections, self._titles, self._counts, strict=True):
            if shared := sum(term in count for term in telling):
                known = shared / len(telling)
                score = self._body_score(count, holders) + TITLE_WEIGHT * self._title_score(asked & title)
                ranked.append(Ranked(score * known, known, section))
        return sorted(ranked, key=lambda one: one.score, reverse=True)

    def _body_score(self, count: Counter[str], holders: dict[str, int]) -> float:
        length = 1 - LENGTH_PENALTY + LENGTH_PENALTY * count.total() / self._mean_length
        return sum(
            _rarity(held, len(self._sections)) * count[term] * (SATURATION + 1) / (count[term] + SATURATION * length)
            for term, held in holders.items()
        )

    def _title_score(self, shared: Iterable[str]) -> float:
        return sum(_rarity(sum(term in title for title in self._titles), len(self._titles)) for term in shared)


def terms(text: str) -> list[str]:
    """The words that carry a text's subject, cut down to what their forms share: `configuring` finds `config`."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return [_stem(word) for word in words if word not in _STOP_WORDS]


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word)
    if len(stem) < 3:  # noqa: PLR2004
        return word
    if len(stem) > 3 and stem[-1] == stem[-2]:  # noqa: PLR2004
        stem = stem[:-1]  # `logged` is a form of `log`.
    return stem[:6]


def _count(section: Section) -> Counter[str]:
    """Strings in code are left out: they are examples, such as prompts, and nothing that the section says."""
    counts = Counter(terms(section.title))
    fence = ""
    for line in section.text.splitlines():
        before, fence = fence, fence_after(line, fence)
        is_code = bool(before or fence)
        for term in terms(re.sub(r'"[^"]*"', " ", line) if is_code else line):
            counts[term] += 1 if is_code else PROSE_WEIGHT
    return counts


def _rarity(holders: int, total: int) -> float:
    """How much a term tells when `holders` of `total` sections have it."""
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))
