"""Where a cursor stands in a text that is being written. `|` marks the place in each case; most are no TOML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.config.assist_place import where


@pytest.mark.parametrize(
    ("text", "kind", "above", "typed"),
    [
        ("", "key", "", ""),
        ("ga", "key", "", "ga"),
        ('gateway = "v', "value", "gateway", "v"),
        ("gateway =", "value", "gateway", ""),
        ("gateway = ve", "value", "gateway", "ve"),
        ("gateway = 'of", "value", "gateway", "of"),
        ('gateway = "x"', "nothing", None, ""),
        ('gateway = "x" # of', "nothing", None, ""),
        ("[", "header", "", ""),
        ("[[bud", "header", "", "bud"),
        ("[models.", "header", "models", ""),
        ('[models."anth', "header", "models", "anth"),
        ("[roles]", "nothing", None, ""),
        ("[roles]\nch", "key", "roles", "ch"),
        ('[roles]\n"ch', "key", "roles", "ch"),
        ("[routing.roles.x]\nor", "key", "routing roles x", "or"),
        ('[models."a/b"]\ntimeouts.con', "key", "models a/b timeouts", "con"),
        ('[models."a/b"]\ntimeouts = { connect_s = 1, id', "key", "models a/b timeouts", "id"),
        ('[models."a/b"]\nrouting = { sort = "', "value", "models a/b routing sort", ""),
        ('[models."a/b"]\nrouting = { only = ["a"], so', "key", "models a/b routing", "so"),
        ('[routing]\nfallbacks = ["a", "b', "value", "routing fallbacks", "b"),
        ('[routing]\nfallbacks = [\n  "a", # why\n  "b', "value", "routing fallbacks", "b"),
        ('[[budgets]]\nper = "', "value", "budgets 0 per", ""),
        # What was left open above ends where something new begins.
        ('[routing]\nfallbacks = ["a",\n[roles]\nchat = "', "value", "roles chat", ""),
        ("[routing]\nonly = [\nsort = ", "value", "routing sort", ""),
        ('x = "open\n[roles]\nch', "key", "roles", "ch"),
        ("x = { a = 1,\nga", "key", "", "ga"),
        ("= = ]\n[roles\nga", "key", "", "ga"),
        ('[[actions]]\nprompt = """\n[roles]\nch', "nothing", None, ""),
        ('[[actions]]\nprompt = """\nx"""\nro', "key", "actions 0", "ro"),
        ("[roles]\r\nch", "key", "roles", "ch"),
    ],
)
def test_the_place_is_known(text: str, kind: str, above: str | None, typed: str) -> None:
    found = where(text)

    assert (found.kind, found.typed) == (kind, typed)
    if above is not None:
        assert " ".join(found.above) == above
        assert text[found.start :] == typed


@given(st.text(st.sampled_from("[]{}=.,\"'#\n\r ab1\\"), max_size=60))
def test_no_text_is_too_broken(text: str) -> None:
    found = where(text)

    assert 0 <= found.start <= len(text)
    if found.kind in {"key", "header", "value"}:
        assert text[found.start :].rstrip(" \t\r") == found.typed.rstrip(" \t\r")
