import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.catalogue.choice import Choice, cheapest, serve, suggestions
from passerelle.catalogue.family import is_variant, lineage_of
from passerelle.catalogue.model import Entry, parse_catalogue

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue.json"
REAL = parse_catalogue(CATALOGUE.read_bytes()).entries


def listed(*ids: str) -> tuple[Entry, ...]:
    return parse_catalogue(json.dumps([{"id": model} for model in ids]).encode()).entries


@pytest.mark.parametrize(
    ("wanted", "served"),
    [
        ("anthropic/claude-sonnet-4", "anthropic/claude-sonnet-4.5"),
        ("anthropic/claude-3.5-sonnet", "anthropic/claude-sonnet-4.5"),
        ("anthropic/claude-3-5-sonnet-20241022", "anthropic/claude-sonnet-4.5"),
        ("anthropic/claude-opus-4.1", "anthropic/claude-opus-4.5"),
        ("anthropic/claude-sonnet-4-fast", "anthropic/claude-sonnet-4.5"),
        ("anthropic/claude-sonnet-latest", "anthropic/claude-sonnet-5.5"),
        ("anthropic/claude-sonnet-9", "anthropic/claude-sonnet-5.5"),
        ("claude-sonnet-4-20250514", "anthropic/claude-sonnet-4.5"),
        ("openai/gpt-4", "openai/gpt-4.1"),
        ("openai/gpt-4-0613", "openai/gpt-4.1"),
        ("openai/gpt-5.3", "openai/gpt-5.4"),
        ("openai/gpt-5.3-mini", "openai/gpt-5.4-mini"),
        ("openai/gpt-5.4-codex", "openai/gpt-5.3-codex"),
        ("openai/gpt-5-nano-fast", "openai/gpt-5-nano"),
        ("openai/gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("openai/o1-mini", "openai/o3-mini"),
        ("google/gemini-2.0-flash-001", "google/gemini-2.5-flash"),
        ("google/gemini-2.0-flash-lite", "google/gemini-2.5-flash-lite"),
        ("google/gemini-3-pro-preview", "google/gemini-3.1-pro-preview"),
        ("moonshotai/kimi-k2-0905", "moonshotai/kimi-k2"),
        ("meta/llama-3-70b", "meta/llama-3.1-70b"),
        ("mistral/mistral-large", "mistral/mistral-large-3"),
        ("xai/grok-4", "spacexai/grok-4.3"),
    ],
)
def test_the_nearest_relative_serves_and_what_was_wanted_is_said(wanted: str, served: str) -> None:
    assert serve(wanted, REAL) == Choice(served, wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        "anthropic/claude-sonnet-4.5",
        "openai/gpt-5-mini-batch",
        "openai/gpt-4-turbo",
        "openai/gpt-5.1-codex-nano",
        "meta/llama-3.1-405b",
        "vmc/mine",
        "nonsense",
        "/",
        "",
    ],
)
def test_a_listed_model_or_one_without_relatives_stays(wanted: str) -> None:
    assert serve(wanted, REAL) == Choice(wanted, None)


def test_an_empty_list_says_nothing_against_the_wanted_model() -> None:
    assert serve("anthropic/claude-sonnet-4", ()) == Choice("anthropic/claude-sonnet-4", None)


@pytest.mark.parametrize(
    ("wanted", "ids", "served"),
    [
        ("a/m-1", ["a/m-3", "a/m-2-preview", "a/m-2"], "a/m-2"),
        ("a/m-1", ["a/m-3", "a/m-2-preview"], "a/m-2-preview"),
        ("a/m-1", ["a/m-2-0731", "a/m-2"], "a/m-2"),
        ("a/m-1", ["a/m-2-batch", "a/m-2-fast", "a/m-2:free"], "a/m-1"),
        ("a/m-3", ["a/m-1", "a/m-2"], "a/m-2"),
        ("a/m-4.3", ["a/m-4.20", "a/m-4.5"], "a/m-4.5"),
        ("a/m-1", ["b/m-2"], "b/m-2"),
        ("a/m-1", ["b/m-2", "a/other"], "a/m-1"),
        ("a/m-1", ["m-2"], "m-2"),
        ("a/m-1-pro", ["a/m-2", "a/m-1-max"], "a/m-1-pro"),
    ],
)
def test_relatives_are_told_by_their_ids_alone(wanted: str, ids: list[str], served: str) -> None:
    assert serve(wanted, listed(*ids)).model == served


WORD = st.sampled_from(["claude", "gpt", "sonnet", "mini", "pro", "70b", "fast", "batch", "free", "preview", "latest"])
NUMBER = st.from_regex(r"v?[0-9]{1,2}(\.[0-9]{1,2})?|0731|20250514", fullmatch=True)
MODEL_IDS = st.builds(
    lambda creator, parts: creator + "-".join(parts),
    st.sampled_from(["a/", "b/", ""]),
    st.lists(WORD | NUMBER, min_size=1, max_size=5),
)


