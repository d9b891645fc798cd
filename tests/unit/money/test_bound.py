"""What a request may cost at most: the dearest reading of its prompt, and the longest answer."""

from collections.abc import Sequence

import pytest
from msgspec import Raw

from passerelle.catalogue.model import Entry
from passerelle.money.bound import ASSUMED_OUTPUT_TOKENS, Bound, bound_of, estimated_tokens, likely_usd
from passerelle.protocol.chat import (
    AssistantMessage,
    FilePart,
    ImagePart,
    Message,
    SystemMessage,
    TextPart,
    Tool,
    ToolCall,
    ToolMessage,
    UserMessage,
)

ASK = [UserMessage(content="x" * 2_976)]  # 992 tokens of 3 bytes, 744 of 4, and 8 around them.


def entry(pricing: str, max_output: int | None = None) -> Entry:
    return Entry(id="a/b", listed_pricing=Raw(pricing.encode()), max_tokens=max_output)


PLAIN = entry('{"input": "0.000001", "output": "0.000005"}', 2_000)
CACHED = entry(
    '{"input": "0.000001", "output": "0.000005", "input_cache_read": "1e-7", "input_cache_write": "0.000002"}', 2_000
)
UNLIMITED = entry('{"input": "0.000001", "output": "0.000005"}')
DEAR = entry('{"input": "0.000003", "output": "0.000004", "service_tiers": {"priority": {"output": "0.00001"}}}', 9_000)
TIERED = entry('{"input": "0.000001", "output": "0.000005", "output_tiers": [{"cost": "0.00002", "min": 1000}]}', 2_000)
UNPRICED = entry("{}", 2_000)


@pytest.mark.parametrize(
    ("entries", "asked", "service_tier", "expected"),
    [
        ([PLAIN], None, None, (0.001, 5e-6, 2_000, None)),
        ([PLAIN], 100, None, (0.001, 5e-6, 2_000, 100)),
        ([CACHED], None, None, (0.002, 5e-6, 2_000, None)),
        ([TIERED], None, None, (0.001, 2e-5, 2_000, None)),
        ([UNLIMITED], None, None, (0.001, 5e-6, None, None)),
        # With fallbacks, the dearest of each.
        ([PLAIN, DEAR], None, None, (0.003, 5e-6, 9_000, None)),
        ([PLAIN, DEAR], None, "priority", (0.003, 1e-5, 9_000, None)),
        ([PLAIN, UNLIMITED], None, None, (0.001, 5e-6, None, None)),
        ([PLAIN, UNPRICED], None, None, (0.001, 5e-6, 2_000, None)),
    ],
)
def test_a_bound(
    entries: Sequence[Entry],
    asked: int | None,
    service_tier: str | None,
    expected: tuple[float, float, int | None, int | None],
) -> None:
    bound = bound_of(ASK, (), entries, asked=asked, service_tier=service_tier)

    assert bound is not None
    assert (bound.input_usd, bound.output_token_usd) == pytest.approx(expected[:2])
    assert (bound.max_output, bound.asked) == expected[2:]


@pytest.mark.parametrize("entries", [[], [UNPRICED]])
def test_without_a_price_there_is_no_bound(entries: Sequence[Entry]) -> None:
    assert bound_of(ASK, (), entries, asked=10) is None


@pytest.mark.parametrize(
    ("asked", "max_output", "expected"),
    [(10, 100, 10), (None, 100, 100), (None, None, ASSUMED_OUTPUT_TOKENS), (10, None, 10)],
)
def test_the_longest_answer(asked: int | None, max_output: int | None, expected: int) -> None:
    assert Bound(input_usd=0, output_token_usd=0, max_output=max_output, asked=asked).output_tokens == expected


@pytest.mark.parametrize(
    ("one", "asked", "usd"),
    [
        (PLAIN, None, 0.000752 + 0.01),
        (PLAIN, 100, 0.000752 + 0.0005),
        (CACHED, None, 0.000752 + 0.01),
        (UNLIMITED, None, 0.000752 + 0.02048),
        (UNPRICED, None, None),
    ],
)
def test_a_likely_cost(one: Entry, asked: int | None, usd: float | None) -> None:
    assert likely_usd(ASK, (), one, asked=asked) == (None if usd is None else pytest.approx(usd))


def text(size: int) -> TextPart:
    return TextPart(text="x" * size)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (SystemMessage(content="12345678"), 2),
        (SystemMessage(content=""), 0),
        (UserMessage(content="123456789"), 3),
        (UserMessage(content="日本語"), 3),
        (UserMessage(content="\ud800"), 1),
        (UserMessage(content=[text(8), text(8)]), 4),
        (UserMessage(content=[ImagePart(media_type="image/png", data="AAAA" * 100)]), 2_000),
        (UserMessage(content=[FilePart(media_type="text/csv", data="AAAA" * 100)]), 75),
        (UserMessage(content=[FilePart(media_type="application/json", data="AAAA" * 100)]), 75),
        (UserMessage(content=[FilePart(media_type="application/pdf", data="AAAA" * 100)]), 30),
        (AssistantMessage(content="12345678", reasoning="x" * 1_000), 2),
        (AssistantMessage(content=None), 0),
        (ToolMessage(tool_call_id="t", content="12345678"), 2),
    ],
)
def test_tokens_of_a_message(message: Message, expected: int) -> None:
    assert estimated_tokens([message], "").input_tokens == 8 + expected


def test_what_tools_and_their_calls_take_is_counted() -> None:
    calls = AssistantMessage(
        content=None,
        tool_calls=[ToolCall(id="1", name="read", arguments="x" * 400)],
        reasoning_details=[{"data": "x" * 400}],
    )
    tool = Tool(name="read", parameters={"type": "object", "description": "x" * 400})

    assert estimated_tokens([calls], "").input_tokens > 200
    assert estimated_tokens([], "", [tool]).input_tokens > 100


def test_tokens_of_an_answer_that_broke_off() -> None:
    used = estimated_tokens([UserMessage(content="12345678")], "12345")

    assert (used.input_tokens, used.output_tokens) == (10, 2)
    assert (used.cached_tokens, used.cache_write_tokens, used.reasoning_tokens) == (0, 0, 0)
