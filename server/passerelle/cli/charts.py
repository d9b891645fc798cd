"""Charts of one line, drawn with characters. What an encoding lacks is made plain where it is printed."""

from collections.abc import Sequence
from math import ceil

STEPS = "▂▃▄▅▆▇█"
NOTHING = "▁"


def sparkline(values: Sequence[float]) -> str:
    """A character for each value, the largest full. Nothing looks like nothing, and very little like a little."""
    largest = max(values, default=0.0)
    return "".join(STEPS[ceil(value / largest * len(STEPS)) - 1] if value > 0 else NOTHING for value in values)


def bar(value: float, largest: float, width: int) -> str:
    """A line from the left, `width` characters where it is the largest; in steps of half a character."""
    halves = max(1, round(value / largest * width * 2)) if value > 0 else 0
    return "█" * (halves // 2) + "▌" * (halves % 2)
