"""Which budget leaves no chat to be had, whatever its model."""

import pytest
from msgspec.structs import replace

from passerelle.daemon.budgets import stops_all_chats
from passerelle.protocol.state import BudgetState

FULL = BudgetState(
    key="budgets.0",
    per="day",
    usd=5.0,
    action="stop",
    roles=[],
    models=[],
    spent_usd=5.0,
    in_flight_usd=0.0,
    state="reached",
    resets_at=None,
    source="user",
)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (FULL, True),
        (replace(FULL, roles=["edit", "chat"]), True),
        (replace(FULL, roles=["edit"]), False),
        (replace(FULL, models=["a/*"]), False),
        (replace(FULL, action="warn"), False),
        (replace(FULL, state="near"), False),
    ],
)
def test_a_full_budget_of_all_models_that_stops_chats(state: BudgetState, expected: bool) -> None:
    assert stops_all_chats(state) is expected
