"""The door to pygls: loaded, in a thread, when a client first asks for something that it serves."""

import asyncio
import gc
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from passerelle.rpc.commands import Command
from passerelle.words.tasks import Tasks

if TYPE_CHECKING:
    from passerelle.rpc.lsp import Server  # At run time only when needed: it takes most of a second.

INITIALIZE: dict[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
"""What pygls is told: documents, folders and positions are not its business here."""


class StandardFeatures:
    """Requests of the standard, answered by pygls."""

    def __init__(self, commands: Mapping[str, Command], tasks: Tasks) -> None:
        self._commands = commands
        self._tasks = tasks
        self._ids = itertools.count()
        self._loading: asyncio.Task[Server] | None = None

    async def answer(self, method: str, params: object) -> msgspec.Raw:
        """The result, as JSON. Raises RpcError."""
        if self._loading is None:
            self._loading = self._tasks.start(self._load(), name="pygls")
        server = await asyncio.shield(self._loading)
        return await server.protocol.answer(f"{method} {next(self._ids)}", method, params)

    async def _load(self) -> "Server":
        server = await asyncio.to_thread(_build, self._commands)
        await server.protocol.answer("initialize", "initialize", INITIALIZE)
        return server


def _build(commands: Mapping[str, Command]) -> "Server":
    """Without collections: they would find nothing in so many new classes, and cost a tenth of the time."""
    gc.disable()
    try:
        from passerelle.rpc.lsp import build_server  # noqa: PLC0415

        return build_server(commands)
    finally:
        gc.freeze()
        gc.enable()
