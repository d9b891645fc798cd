"""Whole picodollars: what was written in decimal is kept as it was, and comes back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.money.amounts import MOST_USD, dollars, kept_picousd, picousd, usd


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0.1, 100_000_000_000),
        (0.00062, 620_000_000),
        (1.2e-7, 120_000),
        (-0.25, -250_000_000_000),
        (0, 0),
        (5, 5 * 10**12),
        # Half to even.
        (0.5e-12, 0),
        (1.5e-12, 2),
        (2.5e-12, 2),
        (20_000.0, 20_000 * 10**12),
        (1e30, 10**42),
    ],
)
def test_picodollars_of_an_amount(amount: float, expected: int) -> None:
    assert picousd(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [(0.1, 10**11), (1e300, MOST_USD * 10**12), (-1e300, -MOST_USD * 10**12)]
)
def test_one_attempt_has_cost_no_more_than_an_answer_can(amount: float, expected: int) -> None:
    assert kept_picousd(amount) == expected


@given(st.integers(-(10**15), 10**15))
def test_an_amount_that_was_kept_comes_back_as_it_was(amount: int) -> None:
    assert picousd(usd(amount)) == amount


@given(st.floats(-1e4, 1e4))
def test_what_is_kept_is_the_amount_to_a_picodollar(amount: float) -> None:
    assert abs(picousd(amount) - Fraction(repr(amount)) * 10**12) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "$0"),
        (0.0000021, "$0.0000021"),
        (0.00321, "$0.0032"),
        (0.0996, "$0.100"),
        (0.1, "$0.10"),
        (0.12345, "$0.12"),
        (3, "$3.00"),
        (1234.5, "$1,234.50"),
        (1e-13, "$0.0000000000"),
        (-0.0025, "-$0.0025"),
    ],
)
def test_money_has_cents_or_two_digits_that_count(amount: float, expected: str) -> None:
    assert dollars(amount) == expected
