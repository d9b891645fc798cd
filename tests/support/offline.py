"""An offline model whose every step a test decides, and embedded gateways that serve it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from passerelle.offline.asked import Asked
from passerelle.offline.connection import Limits
from passerelle.offline.gateway import OfflineGateway
from passerelle.offline.models import End, Entry

HEARD_S = 10.0
"""How long a test waits for what must happen."""


class Puppet:
    """Says each of `script`, in order: text, an `End`, an exception to raise, or an event to wait for."""

    provider = "puppets"
    entry = Entry(
        id="offline/puppet",
        created=1,
        released=1,
        owned_by="offline",
        name="Puppet",
        description="Says what a test wants.",
        context_window=100,
        max_tokens=100,
        supported_parameters=(),
        temperature=False,
    )

    def __init__(self, *script: str | End | Exception | asyncio.Event) -> None:
        self.script = script
        self.reason: str | None = None
        self.asked: list[Asked] = []
        self.began = asyncio.Event()
        self.ended = asyncio.Event()
        self.closed = False

    async def missing(self) -> str | None:
        return self.reason

    async def answer(self, asked: Asked) -> AsyncGenerator[str | End, None]:
        self.asked.append(asked)
        self.began.set()
        try:
            for step in self.script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.ended.set()

    async def aclose(self) -> None:
        self.closed = True


class Served(NamedTuple):
    gateway: OfflineGateway
    url: str
    port: int


@asynccontextmanager
async def serving(*models: Puppet, limits: Limits | None = None) -> AsyncIterator[Served]:
    gateway = OfflineGateway(models, limits=limits)
    url = await gateway.start()
    try:
        yield Served(gateway, url, int(url.removesuffix("/v1").rpartition(":")[2]))
    finally:
        await gateway.aclose()
