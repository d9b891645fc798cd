import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.catalogue.model import Entry, Parsed, Pricing, Tier, parse_catalogue, to_wire
from passerelle.words.failures import Failure

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue.json"


def parse(*entries: object) -> Parsed:
    return parse_catalogue(json.dumps({"object": "list", "data": entries}).encode())


def entry(**fields: object) -> Entry:
    (only,) = parse({"id": "maker/model", **fields}).entries
    return only


def test_the_whole_real_list_is_read() -> None:
    parsed = parse_catalogue(CATALOGUE.read_bytes())
    models = parsed.entries
    capabilities = Counter(capability for model in models for capability in model.capabilities)

    assert (len(models), parsed.skipped) == (313, 0)
    assert capabilities == {
        "tools": 306,
        "reasoning": 267,
        "caching": 265,
        "vision": 235,
        "files": 108,
        "structured": 101,
        "webSearch": 1,
    }
    assert sum(model.price.input is None for model in models) == 1
    assert sum(model.price.cache_read is None for model in models) == 48
    assert sum(model.price.cache_write is None for model in models) == 237
    assert sum(model.reasoning_efforts is None for model in models) == 136
    assert sum(model.temperature_refused for model in models) == 50
    assert sum(bool(model.pricing.input_tiers) for model in models) == 64
    assert sum(model.needs_marks for model in models) == 52


def test_a_price_is_exact_for_every_real_model() -> None:
    listed = json.loads(CATALOGUE.read_bytes())["data"]
    said = {model["id"]: model["pricing"] for model in listed}

    for model in parse_catalogue(CATALOGUE.read_bytes()).entries:
        expected = said[model.id].get("input")
        assert model.price.input == (None if expected is None else float(Decimal(expected) * 1_000_000))


def test_a_model_goes_out_as_the_contract_says() -> None:
    model = next(model for model in parse_catalogue(CATALOGUE.read_bytes()).entries if model.id == "alibaba/qwen-3-14b")

    assert msgspec.to_builtins(to_wire(model)) == {
        "id": "alibaba/qwen-3-14b",
        "name": "Qwen3-14B",
        "creator": "alibaba",
        "description": "Text generation model by alibaba.",
        "releasedAt": "2025-04-28T00:00:00Z",
        "contextWindow": 40960,
        "maxOutput": 16384,
        "capabilities": ["tools", "reasoning"],
        "price": {"input": 0.12, "output": 0.24, "cacheRead": None, "cacheWrite": None},
    }


