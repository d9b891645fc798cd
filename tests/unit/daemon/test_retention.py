"""How long conversations are kept."""

from collections.abc import Sequence

import pytest

from passerelle.daemon.core import longest


@pytest.mark.parametrize(("said", "days"), [([], 0), ([0], 0), ([30], 30), ([7, 30], 30), ([7, 0], 0), ([0, 7, 30], 0)])
def test_whoever_wants_it_longest_is_heard(said: Sequence[int], days: int) -> None:
    assert longest(said) == days
