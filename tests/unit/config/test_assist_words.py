"""Every key of the schema is explained, and nothing else is."""

from collections.abc import Iterator
from typing import get_origin

from passerelle.config.assist_schema import about, default_of, entry_of, is_struct, keys_of, kind_of, way_to
from passerelle.config.assist_words import ABOUT
from passerelle.config.toml import Keys


def keys_below(keys: Keys = ()) -> Iterator[Keys]:
    """Each key of the schema, with NAME for one that a person chooses."""
    kind = kind_of(keys)
    if keys:
        yield keys
    names = keys_of(kind) or (["NAME"] if get_origin(kind) is dict else ["0"] if is_struct(entry_of(kind)) else [])
    for name in names:
        yield from keys_below((*keys, name))


def test_each_key_has_a_sentence_and_each_sentence_a_key() -> None:
    assert {".".join(way_to(keys)) for keys in keys_below()} == ABOUT.keys()
    assert all(sentence.endswith(".") for sentence in ABOUT.values())


def test_routing_is_explained_wherever_it_stands() -> None:
    places = (("routing",), ("routing", "roles", "inline"), ("models", "a/b", "routing"))

    assert len({about((*place, "sort")) for place in places}) == 1
    assert [default_of((*place, "zero_data_retention")) for place in places] == [False] * 3


def test_a_default_is_what_holds_where_nobody_says_anything() -> None:
    assert default_of(("models", "openai/*", "temperature")) == 0.7
    assert default_of(("models", "openai/*", "timeouts", "idle_s")) == 60.0
    assert default_of(("roles", "chat")) == "anthropic/claude-sonnet-4"
    assert default_of(("roles", "edit")) is None
    assert default_of(("budgets", "3", "action")) == "stop"
    assert default_of(("routing",)) is None
    assert default_of(("nothing", "here")) is None
