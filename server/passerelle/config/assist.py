"""Completion in a settings file while it is written: keys, tables, words, models. Pure; it knows no file and no LSP
session.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from passerelle.config.assist_known import Known, describe, price_and_window
from passerelle.config.assist_place import Where, where
from passerelle.config.assist_schema import about, default_of, entry_of, is_struct, is_table, keys_of, kind_of, way_to
from passerelle.config.expectation import choices, expected
from passerelle.config.rules import BUILT_IN, GUARDED, PROVIDER_SECRETS
from passerelle.config.toml import Keys
from passerelle.protocol import assist
from passerelle.protocol.apply import TextEdit
from passerelle.protocol.assist import CompletionItem, CompletionList, MarkupContent
from passerelle.protocol.lsp import Position, Range
from passerelle.words.references import SCHEMES
from passerelle.words.text import Encoding, code_points, column_of

ROLES = ("chat", "inline", "edit", "title", "commit")
ROLE_PLACES = {("actions", "*", "role"), ("budgets", "*", "roles")}
MODEL_PLACES = {("roles", "*"), ("routing", "fallbacks"), ("budgets", "*", "models")}
_KEY_OF_LINE = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=")
REST_OF_WORD = re.compile(r"[A-Za-z0-9_./:*-]*")
REST_OF_HEADER = re.compile(r"[^\]#]*\]{0,2}")
REST_OF_STRING = re.compile(r"[^\"'\n]*")


class Offer(NamedTuple):
    """One thing that could stand there, as it is written where there is no quote yet."""

    label: str
    kind: int
    text: str
    detail: str = ""
    about: str = ""
    is_snippet: bool = False


def complete(lines: Sequence[str], position: Position, encoding: Encoding, known: Known) -> CompletionList:
    """What could be written at a place of a document, given as lines with their ends. The best come first."""
    if position.line >= len(lines):
        return CompletionList(is_incomplete=False, items=[])
    line = lines[position.line].rstrip("\r\n")
    cursor = code_points(line, position.character, encoding)
    above = "".join(lines[: position.line])
    found = where(above + line[:cursor])
    start = found.start - len(above)
    if found.kind == "nothing" or start < 0:
        return CompletionList(is_incomplete=False, items=[])
    if found.kind == "header" and not found.above and not found.quote:
        start = len(line) - len(line.lstrip())
    spot = _Spot(line, start, cursor, position.line, encoding, found)
    offers = list(_offers(spot, _said(lines, position.line), known))
    items = [spot.item(number, offer) for number, offer in enumerate(offers)]
    return CompletionList(is_incomplete=any(offer.kind == assist.CONSTANT for offer in offers), items=items)


class _Spot(NamedTuple):
    """Where an offer goes: the part of the line that it replaces."""

    line: str
    start: int
    cursor: int
    number: int
    encoding: Encoding
    found: Where

    def item(self, number: int, offer: Offer) -> CompletionItem:
        end, text = self._written(offer.text)
        typed = self.line[self.start : self.cursor]
        span = Range(start=self._position(self.start), end=self._position(end))
        # Editors keep what begins with the letters that are typed; brackets are seldom among them.
        filter_text = offer.label if typed.startswith("[") else offer.label.lstrip("[")
        if offer.kind == assist.CONSTANT:  # Of models we send the right ones in order, and anew with each letter.
            filter_text = typed
        return CompletionItem(
            label=offer.label,
            kind=offer.kind,
            detail=offer.detail or UNSET,
            documentation=MarkupContent(value=offer.about) if offer.about else UNSET,
            sort_text=f"{number:04}",
            filter_text=filter_text,
            text_edit=TextEdit(range=span, new_text=text),
            insert_text_format=assist.SNIPPET if offer.is_snippet else UNSET,
        )

    def _written(self, text: str) -> tuple[int, str]:
        """Up to where, and what: inside quotes without its own; behind an equals sign with a blank."""
        rest = self.line[self.cursor :]
        if self.found.quote:
            inner = matched(REST_OF_STRING, rest)
            is_closed = rest[len(inner) : len(inner) + 1] == self.found.quote
            if not is_closed:
                inner = matched(REST_OF_WORD, rest)
            word = text[1:-1] if text[:1] == '"' else text
            return self.cursor + len(inner), word + ("" if is_closed else self.found.quote)
        if self.found.kind == "header" and not self.found.above:
            return self.cursor + len(matched(REST_OF_HEADER, rest)), text
        blank = " " if self.found.kind == "value" and self.line[: self.start].endswith("=") else ""
        return self.cursor + len(matched(REST_OF_WORD, rest)), blank + text

    def _position(self, index: int) -> Position:
        return Position(line=self.number, character=column_of(self.line, index, self.encoding))


def matched(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0] if match else ""


def _said(lines: Sequence[str], at: int) -> set[str]:
    """The keys that the table around a line has already, on other lines."""
    first, last = at, at + 1
    while first > 0 and not lines[first - 1].lstrip().startswith("["):
        first -= 1
    while last < len(lines) and not lines[last].lstrip().startswith("["):
        last += 1
    others = [*lines[first:at], *lines[at + 1 : last]]
    return {match[1] for line in others if (match := _KEY_OF_LINE.match(line))}


def _offers(spot: _Spot, said: set[str], known: Known) -> Iterator[Offer]:
    found, rest = spot.found, spot.line[spot.cursor :]
    is_fresh = not spot.line[: spot.start].strip()
    match found.kind:
        case "value":
            yield from _values(found, known)
        case "header" if found.above:
            yield from _parts(found, known)
        case "header":
            yield from _headers(known)
        case "key":
            has_value = rest.lstrip().startswith("=")
            yield from _keys(found, said, known, has_value=has_value)
            if is_fresh and not found.quote and not has_value:
                yield from _headers(known)


def _keys(found: Where, said: set[str], known: Known, *, has_value: bool) -> Iterator[Offer]:
    """The keys of the table that are not there yet."""
    kind = kind_of(found.above) if found.above else kind_of(())
    for name in _names(found.above, kind, found.typed, known):
        keys = (*found.above, name)
        is_header = not found.above and (is_table(kind_of(keys)) or is_struct(entry_of(kind_of(keys))))
        if name in said or is_header:
            continue
        text = msgspec.json.encode(name).decode() if not re.fullmatch(r"[A-Za-z0-9_-]+", name) else name
        value, is_snippet = ("", False) if has_value else _blank_value(keys, snippets=known.takes_snippets)
        yield Offer(name, assist.PROPERTY, text + value, _takes(keys), about(keys) or "", is_snippet)


def _names(above: Keys, kind: object, typed: str, known: Known) -> list[str]:
    if names := keys_of(kind):
        return [name for name in names if known.is_own or (*above, name)[0] != GUARDED]
    match above:
        case ("roles",) | ("routing", "roles"):
            return list(dict.fromkeys((*ROLES, *known.effective.config.roles)))
        case ("models",):
            models = known.search(typed)
            creators = dict.fromkeys(f"{model.creator}/*" for model in models if model.creator)
            return ["*", *creators, *(model.id for model in models)]
        case ("gateways",) if known.is_own:
            return [name for name in known.effective.config.gateways if name != "offline"]
    return []


def _blank_value(keys: Keys, *, snippets: bool) -> tuple[str, bool]:
    """What follows a key: a place to write its value, where the editor can show one."""
    if not snippets:
        return " = ", False
    kind, default = kind_of(keys), default_of(keys)
    if is_table(kind):
        return " = { $0 }", True
    if entry_of(kind) is not None:
        return " = [$0]", True
    if kind is bool:
        return f" = ${{1|{'false,true' if default is True else 'true,false'}|}}", True
    if getattr(kind, "__origin__", kind) is str or choices(kind):
        return ' = "$0"', True
    return f" = ${{1:{_toml(default)}}}" if default is not None else " = $0", True


def _takes(keys: Keys) -> str:
    """The values that a key takes, and the one that it has by itself."""
    kind, default = kind_of(keys), default_of(keys)
    if is_table(kind) or is_struct(entry_of(kind)):
        return "a table"
    return expected(kind) + ("" if default is None else f"; by default {_toml(default)}")


def _values(found: Where, known: Known) -> Iterator[Offer]:
    keys = found.above
    kind, way = kind_of(keys), way_to(keys)
    if way in MODEL_PLACES:
        for model in known.search(found.typed):
            yield Offer(model.id, assist.CONSTANT, _toml(model.id), price_and_window(model), describe(model))
    elif kind is bool and not found.quote:
        yield from (Offer(word, assist.VALUE, word) for word in ("true", "false"))
    elif known.is_own and (way == ("gateways", "*", "key") or (way[2:3] == ("byok",) and way[-1] in PROVIDER_SECRETS)):
        yield from (Offer(f"{scheme}:", assist.VALUE, _toml(f"{scheme}:")) for scheme in SCHEMES)
    elif words := _words(way, kind, known):
        default = default_of(keys)
        for word in words:
            yield Offer(word, assist.ENUM_MEMBER, _toml(word), "the default" if word == default else "")
    elif not found.quote and (default := default_of(keys)) not in (None, "", ()) and kind is not None:
        yield Offer(_toml(default), assist.VALUE, _toml(default), "the default")


def _words(way: Keys, kind: object, known: Known) -> list[str]:
    if way == ("gateway",):
        return list(dict.fromkeys((*sorted(BUILT_IN, reverse=True), *known.effective.config.gateways)))
    if way in ROLE_PLACES:
        return list(dict.fromkeys((*ROLES, *known.effective.config.roles)))
    return [str(word) for word in choices(kind)]


def _parts(found: Where, known: Known) -> Iterator[Offer]:
    """The next part of a header such as `[models."…"]`: a table that is there, or a name."""
    kind = kind_of(found.above)
    is_named = not is_struct(kind)
    for name in _names(found.above, kind, found.typed, known):
        keys = (*found.above, name)
        if not is_table(kind_of(keys)):
            continue
        model = known.model(name) if is_named else None
        is_bare = re.fullmatch(r"[A-Za-z0-9_-]+", name) is not None
        detail, words = (price_and_window(model), describe(model)) if model else ("", about(keys) or "")
        kind_of_item = assist.CONSTANT if found.above == ("models",) else assist.MODULE
        yield Offer(name, kind_of_item, name if is_bare else _toml(name), detail, words)


def _headers(known: Known) -> Iterator[Offer]:
    for name in keys_of(kind_of(())):
        kind = kind_of((name,))
        if name == GUARDED and not known.is_own:
            continue
        if is_struct(entry_of(kind)):
            yield _header(f"[[{name}]]", (name,))
        elif is_struct(kind) or name == "roles":
            yield _header(f"[{name}]", (name,))
        elif is_table(kind):
            example = '"${1:*}"' if name == "models" else "${1:name}"
            plain = re.sub(r"\$\{1:(.*?)\}", r"\1", example)
            text = f"[{name}.{example if known.takes_snippets else plain}]"
            yield _header(f"[{name}.{plain}]", (name, "*"), text, is_snippet=known.takes_snippets)


def _header(label: str, keys: Keys, text: str | None = None, *, is_snippet: bool = False) -> Offer:
    return Offer(label, assist.MODULE, text or label, "", about(keys) or "", is_snippet)


def _toml(value: object) -> str:
    """A value as it is written; of strings, numbers, lists and booleans JSON writes the same."""
    return msgspec.json.encode(value).decode()
