"""Typing in a long document, against pygls's own store of documents."""

import time
from functools import partial

from lsprotocol import types
from pygls.workspace import TextDocument

from bench.place import Place
from bench.rows import Row, Sample, Target, in_turn
from passerelle.chat.documents import Document
from passerelle.protocol.lsp import ContentChange, Position, Range

LINES = 10_000
KEYS = 50
TEXT = "    value = compute(first, second)  # été\n" * LINES


def documents(place: Place) -> list[Row]:  # noqa: ARG001  # It runs in this process.
    ours = Document("python", TEXT)
    theirs = TextDocument("file:///long.py", TEXT, sync_kind=types.TextDocumentSyncKind.Incremental)
    rounds = in_turn(partial(_type, ours), partial(_type_in_pygls, theirs), "pygls")
    assert ours.text() == theirs.source
    return [rounds.row("didChange in 10,000 lines", "µs", "us", target=Target(1, 0.01))]


def _type(document: Document) -> Sample:
    places = [Position(line=LINES // 2, character=number) for number in range(KEYS)]
    changes = [ContentChange(text="x", range=Range(start=place, end=place)) for place in places]
    began_s = time.process_time()
    for change in changes:
        document.apply(change, "utf-16")
    return {"us": 1e6 * (time.process_time() - began_s) / KEYS}


def _type_in_pygls(document: TextDocument) -> Sample:
    places = [types.Position(LINES // 2, number) for number in range(KEYS)]
    changes = [types.TextDocumentContentChangePartial(types.Range(place, place), "x") for place in places]
    began_s = time.process_time()
    for change in changes:
        document.apply_change(change)
    return {"us": 1e6 * (time.process_time() - began_s) / KEYS}
