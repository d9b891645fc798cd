"""A scripted gateway, and the daemon's way to one."""

from collections.abc import AsyncIterator

import pytest

from passerelle.gateway.http import Http
from support.gateway import ScriptedGateway


@pytest.fixture
async def gateway() -> AsyncIterator[ScriptedGateway]:
    async with ScriptedGateway().serving() as gateway:
        yield gateway


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http({})
    yield http
    await http.aclose()
