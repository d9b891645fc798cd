"""State, sentence and mending action."""

from pathlib import Path

import pytest

from passerelle.daemon.status import OPEN_SETTINGS, TRY_AGAIN, Facts, judge, may_resolve
from passerelle.protocol.state import BudgetState, Problem, RoleModel
from passerelle.words.failures import Failure
from passerelle.words.references import Reference

KEY = Reference("env", "AI_GATEWAY_API_KEY")
CHAT = RoleModel(model="a/b", source="default")
ERROR = Problem(path="/p/passerelle.toml", line=3, column=1, key="roles", message="Expected …", severity="error")

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
    path="/p/config.toml",
    line=3,
)


def facts(**more: object) -> Facts:
    return Facts(**({"gateway": "vercel", "chat": CHAT} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "state", "says", "action"),
    [
        (facts(), "ready", "a/b of the gateway vercel serves chat.", None),
        (
            facts(chat=RoleModel(model="a/c", source="default", wanted="a/b")),
            "ready",
            "It stands in for a/b, which is not listed.",
            None,
        ),
        (facts(missing_key=KEY), "needsKey", "set AI_GATEWAY_API_KEY", OPEN_SETTINGS),
        (facts(trouble=Failure("keyRefused", "refused")), "needsKey", "refused", OPEN_SETTINGS),
        (facts(trouble=Failure("creditsExhausted", "no credits")), "overBudget", "no credits", OPEN_SETTINGS),
        (facts(trouble=Failure("unreachable", "no route")), "unreachable", "no route", TRY_AGAIN),
        (facts(trouble=Failure("rateLimited", "slower")), "ready", "serves chat", None),
        (facts(error=ERROR), "misconfigured", "/p/passerelle.toml:3: roles: Expected …", OPEN_SETTINGS),
        (facts(error=ERROR, missing_key=KEY), "needsKey", "set AI_GATEWAY_API_KEY", OPEN_SETTINGS),
        (
            facts(full_budget=FULL),
            "overBudget",
            "$5.00 per day (budgets.0, /p/config.toml:3) is used up",
            OPEN_SETTINGS,
        ),
        (facts(full_budget=FULL, error=ERROR), "overBudget", "is used up", OPEN_SETTINGS),
        (facts(ledger_problem="The ledger is full."), "ready", "serves chat. The ledger is full.", None),
    ],
)
def test_what_a_person_is_told(known: Facts, state: str, says: str, action: object) -> None:
    told_state, message, told_action = judge(known)

    assert (told_state, told_action) == (state, action)
    assert says in message


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (Reference("env", "SET"), True),
        (Reference("env", "EMPTY"), False),
        (Reference("env", "UNSET"), False),
        (Reference("cmd", "pass show key"), True),
        (Reference("keyring", "vercel"), True),
        (Reference("editor", "vercel"), True),
    ],
)
async def test_whether_a_reference_can_have_a_value(reference: Reference, expected: bool) -> None:
    assert await may_resolve(reference, {"SET": "x", "EMPTY": ""}) is expected


async def test_a_file_reference_needs_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"

    assert not await may_resolve(Reference("file", str(file)), {})
    file.write_text("x")
    assert await may_resolve(Reference("file", str(file)), {})
