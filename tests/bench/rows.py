"""What a benchmark claims, and the table of it. Sides are compared in turn, in the same run: only ratios last."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple

ROUNDS = 7
GATE = 1.5
"""How many times its target a value may be before the run fails: machines are noisy."""

Sample = Mapping[str, float]
"""What one round of one side measured, by name."""
Verdict = Literal["", "ok", "over", "gate failed"]


class Target(NamedTuple):
    """The most that a row's ratio may be, or its own value if `absolute`; `later` is where it shall go."""

    most: float
    later: float
    absolute: bool = False


class Side(NamedTuple):
    """A value of ours or of the peer, and how to write it."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{number(self.value)} {self.unit}"


class Row(NamedTuple):
    """One claim. Less is better, unless there is no target. `notes` are for the reader only."""

    what: str
    ours: Side
    peer: Side | None = None
    peer_name: str = ""
    ratio: float | None = None
    target: Target | None = None
    notes: Sequence[str] = ()

    @property
    def verdict(self) -> Verdict:
        judged = self.ours.value if self.target and self.target.absolute else self.ratio
        if self.target is None or judged is None:
            return ""
        if judged <= self.target.most:
            return "ok"
        return "over" if judged <= self.target.most * GATE else "gate failed"


class Rounds:
    """The samples of both sides, round by round."""

    def __init__(self, ours: Sequence[Sample], peer: Sequence[Sample], peer_name: str) -> None:
        self.samples = ours
        self._peer = peer
        self._peer_name = peer_name

    def row(
        self,
        what: str,
        unit: str,
        name: str,
        *,
        peer: str | None = None,
        target: Target | None = None,
        notes: Sequence[str] = (),
    ) -> Row:
        """Medians of what was measured under a name (of the peer: under `peer`), and the median of the ratios."""
        ours, others = self.ours(name), self.peer(peer or name)
        return Row(
            what,
            Side(median(ours), unit),
            Side(median(others), unit),
            self._peer_name,
            median(mine / theirs for mine, theirs in zip(ours, others, strict=True)),
            target,
            notes,
        )

    def beside(self, peer: Sequence[Sample], peer_name: str) -> "Rounds":
        """Ours, beside another peer."""
        return Rounds(self.samples, peer, peer_name)

    def ours(self, name: str) -> list[float]:
        return [sample[name] for sample in self.samples]

    def peer(self, name: str) -> list[float]:
        return [sample[name] for sample in self._peer]


def in_turn(ours: Callable[[], Sample], peer: Callable[[], Sample], peer_name: str, rounds: int = ROUNDS) -> Rounds:
    """Measure ours, the peer, ours, the peer: what else the machine does is shared fairly."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return Rounds([mine for mine, _ in pairs], [theirs for _, theirs in pairs], peer_name)


def table(rows: Iterable[Row]) -> str:
    """The rows as text, each note on a line of its own."""
    lines = [_line("", "ours", "peer", "", "ratio", "target", "later", "")]
    for row in rows:
        lines.append(_line(row.what, str(row.ours), str(row.peer or ""), row.peer_name, *_judged(row), row.verdict))
        lines += [f"    {note}" for note in row.notes]
    return "\n".join(lines)


def number(value: float) -> str:
    """Three digits or more, for people."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _judged(row: Row) -> tuple[str, str, str]:
    ratio = "" if row.ratio is None else number(row.ratio) if row.ratio >= 0.1 else f"{row.ratio:.3f}"
    if row.target is None:
        return ratio, "", ""
    unit = f" {row.ours.unit}" if row.target.absolute else ""
    return ratio, f"≤ {row.target.most:g}{unit}", f"{row.target.later:g}"


def _line(what: str, ours: str, peer: str, peer_name: str, *judged: str) -> str:
    ratio, target, later, verdict = judged
    text = f"{what:<48}{ours:>13}{peer:>14} {peer_name:<15}{ratio:>6}  {target:<9} {later:<6}{verdict}"
    return text.rstrip()
