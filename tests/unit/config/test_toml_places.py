"""Where each key stands, checked against the keys that tomllib finds."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passerelle.config.toml import MOST_KEYS, Keys, SyntaxFault, dotted, place_of, read_document


def keys_of(value: object, above: Keys = ()) -> Iterator[Keys]:
    """Each key of a table, and each table of an array."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        keys = (*above, str(key))
        if isinstance(value, dict) or isinstance(inner, dict):
            yield keys
        yield from keys_of(inner, keys)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a = 1", {"a": (1, 1)}),
        ("\n\t a = 1", {"a": (2, 3)}),
        ("# a = 1\r\nb = 1\r\n", {"b": (2, 1)}),
        ("[a]\nb = 1\n[ c . d ]\ne = 1", {"a": (1, 2), "a.b": (2, 1), "c": (3, 3), "c.d": (3, 7), "c.d.e": (4, 1)}),
        ("a . 'b'.\"c d\" = 1", {"a": (1, 1), "a.b": (1, 5), 'a.b."c d"': (1, 9)}),
        ('"\\u00e9" = 1', {'"é"': (1, 1)}),
        ('"𝄞" = { b = 1 }', {'"𝄞"': (1, 1), '"𝄞".b': (1, 9)}),
        ("a = { b = 1, c.d = 2 }", {"a": (1, 1), "a.b": (1, 7), "a.c": (1, 14), "a.c.d": (1, 16)}),
        ("[[a]]\nb = 1\n[[a]]", {"a": (1, 3), "a.0": (1, 3), "a.0.b": (2, 1), "a.1": (3, 3)}),
        ("[[a]]\n[a.b]\n[[a.c]]", {"a": (1, 3), "a.0": (1, 3), "a.0.b": (2, 4), "a.0.c": (3, 5), "a.0.c.0": (3, 5)}),
        ("a = [ 1, {b = 1},\n  # c\n  {}, ]", {"a": (1, 1), "a.1": (1, 10), "a.1.b": (1, 11), "a.2": (3, 3)}),
        ('a = """\nb = 1\n\\""" c"""\nc = 1', {"a": (1, 1), "c": (4, 1)}),
        ("a = '''\n[b]\n'''''\nc = 1", {"a": (1, 1), "c": (4, 1)}),
        ('a = ["]", \'}\', "#"] # b = 1\nc = 1979-05-27 07:32:00', {"a": (1, 1), "c": (2, 1)}),
    ],
)
def test_each_key_has_the_place_where_it_is_first_written(text: str, places: dict[str, tuple[int, int]]) -> None:
    assert {dotted(keys): place for keys, place in read_document(text).places.items()} == places


BLANKS = st.sampled_from(["", " ", "\t", "  "])
PARTS = st.sampled_from(["a", "b-1", "2", '"c.d"', "'e f'", '"\\u00e9"', '"𝄞"', '""', '"#"', '"[x]"'])
SCALARS = st.sampled_from(
    [
        "1",
        "0.5",
        "true",
        "nan",
        '"x"',
        "'y # ]'",
        '"\\" }"',
        '"""\n"" ]\n"""',
        "'''\n[z]\n'''",
        "1979-05-27 07:32:00",
        '""',
    ]
)


@st.composite
def a_key(draw: st.DrawFn) -> str:
    parts = draw(st.lists(PARTS, min_size=1, max_size=3))
    return draw(BLANKS) + (draw(BLANKS) + "." + draw(BLANKS)).join(parts) + draw(BLANKS)


def containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.builds("{}={}".format, a_key(), values), max_size=3)
    separators = st.sampled_from([",", ", ", ",\n  # [c] = {\n", "\n,"])
    lists = st.builds("[{}{}{}]".format, BLANKS, st.builds(str.join, separators, st.lists(values, max_size=3)), BLANKS)
    return lists | st.builds("{{{}}}".format, st.builds(", ".join, pairs))


VALUES = st.recursive(SCALARS, containers, max_leaves=5)
STATEMENTS = (
    st.builds("{}={}{}".format, a_key(), BLANKS, VALUES)
    | st.builds("[{}]".format, a_key())
    | st.builds("[[{}]] # [x]".format, a_key())
    | st.sampled_from(["", "# a = 1", "\t"])
)


@given(st.lists(STATEMENTS, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_exactly_the_keys_of_tomllib_have_places_and_stand_there(statements: list[str], line_end: str) -> None:
    text = "\n".join(statements).replace("\n", line_end)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)

    places = read_document(text).places

    assert set(places) == set(keys_of(tree))
    lines = text.split("\n")
    for keys, (line, column) in places.items():
        written = lines[line - 1][column - 1 :]
        assert written[0] in "{\"'" or written.startswith(keys[-1]) or keys[-1].isdigit()


@given(st.text(alphabet="a.=[]{}\"'#,\n \\1", max_size=20))
def test_any_text_is_read_as_tomllib_does_or_refused(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(SyntaxFault):
            read_document(text)
    else:
        assert read_document(text).tree == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a = 1\nb = \nc = 1", 2, 5, "Invalid value"),
        ("a = 1\r\nb\r\n", 2, 2, "Expected '=' after a key in a key/value pair"),
        ("a = '''\n\nx", 3, 2, "Expected \"'''\""),
        ("[a]\nb = 1\n\n[a.b]\n", 4, 5, "Cannot overwrite a value"),
        ("a.b = 1\na . b = 2", 2, 5, "`a.b` is set twice, first in line 1"),
        ("a = {b = 1}\na.b = 2", 2, 3, "`a.b` is set twice, first in line 1"),
        ("a = " + "9" * 5000, 1, 1, "a number has too many digits"),
        ("a = " + "[" * 5000, 1, 37, "keys are nested too deeply"),
        ("x = { " + "a." * 100_000 + "a = 1 }", 1, 69, "keys are nested too deeply"),
        ("a = [" + "{a=1}," * MOST_KEYS + "]", 1, 15001, "more than 5000 keys"),
    ],
)
def test_a_text_that_is_no_toml_or_too_much_is_refused_at_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(SyntaxFault) as refused:
        read_document(text)

    assert (refused.value.message, refused.value.place) == (message, (line, column))


def test_a_missing_key_is_placed_at_the_table_that_lacks_it() -> None:
    places = read_document("\n[a.b]\nc = 1").places

    assert place_of(places, ("a", "b", "x", "y")) == (2, 4)
    assert place_of(places, ("z",)) == (1, 1)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_a_dotted_key_is_toml_for_itself(keys: list[str]) -> None:
    value: object = tomllib.loads(f"{dotted(tuple(keys))} = 1")

    for key in keys:
        assert isinstance(value, dict)
        assert list(value) == [key]
        value = value[key]
