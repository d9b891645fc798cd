"""The client of our protocol, against a scripted daemon process."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from passerelle.client import Client, ClientError
from passerelle.protocol.base import METHOD_NOT_FOUND, REQUEST_CANCELLED, REQUEST_FAILED
from passerelle.protocol.chat import ChatDelta, ChatParams, UserMessage
from passerelle.protocol.lsp import Options
from support.fake_daemon import Step, write_script
from support.fake_results import chat_result, delta, status

QUESTION = ChatParams(token="t", messages=[UserMessage(content="Hi")])
LIMIT_S = 20.0


async def connect(folder: Path, method: str, steps: Sequence[Step]) -> Client:
    return await Client.start(write_script(folder, {method: steps}).command)


async def test_it_greets_with_the_folder_and_the_options(tmp_path: Path) -> None:
    fake = write_script(tmp_path, {})
    options = Options(trusted=True, settings={"gateway": "work"})

    async with await Client.start(fake.command, folder=tmp_path, options=options) as client:
        assert client.capabilities == {"experimental": {"passerelle": {"protocol": 1, "chat": True}}}

    (greeting,) = fake.received("initialize")
    assert greeting["workspaceFolders"] == [{"uri": tmp_path.as_uri(), "name": tmp_path.name}]
    assert greeting["initializationOptions"] == {"passerelle": {"trusted": True, "settings": {"gateway": "work"}}}
    assert [len(fake.received(method)) for method in ("initialized", "shutdown", "exit")] == [1, 1, 1]


async def test_a_result_comes_typed(tmp_path: Path) -> None:
    async with await connect(tmp_path, "passerelle/status", [{"result": status()}]) as client:
        assert (await client.status()).gateway.name == "vercel"


async def test_a_result_that_does_not_fit_the_protocol_says_so(tmp_path: Path) -> None:
    async with await connect(tmp_path, "passerelle/status", [{"result": {"state": 1}}]) as client:
        with pytest.raises(ClientError, match=r"passerelle/status is not of this version's protocol.*state"):
            await client.status()


async def test_an_error_has_code_sentence_and_kind(tmp_path: Path) -> None:
    data = {"kind": "rateLimited", "retryAfterMs": 1500, "later": True}
    error = {"code": REQUEST_FAILED, "message": "Too many.", "data": data}
    async with await connect(tmp_path, "passerelle/status", [{"error": error}]) as client:
        with pytest.raises(ClientError, match=r"Too many\.") as failed:
            await client.status()

    assert (failed.value.code, failed.value.kind) == (REQUEST_FAILED, "rateLimited")
    assert failed.value.data is not None
    assert failed.value.data.retry_after_ms == 1500


@pytest.mark.parametrize("data", [None, "text", {"no": "kind"}])
async def test_an_error_with_other_data_has_no_kind(tmp_path: Path, data: object) -> None:
    error = {"code": -32603, "message": "bug", "data": data}
    async with await connect(tmp_path, "passerelle/status", [{"error": error}]) as client:
        with pytest.raises(ClientError) as failed:
            await client.status()

    assert failed.value.kind is None


async def test_deltas_come_in_order_and_before_the_result(tmp_path: Path) -> None:
    steps = [delta(0, "Hel"), delta(1, "lo"), {"result": chat_result("Hello")}]
    seen: list[ChatDelta] = []
    async with await connect(tmp_path, "passerelle/chat", steps) as client:
        result = await client.chat(QUESTION, seen.append)

    assert [piece.text for piece in seen] == ["Hel", "lo"]
    assert result.message.content == "Hello"


async def test_other_notifications_go_to_the_listener(tmp_path: Path) -> None:
    heard: asyncio.Queue[tuple[str, object]] = asyncio.Queue()
    steps: list[Step] = [
        {"notify": ["passerelle/didChangeConfig", {"keys": ["gateway"], "problems": []}]},
        {"result": status()},
    ]
    fake = write_script(tmp_path, {"passerelle/status": steps})
    client = await Client.start(
        fake.command, on_notification=lambda method, params: heard.put_nowait((method, msgspec.json.decode(params)))
    )
    async with client:
        await client.status()

    assert heard.get_nowait() == ("passerelle/didChangeConfig", {"keys": ["gateway"], "problems": []})


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("passerelle/secret", {"result": {"value": "for NAME"}}),
        ("client/registerCapability", {"result": None}),
        ("workspace/unheardOf", {"error": {"code": METHOD_NOT_FOUND, "message": "this client does not know it"}}),
    ],
)
async def test_requests_of_the_daemon_are_answered(tmp_path: Path, method: str, answer: dict[str, object]) -> None:
    fake = write_script(tmp_path, {"passerelle/status": [{"ask": [method, {"name": "NAME"}]}, {"result": status()}]})
    answers = {"passerelle/secret": lambda params: {"value": f"for {msgspec.json.decode(params)['name']}"}}
    async with await Client.start(fake.command, answers=answers) as client:
        await client.status()

    (received,) = [line for line in fake.log.read_text().splitlines() if "from the daemon" in line]
    received_answer = json.loads(received)
    assert set(received_answer) == {"jsonrpc", "id", *answer}
    assert received_answer.get("result") == answer.get("result")
    assert ("error" in answer) == (received_answer.get("error", {}).get("code") == METHOD_NOT_FOUND)


async def test_cancelling_the_caller_cancels_the_request_and_waits_for_its_answer(tmp_path: Path) -> None:
    cancelled = {"error": {"code": REQUEST_CANCELLED, "message": "cancelled"}}
    fake = write_script(tmp_path, {"passerelle/chat": [delta(0, "Hel"), {"await": "$/cancelRequest"}, cancelled]})
    begun = asyncio.Event()
    async with await Client.start(fake.command) as client:
        chat = asyncio.create_task(client.chat(QUESTION, lambda _: begun.set()))
        await begun.wait()
        chat.cancel()
        with pytest.raises(asyncio.CancelledError):
            await chat

    assert fake.received("$/cancelRequest") == [{"id": 2}]


async def test_a_result_that_crosses_the_cancel_is_kept(tmp_path: Path) -> None:
    steps = [delta(0, "Hel"), {"await": "$/cancelRequest"}, {"result": chat_result("Hello")}]
    begun = asyncio.Event()
    async with await connect(tmp_path, "passerelle/chat", steps) as client:
        chat = asyncio.create_task(client.chat(QUESTION, lambda _: begun.set()))
        await begun.wait()
        chat.cancel()

        assert (await chat).message.content == "Hello"


async def test_a_daemon_that_dies_fails_all_that_wait_with_its_last_words(tmp_path: Path) -> None:
    steps: list[Step] = [{"stderr": "Traceback …\nMemoryError: no memory\n"}, {"exit": 3}]
    async with await connect(tmp_path, "passerelle/chat", steps) as client:
        asked = [client.chat(QUESTION, print), client.status(), client.status()]
        ends = [*await asyncio.gather(*asked, return_exceptions=True)]
        with pytest.raises(ClientError) as late:
            await client.status()

    assert {str(end) for end in [*ends, late.value]} == {
        "The daemon ended unexpectedly (exit code 3). MemoryError: no memory"
    }


async def test_a_daemon_that_dies_at_its_start_says_why() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such module')"]

    with pytest.raises(ClientError, match=r"exit code 1\)\. no such module"):
        await Client.start(command)


@pytest.mark.parametrize("noise", ["print from a library\r\n\r\n", "Content-Length: 5\r\n\r\nhello"])
async def test_noise_on_stdout_is_an_end_and_not_a_hang(tmp_path: Path, noise: str) -> None:
    async with await connect(tmp_path, "passerelle/status", [{"stdout": noise}, {"pause": True}]) as client:
        with pytest.raises(ClientError, match="stdout is not of this version's protocol"):
            async with asyncio.timeout(LIMIT_S):
                await client.status()


async def test_stderr_is_kept_in_part(tmp_path: Path) -> None:
    async with await connect(
        tmp_path, "passerelle/status", [{"stderr": "x" * 200_000 + "END"}, {"result": status()}]
    ) as client:
        await client.status()

    assert client.stderr.endswith("END")
    assert len(client.stderr) <= 64 * 1024


async def test_a_daemon_that_does_not_end_is_killed() -> None:
    deaf = "import time\nwhile True: time.sleep(9)"
    client = await Client.spawn([sys.executable, "-c", deaf])

    assert await client.aclose(limit_s=0.1) not in {0, None}
