"""What the doctor found, put into words: facts in, checks out. It touches nothing."""

from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import UNSET, UnsetType

from passerelle.cli.figures import age, ahead, allowance, left, moment, scope, share, spent
from passerelle.money.amounts import dollars
from passerelle.protocol.state import BudgetState, CatalogueStatus, Credits, EffectiveConfig, Problem, Status, Today

OLDEST_PYTHON = (3, 11)
STALE_S = 86_400
MEGABYTE = 1_000_000
Verdict = Literal["good", "bad", "note"]
MARKS: dict[Verdict, str] = {"good": "✓", "bad": "✗", "note": "!"}


class Check(NamedTuple):
    """One line of the doctor's, and what to do where it is not good."""

    verdict: Verdict
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{MARKS[self.verdict]} {self.what}" + (f"\n  → {self.advice}" if self.advice else "")


def check_python(version: tuple[int, int, int], platform: str) -> Check:
    what = f"Python {'.'.join(map(str, version))} on {platform}"
    if version[:2] < OLDEST_PYTHON:
        return Check("bad", what, f"Install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer.")
    return Check("good", what)


def check_config(config: EffectiveConfig, usual: Path) -> list[Check]:
    """Which files hold, then each problem in them. `usual` is the person's own file, which need not be there."""
    paths = sorted({value.path for value in config.values if value.path is not UNSET})
    paths += sorted({problem.path for problem in config.problems} - set(paths))
    found = f"Settings from {', '.join(paths)}" if paths else f"No settings: all is as built in. Yours go into {usual}"
    return [Check("good", found), *map(_check_problem, config.problems)]


def line_of(problem: Problem) -> str:
    """As compilers say it, so that editors and terminals can lead there."""
    place = f"{problem.path}:{problem.line}:{problem.column}"
    key = f" {problem.key}:" if problem.key and problem.key not in problem.message else ""
    return f"{place}: {problem.severity}:{key} {problem.message}"


def check_folder(what: str, path: Path, fault: str | None) -> Check:
    """Whether we may write into a folder; `fault` is what the system said against it."""
    if fault is None:
        return Check("good", f"{what} in {path}")
    return Check("bad", f"{what} cannot be written to {path}: {fault}", "Mend its permissions, or set PASSERELLE_HOME.")


def check_ledger(path: Path, size_bytes: int | None, fault: str | None, today: Today | UnsetType) -> Check:
    """Whether what was spent can be read and written down; `size_bytes` is None before the first attempt."""
    if fault is not None or today is UNSET:
        what = f"The ledger {path} cannot be {'written' if fault else 'read'}{f': {fault}' if fault else ''}"
        return Check("bad", what, "Until it can, what is spent is in no sum, and budgets do not see it.")
    if size_bytes is None:
        return Check("good", f"The ledger will be {path}: nothing was spent yet")
    size = f"{size_bytes / 1e3:,.0f} kB" if size_bytes < MEGABYTE else f"{size_bytes / MEGABYTE:,.1f} MB"
    return Check("good", f"The ledger is {path}, {size}; today {spent(today.cost_usd, today.estimated_usd)}")


def check_budget(budget: BudgetState, now: datetime) -> Check:
    what = f"Budget {budget.key}, {allowance(budget)} for {scope(budget)}: {dollars(budget.spent_usd)} spent"
    if budget.usd:
        what += f" ({share(budget.spent_usd, budget.usd)})"
    if budget.resets_at is not None:
        what += f", begins anew {ahead(budget.resets_at, now)}"
    if budget.state == "ok":
        return Check("good", what)
    advice = f"`passerelle budgets allow {budget.key}` lets one more request through."
    return Check("note", what, advice if (budget.state, budget.action) == ("reached", "stop") else "")


def check_credits(credit: Credits, warn_below_usd: float) -> Check:
    what = f"Credits at the gateway: {left(credit)}"
    if credit.balance_usd >= warn_below_usd:
        return Check("good", what)
    return Check(
        "note", what, f"That is less than {dollars(warn_below_usd)} (spending.warn_below_usd): add some there."
    )


def check_status(status: Status) -> list[Check]:
    """What the daemon itself finds wrong where no other check sees it, and models that others serve for."""
    found: list[Check] = []
    if status.state == "overBudget" or (status.state == "misconfigured" and not status.problems):
        found.append(Check("bad", status.message))
    for name, role in sorted(status.roles.items()):
        if role.wanted is not UNSET:
            what = f"{role.wanted} has left the gateway's list; {role.model} serves {name} in its place"
            found.append(Check("note", what, f'Choose one yourself: roles.{name} = "{role.model}"'))
    return found


def check_catalogue(catalogue: CatalogueStatus, now: datetime) -> Check:
    if catalogue.source == "builtin" or catalogue.total == 0:
        return Check("note", "No list of models from the gateway yet", "`passerelle models --refresh` asks for it.")
    what = f"{catalogue.total} models, the list is {age(catalogue.fetched_at, now)}"
    is_old = catalogue.fetched_at is not None and (now - moment(catalogue.fetched_at)).total_seconds() > STALE_S
    return Check("note", what, "`passerelle models --refresh` asks for a new one.") if is_old else Check("good", what)


def check_listing(status: int, url: str) -> Check:
    """What the gateway answered to `GET /models` without a key."""
    what = f"GET {url} answered {status}"
    if status in range(200, 300):
        return Check("good", what)
    if status in {401, 403}:
        return Check("note", f"{what}: it lists its models only to who has a key")
    if status in range(500, 600):
        return Check("bad", what, "The gateway is in trouble; try again later.")
    return Check("bad", what, "Is the url right? It ends with the part before /models, often /v1.")


def _check_problem(problem: Problem) -> Check:
    return Check("bad" if problem.severity == "error" else "note", line_of(problem))
