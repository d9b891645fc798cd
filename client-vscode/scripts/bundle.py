"""Put the daemon and all that it needs into `bundled/`, for this system and each Python that it runs on.

What is compiled is bound to one Python, and lies in `cp311/`, `cp312/` and so on; the rest lies in `any/`, once. Every
file comes from a wheel whose hash is in requirements/runtime.txt; no code of a package runs. Needs `packaging` and pip.
"""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "client-vscode" / "bundled"
LAUNCH = Path(__file__).with_name("launch.py")
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
# What the daemon never imports: what builds it, and what only a terminal needs.
LEFT_OUT = {
    *("editables", "hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"),
    *("markdown-it-py", "mdurl", "pygments", "rich", "shtab"),
}
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "install", "--no-compile", "--no-deps")


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    for version in VERSIONS:
        with tempfile.TemporaryDirectory() as folder:
            install(version, Path(folder))
            sort_in(Path(folder), tag(version))
    shutil.copytree(
        ROOT / "server" / "passerelle",
        TARGET / "any" / "passerelle",
        ignore=shutil.ignore_patterns("__pycache__", ".*", "cli"),
    )
    shutil.copyfile(LAUNCH, TARGET / "launch.py")
    shutil.copyfile(ROOT / "README.md", TARGET / "README.md")  # The guide of the offline gateway looks things up in it.
    probed = json.loads(subprocess.run([sys.executable, "-I", "-S", LAUNCH, "--probe"], check=True, stdout=-1).stdout)
    about = {"machine": probed["machine"], "tags": [tag(version) for version in VERSIONS]}
    (TARGET / "bundle.json").write_text(json.dumps(about) + "\n")


def tag(version: str) -> str:
    """As launch.py says of itself which Python it runs on."""
    return "cp" + version.replace(".", "")


def install(version: str, folder: Path) -> None:
    """All that this Python needs, as pip lays it out."""
    wanted = folder / "requirements.txt"
    wanted.write_text("".join(locked(version)))
    how = ("--require-hashes", "--only-binary", ":all:", "--python-version", version)
    subprocess.run([*PIP, *how, "--target", folder / "all", "--requirement", wanted], check=True)
    wanted.unlink()


def locked(version: str) -> Iterator[str]:
    """The lock's entries for one Python. pip would judge their markers by the Python that it runs on itself."""
    here = {"python_version": version, "python_full_version": f"{version}.0"}
    text = (ROOT / "requirements" / "runtime.txt").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, *hashes = line.split("--hash=")
        requirement = Requirement(name)
        if requirement.name not in LEFT_OUT and (requirement.marker is None or requirement.marker.evaluate(here)):
            requirement.marker = None
            yield f"{requirement} {' '.join('--hash=' + each for each in hashes)}\n"


def sort_in(folder: Path, own: str) -> None:
    """Each package into `any/`, or into the folder of this Python if it was compiled for it alone."""
    (TARGET / own).mkdir()
    for info in (folder / "all").glob("*.dist-info"):
        place = TARGET / ("any" if suits_all(info) else own)
        with (info / "RECORD").open(newline="") as record:
            for name, *_ in csv.reader(record):
                source = folder / "all" / name
                if source.is_file() and is_needed(name):
                    (place / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, place / name)


def suits_all(info: Path) -> bool:
    """Whether the wheel is for any Python: pure, or compiled against the stable interface."""
    tags = [line for line in (info / "WHEEL").read_text().splitlines() if line.startswith("Tag:")]
    return any("-none-any" in each or "-abi3-" in each for each in tags)


def is_needed(name: str) -> bool:
    """Of a package's own files: its code, its data and its licence."""
    if ".dist-info/" in name:
        return "/METADATA" in name or "/entry_points.txt" in name or "licen" in name.lower()
    return not name.startswith(("bin/", "../")) and "/tests/" not in name and not name.endswith((".pyi", ".pyc", ".h"))


if __name__ == "__main__":
    main()
