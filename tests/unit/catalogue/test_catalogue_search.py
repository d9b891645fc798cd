import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.catalogue.family import lineage_of
from passerelle.catalogue.model import parse_catalogue
from passerelle.catalogue.search import Index
from passerelle.protocol.state import Capability, Sort

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue.json"
REAL = Index(parse_catalogue(CATALOGUE.read_bytes()).entries)


def found(query: str, index: Index = REAL, limit: int | None = None) -> list[str]:
    return [entry.id for entry in index.search(query, limit=limit)[0]]


def index_of(*models: dict[str, object]) -> Index:
    return Index(parse_catalogue(json.dumps(models).encode()).entries)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sonnet 4.5", ["anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5-batch"]),
        ("4.5 sonnet", ["anthropic/claude-sonnet-4.5"]),
        ("sonnet45", ["anthropic/claude-sonnet-4.5"]),
        ("son4", ["anthropic/claude-sonnet-4.6", "anthropic/claude-sonnet-4.5"]),
        ("claude sonnet", ["anthropic/claude-sonnet-5.5", "anthropic/claude-sonnet-5", "anthropic/claude-sonnet-4.6"]),
        ("claude opus", ["anthropic/claude-opus-5.5", "anthropic/claude-opus-5", "anthropic/claude-opus-4.8"]),
        ("opus 5", ["anthropic/claude-opus-5", "anthropic/claude-opus-5.5"]),
        ("opus fast", ["anthropic/claude-opus-5.5-fast", "anthropic/claude-opus-5-fast"]),
        ("haiku", ["anthropic/claude-haiku-5.5", "anthropic/claude-haiku-4.5"]),
        ("gpt mini", ["openai/gpt-5.4-mini"]),
        ("gpt5mini", ["openai/gpt-5-mini"]),
        ("gpt4o", ["openai/gpt-4o", "openai/gpt-4o-mini"]),
        ("gpt-5.4-mini", ["openai/gpt-5.4-mini"]),
        ("openai/gpt-5.4-mini-batch", ["openai/gpt-5.4-mini-batch"]),
        ("gpt", ["openai/gpt-6.1-sol"]),
        ("gpt-5", ["openai/gpt-5"]),
        ("o3", ["openai/o3"]),
        ("gemini flash lite", ["google/gemini-3.5-flash-lite", "google/gemini-3.1-flash-lite"]),
        ("gemini flash", ["google/gemini-3.8-flash", "google/gemini-3.7-flash", "google/gemini-3.6-flash"]),
        ("gemini pro", ["google/gemini-3.1-pro-preview", "google/gemini-2.5-pro", "google/gemini-3-pro-image"]),
        ("nano banana pro", ["google/gemini-3-pro-image"]),
        ("qwen coder", ["alibaba/qwen3-coder-next"]),
        ("codestral", ["mistral/codestral"]),
        ("stral large", ["mistral/mistral-large-4"]),
        ("deepseek", ["deepseek/deepseek-v4.1-flash"]),
        ("deepseek r1", ["deepseek/deepseek-r1"]),
        ("kimi k2", ["moonshotai/kimi-k2", "moonshotai/kimi-k2.7-code"]),
        ("llama 70b", ["meta/llama-3.3-70b", "meta/llama-3.1-70b"]),
        ("grok", ["spacexai/grok-4.7", "spacexai/grok-4.6", "spacexai/grok-4.5"]),
        ("sonet", ["anthropic/claude-sonnet-5.5"]),
        ("calude sonnet", ["anthropic/claude-sonnet-5.5"]),
        ("gemni flash", ["google/gemini-3.8-flash"]),
        ("antropic opus", ["anthropic/claude-opus-5.5"]),
        ("  CLAUDE   Sönnet\t", ["anthropic/claude-sonnet-5.5"]),
    ],
)
def test_a_person_finds_the_model_he_means(query: str, first: list[str]) -> None:
    assert found(query)[: len(first)] == first


