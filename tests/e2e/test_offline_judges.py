"""The embedded gateway before judges that others wrote: OpenAI's OpenAPI document, and openai-python's own tests."""

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from msgspec import json

from judges.setup_openai_python import PYTHON, SOURCE, is_ready
from passerelle.config.places import locate
from passerelle.offline.fetch import SMOLLM2
from passerelle.offline.gateway import OfflineGateway
from passerelle.offline.guide import Guide
from passerelle.offline.smollm import SmolLM
from support.needed import needed
from support.openai_judge import schema_faults

JUDGED_MODEL = "gpt-6-astra"
"""The one that openai-python's tests ask for."""
JUDGES_S = 100
CHAT = {"model": "offline/guide", "messages": [{"role": "user", "content": "How do I install it?"}], "max_tokens": 20}


async def no_pause(_seconds: float) -> None:
    """The judges have no reader's eyes."""


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    readme = "# Passerelle\n\nA daemon.\n\n## How do I install it?\n\nWith pipx.\n"
    gateway = OfflineGateway(
        [
            Guide(readme, pause=no_pause),
            Guide(readme, pause=no_pause, model_id=JUDGED_MODEL),
            SmolLM(locate(os.environ).cache_dir),
        ]
    )
    yield await gateway.start()
    await gateway.aclose()


@pytest_asyncio.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        yield client


def need_small_model() -> None:
    is_there = (locate(os.environ).cache_dir / SMOLLM2.file).is_file()
    needed("The small model", "make demo, or passerelle offline --fetch", is_there=is_there)


async def chunks_of(response: httpx.Response) -> list[dict[str, object]]:
    lines = [line async for line in response.aiter_lines() if line]
    assert lines.pop() == "data: [DONE]"
    return [json.decode(line.removeprefix("data: ")) for line in lines]


@pytest.mark.parametrize(
    ("path", "schema"),
    [("/models", "ListModelsResponse"), ("/models/offline/guide", "Model"), ("/models/offline%2Fguide", "Model")],
)
async def test_lists_and_models_are_as_openai_says(path: str, schema: str, http: httpx.AsyncClient) -> None:
    assert schema_faults(schema, (await http.get(path)).json()) == []


@pytest.mark.parametrize("model", ["offline/guide", "offline/smollm2-135m"])
async def test_answers_are_as_openai_says(model: str, http: httpx.AsyncClient) -> None:
    if model != "offline/guide":
        need_small_model()

    whole = await http.post("/chat/completions", json={**CHAT, "model": model})
    async with http.stream("POST", "/chat/completions", json={**CHAT, "model": model, "stream": True}) as response:
        chunks = await chunks_of(response)

    assert schema_faults("CreateChatCompletionResponse", whole.json()) == []
    assert len(chunks) > 10
    assert [fault for chunk in chunks for fault in schema_faults("CreateChatCompletionStreamResponse", chunk)] == []


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/chat/completions", b"{", 400),
        ("POST", "/chat/completions", json.encode({"model": "offline/guide"}), 400),
        ("POST", "/chat/completions", json.encode({**CHAT, "temperature": 9}), 400),
        ("POST", "/chat/completions", json.encode({**CHAT, "n": 2}), 400),
        ("GET", "/nothing", b"", 404),
    ],
)
async def test_errors_are_as_openai_says(
    method: str, path: str, content: bytes, status: int, http: httpx.AsyncClient
) -> None:
    response = await http.request(method, path, content=content)

    assert response.status_code == status
    assert schema_faults("ErrorResponse", response.json()) == []


async def test_an_unknown_model_is_as_vercel_says_where_openai_says_otherwise(http: httpx.AsyncClient) -> None:
    faults = schema_faults("ErrorResponse", (await http.get("/models/x/y")).json())

    assert [fault.partition(":")[0] for fault in faults] == ["error/param"]


async def test_the_small_model_answers_for_real(http: httpx.AsyncClient) -> None:
    need_small_model()
    question = [{"role": "user", "content": "What is two and two?"}]
    asked = {"model": "offline/smollm2-135m", "messages": question, "temperature": 0, "max_tokens": 30}

    answer = (await http.post("/chat/completions", json=asked)).json()
    too_long = await http.post(
        "/chat/completions", json={**asked, "messages": [{"role": "user", "content": "Paris and " * 2000}]}
    )

    assert len(answer["choices"][0]["message"]["content"].split()) > 3  # Whether it is true, nobody can promise.
    assert answer["usage"]["prompt_tokens"] > 30
    assert answer["usage"]["completion_tokens"] <= 30
    assert (too_long.status_code, too_long.json()["error"]["code"]) == (400, "context_length_exceeded")


async def test_openai_python_passes_its_own_tests(url: str) -> None:
    needed("openai-python's test suite", "python tests/judges/setup_openai_python.py", is_there=is_ready())
    judges = await asyncio.create_subprocess_exec(
        *(PYTHON, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"),
        *("tests/api_resources/test_models.py", "tests/api_resources/chat/test_completions.py"),
        *("-k", "create or (TestModels and list) or (TestAsyncModels and list)"),
        cwd=SOURCE,
        env={**os.environ, "TEST_API_BASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(JUDGES_S):
        said, _ = await judges.communicate()

    assert judges.returncode == 0, said.decode()
