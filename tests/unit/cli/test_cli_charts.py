"""Charts of one line."""

import pytest

from passerelle.cli.charts import bar, sparkline


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], ""),
        ([0.0, 0.0], "▁▁"),
        ([7.0, 0.0, 1.0, 3.5], "█▁▂▅"),
        ([1e-12, 1e6], "▂█"),
        ([0.3], "█"),
    ],
)
def test_a_sparkline_tells_a_little_from_nothing(values: list[float], text: str) -> None:
    assert sparkline(values) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, ""), (1e-9, "▌"), (0.5, "██"), (0.6, "██▌"), (1.0, "████"), (-1.0, "")]
)
def test_a_bar_is_as_long_as_its_part(value: float, text: str) -> None:
    assert bar(value, 1.0, 4) == text


def test_of_nothing_there_is_no_bar() -> None:
    assert bar(0.0, 0.0, 4) == ""
