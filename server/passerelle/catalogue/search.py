"""Search over a catalogue, prepared once: ranks like a person would, narrows by capability, sorts. Pure.

A model is a set of words, from its id and its name (`qwen3.8-max`: qwen3.8, qwen, 3.8, max). A set of models is one
integer with a bit for each, so that a keystroke costs a few operations on integers, whatever the list's length.

Every word of the query must be found. A word found as it stands costs nothing, one that only begins so a little, one
that had to be taken apart or mended more. A variant (`-batch`, `-fast`, `-free`), a dated twin and a model that paints
cost more than a word that only begins so. Models of equal cost stand newest first.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate, groupby, islice
from string import ascii_lowercase

from passerelle.catalogue.family import PART, SIZE, TOKEN, Lineage, lineage_of
from passerelle.catalogue.model import Entry
from passerelle.protocol.state import Capability, Sort

LONGEST_QUERY = 200
MOST_WORDS = 12
SHORTEST_TYPO, LONGEST_TYPO = 3, 20

BEGINNING, ASIDE, INSIDE, MISSPELT = 2, 3, 4, 6
"""What a match costs that is not a whole word of a plain model."""

Models = int
"""A set: bit n is the model at place n of `Index.entries`."""
Levels = dict[int, Models]
"""The models found, by what the match costs. One found in two ways stands in two levels; the cheaper counts."""


class Index:
    """A catalogue made ready for search. Building it takes a while for thousands of models: not on the event loop."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ranked = _newest_first(entries)
        self.entries = tuple(entry for _, entry in ranked)
        self._all: Models = (1 << len(ranked)) - 1
        self._aside = _set_of(place for place, (lineage, entry) in enumerate(ranked) if _is_aside(lineage, entry))
        self._words = _places(_words(entry) for entry in self.entries)
        self._sorted_words = sorted(self._words)
        self._wholes = _places(_wholes(entry) for entry in self.entries)
        lines = [f"{_glue(entry.id)} {_glue(entry.name)}\n" for entry in self.entries]
        self._glued = "".join(lines)
        self._starts = list(accumulate(map(len, lines), initial=0))
        self._able = _places(entry.capabilities for entry in self.entries)
        self._orders = _orders(self.entries)

    def search(
        self,
        query: str = "",
        *,
        needs: Collection[Capability] = (),
        sort: Sort = "relevance",
        limit: int | None = None,
    ) -> tuple[list[Entry], int]:
        """The models that match, best first, and how many they are without the limit.

        An empty query finds all: by relevance the newest come first, variants last. A very long query is cut.
        """
        wanted = self._all
        for capability in needs:
            wanted &= self._able.get(capability, 0)
        levels = {cost: models & wanted for cost, models in self._find(query[:LONGEST_QUERY]).items()}
        found = 0
        for models in levels.values():
            found |= models
        places = _by_cost(levels) if sort == "relevance" else self._in_order(sort, found)
        most = None if limit is None else max(limit, 0)
        return [self.entries[place] for place in islice(places, most)], found.bit_count()

    def _find(self, query: str) -> Levels:
        levels: Levels = {0: self._all}
        for word in list(dict.fromkeys(TOKEN.findall(_fold(query))))[:MOST_WORDS]:
            if not (levels := _both(levels, self._match(word))):
                return {}
        plain = {cost: models & ~self._aside for cost, models in levels.items()}
        aside = {cost + ASIDE: models & self._aside for cost, models in levels.items()}
        whole = {-1: self._wholes.get(_glue(query), 0)}
        return _either(_either(plain, aside), whole)

    def _match(self, word: str) -> Levels:
        """Each way of reading a word is tried only where the one before finds nothing."""
        return self._as_typed(word) or self._inside(word) or self._taken_apart(word) or self._misspelt(word)

    def _as_typed(self, word: str) -> Levels:
        found: Levels = {0: self._words.get(word, 0), BEGINNING: self._beginning(word)}
        return {cost: models for cost, models in found.items() if models}

    def _beginning(self, start: str) -> Models:
        models = 0
        for place in range(bisect_left(self._sorted_words, start), len(self._sorted_words)):
            word = self._sorted_words[place]
            if not word.startswith(start):
                break
            models |= self._words[word]
        return models

    def _inside(self, word: str) -> Levels:
        """`gpt5mini`, `sonnet45`, `stral`: letters that follow each other in an id or name, whatever stands between."""
        piece = _glue(word)
        places: list[int] = []
        at = self._glued.find(piece) if len(piece) > 1 else -1
        while at >= 0:
            places.append(bisect_right(self._starts, at) - 1)
            at = self._glued.find(piece, self._starts[places[-1] + 1])
        return {INSIDE: _set_of(places)} if places else {}

    def _taken_apart(self, word: str) -> Levels:
        """`son4` as `son` and `4`."""
        parts = PART.findall(word)[:MOST_WORDS]
        if len(parts) <= 1:
            return {}
        levels: Levels = {0: self._all}
        for part in parts:
            levels = _both(levels, self._match(part))
        return levels

    def _misspelt(self, word: str) -> Levels:
        """One letter too many, too few, wrong or in its neighbour's place."""
        models = 0
        for guess in _one_edit_away(word):
            models |= self._beginning(guess)
        return {MISSPELT: models} if models else {}

    def _in_order(self, sort: Sort, found: Models) -> Iterator[int]:
        is_found = bin(found | 1 << len(self.entries))[:2:-1]
        return (place for place in self._orders[sort] if is_found[place] == "1")