@settings(deadline=None)
@given(MODEL_IDS | st.text(max_size=20), st.lists(MODEL_IDS, max_size=12))
def test_what_serves_is_the_wanted_model_or_a_listed_one_of_its_family(wanted: str, ids: list[str]) -> None:
    model, replaced = serve(wanted, listed(*ids))

    if replaced is None:
        assert model == wanted
    else:
        assert replaced == wanted
        assert model in ids
        assert not is_variant(model)
        assert lineage_of(model).family == lineage_of(wanted).family


@pytest.mark.parametrize(
    ("unknown", "first"),
    [
        ("anthropic/claude-sonnet-4", "anthropic/claude-sonnet-4.5"),
        ("anthropic/claude-sonet-4.5", "anthropic/claude-sonnet-4.5"),
        ("claude-opus-5.5x", "anthropic/claude-opus-5.5"),
        ("opnai/gpt-5", "openai/gpt-5"),
        ("codestrall", "mistral/codestral"),
        ("OpenAI/GPT-5-MINI", "openai/gpt-5-mini"),
    ],
)
def test_suggestions_begin_with_the_likeliest(unknown: str, first: str) -> None:
    offered = suggestions(unknown, REAL)

    assert offered[0] == first
    assert len(offered) == len(set(offered)) <= 5
    assert not any(map(is_variant, offered))


@pytest.mark.parametrize("unknown", ["", "/", "nothing like any of them", "x" * 5_000])
def test_where_nothing_is_alike_nothing_is_suggested(unknown: str) -> None:
    assert suggestions(unknown, REAL) == ()
    assert suggestions(unknown, ()) == ()


NOW = 1_795_000_000.0
"""In November 2026, when the recorded list was."""


@pytest.mark.parametrize(
    ("like", "expected"),
    [
        ("anthropic/claude-sonnet-4.5", "anthropic/claude-haiku-5.5"),
        ("anthropic/claude-unlisted", "anthropic/claude-haiku-5.5"),
        ("openai/gpt-5.4", "openai/gpt-oss-20b"),
        ("google/gemini-3.1-pro-preview", "google/gemini-2.5-flash-lite"),
        ("mistral/mistral-large-3", "mistral/ministral-14b"),
        ("deepseek/deepseek-v3.2", "deepseek/deepseek-v4-flash"),
        ("alibaba/qwen3.7-flash", "alibaba/qwen3.7-flash"),
        ("nobody/unheard-of", None),
        ("bare-name", None),
    ],
)
def test_a_cheap_model_of_the_same_maker_serves_small_tasks(like: str, expected: str | None) -> None:
    assert cheapest(REAL, like=like, now=NOW) == expected


@pytest.mark.parametrize(
    ("fields", "is_chosen"),
    [
        ({}, True),
        ({"pricing": {"input": "0.0000010", "output": "0.000005"}}, True),
        ({"pricing": {"input": "0.0000011", "output": "0.000005"}}, False),
        ({"pricing": {}}, False),
        ({"pricing": {"input": "0.0000001"}}, False),
        ({"pricing": {"input": "0", "output": "0"}}, False),
        ({"released": NOW - 3 * 365 * 86_400}, False),
        ({"released": None}, False),
        ({"context_window": 4096}, False),
        ({"context_window": None}, False),
        ({"deprecated_at": NOW}, False),
        ({"modalities": {"input": ["audio"], "output": ["text"]}}, False),
        ({"modalities": {"input": ["text", "image"], "output": ["text"]}}, True),
        ({"modalities": {"input": ["text"], "output": ["image", "text"]}}, False),
        ({"id": "a/small-batch"}, False),
        ({"id": "a/small-free"}, False),
        ({"id": "a/small-preview"}, False),
        ({"id": "b/small"}, False),
    ],
)
def test_what_is_not_known_to_be_cheap_and_sound_is_not_chosen(fields: dict[str, object], is_chosen: bool) -> None:
    price = {"input": "0.0000001", "output": "0.0000004"}
    small = {"id": "a/small", "released": NOW - 86_400, "context_window": 8000, "pricing": price, **fields}
    entries = parse_catalogue(json.dumps([small]).encode()).entries

    assert cheapest(entries, like="a/large", now=NOW) == ("a/small" if is_chosen else None)


def test_where_ids_name_no_maker_all_are_of_one() -> None:
    price = {"input": "0.0000001", "output": "0.0000004"}
    entries = parse_catalogue(
        json.dumps([{"id": "small", "released": NOW, "context_window": 8000, "pricing": price}]).encode()
    ).entries

    assert cheapest(entries, like="large", now=NOW) == "small"
