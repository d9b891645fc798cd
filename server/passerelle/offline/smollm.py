"""`offline/smollm2-135m`: a small language model in a process of its own, as a demonstration of the whole road."""

import asyncio
import importlib.util
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import msgspec
from msgspec import Struct

from passerelle.offline.asked import Asked
from passerelle.offline.engine import Engine, EngineFailed, EngineRefused
from passerelle.offline.fetch import SMOLLM2, is_genuine
from passerelle.offline.models import End, Entry, Finish
from passerelle.offline.refusals import Refused, invalid, unavailable
from passerelle.words.tasks import Tasks

CONTEXT_TOKENS = 2048
MOST_TOKENS = 1024
IDLE_S = 600.0
"""How long the process stays when nobody asks; it takes some 240 MiB."""
_ILLEGAL_INSTRUCTION = -4


class Delta(Struct, frozen=True):
    content: str | None = None


class Choice(Struct, frozen=True):
    delta: Delta = Delta()
    finish_reason: Finish | None = None


class Details(Struct, frozen=True):
    cached_tokens: int = 0


class Usage(Struct, frozen=True):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: Details = Details()


class Chunk(Struct, frozen=True):
    choices: tuple[Choice, ...] = ()
    usage: Usage | None = None


class TooLong(Struct, frozen=True):
    n_prompt_tokens: int


class Fault(Struct, frozen=True):
    error: TooLong


_CHUNKS = msgspec.json.Decoder(Chunk)


class SmolLM:
    """Offered where the extra `offline` and the weights are. Its process starts with the first question."""

    provider = "llama.cpp"
    entry = Entry(
        id="offline/smollm2-135m",
        created=1730419200,
        released=1730419200,
        owned_by="offline",
        name="SmolLM2 135M (demonstration; answers are often wrong)",
        description="A demonstration; answers are often wrong. A very small language model that runs on this computer "
        "by llama.cpp, to show how a real model streams. SmolLM2-135M-Instruct by Hugging Face, Apache-2.0.",
        context_window=CONTEXT_TOKENS,
        max_tokens=MOST_TOKENS,
        supported_parameters=(
            "max_tokens",
            "temperature",
            "top_p",
            "stop",
            "frequency_penalty",
            "presence_penalty",
        ),
        temperature=True,
    )

    def __init__(self, cache_dir: Path, *, idle_s: float = IDLE_S) -> None:
        self._weights = cache_dir / SMOLLM2.file
        self._idle_s = idle_s
        self._checked: tuple[int, int, bool] | None = None
        self._engine: Engine | None = None
        self._starting = asyncio.Lock()
        self._users = 0
        self._ending: asyncio.TimerHandle | None = None
        self._tasks = Tasks()

    async def missing(self) -> str | None:
        """What has to be installed or fetched first."""
        return await asyncio.to_thread(self._missing)

    async def aclose(self) -> None:
        """End the process."""
        self._stay()
        await self._tasks.aclose()
        if self._engine is not None:
            await self._engine.aclose()

    async def answer(self, asked: Asked) -> AsyncGenerator[str | End, None]:
        """What the model says; the process is started first if it does not run."""
        self._users += 1
        self._stay()
        try:
            engine = await self._running()
            async with aclosing(engine.ask(_body(asked))) as events, aclosing(_pieces(events)) as pieces:
                async for piece in pieces:
                    yield piece
        except EngineRefused as refused:
            raise _why_refused(refused) from None
        except EngineFailed as failed:
            raise _why_failed(failed) from None
        finally:
            self._users -= 1
            if self._users == 0:
                self._ending = asyncio.get_running_loop().call_later(self._idle_s, self._go)

    async def _running(self) -> Engine:
        async with self._starting:
            if self._engine is None or not self._engine.alive:
                self._engine = await Engine.start(self._weights, CONTEXT_TOKENS)
            return self._engine

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()

    def _go(self) -> None:
        """Nobody asked for a while."""
        if self._engine is not None:
            self._tasks.start(self._engine.aclose(), name="offline model goes")
            self._engine = None

    def _missing(self) -> str | None:
        if importlib.util.find_spec("xllamacpp") is None:
            return "it needs the extra: install passerelle[offline]"
        if not self._is_checked():
            return "its weights are not here: run `passerelle offline --fetch`"
        return None

    def _is_checked(self) -> bool:
        """Whether the weights are genuine; hashed once for each state of the file."""
        try:
            status = self._weights.stat()
        except OSError:
            return False
        state = (status.st_size, status.st_mtime_ns)
        if self._checked is None or self._checked[:2] != state:
            self._checked = (*state, is_genuine(self._weights))
        return self._checked[2]


async def _pieces(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[str | End, None]:
    """llama.cpp's chunks as ours: the finish comes before the usage, which is in a chunk without choices."""
    finish: Finish | None = None
    async for event in events:
        chunk = _CHUNKS.decode(event)
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            if choice.delta.content:
                yield choice.delta.content
        if chunk.usage is not None and finish is not None:
            yield End(
                finish=finish,
                prompt_tokens=chunk.usage.prompt_tokens,
                completion_tokens=chunk.usage.completion_tokens,
                cached_tokens=chunk.usage.prompt_tokens_details.cached_tokens,
            )
            return
    raise unavailable("The small model's answer broke off before its end; try again.")


def _body(asked: Asked) -> bytes:
    """The request as the process takes it. SmolLM2 knows three roles only."""
    roles = {"developer": "system", "tool": "user", "function": "user"}
    options = {
        "temperature": asked.temperature,
        "top_p": asked.top_p,
        "frequency_penalty": asked.frequency_penalty,
        "presence_penalty": asked.presence_penalty,
        "stop": asked.stops,
    }
    return msgspec.json.encode(
        {
            "messages": [
                {"role": roles.get(message.role, message.role), "content": message.text} for message in asked.messages
            ],
            "max_tokens": asked.limit(MOST_TOKENS),
            "stream": True,
            "stream_options": {"include_usage": True},
            **{name: value for name, value in options.items() if value not in (None, ())},
        }
    )


def _why_refused(refused: EngineRefused) -> Refused:
    try:
        tokens = msgspec.json.decode(refused.body, type=Fault).error.n_prompt_tokens
    except msgspec.DecodeError:
        return unavailable(f"The small model's process refused the request (status {refused.status}).")
    sentence = f"The conversation has {tokens} tokens and the small model reads {CONTEXT_TOKENS}; start a new one."
    return invalid(sentence, "messages", code="context_length_exceeded")


def _why_failed(failed: EngineFailed) -> Refused:
    if failed.returncode == _ILLEGAL_INSTRUCTION:
        return unavailable("This processor lacks instructions that the small model needs; use offline/guide.")
    how = "did not answer" if failed.returncode is None else f"ended with code {failed.returncode}"
    return unavailable(f"The small model's process {how}; it is started again with the next question.")
