"""The answer to `initialize`. Standard library only, for the front says it before pygls is loaded; a test holds it
equal to what pygls builds from the registered features, but for what we serve without it (`OWN`).
"""

from collections.abc import Sequence

from passerelle import __version__
from passerelle.protocol.announced import COMMANDS, COMPLETION_TRIGGERS, EXPERIMENTAL

POSITION_ENCODINGS = ("utf-8", "utf-16", "utf-32")
INCREMENTAL = 2
OWN: dict[str, object] = {
    "completionProvider": {"triggerCharacters": list(COMPLETION_TRIGGERS)},
    "hoverProvider": True,
    "experimental": {"passerelle": EXPERIMENTAL},
}


def choose_encoding(offered: Sequence[object] | None) -> str:
    """The client's first choice that we know; UTF-16 if it offers nothing (LSP 3.18, PositionEncodingKind)."""
    for encoding in offered or ():
        if isinstance(encoding, str) and encoding in POSITION_ENCODINGS:
            return encoding
    return "utf-16"


def initialize_result(encoding: str) -> dict[str, object]:
    """An LSP InitializeResult."""
    capabilities: dict[str, object] = {
        "positionEncoding": encoding,
        "textDocumentSync": {
            "openClose": True,
            "change": INCREMENTAL,
            "save": False,
        },
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {
            "workspaceFolders": {"supported": True, "changeNotifications": True},
            "fileOperations": {},
        },
        **OWN,
    }
    return {"capabilities": capabilities, "serverInfo": {"name": "passerelle", "version": __version__}}
