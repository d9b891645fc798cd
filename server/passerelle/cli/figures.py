"""Numbers as a person reads them: money, tokens, windows, ages. Unknown stays unknown, and an estimate says so."""

from datetime import UTC, datetime
from math import floor, log10
from typing import NamedTuple

from passerelle.protocol.chat import ChatResult, Cost, Usage
from passerelle.protocol.conversations import ConversationTotal

UNKNOWN = "?"
THOUSAND = 1000


def usd(amount: float) -> str:
    """At least cents, and two digits that say something: $0.0032, $0.12, $3.50."""
    if amount == 0:
        return "$0"
    decimals = max(2, 1 - floor(log10(abs(amount))))
    return f"${amount:,.{min(decimals, 10)}f}"


def price(usd_per_million: float | None) -> str:
    """US dollars per million tokens, without the sign: 3.00, 0.25, 0.075."""
    return UNKNOWN if usd_per_million is None else usd(usd_per_million).removeprefix("$")


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
    return usd(of.usd) if of.source == "gateway" else f"≈ {usd(of.usd)} (estimate)"


def tokens(usage: Usage) -> str:
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    reasoning = f" + {usage.reasoning_tokens:,} reasoning" if usage.reasoning_tokens else ""
    return f"{usage.input_tokens:,} tokens in{cached}, {usage.output_tokens:,} out{reasoning}"


def turns(count: int) -> str:
    return f"{count} turn{'' if count == 1 else 's'}"


def seconds(ms: int) -> str:
    return f"{ms} ms" if ms < THOUSAND else f"{ms / THOUSAND:.1f} s"


def summary(result: ChatResult) -> str:
    """The line below an answer: who answered, how much, what it cost, how soon it began."""
    facts = [result.model + (f" via {result.provider}" if result.provider else "")]
    if result.usage is not None:
        facts.append(tokens(result.usage))
    facts.append(cost(result.cost))
    if result.timings.first_delta_ms is not None:
        facts.append(f"{seconds(result.timings.first_delta_ms)} to the first word")
    return " · ".join(facts)


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
        text = f"{'≈ ' if self.is_estimate else ''}{usd(self.usd)} in all"
        return text + (f", and {self.unknown} of {self.answers} answers of unknown cost" if self.unknown else "")


def moment(iso: str) -> datetime:
    """An ISO 8601 moment; without an offset it is UTC. Raises ValueError for what is none."""
    then = datetime.fromisoformat(iso)
    return then if then.tzinfo else then.replace(tzinfo=UTC)


def age(iso: str | None, now: datetime) -> str:
    """How old something of an ISO 8601 moment is: "3 minutes old"; "of unknown age" where it is none."""
    passed = _passed(iso, now)
    return "of unknown age" if passed is None else f"{passed} old"


def ago(iso: str, now: datetime) -> str:
    """How long ago an ISO 8601 moment was: "3 minutes ago"; unknown where it is none."""
    passed = _passed(iso, now)
    return UNKNOWN if passed is None else f"{passed} ago"


def _passed(iso: str | None, now: datetime) -> str | None:
    try:
        passed_s = max(0, int((now - moment(iso or "")).total_seconds()))
    except ValueError:
        return None
    for unit, length_s in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if passed_s >= length_s:
            count = passed_s // length_s
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
