"""The first answer. `initialize` is answered before asyncio, msgspec or pygls are imported: an editor waits for it.

Standard library only. Anything out of the ordinary is left to `rpc.stdio`, which answers it in full.
"""

import gc
import json
import os
from typing import NamedTuple

from passerelle.protocol.frames import Fault, FrameDecoder, framed
from passerelle.rpc.capabilities import choose_encoding, initialize_result
from passerelle.rpc.glance import glance

READ_BYTES = 1 << 16
PARAM_TYPES = {"processId": int, "rootUri": str, "rootPath": str, "workspaceFolders": list, "clientInfo": dict}
OPTION_TYPES = {"trusted": bool, "settings": dict, "secrets": bool}


class Opening(NamedTuple):
    """What was read while the front was in charge. If `answered`, the first frame is an `initialize` that has its
    answer already, and `settings` are the texts of settings files as they were then.
    """

    decoder: FrameDecoder
    frames: list[bytes | Fault]
    answered: bool
    settings: dict[str, str | None]


def open_front(stdin: int, stdout: int) -> Opening:
    """Read the first frame and answer it if it is an ordinary `initialize`; blocks until the client speaks."""
    gc.disable()  # Until all is imported: collections would find nothing and cost a tenth of the start.
    decoder = FrameDecoder()
    frames: list[bytes | Fault] = []
    while not frames and (data := os.read(stdin, READ_BYTES)):
        frames = decoder.feed(data)
    ordinary = read_ordinary(frames[0]) if frames else None
    if ordinary is None:
        return Opening(decoder, frames, answered=False, settings={})
    settings = glance(os.environ, ordinary.folder_uris)
    view = memoryview(framed(ordinary.answer))
    while view:
        view = view[os.write(stdout, view) :]
    return Opening(decoder, frames, answered=True, settings=settings)


class Ordinary(NamedTuple):
    """An `initialize` that needs no closer look: the response to it, and the folders that it names."""

    answer: bytes
    folder_uris: list[str]


def read_ordinary(frame: bytes | Fault) -> Ordinary | None:
    """None for anything but an ordinary `initialize` request."""
    if isinstance(frame, str):
        return None
    try:
        message = json.loads(frame)
        params = message["params"]
        if message["method"] != "initialize" or type(message["id"]) not in {int, str}:
            return None
        result = initialize_result(_ordinary_encoding(params))
        folders = [folder["uri"] for folder in params.get("workspaceFolders") or ()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    answer = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
    root = params.get("rootUri")
    return Ordinary(answer, folders or ([root] if root else []))


def _ordinary_encoding(params: dict[str, object]) -> str:
    """The position encoding, if all that the daemon reads of `params` has its type; TypeError or KeyError if not."""
    for key, kind in PARAM_TYPES.items():
        _check(params.get(key), kind)
    for folder in params.get("workspaceFolders") or ():  # type: ignore[attr-defined]  # Checked one line above.
        _check(folder["uri"], str)
    options = _table(_table(params, "initializationOptions"), "passerelle")
    for key, value in options.items():
        _check(value, OPTION_TYPES[key])
    capabilities = _table(params, "capabilities")
    completion = _table(_table(capabilities, "textDocument"), "completion")
    _check(_table(completion, "completionItem").get("snippetSupport"), bool)
    encodings = _table(capabilities, "general").get("positionEncodings")
    _check(encodings, list)
    return choose_encoding(encodings)  # type: ignore[arg-type]  # Checked one line above.


def _table(parent: dict[str, object], key: str) -> dict[str, object]:
    value = parent.get(key)
    _check(value, dict)
    return value or {}  # type: ignore[return-value]  # Checked one line above.


def _check(value: object, kind: type) -> None:
    """Null and absent are the same; a boolean is no integer."""
    if value is not None and type(value) is not kind:
        raise TypeError
