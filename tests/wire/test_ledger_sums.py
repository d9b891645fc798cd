"""Any sequence of operations, of two daemons on one file: the ledger says what a plain model in Python says."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from passerelle.money.amounts import picousd
from passerelle.money.ledger import Ledger
from passerelle.money.records import Filter, Settlement
from support.attempts import BEGUN, CUT, ENDED, NOON_S, Admitted, Clock, rows

MODELS = ("a/one", "a/two", "b/one")
ROLES = ("chat", "inline")
PLACES = (None, "file:///w", "file:///v")
GROUPINGS = ("model", "role", "workspace", "conversation", "state", "cost_source", "at_ms")
USD = st.one_of(st.none(), st.floats(0, 5), st.sampled_from([0.1, 0.2, 1e-12, 3e-7]))


class Begin(NamedTuple):
    key: str
    daemon: int
    model: str
    role: str
    workspace: str | None
    at_s: float
    prompt_usd: float | None
    bound_usd: float | None


class End(NamedTuple):
    key: str
    cost_usd: float | None
    is_cut: bool


class Dismiss(NamedTuple):
    key: str


class Settle(NamedTuple):
    key: str
    cost_usd: float


class GiveUp(NamedTuple):
    key: str


Step = Begin | End | Dismiss | Settle | GiveUp

KEYS = st.sampled_from("abcdef")
STEPS = st.lists(
    st.one_of(
        st.builds(
            Begin,
            key=KEYS,
            daemon=st.integers(0, 1),
            model=st.sampled_from(MODELS),
            role=st.sampled_from(ROLES),
            workspace=st.sampled_from(PLACES),
            at_s=st.sampled_from([NOON_S, NOON_S + 1, NOON_S + 60]),
            prompt_usd=USD,
            bound_usd=USD,
        ),
        st.builds(End, key=KEYS, cost_usd=USD, is_cut=st.booleans()),
        st.builds(Dismiss, key=KEYS),
        st.builds(Settle, key=KEYS, cost_usd=st.floats(0, 5)),
        st.builds(GiveUp, key=KEYS),
    ),
    max_size=25,
)
FILTERS = st.builds(
    Filter,
    since_s=st.sampled_from([None, NOON_S, NOON_S + 1, NOON_S + 100]),
    conversation=st.sampled_from([None, "a", "b"]),
    workspace=st.sampled_from(PLACES),
    roles=st.sampled_from([(), ("chat",), ROLES]),
    models=st.sampled_from([(), ("a/*",), ("b/one", "a/two"), ("c/*",)]),
)


class Known(NamedTuple):
    """What the model knows of one attempt."""

    begun: Begin
    state: str
    picousd: int


class Model:
    """A ledger in twenty lines."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}

    def take(self, step: Step) -> None:
        known = self.known.get(step.key)
        match step:
            case Begin() if known is None:
                self.known[step.key] = Known(step, "open", _pico(step.prompt_usd))
            case End() if known and known.state == "open":
                state = "pending" if step.is_cut else "settled"
                self.known[step.key] = Known(known.begun, state, _pico(step.cost_usd))
            case Dismiss() if known and known.state == "open":
                del self.known[step.key]
            case Settle() if known and known.state == "pending":
                self.known[step.key] = Known(known.begun, "settled", _pico(step.cost_usd))
            case GiveUp() if known and known.state == "pending":
                self.known[step.key] = known._replace(state="settled")

    def standing(self, filter_: Filter) -> tuple[float, float]:
        spent = in_flight = 0
        for known in self.known.values():
            if _is_counted(known.begun, filter_):
                spent += 0 if known.state == "open" else known.picousd
                in_flight += _pico(known.begun.bound_usd) if known.state == "open" else 0
        return spent / 10**12, in_flight / 10**12


def _is_counted(begun: Begin, filter_: Filter) -> bool:
    return (
        begun.at_s >= (filter_.since_s or 0)
        and filter_.conversation in (None, begun.key)
        and filter_.workspace in (None, begun.workspace)
        and (not filter_.roles or begun.role in filter_.roles)
        and (not filter_.models or any(fnmatchcase(begun.model, glob) for glob in filter_.models))
    )


def _pico(usd: float | None) -> int:
    return 0 if usd is None else picousd(usd)


async def take(ledgers: Sequence[Ledger], step: Step, known: Known | None) -> None:
    """The same with real ledgers: who began an attempt ends it, anyone settles it."""
    if isinstance(step, Begin):
        if known is None:
            begun = replace(
                BEGUN,
                key=step.key,
                conversation=step.key,
                model=step.model,
                role=step.role,
                workspace=step.workspace,
                at_s=step.at_s,
                prompt_usd=step.prompt_usd,
            )
            await ledgers[step.daemon].begin(begun, (), lambda _: Admitted(bound_usd=step.bound_usd))
        return
    owner = ledgers[0 if known is None else known.begun.daemon]
    match step:
        case End():
            await owner.end(step.key, replace(CUT if step.is_cut else ENDED, cost_usd=step.cost_usd))
        case Dismiss():
            await owner.dismiss(step.key)
        case Settle():
            said = Settlement(
                cost_usd=step.cost_usd, market_usd=None, provider=None, model=None, tokens=None, byok=False
            )
            await ledgers[1].settle(step.key, said)
        case GiveUp():
            await ledgers[0].give_up(step.key)


async def compare(folder: Path, steps: Sequence[Step], filters: Sequence[Filter]) -> None:
    clock, model = Clock(), Model()
    ledgers = [Ledger(folder, now=clock), Ledger(folder, now=clock)]
    try:
        for step in steps:
            await take(ledgers, step, model.known.get(step.key))
            model.take(step)
        for ledger in ledgers:
            stands = [(one.spent_usd, one.in_flight_usd) for one in await ledger.standings(filters)]
            assert stands == [model.standing(filter_) for filter_ in filters]
        found = await rows(ledgers[0])
    finally:
        for ledger in ledgers:
            await ledger.aclose()
    assert {str(row["key"]): row["state"] for row in found} == {key: one.state for key, one in model.known.items()}
    total = sum(one.picousd for one in model.known.values())
    for name in GROUPINGS:
        groups: Counter[object] = Counter()
        for row in found:
            cost = row["cost_picousd"]
            groups[row[name]] += cost if isinstance(cost, int) else 0
        assert groups.total() == total


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(FILTERS, max_size=4))
def test_it_says_what_a_plain_model_says(steps: list[Step], filters: list[Filter]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), steps, filters))
