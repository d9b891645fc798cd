"""Which budget leaves no chat to be had with the model that serves it."""

import pytest
from msgspec.structs import replace

from passerelle.daemon.budgets import stops_chat
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
        (replace(FULL, models=["a/*"]), True),
        (replace(FULL, models=["b/*", "a/c"]), False),
        (replace(FULL, action="warn"), False),
        (replace(FULL, state="near"), False),
    ],
)
def test_it_is_full_stops_and_is_about_that_model(state: BudgetState, expected: bool) -> None:
    assert stops_chat(state, "a/b") is expected
