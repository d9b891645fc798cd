"""`passerelle/apply`: where a block of code from an answer goes in a document."""

from typing import Literal

from passerelle.protocol.base import Params, Result
from passerelle.protocol.lsp import Range

Placed = Literal["whole", "replaced", "selection", "inserted"]


class ApplyParams(Params, frozen=True, kw_only=True):
    """`range` is the selection, or the place of the cursor."""

    uri: str
    code: str
    range: Range | None = None


class TextEdit(Result, frozen=True, kw_only=True):
    range: Range
    new_text: str


class ApplyResult(Result, frozen=True, kw_only=True):
    """`version` is that of the open document that was read; None for a file from disk."""

    edits: list[TextEdit]
    placed: Placed
    version: int | None
