"""One value set in a text that a person wrote: all else stays as it was."""

import pytest

from passerelle.config.toml import Keys
from passerelle.config.write import Value, set_value
from passerelle.words.failures import Failure


@pytest.mark.parametrize(
    ("text", "keys", "value", "expected"),
    [
        ("", ("roles", "chat"), "a/b", '[roles]\nchat = "a/b"\n'),
        ("", ("gateway",), "offline", 'gateway = "offline"\n'),
        (
            "# mine\n\n[roles] # r\n# why\nchat   = 'x'  # c\nedit = 'e'\n",
            ("roles", "chat"),
            "a/b",
            "# mine\n\n[roles] # r\n# why\nchat   = \"a/b\"  # c\nedit = 'e'\n",
        ),
        ("[roles]\nchat = 'x'\n\n[z]\n", ("roles", "edit"), "a/b", "[roles]\nchat = 'x'\nedit = \"a/b\"\n\n[z]\n"),
        ("roles.chat = 'x'\n[z]\n", ("roles", "edit"), "a/b", "roles.chat = 'x'\nroles.edit = \"a/b\"\n[z]\n"),
        ("roles = { chat = 'x' } # r\n", ("roles", "edit"), "a", "roles = { chat = 'x', edit = \"a\"} # r\n"),
        ("[caching]\nmode = 'off'\n", ("gateway",), "x", "gateway = \"x\"\n\n[caching]\nmode = 'off'\n"),
        ("# a\r\n[roles]\r\nchat = 'x'\r\n", ("roles", "chat"), "y", '# a\r\n[roles]\r\nchat = "y"\r\n'),
        ("[[budgets]]\nper = 'day'\n", ("roles", "chat"), "x", "[[budgets]]\nper = 'day'\n\n[roles]\nchat = \"x\"\n"),
        ("", ("models", "a/b", "temperature"), 0.5, '[models."a/b"]\ntemperature = 0.5\n'),
        (
            "[models.'a/b']\nx = 1\n[z]\n[models.c]\n",
            ("models", "a/b", "stop"),
            ["s"],
            "[models.'a/b']\nx = 1\nstop = [\"s\"]\n[z]\n[models.c]\n",
        ),
        ("a = 'é𝄞' # ü\n", ("inline", "enabled"), False, "a = 'é𝄞' # ü\n\n[inline]\nenabled = false\n"),
        ("x = 1", ("roles", "chat"), 'q"\\', 'x = 1\n\n[roles]\nchat = "q\\"\\\\"\n'),
    ],
)
def test_a_value_is_set_and_the_rest_stays(text: str, keys: Keys, value: Value, expected: str) -> None:
    assert set_value(text, keys, value) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nroles = ", "This is not TOML: Invalid value, in line 2; mend it first."),
        ("roles = 1", "`roles` is not a table; mend it first."),
        ("[[roles]]", "`roles` is not a table; mend it first."),
        ("roles.a = 1\nx = 1", "`roles.chat.x` cannot be set among what is there; please set it by hand."),
    ],
)
def test_what_cannot_be_kept_is_not_written_over(text: str, message: str) -> None:
    with pytest.raises(Failure) as refused:
        set_value(text, ("roles", "chat", "x"), "a/b")

    assert (refused.value.kind, refused.value.message) == ("misconfigured", message)
