"""Lines and columns as LSP counts them."""

import pytest

from passerelle.words.text import Encoding, code_points, column_of, split_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("a\r\nb\rc\nd", ["a\r\n", "b\r", "c\n", "d"]),
        ("a\u2028b\x0cc\x85", ["a\u2028b\x0cc\x85"]),
    ],
)
def test_lines_end_where_lsp_says(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [("utf-8", [0, 1, 3, 7, 8]), ("utf-16", [0, 1, 2, 4, 5]), ("utf-32", [0, 1, 2, 3, 4])],
)
def test_columns_count_in_their_units(encoding: Encoding, columns: list[int]) -> None:
    line = "aé😀b"

    assert [column_of(line, index, encoding) for index in range(5)] == columns
    assert [code_points(line, column, encoding) for column in columns] == [0, 1, 2, 3, 4]
    assert code_points(line, 99, encoding) == 4
