"""One short function for each method: what comes in, which service answers, how it goes out."""

from passerelle.daemon import models as listing
from passerelle.daemon import turn
from passerelle.daemon.gateways import check_gateway
from passerelle.daemon.status import status as describe
from passerelle.protocol.apply import ApplyParams, ApplyResult
from passerelle.protocol.assist import CompletionList, Hover, PlaceParams
from passerelle.protocol.base import Nothing
from passerelle.protocol.chat import ChatParams, ChatResult
from passerelle.protocol.lsp import (
    DidChangeConfigurationParams,
    DidChangeParams,
    DidChangeWorkspaceFoldersParams,
    DidCloseParams,
    DidOpenParams,
)
from passerelle.protocol.state import (
    ConfigParams,
    EffectiveConfig,
    GatewayChoices,
    Models,
    ModelsParams,
    SelectGatewayParams,
    SelectModelParams,
    Status,
)
from passerelle.rpc.session import Session


async def status(session: Session, params: Nothing) -> Status:  # noqa: ARG001  # It has none.
    """`passerelle/status`"""
    return await describe(session.daemon, session, session.main_folder)


async def models(session: Session, params: ModelsParams) -> Models:
    """`passerelle/models`"""
    return await listing.models(session.daemon, session, session.main_folder, params)


async def select_model(session: Session, params: SelectModelParams) -> Status:
    """`passerelle/selectModel`: kept where the client says, in force at once."""
    folder = session.folder_of(params.workspace_folder)
    await listing.check_model(session.daemon, session, folder, params.model)
    await session.choose(params.scope, folder, ("roles", params.role), params.model)
    return await describe(session.daemon, session, folder)


def gateways(session: Session, params: Nothing) -> GatewayChoices:  # noqa: ARG001  # It has none.
    """`passerelle/gateways`"""
    return GatewayChoices(gateways=session.daemon.gateways.choices(session.effective(session.main_folder)))


async def select_gateway(session: Session, params: SelectGatewayParams) -> Status:
    """`passerelle/selectGateway`: kept where the client says, in force at once."""
    folder = session.folder_of(params.workspace_folder)
    check_gateway(session.effective(folder), params.gateway)
    await session.choose(params.scope, folder, ("gateway",), params.gateway)
    return await describe(session.daemon, session, folder)


async def chat(session: Session, params: ChatParams) -> ChatResult:
    """`passerelle/chat`: answer one turn, sending it as it comes."""
    folder = session.folder_of(params.workspace_folder)
    with session.streaming(params.token) as stream:
        if params.conversation is None:
            return await turn.chat(session.daemon, session, folder, params, stream)
        from passerelle.daemon.talk import talk  # noqa: PLC0415  # Not at the start.

        return await talk(session.daemon, session, folder, params, stream)


async def apply(session: Session, params: ApplyParams) -> ApplyResult:
    """`passerelle/apply`"""
    from passerelle.rpc import applying  # noqa: PLC0415  # Not at the start.

    return await applying.apply(session, params)


async def complete(session: Session, params: PlaceParams) -> CompletionList:
    """`textDocument/completion`, in settings files"""
    from passerelle.rpc import toml_help  # noqa: PLC0415  # Not at the start.

    return await toml_help.complete(session, params)


async def hover(session: Session, params: PlaceParams) -> Hover | None:
    """`textDocument/hover`, in settings files"""
    from passerelle.rpc import toml_help  # noqa: PLC0415  # Not at the start.

    return await toml_help.hover(session, params)


def config(session: Session, params: ConfigParams) -> EffectiveConfig:
    """`passerelle/config`"""
    effective = session.effective(session.folder_of(params.workspace_folder))
    return EffectiveConfig(values=list(effective.values), problems=list(effective.problems))


def did_open(session: Session, params: DidOpenParams) -> None:
    session.documents.open(params.text_document)


def did_change(session: Session, params: DidChangeParams) -> None:
    document = session.documents[params.text_document.uri]
    if document is not None:
        for change in params.content_changes:
            document.apply(change, session.encoding)
        document.version = params.text_document.version


def did_close(session: Session, params: DidCloseParams) -> None:
    session.documents.close(params.text_document.uri)


def did_change_configuration(session: Session, params: DidChangeConfigurationParams) -> None:
    """The editor's layer, where the client sends it; some send none and want to be asked."""
    if params.settings is not None and params.settings.passerelle is not None:
        session.set_editor_settings(params.settings.passerelle)


def did_change_workspace_folders(session: Session, params: DidChangeWorkspaceFoldersParams) -> None:
    session.change_folders(params.event.added or (), params.event.removed or ())
