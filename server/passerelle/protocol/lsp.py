"""The messages of LSP that we decode ourselves: they come first or often. Unknown fields in them are let be."""

from msgspec import Struct

from passerelle.protocol.base import Params


class Position(Params, frozen=True, kw_only=True):
    """Zero-based; `character` counts in the negotiated position encoding."""

    line: int
    character: int


class Range(Params, frozen=True, kw_only=True):
    """Half open."""

    start: Position
    end: Position


class Lenient(Struct, frozen=True, kw_only=True, rename="camel"):
    """Params of the standard: fields that we do not know are ignored, for newer clients send them."""


class WorkspaceFolder(Lenient, frozen=True, kw_only=True):
    uri: str
    name: str = ""


class ClientInfo(Lenient, frozen=True, kw_only=True):
    name: str
    version: str | None = None


class GeneralCapabilities(Lenient, frozen=True, kw_only=True):
    position_encodings: list[str] | None = None


class CompletionItemCapabilities(Lenient, frozen=True, kw_only=True):
    snippet_support: bool | None = None


class CompletionCapabilities(Lenient, frozen=True, kw_only=True):
    completion_item: CompletionItemCapabilities | None = None


class TextDocumentCapabilities(Lenient, frozen=True, kw_only=True):
    completion: CompletionCapabilities | None = None


class ClientCapabilities(Lenient, frozen=True, kw_only=True):
    general: GeneralCapabilities | None = None
    text_document: TextDocumentCapabilities | None = None

    @property
    def takes_snippets(self) -> bool:
        """Whether a completion may have places to fill in."""
        completion = self.text_document.completion if self.text_document else None
        item = completion.completion_item if completion else None
        return bool(item and item.snippet_support)


class Options(Params, frozen=True, kw_only=True):
    """`initializationOptions.passerelle`: what this client is and allows; all optional."""

    trusted: bool | None = None
    settings: dict[str, object] | None = None
    secrets: bool | None = None


class InitializationOptions(Lenient, frozen=True, kw_only=True):
    passerelle: Options | None = None


class InitializeParams(Lenient, frozen=True, kw_only=True):
    process_id: int | None = None
    client_info: ClientInfo | None = None
    root_uri: str | None = None
    root_path: str | None = None
    workspace_folders: list[WorkspaceFolder] | None = None
    capabilities: ClientCapabilities | None = None
    initialization_options: InitializationOptions | None = None


class Settings(Lenient, frozen=True, kw_only=True):
    passerelle: dict[str, object] | None = None


class DidChangeConfigurationParams(Lenient, frozen=True, kw_only=True):
    settings: Settings | None = None


class FoldersChange(Lenient, frozen=True, kw_only=True):
    added: list[WorkspaceFolder] | None = None
    removed: list[WorkspaceFolder] | None = None


class DidChangeWorkspaceFoldersParams(Lenient, frozen=True, kw_only=True):
    event: FoldersChange


class CancelParams(Lenient, frozen=True, kw_only=True):
    id: int | str


class TextDocumentItem(Lenient, frozen=True, kw_only=True):
    uri: str
    language_id: str
    version: int
    text: str


class TextDocumentIdentifier(Lenient, frozen=True, kw_only=True):
    uri: str


class VersionedTextDocumentIdentifier(Lenient, frozen=True, kw_only=True):
    uri: str
    version: int | None = None


class Diagnostic(Lenient, frozen=True, kw_only=True):
    """`severity`: 1 error, 2 warning, 3 information, 4 hint."""

    range: Range
    message: str
    severity: int | None = None
    source: str | None = None


class ContentChange(Lenient, frozen=True, kw_only=True):
    """Without a range, `text` is the whole document."""

    text: str
    range: Range | None = None


class DidOpenParams(Lenient, frozen=True, kw_only=True):
    text_document: TextDocumentItem


class DidChangeParams(Lenient, frozen=True, kw_only=True):
    text_document: VersionedTextDocumentIdentifier
    content_changes: list[ContentChange]


class DidCloseParams(Lenient, frozen=True, kw_only=True):
    text_document: TextDocumentIdentifier


WARNING, INFO = 2, 3
"""Of `window/showMessage`."""


class ShowMessageParams(Struct, frozen=True, kw_only=True):
    type: int
    message: str
