"""Numbers as a person reads them: money, tokens, windows, ages. Unknown stays unknown, and an estimate says so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import UNSET

from passerelle.money.amounts import dollars
from passerelle.protocol.chat import Attempt, ChatResult, Cost, Usage
from passerelle.protocol.conversations import ConversationTotal
from passerelle.protocol.state import BudgetState, Credits

UNKNOWN = "?"
THOUSAND = 1000
EXACT = 10_000


def usd_column(amounts: Sequence[float]) -> list[str]:
    """Amounts that stand below each other: as many decimals as the largest deserves, "<" where these hide one."""
    largest = max(map(abs, amounts), default=0.0)
    decimals = next((places for least, places in ((1, 2), (0.01, 4), (0.0001, 6)) if largest >= least), 8)
    return [_aligned(amount, decimals) for amount in amounts]


def _aligned(amount: float, decimals: int) -> str:
    least = 10**-decimals
    if 0 < amount < least / 2:
        return f"<${least:.{decimals}f}"
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{decimals}f}" if amount else "$0"


def spent(cost_usd: float, estimated_usd: float) -> str:
    """What is known of all that something cost; marked where a part of it is an estimate."""
    return f"{'≈ ' if estimated_usd else ''}{dollars(cost_usd + estimated_usd)}"


def allowance(budget: BudgetState) -> str:
    """What a budget allows: $5.00 a day."""
    return f"{dollars(budget.usd)} a {budget.per}"


def scope(budget: BudgetState) -> str:
    """What counts for a budget."""
    return " · ".join(", ".join(names) for names in (budget.roles, budget.models) if names) or "everything"


def left(credit: Credits) -> str:
    return f"{dollars(credit.balance_usd)} left, {dollars(credit.used_usd)} used"


def price(usd_per_million: float | None) -> str:
    """US dollars per million tokens, without the sign: 3.00, 0.25, 0.075."""
    return UNKNOWN if usd_per_million is None else dollars(usd_per_million).removeprefix("$")


def count(number: int) -> str:
    """A number of tokens in a narrow column: 3,100, 48K, 1.05M."""
    return f"{number:,}" if number < EXACT else window(number)


def share(part: float, whole: float) -> str:
    """In whole per cent; "–" of nothing."""
    return f"{part / whole:.0%}" if whole else "–"


def window(tokens: int | None) -> str:
    """A context window as its makers say it: 512, 131K (131,072), 1M, 1.05M (1,048,576)."""
    if tokens is None:
        return UNKNOWN
    if tokens < THOUSAND:
        return str(tokens)
    if round(tokens / THOUSAND) < THOUSAND:
        return f"{tokens / THOUSAND:.0f}K"
    return f"{tokens / THOUSAND**2:.2f}".rstrip("0").rstrip(".") + "M"


def cost(of: Cost) -> str:
    if of.usd is None or of.source == "unknown":
        return "cost unknown"
    text = dollars(of.usd) if of.source == "gateway" else f"≈ {dollars(of.usd)} (estimate)"
    if of.byok is not UNSET and of.byok:
        about = "" if of.market_usd is UNSET else f", about {dollars(of.market_usd)}"
        text += f" and your own account at the provider{about}"
    return text if of.saved_usd is UNSET or not of.saved_usd else f"{text}, {dollars(of.saved_usd)} saved"


def tokens(usage: Usage) -> str:
    cached = f" ({share(usage.cached_tokens, usage.input_tokens)} cached)" if usage.cached_tokens else ""
    reasoning = f" + {usage.reasoning_tokens:,} reasoning" if usage.reasoning_tokens else ""
    return f"{usage.input_tokens:,} tokens in{cached}, {usage.output_tokens:,} out{reasoning}"


def turns(count: int) -> str:
    return f"{count} turn{'' if count == 1 else 's'}"


def seconds(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < THOUSAND else f"{ms / THOUSAND:.1f} s"


def summary(result: ChatResult) -> str:
    """The line below an answer: who answered, how much, what it cost, how soon it began."""
    facts = [result.model + (f" via {result.provider}" if result.provider else "")]
    if result.usage is not None:
        facts.append(tokens(result.usage))
    facts.append(cost(result.cost))
    if result.timings.first_delta_ms is not None:
        facts.append(f"{seconds(result.timings.first_delta_ms)} to the first word")
    if result.attempts is not UNSET and any(not one.success for one in result.attempts):
        facts.append(tried(result.attempts))
    return " · ".join(facts)


def tried(attempts: Sequence[Attempt]) -> str:
    """Who failed, and who answered: "anthropic failed (529), bedrock answered"."""
    is_one_model = len({one.model for one in attempts}) == 1
    said: dict[str, None] = {}  # In order, each once.
    for one in attempts:
        name = (one.provider or one.model) if is_one_model else one.model
        status = "" if one.status is UNSET else f" ({one.status})"
        said[f"{name} answered" if one.success else f"{name} failed{status}"] = None
    return ", ".join(said)


class Spent(NamedTuple):
    """What a conversation cost so far."""

    usd: float = 0.0
    answers: int = 0
    unknown: int = 0
    is_estimate: bool = False

    def plus(self, of: Cost) -> "Spent":
        known = of.usd is not None and of.source != "unknown"
        return Spent(
            usd=self.usd + (of.usd or 0.0 if known else 0.0),
            answers=self.answers + 1,
            unknown=self.unknown + (not known),
            is_estimate=self.is_estimate or of.source == "estimate",
        )

    @classmethod
    def of(cls, total: ConversationTotal, answers: int) -> "Spent":
        """What a conversation that the daemon kept has cost before."""
        usd_in_all = total.cost_usd + total.estimated_usd
        return cls(usd_in_all, answers, total.unknown, is_estimate=total.estimated_usd > 0)

    def __str__(self) -> str:
        text = f"{'≈ ' if self.is_estimate else ''}{dollars(self.usd)} in all"
        return text + (f", and {self.unknown} of {self.answers} answers of unknown cost" if self.unknown else "")


def moment(iso: str) -> datetime:
    """An ISO 8601 moment; without an offset it is UTC. Raises ValueError for what is none."""
    then = datetime.fromisoformat(iso)
    return then if then.tzinfo else then.replace(tzinfo=UTC)


def age(iso: str | None, now: datetime) -> str:
    """How old something of an ISO 8601 moment is: "3 minutes old"; "of unknown age" where it is none."""
    passed = _passed(iso, now)
    return "of unknown age" if passed is None else f"{passed} old"


def ahead(iso: str, now: datetime) -> str:
    """How far ahead an ISO 8601 moment is: "in 3 minutes"."""
    return f"in {_length((moment(iso) - now).total_seconds())}"


def ago(iso: str, now: datetime) -> str:
    """How long ago an ISO 8601 moment was: "3 minutes ago"; unknown where it is none."""
    passed = _passed(iso, now)
    return UNKNOWN if passed is None else f"{passed} ago"


def _passed(iso: str | None, now: datetime) -> str | None:
    try:
        return _length((now - moment(iso or "")).total_seconds())
    except ValueError:
        return None


def _length(length_s: float) -> str:
    for unit, unit_s in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if length_s >= unit_s:
            number = int(length_s // unit_s)
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return "less than a minute"
