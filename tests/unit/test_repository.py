"""What holds for the repository as a whole: nothing of one machine in it, locks complete, documents true."""

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import passerelle

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
GROUPS = PYPROJECT["dependency-groups"]
LOCKS: dict[str, list[str]] = {
    "runtime": PROJECT["dependencies"] + GROUPS["build"],
    "offline": PROJECT["optional-dependencies"]["offline"],
    **{name: GROUPS[name] for name in ("dev", "bench", "editors", "tools")},
}

# Written so that this file does not hold what it looks for.
FOREIGN = {
    "the host of a package registry": r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|registry[.]yarnpkg|deb[.]debian",
    "where a registry is": r"--(extra-)?index[-]url|--find[-]links|--trusted[-]host",
    "a path of one machine": r"[/]tmp/(venv|bash)|/work[/](main|shared|[.]library)|/root[/]|/opt[/](wheels|pypi)",
    "a folder that others do not have": r"(?<![\w-])shared[/](design|gateway|testing|hooks)",
}


def tracked_files() -> list[Path]:
    """All that git would take. Patterns of .gitignore here are plain names, held by a test."""
    ignored = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split())]
    found: list[Path] = []
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if any(fnmatch(path.name, pattern) for pattern in ignored):
                continue
            (folders if path.is_dir() else found).append(path)
    return found


FILES = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in tracked_files()}
TEXTS = {name: data.decode("utf-8") for name, data in FILES.items() if b"\0" not in data}


def locked(name: str) -> dict[str, str]:
    """Each package of a lock with all that the lock says of it."""
    text = "".join(line for line in TEXTS[f"requirements/{name}.txt"].splitlines(keepends=True) if line[0] != "#")
    entries = re.split(r"\n(?=\S)", text.strip())
    return {canonicalize_name(entry.partition("==")[0]): entry for entry in entries}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds_what_belongs_to_one_machine(what: str) -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, text in TEXTS.items()
        for match in re.finditer(FOREIGN[what], text)
    ]

    assert found == []


def test_ignored_names_are_plain() -> None:
    assert not re.search(r"[!#\[]|/.", TEXTS[".gitignore"].replace("/\n", "\n"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_each_dependency_in_an_allowed_version(name: str) -> None:
    entries = locked(name)
    for requirement in map(Requirement, LOCKS[name]):
        entry = entries[canonicalize_name(requirement.name)]
        version = re.split(r"[ ;\\]", entry.partition("==")[2], maxsplit=1)[0]

        assert requirement.specifier.contains(version), entry


@pytest.mark.parametrize("name", LOCKS)
def test_each_entry_of_a_lock_has_one_version_and_hashes(name: str) -> None:
    for entry in locked(name).values():
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry), entry


def test_there_is_no_lock_that_nothing_asks_for() -> None:
    assert {f"requirements/{name}.txt" for name in LOCKS} == {
        name for name in TEXTS if name.startswith("requirements/")
    }


def test_two_locks_never_disagree() -> None:
    heads: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, entry in locked(lock).items():
            heads.setdefault(name, set()).add(re.split(r"[ ;\\]", entry.partition("==")[2], maxsplit=1)[0])

    assert {name: versions for name, versions in heads.items() if len(versions) > 1} == {}


def test_locks_of_npm_name_no_place_of_download() -> None:
    for name, text in TEXTS.items():
        if name.endswith("package-lock.json"):
            packages: dict[str, dict[str, object]] = json.loads(text)["packages"]
            assert [path for path, package in packages.items() if "resolved" in package] == [], name


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT
    places = [n for n, text in TEXTS.items() if n.startswith("server/") and f'"{passerelle.__version__}"' in text]
    assert places == ["server/passerelle/__init__.py"]
    assert f"## [{passerelle.__version__}]" in TEXTS["CHANGELOG.md"]


def test_each_dependency_earns_its_line_in_the_architecture() -> None:
    named = set(re.findall(r"^\| `([@\w./-]+)` \|", TEXTS["ARCHITECTURE.md"], flags=re.MULTILINE))
    of_python = {canonicalize_name(Requirement(text).name) for lock in LOCKS.values() for text in lock}
    of_node = {
        package
        for name, text in TEXTS.items()
        if name.endswith("package.json")
        for kind in ("dependencies", "devDependencies", "optionalDependencies")
        for package in json.loads(text).get(kind, {})
    }

    assert {canonicalize_name(name) if "/" not in name and name not in of_node else name for name in named} == (
        of_python | of_node
    )


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith(".md")])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?://|mailto:)([^)#\s]+)", TEXTS[name]):
        assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_each_make_target_that_a_document_names_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", TEXTS["Makefile"], flags=re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)`", TEXTS[name])) <= targets
