"""Judged by others: llmock breaks the gateway in every way it knows, and grades how the daemon took it.

It calls an answer that was cut off accepted unless the same is asked again. We show what came, say that it was cut
off, and leave the asking to the person; so the person of these tests asks again.
"""

import os
from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec

import pytest
import pytest_asyncio

from support.daemon import Home
from support.gateway import ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

if find_spec("llmock") is None:
    if os.environ.get("CI"):
        raise RuntimeError("llmock is not installed: in CI its verdict is not optional")
    pytest.skip("llmock is not installed: nobody grades the daemon", allow_module_level=True)

from llmock.pytest_plugin import LLMock  # noqa: E402  # It may be absent.
from llmock.scenarios import Fail, Match  # noqa: E402
from llmock.testing import LLMockServer  # noqa: E402

TIMEOUTS = "[models.'*'.timeouts]\nfirst_byte_s = 2\nidle_s = 1\n"
SHOWN, NOTHING_SHOWN = 3, 1
"""Chunks before the fault: the first holds only the role."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def graded(llmock_server: LLMockServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RpcClient]:
    """A daemon whose gateway is llmock."""
    home = Home(tmp_path_factory.mktemp("llmock"), ScriptedGateway())
    url = llmock_server.base_url("openai")
    home.config.write_text(
        f'gateway = "llmock"\n[gateways.llmock]\nurl = "{url}"\nkey = "env:SCRIPTED_KEY"\n{TIMEOUTS}'
    )
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        yield client


@pytest.fixture
def judge(llmock_server: LLMockServer) -> LLMock:
    """It writes slowly enough to notice that its client hangs up before all is written."""
    return LLMock(llmock_server).reset().pace(chunk_delay_ms=30)


def fail(judge: LLMock, status: int, times: int | None = 1, *, wait_s: float | None = None, code: str = "") -> None:
    """Refuse chats only: the list of models may be asked for at any time."""
    match = Match(path="*/chat/completions")
    judge.add(Fail(status, retry_after=wait_s, code=code or None, times=times, match=match))


def chats(judge: LLMock) -> int:
    """How often a chat was asked for, after all that is being served has ended."""
    return sum(record.path.endswith("/chat/completions") for record in judge.requests)


async def answer(client: RpcClient) -> object:
    return at(await client.chat(model="gpt-5-mini"), "finish")


async def kind(client: RpcClient) -> object:
    with pytest.raises(RpcError) as refused:
        await client.chat(model="gpt-5-mini")
    return refused.value.kind


async def test_a_limit_is_respected(graded: RpcClient, judge: LLMock) -> None:
    fail(judge, 429, times=2, wait_s=0.5)

    assert await answer(graded) == "stop"
    assert chats(judge) == 3
    judge.assert_resilient(strict=True)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
async def test_what_passes_is_tried_again_with_growing_waits(graded: RpcClient, judge: LLMock, status: int) -> None:
    fail(judge, status, times=2)

    assert await answer(graded) == "stop"
    judge.assert_resilient(strict=True)


async def test_an_outage_ends_in_a_failure(graded: RpcClient, judge: LLMock) -> None:
    fail(judge, 503, times=None)

    assert await kind(graded) == "unavailable"
    judge.assert_resilient(strict=True)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "refused"), (401, "keyRefused"), (403, "forbidden"), (404, "modelUnknown"), (422, "refused")],
)
async def test_what_cannot_pass_is_not_tried_again(
    graded: RpcClient, judge: LLMock, status: int, expected: str
) -> None:
    fail(judge, status, code="model_not_found" if expected == "modelUnknown" else "")

    assert await kind(graded) == expected
    assert chats(judge) == 1
    judge.assert_resilient(strict=True)


async def test_a_prompt_that_is_too_long_is_called_so(graded: RpcClient, judge: LLMock) -> None:
    fail(judge, 400, code="context_length_exceeded")

    assert await kind(graded) == "contextTooLong"
    judge.assert_resilient(strict=True)


@pytest.mark.parametrize("fault", [LLMock.disconnect, LLMock.truncate, LLMock.corrupt])
async def test_a_stream_that_breaks_before_any_text_is_tried_again(
    graded: RpcClient, judge: LLMock, fault: Callable[..., LLMock]
) -> None:
    fault(judge, after_chunks=NOTHING_SHOWN)

    assert await answer(graded) == "stop"
    judge.assert_resilient(strict=True)


@pytest.mark.parametrize("fault", [LLMock.disconnect, LLMock.truncate, LLMock.corrupt])
async def test_a_stream_that_breaks_after_text_is_called_cut_off(
    graded: RpcClient, judge: LLMock, fault: Callable[..., LLMock]
) -> None:
    fault(judge, after_chunks=SHOWN)

    assert await answer(graded) == "cutOff"
    assert chats(judge) == 1
    assert await answer(graded) == "stop"
    judge.assert_resilient(strict=True)


async def test_a_stream_that_stalls_is_left(graded: RpcClient, judge: LLMock) -> None:
    judge.stall(after_chunks=SHOWN, seconds=20)

    assert await answer(graded) == "cutOff"
    assert chats(judge) == 1
    assert await answer(graded) == "stop"
    judge.assert_resilient(strict=True)


async def test_a_slow_first_word_is_waited_for(graded: RpcClient, judge: LLMock) -> None:
    judge.slow_first_token(0.5)

    assert await answer(graded) == "stop"
    judge.assert_resilient(strict=True)


@pytest.mark.parametrize("fault", ["malformed_arguments", "unknown_tool"])
async def test_a_broken_tool_call_reaches_the_client_as_it_is(graded: RpcClient, judge: LLMock, fault: str) -> None:
    """What to make of it is the client's business: it knows its tools."""
    judge.break_tool_call(fault)
    tool = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}

    result = await graded.chat(model="gpt-5-mini", tools=[tool])

    assert result["finish"] == "toolCalls"
    assert at(result, "message", "toolCalls", 0, "arguments")
    judge.assert_resilient(strict=True)
