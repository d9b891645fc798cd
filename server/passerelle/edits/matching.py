"""Which lines two texts have in common, in order: patience diff, with difflib where nothing is unique. Bounded work."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

MOST_WORK = 1_000_000
"""Of difflib, in pairs of lines. What would take more counts as different."""

Pair = tuple[int, int]
Lines = Sequence[str]


def common(old: Lines, new: Lines, work: int = MOST_WORK) -> list[Pair]:
    """The places of lines that stay: pairs that rise in both texts.

    Lines that stand once in each text decide first, as a person would see it; between them difflib looks for others.
    """
    head = _equal_ends(old, new)
    tail = _equal_ends(old[head:][::-1], new[head:][::-1])
    ends = len(old) - tail, len(new) - tail
    anchors = _rising(_unique_pairs(old, new, head, ends))
    found = [(place, place) for place in range(head)]
    for (i, j), (i_end, j_end) in pairwise([(head - 1, head - 1), *anchors, ends]):
        gap_old, gap_new = old[i + 1 : i_end], new[j + 1 : j_end]
        cost = len(gap_old) * len(gap_new)
        if 0 < cost <= work:
            work -= cost
            found += [(i + 1 + a, j + 1 + b) for a, b in _common_in_gap(gap_old, gap_new)]
        if (i_end, j_end) != ends:
            found.append((i_end, j_end))
    return found + [(ends[0] + place, ends[1] + place) for place in range(tail)]


def _equal_ends(old: Lines, new: Lines) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _unique_pairs(old: Lines, new: Lines, start: int, ends: Pair) -> list[Pair]:
    """Where lines stand that are once in both, by their place in the old text."""
    count_old, count_new = Counter(old[start : ends[0]]), Counter(new[start : ends[1]])
    places = {line: j for j, line in enumerate(new[start : ends[1]], start) if count_new[line] == 1}
    lines = enumerate(old[start : ends[0]], start)
    return [(i, places[line]) for i, line in lines if line in places and count_old[line] == 1]


def _rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest choice of pairs whose second places rise too: patience sorting."""
    tops: list[int] = []
    top_pairs: list[int] = []
    below: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        below.append(top_pairs[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        top_pairs[pile : pile + 1] = [number]
    chosen: list[Pair] = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = below[number]
    return chosen[::-1]


def _common_in_gap(old: Lines, new: Lines) -> list[Pair]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(a + place, b + place) for a, b, size in blocks for place in range(size)]
