"""The small model's own process, started for real, with a stand-in for llama.cpp inside."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import Struct, json

from passerelle.offline.asked import Asked, read_asked
from passerelle.offline.fetch import SMOLLM2
from passerelle.offline.models import End
from passerelle.offline.refusals import Refused
from passerelle.offline.smollm import CONTEXT_TOKENS, MOST_TOKENS, SmolLM
from support.offline import HEARD_S

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals mean something else there")

STUB = Path(__file__).parent / "stub"
HELLO = ["Hel", "lo", End(finish="stop", prompt_tokens=30, completion_tokens=3, cached_tokens=8)]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PARENT = """
import asyncio, sys
from pathlib import Path
from passerelle.offline.asked import read_asked
from passerelle.offline.smollm import SmolLM

async def main():
    model = SmolLM(Path("nowhere"))
    async for piece in model.answer(read_asked(sys.argv[1].encode())):
        print(piece, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Echo(Struct, frozen=True):
    """What the process tells of itself and of what it got."""

    body: dict[str, object]
    params: dict[str, object]
    pid: int
    address: tuple[str, int]


@pytest.fixture(autouse=True)
def _stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(STUB))
    monkeypatch.syspath_prepend(STUB)


@pytest_asyncio.fixture
async def model(tmp_path: Path) -> AsyncIterator[SmolLM]:
    model = SmolLM(tmp_path)
    yield model
    await model.aclose()


def body(question: str, **options: object) -> bytes:
    messages = [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": question}]
    return json.encode({"model": "offline/smollm2-135m", "messages": messages, **options})


def asked(question: str, **options: object) -> Asked:
    return read_asked(body(question, **options))


async def answer(model: SmolLM, question: str) -> list[str | End]:
    async with asyncio.timeout(HEARD_S):
        return [piece async for piece in model.answer(asked(question))]


async def echo(model: SmolLM, **options: object) -> Echo:
    async with asyncio.timeout(HEARD_S):
        told, *_ = [piece async for piece in model.answer(asked("ECHO", **options))]
    return json.decode(str(told), type=Echo)


async def test_an_answer_is_passed_on_with_its_true_count(model: SmolLM) -> None:
    assert await answer(model, "Hello") == HELLO


async def test_the_process_gets_what_was_asked_in_its_words(model: SmolLM) -> None:
    got = await echo(model, temperature=0, stop="x", presence_penalty=None, top_p=0.5, max_tokens=7, seed=1)

    assert got.body == {
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "ECHO"}],
        "max_tokens": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "stop": ["x"],
        "top_p": 0.5,
    }


async def test_an_answer_without_a_limit_gets_ours(model: SmolLM) -> None:
    assert (await echo(model)).body["max_tokens"] == MOST_TOKENS


async def test_the_process_serves_loopback_with_a_key_and_no_page(model: SmolLM, tmp_path: Path) -> None:
    params = (await echo(model)).params

    assert params["hostnames"] == ["127.0.0.1"]
    assert params["n_ctx"] == CONTEXT_TOKENS
    assert params["model"] == {"path": str(tmp_path / SMOLLM2.file)}
    assert params["cors_origins"] == "http://127.0.0.1"
    assert [len(key) for key in params["api_keys"]] == [43]  # type: ignore[attr-defined]
    assert (params["ui"], params["endpoint_slots"], params["endpoint_props"]) == (False, False, False)


async def test_each_process_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        model = SmolLM(tmp_path)
        keys.append((await echo(model)).params["api_keys"])
        await model.aclose()

    assert keys[0] != keys[1]


async def test_questions_share_one_process(model: SmolLM) -> None:
    first, second = await asyncio.gather(echo(model), echo(model))
    third = await echo(model)

    assert first.pid == second.pid == third.pid


