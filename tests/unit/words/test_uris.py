"""File URIs, as editors write them."""

import os
from pathlib import Path

import pytest

from passerelle.words.uris import is_inside, to_path, to_uri

posix_only = pytest.mark.skipif(os.name == "nt", reason="paths with a drive are another matter")


@posix_only
@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/a%20b/%C3%A9.py", "/home/a b/é.py"),
        ("file:///a/%F0%9F%98%80", "/a/😀"),
        ("file://localhost/a", "/a"),
        ("untitled:Untitled-1", None),
        ("vscode-remote://ssh/a", None),
        ("", None),
    ],
)
def test_a_path_of_a_uri(uri: str, path: str | None) -> None:
    assert to_path(uri) == (Path(path) if path else None)


@posix_only
@pytest.mark.parametrize("path", ["/a", "/a b/é#?%.py", "/😀/x:y", "/a/[id].ts"])
def test_a_uri_leads_back_to_its_path(path: str) -> None:
    assert to_path(to_uri(path)) == Path(path)


@pytest.mark.parametrize(
    ("path", "inside"), [("/a/b", True), ("/a/b/c", True), ("/a/bc", False), ("/a", False), ("/", False)]
)
def test_a_folder_does_not_own_its_neighbour(path: str, inside: bool) -> None:
    assert is_inside(Path(path), Path("/a/b")) is inside
