from pathlib import Path

import pytest

from passerelle.offline.readme import Section, excerpt, read_readme, split_sections


@pytest.mark.parametrize(
    ("markdown", "sections"),
    [
        ("", []),
        ("Text.", [Section("", "Text.")]),
        ("# A\n\none\n\n## B ##\ntwo\nthree\n", [Section("A", "one"), Section("B", "two\nthree")]),
        ("# Empty\n\n# B\ntwo", [Section("B", "two")]),
        ("# A\n```\n# no heading\n```\n", [Section("A", "```\n# no heading\n```")]),
        ("# A\n~~~\n```\n# no\n~~~\n# B\nb", [Section("A", "~~~\n```\n# no\n~~~"), Section("B", "b")]),
        ("# A\n````\n```\n# no\n````", [Section("A", "````\n```\n# no\n````")]),
        ("#hash\n####### seven", [Section("", "#hash\n####### seven")]),
        ("# A\r\none\r\n", [Section("A", "one")]),
    ],
)
def test_sections_lie_between_headings(markdown: str, sections: list[Section]) -> None:
    assert split_sections(markdown) == sections


@pytest.mark.parametrize(
    ("text", "most", "start", "is_whole"),
    [
        ("one\n\ntwo", 100, "one\n\ntwo", True),
        ("one\n\ntwo", 3, "one", False),
        ("one\ntwo", 3, "one\ntwo", True),
        ("```\na\n\nb\n```\n\nend", 5, "```\na\n\nb\n```", False),
    ],
)
def test_an_excerpt_ends_between_paragraphs_and_outside_of_code(
    text: str, most: int, start: str, *, is_whole: bool
) -> None:
    cut = excerpt(text, most)

    assert cut.startswith(start)
    assert cut.removeprefix(start) == ("" if is_whole else "\n\n(This section goes on in the README.)")


def test_the_readme_of_an_installed_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "passerelle-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.4\nName: passerelle\nVersion: 9\n\n# Ünï\n\ntext\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert read_readme(tmp_path / "README.md") == "# Ünï\n\ntext\n"


def test_our_own_readme_is_found_and_has_sections() -> None:
    assert len(split_sections(read_readme())) > 1


def test_pictures_are_left_out_but_not_from_code() -> None:
    (section,) = split_sections("# Panel\nText.\n![A panel](docs/a.png)\n```\n![code](b.png)\n```\n")

    assert section.text == "Text.\n```\n![code](b.png)\n```"
