"""Amounts as the ledger keeps them, whole picodollars (1e-12 US dollars), so that sums are exact in any order; and as a
sentence says them.
"""

from decimal import ROUND_HALF_EVEN, Decimal

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
    """For a sentence: cents, and of less than a dollar two digits more where they say something."""
    text = f"{usd:.2f}" if abs(usd) >= 1 else f"{usd:.4f}"
    whole, _, digits = text.partition(".")
    return f"${whole}.{digits.rstrip('0'):0<2}"