async def test_a_crash_in_the_middle_is_told_and_the_next_question_starts_anew(model: SmolLM) -> None:
    before = await echo(model)
    pieces = model.answer(asked("CRASH"))
    assert await anext(pieces) == "before"
    with pytest.raises(Refused, match="ended with code 3") as raised:
        await anext(pieces)

    assert raised.value.status == 503
    assert (await echo(model)).pid != before.pid


@posix_only
@pytest.mark.parametrize(
    ("code", "sentence"), [(5, "ended with code 5"), (-signal.SIGILL, "processor lacks"), (-signal.SIGKILL, "code -9")]
)
async def test_a_process_that_does_not_start_is_told(
    model: SmolLM, code: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUB_FAILS", str(code))

    with pytest.raises(Refused, match=sentence) as raised:
        await answer(model, "Hello")

    assert raised.value.status == 503
    monkeypatch.delenv("STUB_FAILS")
    assert await answer(model, "Hello") == HELLO


async def test_a_conversation_that_does_not_fit_says_by_how_much(model: SmolLM) -> None:
    with pytest.raises(Refused, match=r"4031 tokens .* reads 2048") as raised:
        await answer(model, "LONG")

    assert (raised.value.status, raised.value.code) == (400, "context_length_exceeded")


async def test_a_model_that_still_loads_is_waited_for(model: SmolLM) -> None:
    assert await answer(model, "LOADING") == HELLO


async def test_an_answer_that_stops_without_its_end_is_told(model: SmolLM) -> None:
    with pytest.raises(Refused, match="broke off"):
        await answer(model, "CUT")


async def test_closing_an_answer_hangs_up_on_the_process(model: SmolLM) -> None:
    async with aclosing(model.answer(asked("STALL"))) as pieces:
        assert await anext(pieces) == "before"

    assert await answer(model, "HUNG UP?") == HELLO


async def test_a_process_that_nobody_asks_ends(tmp_path: Path) -> None:
    model = SmolLM(tmp_path, idle_s=0)
    first = await echo(model)
    await asyncio.sleep(0)  # The timer's turn.
    await asyncio.sleep(0)
    second = await echo(model)
    await model.aclose()

    assert first.pid != second.pid


@posix_only
async def test_closing_the_model_ends_the_process(model: SmolLM) -> None:
    pid = (await echo(model)).pid

    await model.aclose()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@posix_only
async def test_ctrl_c_in_a_terminal_does_not_end_the_process(model: SmolLM) -> None:
    pid = (await echo(model)).pid

    os.kill(pid, signal.SIGINT)

    assert (await echo(model)).pid == pid


async def test_cancelling_the_first_question_ends_the_process_that_it_starts(
    model: SmolLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda *connected: connection.set_result(connected), "127.0.0.1")
    monkeypatch.setenv("STUB_WAITS", str(server.sockets[0].getsockname()[1]))
    question = asyncio.create_task(answer(model, "Hello"))
    async with asyncio.timeout(HEARD_S), server:
        reader, writer = await connection

        question.cancel()

        assert await reader.read() == b""
        writer.close()
        await asyncio.wait([question])


async def test_the_process_ends_when_its_parent_is_killed() -> None:
    root = Path(sys.modules["passerelle"].__path__[0]).parent
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", PARENT, body("ECHO").decode()),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{STUB}"},
    )
    assert parent.stdout is not None
    async with asyncio.timeout(HEARD_S):
        told = json.decode(await parent.stdout.readline(), type=Echo)
        reader, writer = await asyncio.open_connection(*told.address)

        parent.kill()

        assert await reader.read() == b""
        await parent.wait()
    writer.close()


async def test_without_the_extra_it_says_what_to_install(model: SmolLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)

    assert "passerelle[offline]" in str(await model.missing())


async def test_without_the_right_weights_it_says_how_to_fetch_them(model: SmolLM, tmp_path: Path) -> None:
    for weights in (None, b"", b"GGUF"):
        if weights is not None:
            (tmp_path / SMOLLM2.file).write_bytes(weights)
        assert "passerelle offline --fetch" in str(await model.missing())