@pytest.mark.parametrize("query", ["zzzz", "claude gemini", "gpt 99.9", "ß∂ƒ", "claude qqqqqq"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert REAL.search(query) == ([], 0)


def test_a_creator_with_a_slash_finds_his_models_only() -> None:
    ids = found("anthropic/")

    assert {model.partition("/")[0] for model in ids} == {"anthropic"}
    assert len(ids) == 34


@pytest.mark.parametrize(
    "query", ["gpt mini", "claude sonnet", "claude opus", "gemini flash", "", "g", "deepseek", "a"]
)
def test_a_variant_comes_after_its_plain_model(query: str) -> None:
    ids = found(query)
    pairs = [
        (model.removesuffix(end), model) for model in ids for end in ("-batch", "-fast", "-free", "-0731", "-0902")
    ]

    pairs = [(plain, variant) for plain, variant in pairs if plain != variant and plain in ids]
    assert pairs
    assert [pair for pair in pairs if ids.index(pair[0]) > ids.index(pair[1])] == []


@pytest.mark.parametrize("query", ["", "claude", "gpt", "grok", "gemini", "kimi", "glm", "qwen", "mini"])
def test_a_newer_version_comes_before_an_older_one_of_its_family(query: str) -> None:
    families: dict[object, list[float]] = {}
    for model in found(query):
        lineage = lineage_of(model)
        if lineage.is_plain:
            families.setdefault((lineage.creator, lineage.family), []).append(lineage.version)

    assert families
    assert [versions for versions in families.values() if versions != sorted(versions, reverse=True)] == []


def test_the_order_of_words_makes_no_difference() -> None:
    for words in permutations(["gemini", "flash", "lite", "3.1"]):
        assert found(" ".join(words)) == found("gemini flash lite 3.1")


def test_every_model_is_found_first_by_its_id_and_by_its_name() -> None:
    for entry in REAL.entries:
        assert found(entry.id, limit=1) == [entry.id]
        assert entry.id in found(entry.name)


def test_an_empty_query_finds_all_newest_first_and_variants_last() -> None:
    ids = found("")
    variants = [lineage_of(model).is_variant for model in ids]

    assert len(ids) == 313
    assert ids[:4] == [
        "alibaba/qwen3.8-max-prime",
        "openai/gpt-6.1-sol",
        "openai/gpt-6-luna",
        "openai/gpt-6-sol",
    ]
    assert not any(variants[:200])


def test_the_total_counts_what_matches_before_the_limit() -> None:
    assert REAL.search("claude", limit=5)[1] == len(found("claude")) == 34
    assert REAL.search("claude", limit=0) == ([], 34)
    assert REAL.search("claude", limit=-3) == ([], 34)
    assert found("claude", limit=5) == found("claude")[:5]


@pytest.mark.parametrize("needs", [["vision"], ["files", "tools"], ["webSearch"], ["webSearch", "vision"]])
def test_all_that_is_needed_must_be_there(needs: list[Capability]) -> None:
    able = {entry.id for entry in REAL.entries if set(needs) <= set(entry.capabilities)}
    entries, total = REAL.search("", needs=needs)

    assert {entry.id for entry in entries} == able
    assert total == len(able)


MODELS: tuple[dict[str, object], ...] = (
    {"id": "x/b", "name": "Beta", "released": 30, "context_window": 10, "pricing": {"input": "2", "output": "1"}},
    {"id": "x/a", "name": "alpha", "released": 20, "context_window": 30, "pricing": {"input": "1", "output": "1"}},
    {"id": "x/d", "name": "Älpha", "released": 20, "context_window": 30, "pricing": {"input": "0", "output": "2"}},
    {"id": "x/c", "name": "gamma", "pricing": {"input": "0"}},
)


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("name", ["x/a", "x/d", "x/b", "x/c"]),
        ("released", ["x/b", "x/a", "x/d", "x/c"]),
        ("context", ["x/a", "x/d", "x/b", "x/c"]),
        ("price", ["x/a", "x/d", "x/b", "x/c"]),
    ],
)
def test_sorts_put_the_unknown_last_and_equals_by_id(sort: Sort, ids: list[str]) -> None:
    index = index_of(*MODELS)

    assert [entry.id for entry in index.search("", sort=sort)[0]] == ids
    assert [entry.id for entry in index.search("x", sort=sort, limit=2)[0]] == ids[:2]


def test_a_wrong_date_does_not_put_a_new_version_behind_an_old_one() -> None:
    index = index_of(
        {"id": "x/model-4", "released": 100},
        {"id": "x/model-5", "released": 1},
        {"id": "x/model-5-preview", "released": 200},
        {"id": "y/other", "released": 150},
    )

    assert found("", index) == ["x/model-5", "x/model-5-preview", "y/other", "x/model-4"]


@pytest.mark.parametrize("query", ["x" * 10_000, "a1" * 5_000, "a b c d e f g h i j k l m n " * 500, "\0\n/", "/ / -"])
def test_an_absurd_query_is_answered(query: str) -> None:
    entries, total = REAL.search(query)

    assert len(entries) == total


def test_an_empty_catalogue_finds_nothing() -> None:
    assert Index([]).search("claude", sort="price") == ([], 0)
    assert Index([]).search("") == ([], 0)


@settings(deadline=None)
@given(st.text(max_size=30) | st.sampled_from([entry.name for entry in REAL.entries]), st.integers(0, 400))
def test_no_model_is_found_twice_and_a_limit_only_cuts(query: str, limit: int) -> None:
    entries, total = REAL.search(query)
    ids = [entry.id for entry in entries]

    assert len(set(ids)) == len(ids) == total
    assert found(query, limit=limit) == ids[:limit]
    assert {entry.id for entry in REAL.search(query, sort="name")[0]} == set(ids)
