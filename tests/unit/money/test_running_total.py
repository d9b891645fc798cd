"""The running total: what gateways said, what is estimated and what nobody knows stay apart."""

from collections.abc import Sequence
from functools import reduce

import pytest

from passerelle.money.spent import NOTHING, with_answer
from passerelle.protocol.chat import Cost
from passerelle.protocol.state import Spent


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([], Spent(requests=0, cost_usd=0.0, estimated_usd=0.0, unknown=0)),
        ([Cost(usd=0.5, source="gateway")], Spent(requests=1, cost_usd=0.5, estimated_usd=0.0, unknown=0)),
        ([Cost(usd=0.0, source="gateway")], Spent(requests=1, cost_usd=0.0, estimated_usd=0.0, unknown=0)),
        ([Cost(usd=0.25, source="estimate")], Spent(requests=1, cost_usd=0.0, estimated_usd=0.25, unknown=0)),
        ([Cost(usd=None, source="unknown")], Spent(requests=1, cost_usd=0.0, estimated_usd=0.0, unknown=1)),
        (
            [
                Cost(usd=0.5, source="gateway"),
                Cost(usd=None, source="unknown"),
                Cost(usd=0.25, source="estimate"),
                Cost(usd=1.0, source="gateway"),
            ],
            Spent(requests=4, cost_usd=1.5, estimated_usd=0.25, unknown=1),
        ),
    ],
)
def test_each_answer_is_counted_where_its_cost_comes_from(costs: Sequence[Cost], expected: Spent) -> None:
    assert reduce(with_answer, costs, NOTHING) == expected
