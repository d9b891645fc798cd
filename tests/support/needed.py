"""What a test needs of its machine."""

import os

import pytest


def needed(what: str, how: str, *, is_there: bool) -> None:
    """A machine without it skips the test and says how to get it; CI must have it."""
    if is_there:
        return
    missing = f"{what} is not on this machine: {how}"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
