"""What is offered while a settings file is written. `|` marks the cursor."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.config.assist import complete
from passerelle.config.assist_hover import hover
from passerelle.config.assist_known import Known
from passerelle.config.layers import DEFAULT, merge
from passerelle.config.parse import parse
from passerelle.protocol.assist import CompletionItem, CompletionList
from passerelle.protocol.lsp import Position
from passerelle.protocol.state import Capability, Model, Price
from passerelle.words.text import ENCODINGS, Encoding, column_of, split_lines

PATH = "/home/ada/project/passerelle.toml"
SETTINGS = '[roles]\nchat = "openai/gpt-5"\nreview = "openai/gpt-5"\n'


def model(id_: str, *capabilities: Capability) -> Model:
    return Model(
        id=id_,
        name=id_.upper(),
        creator=id_.partition("/")[0],
        description="It answers.",
        released_at="2026-01-02T00:00:00Z",
        context_window=200_000,
        max_output=None,
        capabilities=list(capabilities),
        price=Price(input=3.0, output=15.0, cache_read=0.3, cache_write=None),
    )


MODELS = {one.id: one for one in (model("openai/gpt-5", "vision", "tools"), model("anthropic/claude-4"))}


def known(*, is_own: bool = False, takes_snippets: bool = False) -> Known:
    gateways = parse('[gateways.work]\nurl = "https://x/v1"\n', "/home/ada/config.toml", "user")
    return Known(
        is_own=is_own,
        effective=merge([DEFAULT, gateways, parse(SETTINGS, PATH, "workspace")]),
        search=lambda typed: [one for id_, one in MODELS.items() if typed in id_],
        model=MODELS.get,
        stand_in=lambda wanted: "anthropic/claude-4" if wanted == "anthropic/claude-3" else None,
        takes_snippets=takes_snippets,
    )


def place_in(marked: str, encoding: Encoding) -> tuple[list[str], Position]:
    before, _, after = marked.partition("|")
    line = before.rpartition("\n")[2]
    position = Position(line=before.count("\n"), character=column_of(line, len(line), encoding))
    return split_lines(before + after), position


def completed(marked: str, **more: bool) -> CompletionList:
    return complete(*place_in(marked, "utf-16"), "utf-16", known(**more))


def labels(marked: str, **more: bool) -> list[str]:
    return [item.label for item in completed(marked, **more).items]


def accepted(marked: str, label: str, **more: bool) -> str:
    """The text after an offer was taken."""
    lines, _ = place_in(marked, "utf-16")
    item = offered(marked, label, **more)
    span = item.text_edit.range
    line = lines[span.start.line]
    lines[span.start.line] = line[: span.start.character] + item.text_edit.new_text + line[span.end.character :]
    return "".join(lines)


def offered(marked: str, label: str, **more: bool) -> CompletionItem:
    (item,) = [item for item in completed(marked, **more).items if item.label == label]
    return item


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[caching]\nmode = |", ["auto", "mark", "off"]),
        ('[caching]\nmode = "|"', ["auto", "mark", "off"]),
        ('[routing.roles.inline]\nservice_tier = "|"', ["flex", "priority"]),
        ('[models."a/*"]\nrouting.fallback = "|"', ["auto", "gateway", "daemon", "off"]),
        ("[conversations]\nprivate = |", ["true", "false"]),
        ("[conversations]\nkeep_days = |", ["0"]),
        ('[models."x"]\nreasoning = "|', ["none", "minimal", "low", "medium", "high"]),
        ('[routing]\nsort = "|"', ["cost", "ttft", "tps"]),
        ('[roles]\nchat = "gpt|"', ["openai/gpt-5"]),
        ('[routing]\nfallbacks = ["a/b", "|"]', ["openai/gpt-5", "anthropic/claude-4"]),
        ('gateway = "|"', ["vercel", "offline", "work"]),
        ('[[actions]]\nrole = "|"', ["chat", "inline", "edit", "title", "commit", "review"]),
        ('[roles]\nchat = "a"\n|\nedit = "b"\n[routing]\ninline = 1', ["inline", "title", "commit", "review"]),
        ("[routing]\n|", ["order", "only", "sort", "fallbacks", "zero_data_retention", "disallow_prompt_training"]),
        ('[models."x"]\ntimeouts = { connect_s = 1, |', ["connect_s", "first_byte_s", "idle_s", "total_s"]),
        ('[models."x"]\ntimeouts.|', ["connect_s", "first_byte_s", "idle_s", "total_s"]),
        ("inline = { en|", ["enabled"]),
        ('[models."x".timeouts]\n|', ["connect_s", "first_byte_s", "idle_s", "total_s", "[roles]"]),
        ("[[budgets]]\nper = 'day'\n|", ["usd", "action", "roles", "models"]),
        ("|", ["gateway", "[roles]", '[models."*"]', "[routing]", "[caching]", "[conversations]"]),
        ("[|", ["[roles]", '[models."*"]', "[routing]", "[caching]", "[conversations]", "[spending]", "[inline]"]),
        ("[models.|", ["*", "openai/*", "anthropic/*", "openai/gpt-5", "anthropic/claude-4"]),
        ("[routing.|", ["roles"]),
        ('x = "a" # |', []),
        ("[nothing]\nhere = |", []),
    ],
)
def test_what_fits_is_offered(marked: str, expected: list[str]) -> None:
    assert labels(marked)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("marked", "label", "text"),
    [
        ('chat = "|"', "openai/gpt-5", None),
        ('[roles]\nchat = "so|n4"', "openai/gpt-5", None),
        ('[roles]\nchat = "|"', "openai/gpt-5", '[roles]\nchat = "openai/gpt-5"'),
        ('[roles]\nchat = "gp|t-4" # it', "openai/gpt-5", '[roles]\nchat = "openai/gpt-5" # it'),
        ('[roles]\nchat = "gpt|', "openai/gpt-5", '[roles]\nchat = "openai/gpt-5"'),
        ("[roles]\nchat = gpt|", "openai/gpt-5", '[roles]\nchat = "openai/gpt-5"'),
        ("[roles]\nchat =|", "openai/gpt-5", '[roles]\nchat = "openai/gpt-5"'),
        ('[routing]\nfallbacks = ["|", "x"]', "openai/gpt-5", '[routing]\nfallbacks = ["openai/gpt-5", "x"]'),
        ("[models.|]", "openai/*", '[models."openai/*"]'),
        ('[models."|"]', "openai/*", '[models."openai/*"]'),
        ("[ro|]", "[routing]", "[routing]"),
        ("[|", "[[budgets]]", "[[budgets]]"),
        ("[[|]]", "[[budgets]]", "[[budgets]]"),
        ("ro|", "[roles]", "[roles]"),
        ("[roles]\nch|", "chat", "[roles]\nchat = "),
        ("[roles]\nch| = 'x'", "chat", "[roles]\nchat = 'x'"),
        ("[caching]\nmode = of|", "off", '[caching]\nmode = "off"'),
        ("[conversations]\nprivate = |fa", "false", "[conversations]\nprivate = false"),
    ],
)
def test_an_offer_that_is_taken_is_written_as_it_must_be(marked: str, label: str, text: str | None) -> None:
    if text is None:
        assert label not in labels(marked)
    else:
        assert accepted(marked, label) == text


@pytest.mark.parametrize(
    ("marked", "label", "text"),
    [
        ("[roles]\n|", "chat", 'chat = "$0"'),
        ("[conversations]\n|", "titles", "titles = ${1|false,true|}"),
        ("[conversations]\n|", "keep_days", "keep_days = ${1:0}"),
        ("[routing]\n|", "fallbacks", "fallbacks = [$0]"),
        ('[models."x"]\n|', "timeouts", "timeouts = { $0 }"),
        ("|", '[models."*"]', '[models."${1:*}"]'),
    ],
)
def test_a_client_that_takes_snippets_gets_places_to_fill_in(marked: str, label: str, text: str) -> None:
    item = offered(marked, label, takes_snippets=True)

    assert (item.text_edit.new_text, item.insert_text_format) == (text, 2)


def test_models_are_asked_for_again_with_each_letter_and_stay_in_order() -> None:
    listed = completed('[roles]\nchat = "a|"')

    assert listed.is_incomplete
    assert [item.filter_text for item in listed.items] == ["a"] * len(listed.items)
    assert [item.sort_text for item in listed.items] == sorted(item.sort_text for item in listed.items)
    (item,) = completed('[roles]\nchat = "gpt|"').items
    assert item.detail == "$3 → $15 · 200k"


@pytest.mark.parametrize(
    ("marked", "label", "filtered"),
    [
        ("ro|", "[roles]", "roles]"),
        ("[ro|", "[roles]", "[roles]"),
        ("[[bu|", "[[budgets]]", "[[budgets]]"),
        ("[caching]\nmode = of|", "off", "off"),
        ("[caching]\nmo|", "mode", "mode"),
        ("[models.op|", "openai/gpt-5", "op"),
    ],
)
def test_an_editor_that_filters_keeps_what_is_typed(marked: str, label: str, filtered: str) -> None:
    assert offered(marked, label).filter_text == filtered


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 10), ("utf-16", 8), ("utf-32", 7)])
def test_columns_count_in_the_clients_encoding(encoding: Encoding, start: int) -> None:
    listed = complete(*place_in('[roles]\n"😀" = "gpt|"', encoding), encoding, known())

    assert listed.items[0].text_edit.range.start == Position(line=1, character=start)


def test_gateways_are_offered_in_a_persons_own_file_only() -> None:
    assert "[gateways.name]" in labels("|", is_own=True)
    assert "url" in labels("[gateways.work]\n|", is_own=True)
    assert "keyring:" in labels('[gateways.work]\nkey = "|"', is_own=True)
    assert "keyring:" in labels('[gateways.vercel.byok.openai]\napi_key = "|"', is_own=True)
    assert "region" in labels("[gateways.vercel.byok.bedrock]\n|", is_own=True)
    assert labels("[gateways.|", is_own=True) == ["vercel", "work"]
    assert "[gateways.name]" not in labels("|")
    assert labels("[gateways.|") == []
    assert labels('[gateways.work]\nkey = "|"') == []
    assert labels('[gateways.vercel.byok.openai]\napi_key = "|"') == []


@pytest.mark.parametrize(
    ("marked", "parts"),
    [
        ("[roles]\nch|at = 'x'", ["**roles.chat**", "The model that serves", f'Now `"openai/gpt-5"`, from {PATH}:2.']),
        (
            "[models.'*']\ntemper|ature = 1",
            ["a number, at least 0 and at most 2", "By default `0.7`.", "Now `0.7`, built in."],
        ),
        ("[rout|ing]", ["How the gateway chooses"]),
        ('[caching]\nmode = "au|to"', ["**caching.mode**", "one of `auto`, `mark`, `off`"]),
        ('[routing]\nservice_t|ier = "flex"', ["**routing.service_tier**", "cheaper", "one of `flex`, `priority`"]),
        ('[gateways.a.byok.b]\napi_k|ey = "x"', ["Never the key itself.", "In a workspace's file it is ignored."]),
        ("[gateways.work]\nurl| = 1", ["In a workspace's file it is ignored."]),
        (
            '[roles]\nchat = "openai/|gpt-5"',
            ["**OPENAI/GPT-5**", "vision, tools", "200,000", "$0.3 cached", "2026-01-02"],
        ),
        ('[models."openai/gpt|-5"]', ["**OPENAI/GPT-5**"]),
        ('[models."openai|/*"]', ["Options of the models"]),
        ('[roles]\nchat = "anthropic/claude-|3"', ["lists no", "`anthropic/claude-4` serves in its place."]),
        ('[roles]\nchat = "no/mo|del"', ["lists no `no/model`"]),
    ],
)
def test_what_is_pointed_at_is_explained(marked: str, parts: list[str]) -> None:
    shown = hover(*place_in(marked, "utf-16"), "utf-16", known())

    assert shown is not None
    assert [part for part in parts if part not in shown.contents.value] == []


@pytest.mark.parametrize("marked", ["|", "[roles]\nchat = 'x' # he|re", "[nothi|ng]", "x = 1\n\n|", "[budgets] |"])
def test_of_anything_else_nothing_is_said(marked: str) -> None:
    assert hover(*place_in(marked, "utf-16"), "utf-16", known()) is None


def test_the_range_is_the_word_that_is_explained() -> None:
    shown = hover(*place_in('[roles]\n"😀" = 1\nchat = "openai/|gpt-5"', "utf-16"), "utf-16", known())

    assert shown is not None
    assert (shown.range.start.character, shown.range.end.character) == (8, 20)


def test_a_place_behind_the_end_is_no_place() -> None:
    position = Position(line=9, character=0)

    assert complete(["x\n", ""], position, "utf-16", known()).items == []
    assert hover(["x\n", ""], position, "utf-16", known()) is None


PIECES = [
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    ".",
    '"',
    "'",
    "#",
    "\n",
    "\r\n",
    " ",
    "roles",
    "models",
    "chat",
    "openai/*",
    "😀",
    "budgets",
    '"""',
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.data(), st.sampled_from(ENCODINGS), st.booleans())
def test_no_text_is_too_broken(pieces: list[str], data: st.DataObject, encoding: Encoding, is_own: bool) -> None:
    lines = split_lines("".join(pieces))
    number = data.draw(st.integers(0, len(lines)))
    width = column_of(lines[number], len(lines[number]), encoding) if number < len(lines) else 0
    position = Position(line=number, character=data.draw(st.integers(0, width + 1)))

    listed = complete(lines, position, encoding, known(is_own=is_own))
    hover(lines, position, encoding, known(is_own=is_own))

    for item in listed.items:
        start, end = item.text_edit.range.start, item.text_edit.range.end
        assert start.line == end.line == number
        assert 0 <= start.character <= end.character <= width
