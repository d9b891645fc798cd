import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from passerelle.offline.standalone import run
from support.offline import HEARD_S


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not delivered this way there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_announces_its_url_once_serves_and_ends_on_a_signal(number: signal.Signals, tmp_path: Path) -> None:
    announced: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(run(0, tmp_path, announced.put_nowait))
    async with asyncio.timeout(HEARD_S), httpx.AsyncClient(trust_env=False) as http:
        url = await announced.get()
        models = (await http.get(f"{url}/models")).json()["data"]
        os.kill(os.getpid(), number)
        await running
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{url}/models")

    assert [model["id"] for model in models] == ["offline/guide"]
    assert announced.empty()
