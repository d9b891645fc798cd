"""One proxy for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from litellm.proxy import Provider, Proxy, started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def team(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    async with Provider().serving() as provider, started(tmp_path_factory.mktemp("litellm"), provider) as proxy:
        yield proxy


@pytest_asyncio.fixture(loop_scope="module")
async def proxy(team: Proxy) -> AsyncIterator[Proxy]:
    """The proxy; each test answers for the scripts that it left behind, and for its bills."""
    yield team
    team.provider.forget()
    while not team.bills.empty():
        team.bills.get_nowait()
