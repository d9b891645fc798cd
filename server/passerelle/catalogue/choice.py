"""Which model serves a role, when the one that was wanted is no longer listed. Pure.

For roles only: a model that a request names is tried as it is, because gateways know more than they list.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest
from typing import NamedTuple

from passerelle.catalogue.family import Lineage, is_variant, lineage_of
from passerelle.catalogue.model import Entry

ALIKE = 0.5
"""difflib's measure: below it a suggestion is a guess."""
CHEAP_USD = 1.0
"""Per million tokens of input: what a model that nobody chose may cost."""
SMALL_WINDOW = 8_000
RECENT_S = 2 * 365 * 86_400


class Choice(NamedTuple):
    """The model that serves, and the id that was wanted where that is another."""

    model: str
    wanted: str | None = None


def serve(wanted: str, entries: Iterable[Entry]) -> Choice:
    """The wanted model where it is listed, else its nearest newer relative, else its nearest older one.

    Relatives have the same creator and the same words in their id, whatever the order: `mini`, `pro`, `codex`, `70b`
    are such words, so a tier never stands in for another, nor does a variant (`-batch`, `-fast`, `-free`) for a model.
    Of one version the plain id goes before its previews and dated twins. Where the creator has no model in the list (it
    took another name, or the gateway lists bare names), the words alone decide.
    Without a relative the wanted id stays: the gateway will say what it knows of it.
    """
    ids = [entry.id for entry in entries]
    if wanted in ids:
        return Choice(wanted)
    relative = _nearest(lineage_of(wanted), ids)
    return Choice(wanted) if relative is None else Choice(relative, wanted)


def suggestions(model_id: str, entries: Iterable[Entry], n: int = 5) -> tuple[str, ...]:
    """Up to `n` listed ids to offer for one that is not: its nearest relative, then those that look like it."""
    ids = [entry.id for entry in entries if not is_variant(entry.id)]
    known = {model if "/" in model_id else model.rpartition("/")[2]: model for model in ids}
    # difflib alone takes a third of a second for ten thousand ids; most share no three letters with this one.
    pieces = _pieces(model_id)
    likely = nlargest(10 * n, known, key=lambda key: len(pieces & _pieces(key)))
    alike = [known[key] for key in get_close_matches(model_id, likely, n, ALIKE)]
    relative = _nearest(lineage_of(model_id), ids)
    return tuple(dict.fromkeys(alike if relative is None else [relative, *alike]))[:n]


def cheapest(entries: Iterable[Entry], *, like: str, now: float) -> str | None:
    """The cheapest model for small tasks by the maker of the one that a person chose (`like`); `now` is a Unix time.

    It reads and writes text, was released in the last two years, names what it costs, and that is little. None where
    the list has no such model: nobody's words go to a maker that they did not choose, or to one that names no price.
    """
    creator = like.partition("/")[0] if "/" in like else ""
    ranked = sorted(
        (entry.price.input, entry.price.output, entry.id)
        for entry in entries
        if entry.creator == creator and _is_small_and_known(entry, now)
    )
    return ranked[0][2] if ranked else None


def _is_small_and_known(entry: Entry, now: float) -> bool:
    """A price of 0 is a trial, which ends some day or has limits of its own."""
    price, window, released = entry.price, entry.context_window, entry.released
    return (
        price.input is not None
        and 0 < price.input <= CHEAP_USD
        and bool(price.output)
        and window is not None
        and window >= SMALL_WINDOW
        and released is not None
        and now - released <= RECENT_S
        and not entry.deprecated
        and entry.inputs[:1] in {(), ("text",)}
        and entry.outputs in {(), ("text",)}
        and lineage_of(entry.id).is_plain
    )


def _pieces(text: str) -> set[str]:
    return {text[start : start + 3].casefold() for start in range(len(text) - 2)}


def _nearest(wanted: Lineage, ids: list[str]) -> str | None:
    family = [(lineage_of(model), model) for model in ids if all(word in model.casefold() for word in wanted.family)]
    family = [(lineage, model) for lineage, model in family if lineage.family == wanted.family != ()]
    relatives = [(lineage, model) for lineage, model in family if not lineage.is_variant]
    if wanted.creator and any(model.casefold().startswith(f"{wanted.creator}/") for model in ids):
        relatives = [(lineage, model) for lineage, model in relatives if lineage.creator == wanted.creator]
    newer = [relative for relative in relatives if relative[0].version >= wanted.version]
    sign = 1 if newer else -1
    ranked = sorted((sign * lineage.version, not lineage.is_plain, model) for lineage, model in newer or relatives)
    return ranked[0][2] if ranked else None