@pytest.mark.parametrize(
    ("fields", "attribute", "expected"),
    [
        ({}, "name", "maker/model"),
        ({"name": "  "}, "name", "maker/model"),
        ({"name": "A\x1b[31mB\nC"}, "name", "A [31mB C"),
        ({"name": 5}, "name", "maker/model"),
        ({}, "description", ""),
        ({}, "creator", "maker"),
        ({"id": "llama3.2:latest"}, "creator", ""),
        ({"released": 1745798400}, "released_at", "2025-04-28T00:00:00Z"),
        ({"released": "1745798400"}, "released_at", "2025-04-28T00:00:00Z"),
        ({"released": 0}, "released_at", None),
        ({"released": 1e300}, "released_at", None),
        ({"released": "nan"}, "released_at", None),
        ({"created": 1745798400}, "released_at", None),
        ({"context_window": 0}, "context_window", None),
        ({"context_window": -1}, "context_window", None),
        ({"context_window": "128000"}, "context_window", 128_000),
        ({"context_window": 10**30}, "context_window", None),
        ({"context_window": "big"}, "context_window", None),
        ({"max_tokens": 4096.0}, "max_output", 4096),
        ({"max_tokens": None}, "max_output", None),
        ({"temperature": False}, "temperature_refused", True),
        ({"temperature": True}, "temperature_refused", False),
        ({}, "temperature_refused", False),
        ({"deprecated_at": 1790000000000}, "deprecated", True),
        ({"deprecated_at": None}, "deprecated", False),
        ({}, "is_described", False),
        ({"tags": []}, "is_described", True),
        ({"modalities": {"input": ["text"]}}, "is_described", True),
    ],
)
def test_a_field_is_said_in_our_words(fields: dict[str, object], attribute: str, expected: object) -> None:
    assert getattr(entry(**fields), attribute) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ()),
        ({"tags": None}, ()),
        ({"tags": "vision"}, ()),
        ({"tags": ["vision", 5, None]}, ("vision",)),
        ({"modalities": {"input": ["text", "image"]}}, ("vision",)),
        ({"modalities": {"input": ["pdf"]}}, ("files",)),
        ({"modalities": {"input": "image"}}, ()),
        ({"modalities": []}, ()),
        ({"tags": ["tool-use"]}, ("tools",)),
        ({"supported_parameters": ["tools"]}, ("tools",)),
        ({"supported_parameters": ["reasoning"]}, ("reasoning",)),
        ({"reasoning_options": [{"type": "toggle"}]}, ("reasoning",)),
        ({"reasoning_options": []}, ()),
        ({"tags": ["implicit-caching"]}, ("caching",)),
        ({"tags": ["explicit-caching"]}, ("caching",)),
        ({"pricing": {"input_cache_read": "0.0000001"}}, ("caching",)),
        ({"pricing": {"input_cache_read": "free"}}, ()),
        ({"tags": ["structured-output"]}, ("structured",)),
        ({"supported_parameters": ["structured_outputs"]}, ("structured",)),
        ({"supported_parameters": ["response_format"]}, ()),
        ({"tags": ["web-search"]}, ("webSearch",)),
        ({"tags": ["fast", "made-up-tomorrow"]}, ()),
        ({"name": "Vision Coder with Tools"}, ()),
    ],
)
def test_capabilities_are_what_the_entry_says_and_nothing_else(
    fields: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert entry(**fields).capabilities == expected


@pytest.mark.parametrize(
    ("fields", "needs_marks"),
    [
        ({"tags": ["explicit-caching"]}, True),
        ({"tags": ["explicit-caching", "implicit-caching"]}, True),
        ({"tags": ["implicit-caching"], "pricing": {"input_cache_write": "0.000001"}}, False),
        ({"tags": [], "pricing": {"input_cache_write": "0.000001"}}, True),
        ({"tags": [], "pricing": {"input_cache_read": "0.000001"}}, False),
        ({"tags": [], "pricing": {"input_cache_write": "-1"}}, False),
        ({"tags": ["tool-use"]}, False),
        ({}, True),
    ],
)
def test_what_has_to_be_marked_to_be_cached_is_read_from_tags_and_prices(
    fields: dict[str, object], *, needs_marks: bool
) -> None:
    assert entry(**fields).needs_marks is needs_marks


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("0.00000012", 0.12),
        ("0.0000002156", 0.2156),
        ("0.000015", 15.0),
        (0.000003, 3.0),
        ("3e-6", 3.0),
        ("0", 0.0),
        ("-0.1", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999", None),
        ("free", None),
        ("", None),
        (None, None),
        (True, None),
        ({"usd": 1}, None),
    ],
)
def test_a_price_is_dollars_for_a_million_tokens_or_unknown(price: object, expected: float | None) -> None:
    prices = entry(pricing={"input": price, "output": "0.000001"}).price

    assert (prices.input, prices.output) == (expected, 1.0)


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1), st.integers(0, 12))
def test_a_price_has_no_noise_of_floats(digits: int, decimals: int) -> None:
    usd = Decimal(digits).scaleb(-decimals)

    assert entry(pricing={"input": f"{usd:f}"}).price.input == float(usd * 1_000_000)


@pytest.mark.parametrize("pricing", [{}, None, [], "cheap"])
def test_an_entry_without_prices_has_unknown_ones(pricing: object) -> None:
    price = entry(pricing=pricing).price

    assert [price.input, price.output, price.cache_read, price.cache_write] == [None] * 4


def test_tiers_are_kept_for_estimates() -> None:
    tiers = [{"cost": "0.000002", "min": 0, "max": 200_001}, {"cost": "0.000004", "min": 200_001}]
    broken = [{"cost": "a lot"}]

    pricing = entry(pricing={"input": "0.000002", "input_tiers": tiers, "output_tiers": broken}).pricing

    assert pricing.input_tiers == (Tier(cost=0.000002, min=0), Tier(cost=0.000004, min=200_001))
    assert (pricing.input, pricing.output_tiers) == (0.000002, ())


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ({"priority": {"input": "0.000006", "output": 0.00003}}, {"priority": Pricing(input=0.000006, output=0.00003)}),
        ({"flex": {}}, {"flex": Pricing()}),
        (["priority"], {}),
        ({"priority": "dear"}, {}),
    ],
)
def test_the_prices_of_a_service_tier_stand_beside_the_others(listed: object, kept: dict[str, Pricing]) -> None:
    pricing = entry(pricing={"input": "0.000003", "service_tiers": listed}).pricing

    assert (pricing.input, pricing.service_tiers) == (0.000003, kept)


@pytest.mark.parametrize(
    ("options", "efforts", "toggle"),
    [
        (None, None, False),
        ([], (), False),
        ([{"type": "toggle"}], (), True),
        ([{"type": "effort", "values": ["none", "low"]}], ("none", "low"), False),
        ([{"type": "effort", "values": [None, "low", 3]}, "odd", {"type": 4}, {"type": "toggle"}], ("low",), True),
        ([{"type": "budget_tokens", "min": 1024}], (), False),
        ("effort", (), False),
    ],
)
def test_reasoning_is_steered_only_as_listed(options: object, efforts: tuple[str, ...] | None, *, toggle: bool) -> None:
    model = entry(reasoning_options=options)

    assert (model.reasoning_efforts, model.reasoning_toggle) == (efforts, toggle)


