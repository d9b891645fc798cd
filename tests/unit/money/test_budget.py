"""Budgets: which of them a request falls under, what they count, and that they hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct

from passerelle.config.layers import DEFAULT, Effective, merge
from passerelle.config.parse import layer_of_tree, parse
from passerelle.config.schema import Budget
from passerelle.money.amounts import picousd, usd
from passerelle.money.bound import Bound
from passerelle.money.budget import (
    FEWEST_TOKENS,
    Check,
    Verdict,
    budget_limit,
    budget_reached,
    budget_warning,
    checks_for,
    decide,
    every_check,
    permit_of,
    state_of,
)
from passerelle.money.period import zone_of
from passerelle.money.records import Filter, Standing
from passerelle.protocol.state import BudgetAction, BudgetState, Command, Per

NOW_S = datetime(2026, 11, 20, 15, tzinfo=UTC).timestamp()
DAY_S = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
NEXT_DAY_S = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
ZONE = "spending.time_zone = 'UTC'\n"
WORK = "file:///work"


def settings(own: str, theirs: str = "") -> Effective:
    layers = [DEFAULT, parse(f"{ZONE}{own}", "config.toml", "user"), parse(theirs, "passerelle.toml", "workspace")]
    return merge(layers)


def budget(per: str, amount: float, more: str = "") -> str:
    return f"[[budgets]]\nper = '{per}'\nusd = {amount}\n{more}\n"


def everything(effective: Effective, workspace: str | None = WORK, conversation: str | None = "c1") -> list[Check]:
    return every_check(effective, workspace=workspace, conversation=conversation, now_s=NOW_S)


@pytest.mark.parametrize(
    ("per", "counted", "resets_at"),
    [
        ("day", Filter(since_s=DAY_S), NEXT_DAY_S),
        ("week", Filter(since_s=DAY_S - 4 * 86_400), DAY_S + 3 * 86_400),
        ("month", Filter(since_s=DAY_S - 19 * 86_400), DAY_S + 11 * 86_400),
        ("conversation", Filter(conversation="c1"), None),
        ("workspace", Filter(workspace=WORK), None),
    ],
)
def test_what_a_budget_counts_and_when_it_begins_anew(per: str, counted: Filter, resets_at: float | None) -> None:
    (check,) = everything(settings(budget(per, 1.5)))

    assert check.filter == counted
    assert check.resets_at_s == resets_at
    assert (check.key, check.source, check.path, check.line) == ("budgets.0", "user", "config.toml", 4)


def test_a_workspaces_budget_counts_that_workspace_alone() -> None:
    own, day, talk = everything(
        settings(budget("day", 5), budget("day", 1) + budget("conversation", 1)), workspace=WORK
    )

    assert own.filter == Filter(since_s=DAY_S)
    assert day.filter == Filter(since_s=DAY_S, workspace=WORK)
    assert talk.filter == Filter(conversation="c1", workspace=WORK)
    assert (day.key, day.source, day.path, day.line) == ("budgets.1", "workspace", "passerelle.toml", 3)


def test_budgets_of_what_there_is_not_are_left_out() -> None:
    effective = settings(budget("conversation", 1) + budget("workspace", 1) + budget("day", 1))

    assert [check.key for check in everything(effective, workspace=None, conversation=None)] == ["budgets.2"]


def test_each_budget_knows_its_place_where_others_are_ignored() -> None:
    own = "".join(budget("day", number, "usd_ = 1" if number % 2 else "") for number in range(1, 5))
    broken = "[[budgets]]\nusd = 9\n"
    effective = settings(broken + own * 3, broken + budget("week", 7))

    found = [(check.budget.usd, check.key, check.path, check.line) for check in everything(effective)]

    assert [amount for amount, *_ in found] == [1, 2, 3, 4] * 3 + [7]
    assert found[0] == (1, "budgets.1", "config.toml", 6)
    assert found[9] == (2, "budgets.10", "config.toml", 42)
    assert found[12] == (7, "budgets.14", "passerelle.toml", 5)


@pytest.mark.parametrize(
    ("more", "role", "model", "expected"),
    [
        ("", "chat", "a/b", True),
        ("roles = ['chat', 'edit']", "edit", "a/b", True),
        ("roles = ['chat']", "edit", "a/b", False),
        ("models = ['a/*', 'c/d']", "chat", "a/b", True),
        ("models = ['a/*', 'c/d']", "chat", "c/d", True),
        ("models = ['a/*', 'c/d']", "chat", "c/e", False),
        ("models = ['A/*']", "chat", "a/b", False),
        ("roles = ['chat']\nmodels = ['a/*']", "chat", "c/d", False),
        ("roles = ['chat']\nmodels = ['a/*']", "edit", "a/b", False),
        ("roles = ['chat']\nmodels = ['a/*']", "chat", "a/b", True),
    ],
)
def test_which_requests_a_budget_is_about(more: str, role: str, model: str, expected: bool) -> None:
    effective = settings(budget("day", 1, more))
    found = checks_for(effective, role=role, model=model, workspace=None, conversation=None, now_s=NOW_S)

    assert bool(found) is expected
    (whole,) = everything(effective)
    assert (whole.filter.roles, whole.filter.models) == (whole.budget.roles, whole.budget.models)


def check(
    amount: float,
    *,
    action: BudgetAction = "stop",
    key: str = "budgets.0",
    roles: tuple[str, ...] = (),
    per: Per = "day",
) -> Check:
    return Check(
        budget=Budget(per=per, usd=amount, action=action, roles=roles),
        key=key,
        source="user",
        path="config.toml",
        line=12,
        filter=Filter(since_s=DAY_S, roles=roles),
        resets_at_s=NEXT_DAY_S,
        zone=zone_of("UTC"),
    )


def spent(amount: float, in_flight: float = 0.0) -> Standing:
    return Standing(spent_usd=amount, in_flight_usd=in_flight)


def bound(input_usd: float, token_usd: float, max_output: int | None = 1_000, asked: int | None = None) -> Bound:
    return Bound(input_usd=input_usd, output_token_usd=token_usd, max_output=max_output, asked=asked)


ASKED = bound(0.1, 0.001, asked=400)  # 0.50
OPEN = bound(0.1, 0.001)  # 1.10, of which a dollar can give way.
FREE = bound(0.0, 0.0)


@pytest.mark.parametrize(
    ("stands", "wanted", "admitted", "bound_usd", "max_tokens"),
    [
        # (usd, spent, in flight)
        ((1.0, 0.5, 0.0), ASKED, True, 0.5, None),
        ((1.0, 0.25, 0.25), ASKED, True, 0.5, None),
        ((1.0, 0.500000000001, 0.0), ASKED, False, None, None),
        ((1.0, 0.25, 0.250000000001), ASKED, False, None, None),
        ((0.3, 0.1, 0.0), bound(0.1, 0.001, asked=100), True, 0.2, None),  # 0.1 + 0.2 is not 0.3, of floats.
        # The answer gives way: half of what is left, else all of it.
        ((2.0, 0.9, 0.0), OPEN, True, 1.1, None),
        ((2.0, 0.91, 0.0), OPEN, True, 0.545, 445),
        ((20_000.0, 15_000.0, 0.0), OPEN, True, 1.1, None),
        ((2.0, 1.2, 0.0), OPEN, True, 0.4, 300),
        ((2.0, 1.3, 0.0), OPEN, True, 0.7, 600),
        ((2.0, 1.644, 0.0), OPEN, True, 0.356, 256),
        ((2.0, 1.645, 0.0), OPEN, False, None, None),
        ((2.0, 1.0, 0.645), OPEN, False, None, None),
        ((2.0, 1.7, 0.0), bound(0.1, 0.001, max_output=200), True, 0.3, None),
        ((2.0, 1.8, 0.0), bound(0.1, 0.001, max_output=200), False, None, None),
        ((99.0, 0.0, 0.0), bound(0.1, 0.001, max_output=None), True, 16.484, None),
        ((10.0, 0.0, 0.0), bound(0.1, 0.001, max_output=None), True, 5.0, 4_900),
        # Nothing is left, or never was.
        ((1.0, 1.0, 0.0), FREE, True, 0.0, None),
        ((1.0, 1.1, 0.0), FREE, False, None, None),
        ((0.0, 0.0, 0.0), FREE, False, None, None),
        # Without a price.
        ((1.0, 0.5, 0.499), None, True, None, None),
        ((1.0, 0.5, 0.5), None, False, None, None),
        ((0.0, 0.0, 0.0), None, False, None, None),
    ],
)
def test_a_verdict(
    stands: tuple[float, float, float],
    wanted: Bound | None,
    admitted: bool,
    bound_usd: float | None,
    max_tokens: int | None,
) -> None:
    pair = check(stands[0]), spent(*stands[1:])

    verdict = decide([pair[0]], [pair[1]], wanted, ())

    limited_by = None if max_tokens is None else pair
    expected = Verdict(admitted=True, bound_usd=bound_usd, max_tokens=max_tokens, limited_by=limited_by)
    assert verdict == (expected if admitted else Verdict(admitted=False, stopped_by=pair))


def test_without_budgets_all_is_admitted_as_it_is() -> None:
    assert decide([], [], OPEN, ()) == Verdict(admitted=True, bound_usd=1.1)
    assert decide([], [], None, ()) == Verdict(admitted=True)


def test_the_tightest_budget_limits_and_the_tightest_is_named() -> None:
    wide, narrow = check(9), check(2, key="budgets.1")

    limited = decide([wide, narrow], [spent(0), spent(1.2)], OPEN, ())
    assert (limited.max_tokens, limited.limited_by) == (300, (narrow, spent(1.2)))
    assert decide([wide, narrow], [spent(8.9), spent(1.95)], OPEN, ()).stopped_by == (narrow, spent(1.95))


def test_a_budget_that_warns_stops_nothing_and_warns_once_it_is_reached() -> None:
    warning = check(1, action="warn")

    assert decide([warning], [spent(0.99)], OPEN, ()) == Verdict(admitted=True, bound_usd=1.1)
    for standing in (spent(1.0), spent(0.5, 0.5), spent(7)):
        verdict = decide([warning], [standing], OPEN, ())
        assert verdict == Verdict(admitted=True, bound_usd=1.1, warned=((warning, standing),))


def test_a_permit_lets_through_what_its_budget_would_stop_and_nothing_else() -> None:
    day, talk = check(1), check(2, key="budgets.1")
    full, some = spent(1.0), spent(0.2)

    allowed = decide([day], [full], OPEN, {day.permit})
    assert allowed == Verdict(admitted=True, bound_usd=1.1, used_permits=(day.permit,))
    # Another budget is still in the way, and then none is used up; or it limits.
    assert decide([day, talk], [full, spent(2)], OPEN, {day.permit}) == Verdict(
        admitted=False, stopped_by=(talk, spent(2))
    )
    assert decide([day, talk], [full, spent(1.0)], OPEN, {day.permit}).max_tokens == 400
    # It is kept where it is not needed.
    assert decide([day], [some], OPEN, {day.permit}).used_permits == ()
    assert decide([day], [some], ASKED, {day.permit}).used_permits == ()


def test_a_permit_is_for_one_budget_of_one_file() -> None:
    here = settings("", budget("conversation", 1))
    other = merge([DEFAULT, parse(budget("day", 1), "elsewhere/passerelle.toml", "workspace")])

    assert permit_of(here, "budgets.0") == everything(here)[0].permit
    assert permit_of(here, "budgets.0") != permit_of(other, "budgets.0")
    assert permit_of(here, "budgets.1") is None
    assert permit_of(here, "budgets.0.usd") is None


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (spent(0.0), "ok"),
        (spent(3.99), "ok"),
        (spent(3.99, 9.0), "ok"),
        (spent(4.0), "near"),
        (spent(4.99), "near"),
        (spent(5.0), "reached"),
        (spent(6.0), "reached"),
    ],
)
def test_how_a_budget_stands(standing: Standing, expected: str) -> None:
    assert state_of(check(5.0), standing).state == expected
    assert state_of(check(0.0), standing).state == "reached"


def test_what_a_client_is_told_of_a_budget() -> None:
    told = state_of(check(5.0, roles=("chat",)), spent(4.2, 0.03))

    assert told == BudgetState(
        key="budgets.0",
        per="day",
        usd=5.0,
        action="stop",
        roles=["chat"],
        models=[],
        spent_usd=4.2,
        in_flight_usd=0.03,
        state="near",
        resets_at="2026-11-21T00:00:00Z",
        source="user",
        path="config.toml",
        line=12,
    )
    (editors,) = everything(merge([DEFAULT, layer_of_tree({"budgets": [{"per": "workspace", "usd": 1}]}, "editor")]))
    assert (state_of(editors, spent(0)).path, state_of(editors, spent(0)).line) == (UNSET, UNSET)
    assert state_of(editors, spent(0)).resets_at is None


def test_the_failure_names_budget_and_place_and_says_what_to_do() -> None:
    failure = budget_reached(check(5.0, roles=("chat", "edit")), spent(4.98, 0.0125))

    assert failure.kind == "budgetReached"
    assert failure.message == (
        "The budget of $5.00 per day for chat, edit (budgets.0, config.toml:12) has too little left for this request: "
        "$4.98 is spent, running requests may take $0.013. It begins anew on 2026-11-21 at 00:00 (UTC). "
        "Allow one more request, choose a cheaper model, or raise the budget."
    )
    state = failure.details["budget"]
    assert isinstance(state, BudgetState)
    assert state.state == "reached"
    assert failure.details["action"] == Command(
        title="Allow one more request", command="passerelle.allowOnce", arguments=["budgets.0"]
    )


def test_a_budget_of_which_nothing_is_left_is_used_up() -> None:
    assert budget_reached(check(5.0), spent(5.0)).message == (
        "The budget of $5.00 per day (budgets.0, config.toml:12) is used up: $5.00 is spent. "
        "It begins anew on 2026-11-21 at 00:00 (UTC). Allow one more request, or raise the budget."
    )


def test_a_limit_names_budget_and_place() -> None:
    assert budget_limit(check(5.0), spent(4.9, 0.05), 300) == (
        "The budget of $5.00 per day (budgets.0, config.toml:12) leaves room for 300 tokens only: $4.90 is spent, "
        "running requests may take $0.050. It begins anew on 2026-11-21 at 00:00 (UTC)."
    )


def test_a_warning_names_budget_and_place() -> None:
    (editors,) = everything(
        merge([DEFAULT, layer_of_tree({"budgets": [{"per": "conversation", "usd": 1, "models": ["a/*"]}]}, "editor")])
    )

    assert budget_warning(editors, spent(1.5)) == (
        "The budget of $1.00 per conversation for a/* (budgets.0, the editor's settings) is reached: $1.50 is spent."
    )


class Ask(Struct, frozen=True):
    """A request that comes: its role, its bound, and which share of that it will have cost in the end."""

    role: str
    bound: Bound
    share: float


@dataclass
class Book:
    """A ledger of one day in a few lines: what ended, and what runs."""

    ended: list[tuple[str, int]] = field(default_factory=list)
    running: list[tuple[Ask, int]] = field(default_factory=list)

    def standing(self, one: Check) -> Standing:
        roles = one.filter.roles
        return spent(
            usd(sum(cost for role, cost in self.ended if not roles or role in roles)),
            usd(sum(most for ask, most in self.running if not roles or ask.role in roles)),
        )

    def begin(self, ask: Ask, checks: Sequence[Check]) -> None:
        about = [one for one in checks if not one.filter.roles or ask.role in one.filter.roles]
        verdict = decide(about, [self.standing(one) for one in about], ask.bound, ())
        if verdict.admitted:
            assert verdict.bound_usd is not None
            assert verdict.max_tokens is None or FEWEST_TOKENS <= verdict.max_tokens < ask.bound.output_tokens
            self.running.append((ask, picousd(verdict.bound_usd)))

    def end(self, number: int) -> None:
        if self.running:
            ask, most = self.running.pop(number % len(self.running))
            self.ended.append((ask.role, int(most * ask.share)))


AMOUNTS = st.floats(0, 2, allow_subnormal=False)
ASKS = st.builds(
    Ask,
    st.sampled_from(["chat", "edit"]),
    st.builds(
        bound,
        AMOUNTS,
        st.floats(0, 0.01, allow_subnormal=False),
        st.one_of(st.none(), st.integers(1, 5_000)),
        st.one_of(st.none(), st.integers(1, 5_000)),
    ),
    st.sampled_from([0.0, 0.1, 0.999, 1.0]),
)
LIMITS = st.tuples(st.floats(0, 20), st.sampled_from([(), ("chat",), ("edit",)]))


@given(st.lists(LIMITS, min_size=1, max_size=4), st.lists(st.one_of(ASKS, st.integers(0, 20)), max_size=60))
def test_budgets_hold_however_requests_come_and_end(
    limits: list[tuple[float, tuple[str, ...]]], events: list[Ask | int]
) -> None:
    checks = [check(amount, key=f"budgets.{at}", roles=roles) for at, (amount, roles) in enumerate(limits)]
    book = Book()

    for event in events:
        if isinstance(event, int):
            book.end(event)
        else:
            book.begin(event, checks)
    while book.running:
        book.end(0)

    for one in checks:
        assert picousd(book.standing(one).spent_usd) <= picousd(one.budget.usd)
