"""Completion and hover in settings files, as an editor has them open. Of other documents they say nothing."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from passerelle.catalogue.model import to_wire
from passerelle.catalogue.store import Snapshot
from passerelle.config.assist import complete as complete_at
from passerelle.config.assist_hover import hover as hover_at
from passerelle.config.assist_known import MOST_MODELS, Known
from passerelle.config.files import MOST_BYTES
from passerelle.config.places import WORKSPACE_FILE
from passerelle.protocol.assist import CompletionList, Hover, PlaceParams
from passerelle.protocol.state import Model
from passerelle.rpc.session import Session
from passerelle.words.failures import Failure
from passerelle.words.text import split_lines
from passerelle.words.uris import is_inside, to_path

NOTHING = CompletionList(is_incomplete=False, items=[])


async def complete(session: Session, params: PlaceParams) -> CompletionList:
    """`textDocument/completion`"""
    if (lines := _settings(session, params)) is None:
        return NOTHING
    known = await _known(session, params)
    return await asyncio.to_thread(complete_at, lines, params.position, session.encoding, known)


async def hover(session: Session, params: PlaceParams) -> Hover | None:
    """`textDocument/hover`"""
    if (lines := _settings(session, params)) is None:
        return None
    known = await _known(session, params)
    return await asyncio.to_thread(hover_at, lines, params.position, session.encoding, known)


def _settings(session: Session, params: PlaceParams) -> Sequence[str] | None:
    """The lines of an open settings file; None for any other document, and for what no settings file may be."""
    path = to_path(params.text_document.uri)
    document = session.documents[params.text_document.uri]
    if path is None or document is None or params.position.line < 0:
        return None
    if path.name != WORKSPACE_FILE and not _is_own(session, path):
        return None
    text = document.text()
    return split_lines(text) if len(text) <= MOST_BYTES else None


def _is_own(session: Session, path: Path) -> bool:
    return path == session.daemon.config.config_file


async def _known(session: Session, params: PlaceParams) -> Known:
    path = to_path(params.text_document.uri)
    folders = [folder for folder in session.folders if path is not None and is_inside(path, folder)]
    folder = max(folders, key=lambda folder: len(folder.parts), default=session.main_folder)
    models = await _models(session, folder)

    def search(query: str) -> list[Model]:
        found = models.index.search(query, limit=MOST_MODELS)[0] if models else []
        return [to_wire(entry) for entry in found]

    def model(name: str) -> Model | None:
        entry = models.by_id.get(name) if models else None
        return to_wire(entry) if entry else None

    def stand_in(name: str) -> str | None:
        choice = models.serve(name) if models else None
        return choice.model if choice and choice.wanted else None

    return Known(
        is_own=path is not None and _is_own(session, path),
        effective=session.effective(folder),
        search=search,
        model=model,
        stand_in=stand_in,
        takes_snippets=session.takes_snippets,
    )


async def _models(session: Session, folder: Path | None) -> Snapshot | None:
    """The gateway's models; None while its settings are such that none can be asked."""
    try:
        return (await session.daemon.listed(await session.daemon.scope(session, folder))).models
    except Failure:
        return None
