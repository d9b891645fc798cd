"""Problems of settings files, as diagnostics on those files."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from passerelle.protocol.lsp import Diagnostic, Position, Range
from passerelle.protocol.state import Problem
from passerelle.words.uris import to_uri

PUBLISH = "textDocument/publishDiagnostics"
SEVERITIES = {"error": 1, "warning": 2}
SOURCE = "passerelle"


class PublishDiagnosticsParams(Struct, frozen=True):
    uri: str
    diagnostics: list[Diagnostic]


class DiagnosticsBoard:
    """What one client is shown. A file that has no problem any more is cleared, once."""

    def __init__(self, notify: Callable[[str, object], None]) -> None:
        self._notify = notify
        self._shown: dict[str, list[Diagnostic]] = {}

    def show(self, problems: Iterable[Problem]) -> None:
        """Publish what is different from what is shown."""
        wanted = _by_uri(problems)
        for uri in self._shown.keys() | wanted.keys():
            diagnostics = wanted.get(uri, [])
            if diagnostics != self._shown.get(uri, []):
                self._notify(PUBLISH, PublishDiagnosticsParams(uri, diagnostics))
        self._shown = wanted

    def published(self, uri: str) -> Sequence[Diagnostic]:
        """What is shown for a document."""
        return self._shown.get(uri, [])


def _by_uri(problems: Iterable[Problem]) -> dict[str, list[Diagnostic]]:
    """Problems that are in a file; those of a variable or of the editor's settings have no document."""
    found: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for problem in problems:
        if Path(problem.path).is_absolute():
            found[to_uri(problem.path)].append(_diagnostic(problem))
    return dict(found)


def _diagnostic(problem: Problem) -> Diagnostic:
    """From the key on, for as long as its last part is: the value's end is not known."""
    line, column = problem.line - 1, problem.column - 1
    length = len(problem.key.rpartition(".")[2]) or 1
    return Diagnostic(
        range=Range(start=Position(line=line, character=column), end=Position(line=line, character=column + length)),
        message=f"{problem.key}: {problem.message}" if problem.key else problem.message,
        severity=SEVERITIES[problem.severity],
        source=SOURCE,
    )
