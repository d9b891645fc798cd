"""The settings files as they were before the first answer."""

import os
from pathlib import Path

import pytest

from passerelle.rpc.glance import MOST_BYTES, glance
from passerelle.words.uris import to_uri

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths with a drive are read later there")


def test_the_texts_of_both_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "a b é"
    folder.mkdir()
    (folder / "passerelle.toml").write_text("x = 1")
    user = tmp_path / "config.toml"
    user.write_bytes(b"\xef\xbb\xbfy = 2")

    found = glance({"PASSERELLE_HOME": str(tmp_path)}, [to_uri(folder), "untitled:x"])

    assert found == {str(folder / "passerelle.toml"): "x = 1", str(user): "y = 2"}


def test_a_file_that_is_not_there_is_known_not_to_be(tmp_path: Path) -> None:
    assert glance({"PASSERELLE_CONFIG": str(tmp_path / "x.toml")}, []) == {str(tmp_path / "x.toml"): None}


def test_what_is_out_of_the_ordinary_is_left_for_later(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff")
    (tmp_path / "large.toml").write_bytes(b"#" * (MOST_BYTES + 1))
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()

    for name in ("binary.toml", "large.toml", "pipe.toml", "folder.toml"):
        assert glance({"PASSERELLE_CONFIG": str(tmp_path / name)}, []) == {}
    assert glance({"PASSERELLE_CONFIG": "relative.toml"}, []) == {}
