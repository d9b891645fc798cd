"""Amounts as the ledger keeps them, whole picodollars (1e-12 US dollars), so that sums are exact in any order; and as a
person reads them.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from math import floor, log10

MOST_USD = 10_000
"""Of one attempt. No answer costs more; a gateway that says so must not make the sums of SQLite overflow."""

_PICO = 10**12


def picousd(usd: float) -> int:
    """The nearest whole number to what a finite amount says in decimal, half to even."""
    return int((Decimal(repr(usd)) * _PICO).to_integral_value(ROUND_HALF_EVEN))


def kept_picousd(usd: float) -> int:
    """The same for a row of the ledger, within `MOST_USD`."""
    return max(-MOST_USD * _PICO, min(picousd(usd), MOST_USD * _PICO))


def usd(picousd: int) -> float:
    return picousd / _PICO


def dollars(usd: float) -> str:
    """At least cents, and two digits that say something: $0.0032, $0.12, $3.50."""
    if usd == 0:
        return "$0"
    if usd < 0:
        return f"-{dollars(-usd)}"
    decimals = max(2, 1 - floor(log10(usd)))
    return f"${usd:,.{min(decimals, 10)}f}"
