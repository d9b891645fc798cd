"""`textDocument/completion` and `textDocument/hover`, as far as we serve them: in settings files."""

from typing import Literal

from msgspec import UNSET, UnsetType

from passerelle.protocol.apply import TextEdit
from passerelle.protocol.base import Result
from passerelle.protocol.lsp import Lenient, Position, Range, TextDocumentIdentifier

PROPERTY, MODULE, VALUE, ENUM_MEMBER, CONSTANT = 10, 9, 12, 20, 21
"""Of LSP's CompletionItemKind."""
SNIPPET = 2
"""Of LSP's InsertTextFormat."""


class PlaceParams(Lenient, frozen=True, kw_only=True):
    """A place in a document; of both methods."""

    text_document: TextDocumentIdentifier
    position: Position


class MarkupContent(Result, frozen=True, kw_only=True):
    value: str
    kind: Literal["markdown"] = "markdown"


class CompletionItem(Result, frozen=True, kw_only=True):
    label: str
    kind: int
    detail: str | UnsetType = UNSET
    documentation: MarkupContent | UnsetType = UNSET
    sort_text: str
    filter_text: str
    text_edit: TextEdit
    insert_text_format: int | UnsetType = UNSET


class CompletionList(Result, frozen=True, kw_only=True):
    """`is_incomplete`: ask again when more is typed."""

    is_incomplete: bool
    items: list[CompletionItem]


class Hover(Result, frozen=True, kw_only=True):
    contents: MarkupContent
    range: Range
