"""The commands of `workspace/executeCommand`, for editors without an extension of ours."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from msgspec import Struct

from passerelle.config.files import write_atomically
from passerelle.config.template import USER_TEMPLATE
from passerelle.daemon.status import status
from passerelle.protocol.announced import COMMANDS
from passerelle.protocol.lsp import INFO, WARNING, Lenient, ShowMessageParams
from passerelle.protocol.money import AllowOnceParams
from passerelle.protocol.state import Models, ModelsParams
from passerelle.rpc.handlers import models
from passerelle.rpc.messages import RpcError
from passerelle.rpc.session import Session
from passerelle.words.uris import to_uri

Command = Callable[..., Awaitable[object]]
"""With the arguments of its own signature, by which pygls judges what a client gives."""
SHOW_LIMIT_S = 10.0


class ShowDocumentParams(Struct, frozen=True, rename="camel"):
    uri: str
    take_focus: bool = True


class ShowDocumentResult(Lenient, frozen=True, kw_only=True):
    success: bool


def commands_of(session: Session) -> dict[str, Command]:
    """By name; in the order in which `COMMANDS` announces them."""

    async def open_configuration() -> object:
        return await _open_configuration(session)

    async def refresh_models() -> object:
        return await _refresh_models(session)

    async def show_status() -> object:
        await _show_status(session)
        return None

    async def allow_once(budget: str = "") -> object:
        from passerelle.rpc import money  # noqa: PLC0415  # Not at the start.

        await money.allow_once(session, AllowOnceParams(budget=budget))
        return None

    commands = (open_configuration, refresh_models, show_status, allow_once)
    return dict(zip(COMMANDS, commands, strict=True))


async def _open_configuration(session: Session) -> dict[str, str]:
    """Show the person's settings file, made if there is none; its URI is the result for clients that cannot."""
    file = session.daemon.config.config_file
    if not await asyncio.to_thread(file.exists):
        await asyncio.to_thread(write_atomically, file, USER_TEMPLATE)
    uri = to_uri(file)
    try:
        params = ShowDocumentParams(uri=uri)
        await session.ask("window/showDocument", params, ShowDocumentResult, SHOW_LIMIT_S)
    except (RpcError, TimeoutError, msgspec.DecodeError):
        _show(session, INFO, f"Passerelle's settings are in {file}.")
    return {"uri": uri}


async def _refresh_models(session: Session) -> dict[str, int]:
    """Ask the gateway for its list now."""
    listed: Models = await models(session, ModelsParams(refresh=True, limit=0))
    _show(session, INFO, f"The gateway lists {listed.total} models.")
    return {"total": listed.total}


async def _show_status(session: Session) -> None:
    now = await status(session.daemon, session, session.main_folder)
    kind = INFO if now.state == "ready" else WARNING
    _show(session, kind, now.message)


def _show(session: Session, kind: int, message: str) -> None:
    session.notify("window/showMessage", ShowMessageParams(type=kind, message=message))