@pytest.mark.parametrize(
    ("fields", "inputs"),
    [
        ({}, ()),
        ({"modalities": {"input": ["text", "audio"]}, "tags": ["vision"]}, ("text", "audio")),
        ({"tags": ["vision", "file-input"]}, ("text", "image", "pdf")),
        ({"tags": ["tool-use"]}, ("text",)),
    ],
)
def test_inputs_come_from_modalities_else_from_tags(fields: dict[str, object], inputs: tuple[str, ...]) -> None:
    assert entry(**fields).inputs == inputs


@pytest.mark.parametrize(
    ("entries", "ids", "skipped"),
    [
        ([], [], 0),
        ([{"id": "llama3.2:latest", "object": "model", "created": 1, "owned_by": "library"}], ["llama3.2:latest"], 0),
        ([{"id": "a/b", "type": None}], ["a/b"], 0),
        ([{"id": "a/b", "type": "embedding"}, {"id": "a/c", "type": "made-up-tomorrow"}], [], 0),
        ([{"id": "a/b"}, {}, {"id": None}, {"id": 5}, "a/c", None, [1]], ["a/b"], 6),
        ([{"id": ""}, {"id": "a/\x1b[2J"}, {"id": "a/\u202eb"}, {"id": "a" * 201}, {"id": "a/b"}], ["a/b"], 4),
        ([{"id": "a/b", "context_window": "huge"}, {"id": "a/c"}], ["a/b", "a/c"], 0),
        ([{"id": "a/Ünïcode model@2:3"}], ["a/Ünïcode model@2:3"], 0),
    ],
)
def test_a_broken_entry_loses_only_itself(entries: list[object], ids: list[str], skipped: int) -> None:
    parsed = parse(*entries)

    assert ([model.id for model in parsed.entries], parsed.skipped) == (ids, skipped)


def test_of_twins_the_last_wins() -> None:
    (model,) = parse({"id": "a/b", "name": "old"}, {"id": "a/b", "name": "new"}).entries

    assert model.name == "new"


def test_a_broken_field_does_not_take_its_neighbours_along() -> None:
    model = entry(name="Good", released=[], context_window={}, max_tokens=5, temperature="warm", tags=["vision"])

    assert (model.name, model.released_at, model.context_window, model.max_output) == ("Good", None, None, 5)
    assert (model.temperature_refused, model.capabilities) == (False, ("vision",))


def test_a_list_may_stand_bare() -> None:
    assert [model.id for model in parse_catalogue(b' [{"id":"a/b"}] ').entries] == ["a/b"]
    assert [model.id for model in parse_catalogue(b'[{"id":"a/b"}, 7]').entries] == ["a/b"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not here</html>",
        b"null",
        b"5",
        b'"data"',
        b"{}",
        b'{"data": null}',
        b'{"data": {"id": "a/b"}}',
        b'{"models": [{"id": "a/b"}]}',
        b'{"data": [{"id": "a/b"}',
        b'{"error": {"message": "no"}}',
        b'{"data": [' + b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_list_is_a_failure_that_says_what_to_do(body: bytes) -> None:
    with pytest.raises(Failure, match=r"check that its url") as refused:
        parse_catalogue(body)

    assert refused.value.kind == "unavailable"


def test_text_that_is_no_unicode_loses_only_its_field() -> None:
    (one, two) = parse_catalogue(b'{"data":[{"id":"a/b","name":"\xff\xfe","max_tokens":5},{"id":"a/c"}]}').entries

    assert (one.name, one.max_output, two.id) == ("a/b", 5, "a/c")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=8,
)
NAMES = [field.encode_name for field in msgspec.structs.fields(Entry)]
PRICES = st.dictionaries(
    st.sampled_from(["input", "output", "input_cache_read", "input_tiers", "service_tiers"]), JSON, max_size=4
)
OPTIONS = st.lists(st.fixed_dictionaries({"type": JSON, "values": JSON}) | JSON, max_size=3)
ODD = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6)
NESTED = st.fixed_dictionaries({"pricing": PRICES, "reasoning_options": OPTIONS, "modalities": ODD | JSON})


@settings(deadline=None)
@given(st.lists(ODD | NESTED | JSON, max_size=6), st.integers(0, 6))
def test_nothing_in_an_entry_breaks_the_list_or_its_neighbours(entries: list[object], place: int) -> None:
    entries.insert(place, {"id": "good/neighbour", "max_tokens": 7})
    given_ids = {str(model["id"]) for model in entries if isinstance(model, dict) and isinstance(model.get("id"), str)}

    models = {model.id: model for model in parse(*entries).entries}

    assert models["good/neighbour"].max_output == 7
    assert models.keys() <= given_ids
    for model in models.values():
        assert msgspec.json.encode(to_wire(model))
        assert [model.inputs, model.outputs, model.reasoning_efforts, model.reasoning, model.deprecated, model.pricing]
        assert model.needs_marks in (True, False)
