"""Numbers as a person reads them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from passerelle.cli.figures import (
    Spent,
    age,
    ago,
    ahead,
    allowance,
    cost,
    count,
    left,
    price,
    scope,
    seconds,
    share,
    spent,
    summary,
    tokens,
    tried,
    usd_column,
    window,
)
from passerelle.protocol.chat import Attempt, ChatResult, Cost, CostSource, Usage
from passerelle.protocol.conversations import ConversationTotal
from passerelle.protocol.state import BudgetState, Credits
from support.fake_results import MODEL, budget, chat_result

FAILED = {"by": "gateway", "model": MODEL, "provider": "anthropic", "success": False, "status": 529}
ANSWERED = {"by": "gateway", "model": MODEL, "provider": "bedrock", "success": True}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        ([], []),
        ([0.0, 0.0], ["$0", "$0"]),
        ([1234.567, 0.3, 0.004, 0.0], ["$1,234.57", "$0.30", "<$0.01", "$0"]),
        ([0.184, 0.0032, -0.01], ["$0.1840", "$0.0032", "-$0.0100"]),
        ([0.0032, 0.0000004], ["$0.003200", "<$0.000001"]),
        ([0.00000021], ["$0.00000021"]),
    ],
)
def test_amounts_below_each_other_have_as_many_decimals(amounts: list[float], texts: list[str]) -> None:
    assert usd_column(amounts) == texts


@pytest.mark.parametrize(("said", "estimated", "text"), [(1.5, 0.0, "$1.50"), (1.5, 0.25, "≈ $1.75"), (0.0, 0.0, "$0")])
def test_what_was_spent_is_marked_where_a_part_is_an_estimate(said: float, estimated: float, text: str) -> None:
    assert spent(said, estimated) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (9999, "9,999"), (10_000, "10K"), (1_450_000, "1.45M")])
def test_a_count_is_exact_while_that_is_short(number: int, text: str) -> None:
    assert count(number) == text


@pytest.mark.parametrize(("part", "whole", "text"), [(1, 3, "33%"), (0, 3, "0%"), (3, 2, "150%"), (0, 0, "–")])
def test_a_share_of_nothing_is_none(part: float, whole: float, text: str) -> None:
    assert share(part, whole) == text


@pytest.mark.parametrize(
    ("source", "amount", "text"),
    [
        ("gateway", 0.0032, "$0.0032"),
        ("gateway", 0.0, "$0"),
        ("estimate", 0.0032, "≈ $0.0032 (estimate)"),
        ("unknown", None, "cost unknown"),
        ("gateway", None, "cost unknown"),
    ],
)
def test_a_cost_says_where_it_comes_from(source: CostSource, amount: float | None, text: str) -> None:
    assert cost(Cost(usd=amount, source=source)) == text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"saved_usd": 0.0027}, "$0.0032, $0.0027 saved"),
        ({"saved_usd": -0.0005}, "$0.0032, -$0.00050 saved"),
        ({"saved_usd": 0.0}, "$0.0032"),
        ({"byok": True}, "$0.0032 and your own account at the provider"),
        ({"byok": True, "market_usd": 0.01}, "$0.0032 and your own account at the provider, about $0.010"),
        ({"byok": False, "market_usd": 0.01}, "$0.0032"),
    ],
)
def test_a_cost_says_what_the_cache_saved_and_who_else_sends_a_bill(more: dict[str, Any], text: str) -> None:
    assert cost(Cost(usd=0.0032, source="gateway", **more)) == text


@pytest.mark.parametrize(
    ("attempts", "text"),
    [
        ([("a/b", "anthropic", 529), ("a/b", "bedrock", None)], "anthropic failed (529), bedrock answered"),
        ([("a/b", None, 0), ("a/b", "bedrock", None)], "a/b failed, bedrock answered"),
        ([("a/b", "x", 429), ("a/b", "x", 429), ("c/d", "y", None)], "a/b failed (429), c/d answered"),
    ],
)
def test_who_failed_is_told_before_who_answered(attempts: list[tuple[str, str | None, int | None]], text: str) -> None:
    tries = [
        Attempt(by="gateway", model=model, provider=provider, success=status is None, status=status or UNSET)
        for model, provider, status in attempts
    ]

    assert tried(tries) == text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "$5.00 a day · everything"),
        ({"per": "conversation", "usd": 0.5}, "$0.50 a conversation · everything"),
        ({"roles": ["chat", "inline"]}, "$5.00 a day · chat, inline"),
        ({"models": ["openai/*"], "roles": ["chat"]}, "$5.00 a day · chat · openai/*"),
    ],
)
def test_a_budget_says_how_much_for_what(more: dict[str, object], text: str) -> None:
    one = msgspec.convert(budget(**more), BudgetState)

    assert f"{allowance(one)} · {scope(one)}" == text


def test_credits() -> None:
    assert left(Credits(balance_usd=95.5, used_usd=4.5, at="")) == "$95.50 left, $4.50 used"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, "?"),
        (0, "0"),
        (512, "512"),
        (8192, "8K"),
        (131_072, "131K"),
        (200_000, "200K"),
        (999_499, "999K"),
        (999_500, "1M"),
        (1_000_000, "1M"),
        (1_048_576, "1.05M"),
        (10_000_000, "10M"),
    ],
)
def test_a_window_is_short(count: int | None, text: str) -> None:
    assert window(count) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(None, "?"), (0.0, "0"), (3.0, "3.00"), (0.075, "0.075"), (15.5, "15.50")]
)
def test_a_price_that_is_not_known_is_not_nothing(amount: float | None, text: str) -> None:
    assert price(amount) == text


@pytest.mark.parametrize(("ms", "text"), [(0, "0 ms"), (812, "812 ms"), (1234, "1.2 s"), (61_000, "61.0 s")])
def test_times(ms: int, text: str) -> None:
    assert seconds(ms) == text


@pytest.mark.parametrize(
    ("cached", "reasoning", "text"),
    [
        (0, 0, "1,300 tokens in, 34 out"),
        (1000, 0, "1,300 tokens in (77% cached), 34 out"),
        (0, 70, "1,300 tokens in, 34 out + 70 reasoning"),
    ],
)
def test_tokens_are_neither_added_nor_subtracted(cached: int, reasoning: int, text: str) -> None:
    usage = Usage(
        input_tokens=1300, output_tokens=34, cached_tokens=cached, cache_write_tokens=0, reasoning_tokens=reasoning
    )

    assert tokens(usage) == text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {},
            f"{MODEL} via bedrock · 1,300 tokens in (77% cached), 34 out · $0.0032 · 812 ms to the first word",
        ),
        (
            {
                "provider": None,
                "usage": None,
                "cost": {"usd": None, "source": "unknown"},
                "timings": {"firstDeltaMs": None, "totalMs": 3},
            },
            f"{MODEL} · cost unknown",
        ),
        (
            {"usage": None, "timings": {"firstDeltaMs": None, "totalMs": 3}, "attempts": [FAILED, ANSWERED]},
            f"{MODEL} via bedrock · $0.0032 · anthropic failed (529), bedrock answered",
        ),
        (
            {"usage": None, "timings": {"firstDeltaMs": None, "totalMs": 3}, "attempts": [ANSWERED]},
            f"{MODEL} via bedrock · $0.0032",
        ),
    ],
)
def test_a_summary_says_what_is_known_and_no_more(more: dict[str, object], text: str) -> None:
    assert summary(msgspec.convert(chat_result("Hi", **more), ChatResult)) == text


@pytest.mark.parametrize(
    ("costs", "text"),
    [
        ([], "$0 in all"),
        ([(0.01, "gateway"), (0.02, "gateway")], "$0.030 in all"),
        ([(0.01, "gateway"), (0.02, "estimate")], "≈ $0.030 in all"),
        ([(0.01, "gateway"), (None, "unknown")], "$0.010 in all, and 1 of 2 answers of unknown cost"),
    ],
)
def test_a_conversation_adds_only_what_is_known(costs: list[tuple[float | None, CostSource]], text: str) -> None:
    spent = Spent()
    for amount, source in costs:
        spent = spent.plus(Cost(usd=amount, source=source))

    assert str(spent) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "of unknown age"),
        ("yesterday", "of unknown age"),
        ("2026-11-23T12:00:00Z", "less than a minute old"),
        ("2026-11-23T12:05:00Z", "less than a minute old"),
        ("2026-11-23T11:58:30", "1 minute old"),
        ("2026-11-23T13:00:00+02:00", "1 hour old"),
        ("2026-11-20T11:00:00.5Z", "3 days old"),
    ],
)
def test_an_age_is_rounded_down(moment: str | None, text: str) -> None:
    assert age(moment, NOW) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-23T11:59:30Z", "less than a minute ago"),
        ("2026-11-23T10:00:00Z", "2 hours ago"),
        ("2026-11-22T11:00:00Z", "1 day ago"),
        ("no moment", "?"),
    ],
)
def test_how_long_ago_it_was(moment: str, text: str) -> None:
    assert ago(moment, NOW) == text


def test_what_was_spent_before_counts_on() -> None:
    total = ConversationTotal(
        input_tokens=1, output_tokens=1, cached_tokens=0, cost_usd=0.01, estimated_usd=0.02, unknown=1
    )

    assert str(Spent.of(total, 3)) == "≈ $0.030 in all, and 1 of 3 answers of unknown cost"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-24T00:00:00+01:00", "in 11 hours"),
        ("2026-12-01T00:00:00Z", "in 7 days"),
        ("2026-11-23T11:00:00Z", "in less than a minute"),
    ],
)
def test_how_far_ahead_it_is(moment: str, text: str) -> None:
    assert ahead(moment, NOW) == text
