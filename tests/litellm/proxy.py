"""A LiteLLM proxy as a child process, between the daemon and a scripted provider."""

import asyncio
import json
import re
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from litellm.setup_litellm import BIN
from support.daemon import KEY, Home, clean_environment
from support.gateway import Exchange, Script, ScriptedGateway
from support.rpc_client import RpcClient

START_S = 120.0
NOBODY = "http://127.0.0.1:1/v1"
MESSAGES_PATH = "/v1/messages"
PRICES = {
    "mini": {"input_cost_per_token": 2.5e-7, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 2.5e-8},
    "sonnet": {
        "input_cost_per_token": 3e-6,
        "output_cost_per_token": 1.5e-5,
        "cache_read_input_token_cost": 3e-7,
        "cache_creation_input_token_cost": 3.75e-6,
    },
}


class Provider(ScriptedGateway):
    """Speaks OpenAI's API and Anthropic's: for either, a chat is a chat."""

    def answer(self, exchange: Exchange) -> Script:
        request = exchange.request
        if request.path == MESSAGES_PATH:
            exchange.request = request._replace(path="/v1/chat/completions")
        return super().answer(exchange)


class Proxy:
    """A proxy that listens. `bills` are the amounts that it has charged, one for each answer."""

    def __init__(self, provider: Provider, url: str) -> None:
        self.provider = provider
        self.url = url
        self.bills: asyncio.Queue[float] = asyncio.Queue()

    async def billed(self) -> float:
        """The next amount, US dollars, that nobody has looked at."""
        async with asyncio.timeout(20):
            return await self.bills.get()

    @asynccontextmanager
    async def daemon(self, folder: Path, settings: str = "", *, person: str | None = "ada") -> AsyncIterator[RpcClient]:
        """The daemon of a person of the team; of nobody, without a key."""
        home = Home(folder, self.provider)
        config = self.config(settings)
        home.config.write_text(config if person else config.replace('key = "env:TEAM_KEY"', ""), "utf-8")
        async with home.daemon({"TEAM_KEY": f"{KEY}-{person}"}) as client:
            yield client

    def config(self, settings: str = "") -> str:
        """A person's settings."""
        return (
            f'gateway = "team"\nroles = {{ chat = "team/mini" }}\n{settings}\n'
            f'[gateways.team]\nurl = "{self.url}/v1"\nkey = "env:TEAM_KEY"\n'
        )


@asynccontextmanager
async def started(folder: Path, provider: Provider) -> AsyncIterator[Proxy]:
    """A proxy until the block ends. What it would send elsewhere goes to the provider, which notes it as a stray."""
    people = folder / "people.py"
    people.write_text(Path(__file__).with_name("people.py").read_text("utf-8"), "utf-8")
    config = folder / "config.yaml"
    config.write_text(json.dumps(settings(provider)), "utf-8")  # JSON is YAML.
    process = await asyncio.create_subprocess_exec(
        *(BIN / "litellm", "--config", config, "--host", "127.0.0.1", "--port", "0"),
        cwd=folder,
        env={
            **clean_environment(folder),
            "PYTHONPATH": "",
            "PYTHONUNBUFFERED": "1",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "TEAM_KEY": KEY,
            "HTTPS_PROXY": provider.origin,
            "NO_PROXY": "127.0.0.1",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            proxy = Proxy(provider, await _listening(process.stdout))
        reading = asyncio.create_task(_read(process.stdout, proxy), name="output of LiteLLM")
        yield proxy
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    await reading


def settings(provider: Provider) -> dict[str, object]:
    """As in README.md, with a provider of ours behind it."""
    upstream = {"api_key": "none", "api_base": provider.url}
    mini = {"model": "openai/gpt-5-mini", **PRICES["mini"]}
    sonnet = {"model": "anthropic/claude-sonnet-4-5", "api_key": "none", "api_base": provider.origin}
    models: dict[str, dict[str, object]] = {
        "team/mini": {**mini, **upstream},
        "team/sonnet": {**sonnet, **PRICES["sonnet"]},
        "team/vectors": {"model": "openai/text-embedding-3-small", **upstream},
        "dead": {**mini, **upstream, "api_base": NOBODY},
        "falls": {**mini, **upstream, "api_base": NOBODY},
        "busy": {**mini, "mock_response": "litellm.RateLimitError"},
        "narrow": {**mini, "mock_response": "litellm.ContextWindowExceededError"},
    }
    return {
        "model_list": [{"model_name": name, "litellm_params": params} for name, params in models.items()],
        "litellm_settings": {
            "telemetry": False,
            "drop_params": True,
            "num_retries": 0,
            "include_cost_in_streaming_usage": True,
            "callbacks": "people.bill",
            "fallbacks": [{"falls": ["team/mini"]}],
        },
        "general_settings": {
            "master_key": f"{KEY}-of-the-administrator",
            "custom_auth": "people.let_in",
            "custom_auth_run_common_checks": True,
        },
    }


async def _listening(output: asyncio.StreamReader) -> str:
    """Its address, once it serves."""
    said = b""
    while line := await output.readline():
        said += line
        if found := re.search(rb"running on (http://127\.0\.0\.1:\d+)", line):
            return found[1].decode()
    raise AssertionError(f"LiteLLM does not start:\n{said.decode(errors='replace')}")


async def _read(output: asyncio.StreamReader, proxy: Proxy) -> None:
    while line := await output.readline():
        if line.startswith(b"BILLED "):
            proxy.bills.put_nowait(float(line.split()[1]))
