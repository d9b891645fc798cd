"""Fixtures: a scripted gateway, a home that speaks of it, and daemons that live in that home."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from support.gateway import ScriptedGateway
from support.rpc_client import MADE_UP_KEY, RpcClient

SERVER = Path(__file__).parents[2] / "server"
KEY = f"{MADE_UP_KEY}-gateway"


def clean_environment(home: Path) -> dict[str, str]:
    """An environment in which only what a test says is configured."""
    places = {name: str(home) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PASSERELLE_HOME")}
    places |= {name: str(home / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
    return {
        **kept,
        **places,
        "PYTHONPATH": str(SERVER),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


@asynccontextmanager
async def launched(
    home: Path, environment: Mapping[str, str] | None = None, *, folder: Path | None = None
) -> AsyncIterator[RpcClient]:
    """A daemon with a clean environment, not yet initialized; its session is judged when the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "passerelle", "lsp"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**clean_environment(home), **(environment or {})},
        cwd=folder or home,
    )
    client = RpcClient(process)
    try:
        yield client
        await client.aclose()
    except BaseException as error:
        error.add_note(client.told)
        raise
    finally:
        await client.kill()


class Home:
    """One person's machine: their folder with configuration, state and cache, and a project."""

    def __init__(self, root: Path, gateway: ScriptedGateway) -> None:
        self.path = root / "home"
        self.project = root / "project"
        self.gateway = gateway
        self.config = self.path / "config.toml"
        self.project_config = self.project / "passerelle.toml"
        for folder in (self.path, self.project):
            folder.mkdir()
        self.configure("")

    def configure(self, text: str, *, gateway: str = "") -> None:
        """Write the user's file: Vercel's gateway is the scripted one (`gateway`: more of its table), and `text`."""
        table = f'[gateways.vercel]\nurl = "{self.gateway.url}"\nkey = "env:SCRIPTED_KEY"\n{gateway}\n'
        self.config.write_text(f"{text}\n{table}", "utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """With a proxy for all that would leave this machine: our gateway, which notes it as a stray."""
        proxies = {"HTTPS_PROXY": self.gateway.origin, "NO_PROXY": "127.0.0.1"}
        return {"SCRIPTED_KEY": KEY, "PASSERELLE_CONFIG": str(self.config), **proxies}

    async def model_asked(self, client: RpcClient, **params: object) -> object:
        """Have a chat; the model that the gateway was asked for."""
        await client.chat(**params)
        return (await self.gateway.chat()).request.json["model"]

    @asynccontextmanager
    async def daemon(
        self,
        environment: Mapping[str, str] | None = None,
        *,
        folders: Sequence[Path] | None = None,
        options: Mapping[str, object] | None = None,
    ) -> AsyncIterator[RpcClient]:
        """An initialized daemon with the project open."""
        async with launched(self.path, {**self.environment, **(environment or {})}) as client:
            await client.initialize(folders=[self.project] if folders is None else folders, options=options)
            yield client


@pytest_asyncio.fixture(loop_scope="module")
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """A home of the test's own."""
    async with ScriptedGateway().serving() as gateway:
        yield Home(tmp_path, gateway)


@pytest.fixture(scope="module")
def settings() -> str:
    """What the user's file of the module's home says; a module may have a fixture of its own instead."""
    return ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_home(tmp_path_factory: pytest.TempPathFactory, settings: str) -> AsyncIterator[Home]:
    """The home of all tests of a module."""
    async with ScriptedGateway().serving() as gateway:
        home = Home(tmp_path_factory.mktemp("shared"), gateway)
        home.configure(settings)
        yield home


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_daemon(shared_home: Home) -> AsyncIterator[RpcClient]:
    """One daemon for all tests of a module that leave it as they found it."""
    async with shared_home.daemon() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def daemon(shared_daemon: RpcClient, gateway: ScriptedGateway) -> AsyncIterator[RpcClient]:  # noqa: ARG001
    """The module's daemon; each test answers for what it left behind, at the gateway too."""
    yield shared_daemon
    shared_daemon.settle()


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(shared_home: Home) -> AsyncIterator[ScriptedGateway]:
    """The gateway of the module's daemon; each test answers for the scripts it left behind."""
    yield shared_home.gateway
    shared_home.gateway.forget()
