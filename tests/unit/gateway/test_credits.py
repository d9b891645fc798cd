import json
from pathlib import Path

import pytest

from passerelle.gateway.credits import Account, read_credits

SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "gateway" / "credits.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("said", "balance_usd", "used_usd"),
    [
        (SAMPLE, 95.5, 4.5),
        ({"balance": 95.5, "total_used": 4}, 95.5, 4.0),
        ({"balance": "0", "total_used": "0"}, 0.0, 0.0),
        ({"balance": "-0.12", "total_used": "5.12"}, -0.12, 5.12),
        ({"balance": "0.1000000000000000055511151231257827", "total_used": 0}, 0.1, 0.0),
        ({"data": {"balance": "1.50", "total_used": "2"}}, 1.5, 2.0),
        ({"data": {"total_credits": 100, "total_usage": 4.5}}, 95.5, 4.5),
        ({"data": {"total_credits": "0.3", "total_usage": "0.1"}}, 0.2, 0.1),
        ({"data": {"total_credits": 0.3, "total_usage": 0.1}}, 0.2, 0.1),
        ({"data": {"total_credits": 1.1, "total_usage": 2.2}}, -1.1, 2.2),
        ({"total_credits": 10, "total_usage": 1}, 9.0, 1.0),
    ],
)
def test_amounts_are_read_exactly(said: object, balance_usd: float, used_usd: float) -> None:
    assert read_credits(said) == Account(balance_usd=balance_usd, used_usd=used_usd)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "95.50",
        {},
        {"data": []},
        {"error": "no"},
        {"balance": "95.50"},
        {"balance": None, "total_used": "1"},
        {"balance": "NaN", "total_used": "1"},
        {"balance": "Infinity", "total_used": "1"},
        {"balance": "1e400", "total_used": "1"},
        {"balance": "1e99999999999999999999", "total_used": "1"},
        {"balance": "much", "total_used": "1"},
        {"balance": True, "total_used": "1"},
        {"balance": {"usd": 1}, "total_used": "1"},
        {"data": {"total_credits": 5}},
    ],
)
def test_what_holds_no_amounts_is_none(said: object) -> None:
    assert read_credits(said) is None