def _newest_first(entries: Iterable[Entry]) -> list[tuple[Lineage, Entry]]:
    """By day of release, where a newer version counts as at least as new as the older ones of its family.

    Likewise a model and its own previews and variants. Some lists date a new model wrongly, and a person looks for
    5.5 before 5.
    """
    known = [(lineage_of(entry.id), entry) for entry in entries]
    known.sort(key=lambda pair: (pair[0].creator, pair[0].family, pair[0].version, pair[0].is_plain))
    days: list[float] = []
    for _, family in groupby(known, key=lambda pair: pair[0][:2]):
        days += accumulate((entry.released or 0.0 for _, entry in family), max)

    def rank(ranked: tuple[float, tuple[Lineage, Entry]]) -> tuple[float, float, bool, int, str]:
        day, (lineage, entry) = ranked
        return -day, -lineage.version, not lineage.is_plain, len(lineage.family), entry.id

    return [pair for _, pair in sorted(zip(days, known, strict=True), key=rank)]


def _is_aside(lineage: Lineage, entry: Entry) -> bool:
    """Whether another one is wanted first by a person who did not ask for just this."""
    return lineage.is_variant or lineage.is_dated or "image" in entry.outputs


def _orders(entries: tuple[Entry, ...]) -> dict[Sort, list[int]]:
    """Places in each order; what is unknown comes last, and equals stand by id."""
    by_id = sorted(range(len(entries)), key=lambda place: entries[place].id)

    def by(measure: list[float | None], *, largest_first: bool) -> list[int]:
        sign = -1 if largest_first else 1
        keys = [(value is None, sign * (value or 0)) for value in measure]
        return sorted(by_id, key=keys.__getitem__)

    return {
        "name": sorted(by_id, key=lambda place: _fold(entries[place].name)),
        "released": by([entry.released for entry in entries], largest_first=True),
        "context": by([entry.context_window for entry in entries], largest_first=True),
        "price": by([_blend(entry) for entry in entries], largest_first=False),
    }


def _blend(entry: Entry) -> float | None:
    """A price to compare by: a million tokens in and a million out."""
    price = entry.price
    return None if price.input is None or price.output is None else price.input + price.output


def _words(entry: Entry) -> set[str]:
    words = set(TOKEN.findall(_fold(f"{entry.id} {entry.name}")))
    for word in list(words):
        if not SIZE.fullmatch(word):
            words.update(PART.findall(word))
    return words


def _wholes(entry: Entry) -> set[str]:
    """What somebody types who knows exactly which model he wants."""
    return {_glue(entry.id), _glue(entry.id.partition("/")[2]), _glue(entry.name)} - {""}


def _fold(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _glue(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", _fold(text))


def _one_edit_away(word: str) -> set[str]:
    """After Peter Norvig's "How to Write a Spelling Corrector". Short guesses would find everything: left out."""
    if not (word.isascii() and word.isalpha() and SHORTEST_TYPO <= len(word) <= LONGEST_TYPO):
        return set()
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in splits if right and len(word) > SHORTEST_TYPO}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in splits for letter in ascii_lowercase}
    return fewer | swapped | changed | more


def _both(ones: Levels, others: Levels) -> Levels:
    """What is in both, at the sum of the costs."""
    levels: Levels = {}
    for cost, models in ones.items():
        for other_cost, other_models in others.items():
            if common := models & other_models:
                levels[cost + other_cost] = levels.get(cost + other_cost, 0) | common
    return levels


def _either(ones: Levels, others: Levels) -> Levels:
    return {cost: ones.get(cost, 0) | others.get(cost, 0) for cost in ones.keys() | others.keys()}


def _by_cost(levels: Levels) -> Iterator[int]:
    seen: Models = 0
    for cost in sorted(levels):
        yield from _members(levels[cost] & ~seen)
        seen |= levels[cost]


def _members(models: Models) -> Iterator[int]:
    """The places in a set, ascending."""
    bits = bin(models)[:1:-1]
    place = bits.find("1")
    while place >= 0:
        yield place
        place = bits.find("1", place + 1)


def _places(words: Iterable[Iterable[str]]) -> dict[str, Models]:
    """For each word the set of places where it stands; `words` are those of each place."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(words):
        for word in said:
            places[word].append(place)
    return {word: _set_of(members) for word, members in places.items()}


def _set_of(places: Iterable[int]) -> Models:
    """Built in bytes: an integer that grows bit by bit would be copied each time."""
    members = list(places)
    bits = bytearray(max(members, default=0) // 8 + 1)
    for place in members:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
