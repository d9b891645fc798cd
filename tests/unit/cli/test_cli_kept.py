"""Short ids that still tell conversations apart."""

import pytest

from passerelle.cli.kept import short_ids


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        ([], []),
        (["0123456789"], ["01234567"]),
        (["abc", "abd"], ["abc", "abd"]),
        (["0123456789a", "0123456789b", "x123456789b"], ["0123456789a", "0123456789b", "x123456789b"]),
        (["01234567", "012345678"], ["01234567", "012345678"]),
    ],
)
def test_an_id_is_as_short_as_it_can_be(ids: list[str], short: list[str]) -> None:
    assert short_ids(ids) == short
