"""Which lines stand for code that is not shown."""

import pytest

from passerelle.edits.elision import is_elision


@pytest.mark.parametrize(
    ("line", "language", "is_one"),
    [
        ("# ... existing code ...", "python", True),
        ("    // …", "go", True),
        ("// ... rest of the function", "go", True),
        ("# (existing imports ...)", "python", True),
        ("// existing code", "typescript", True),
        ("/* rest of the methods unchanged */", "java", True),
        ("<!-- ... -->", "html", True),
        ("{/* ... other fields ... */}", "typescriptreact", True),
        ("-- remaining code", "sql", True),
        ("...", "typescript", True),
        ("...", "python", False),
        ("# Loading...", "python", False),
        ("# Return the previous value of this class", "python", False),
        ("# existing users are told", "python", False),
        ("x = 1  # ... and more", "python", False),
        ("print('...')", "python", False),
        ("[...rest]", "typescript", False),
        ("", "go", False),
    ],
)
def test_a_line_that_stands_for_others_is_known(line: str, language: str, is_one: bool) -> None:
    assert is_elision(line, language) == is_one
