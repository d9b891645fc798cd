"""The embedded gateway: listens on 127.0.0.1 and nowhere else, and answers with the models it was given."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from traceback import extract_tb

from msgspec import json

from passerelle.offline import answers
from passerelle.offline.answers import Generation, Timing
from passerelle.offline.asked import Asked, read_asked
from passerelle.offline.connection import Connection, Limits, Request, Response
from passerelle.offline.models import End, OfflineModel
from passerelle.offline.refusals import Refused
from passerelle.offline.routes import Route, check_origin, find_route
from passerelle.words.failures import Failure
from passerelle.words.tasks import Tasks

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"


class OfflineGateway:
    """Serves Vercel's `/v1` on loopback to programs of this computer. Any key, or none, is accepted.

    It owns its connections and its models: `aclose` ends them all.
    """

    def __init__(self, models: Sequence[OfflineModel], *, limits: Limits | None = None) -> None:
        self._models = {model.entry.id: model for model in models}
        self._limits = limits or Limits()
        self._connections = Tasks()
        self._records: dict[str, bytes] = {}
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> str:
        """Listen, and return the base URL that clients take. Raises `Failure` when the port cannot be had."""
        try:
            self._server = await asyncio.start_server(self._connect, LOOPBACK, port)
        except OSError as error:
            cause = error.strerror or type(error).__name__
            sentence = f"The offline gateway cannot listen on {LOOPBACK}:{port} ({cause}); choose another port."
            raise Failure("misconfigured", sentence) from None
        return f"http://{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}/v1"

    async def aclose(self) -> None:
        """Stop listening, break off what is being answered and end the models' processes."""
        if self._server is not None:
            self._server.close()
        await self._connections.aclose()
        for model in self._models.values():
            await model.aclose()

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._handle, self._limits)
        self._connections.start(connection.serve(), name="offline connection")

    async def _handle(self, request: Request) -> Response:
        try:
            check_origin(request.headers)
            route = find_route(request)
            return route if isinstance(route, Response) else await self._answer(route, request)
        except Refused as refused:
            return Response(status=refused.status, body=refused.body())
        except Exception as error:  # noqa: BLE001 - A bug, and the client still gets an answer.
            return _bug(error)

    async def _answer(self, route: Route, request: Request) -> Response:
        match route.page:
            case "models":
                entries = [model.entry for model in self._models.values() if await model.missing() is None]
                return Response(status=200, body=answers.model_list(entries))
            case "model":
                return Response(status=200, body=json.encode((await self._find(route.subject)).entry))
            case "endpoints":
                model = await self._find(route.subject)
                return Response(status=200, body=answers.model_endpoints(model.entry, model.provider))
            case "credits":
                return Response(status=200, body=json.encode({"balance": "0", "total_used": "0"}))
            case "generation":
                return self._record(route.subject)
            case "chat":
                return await self._chat(read_asked(request.body))

    async def _find(self, model_id: str) -> OfflineModel:
        model = self._models.get(model_id)
        reason = "the offline gateway does not have it" if model is None else await model.missing()
        if model is not None and reason is None:
            return model
        sentence = f"Model '{model_id}' not found: {reason}."
        raise Refused(404, "model_not_found", sentence, param={"modelId": model_id})

    def _record(self, generation: str) -> Response:
        body = self._records.get(generation)
        if body is None:  # Flat, unlike all other errors: so does the real gateway.
            return Response(status=404, body=json.encode({"error": "Generation not found"}))
        return Response(status=200, body=body)

    async def _chat(self, asked: Asked) -> Response:
        model = await self._find(asked.model)
        now_s = time.time()
        generation = Generation(
            id=answers.generation_id(now_s),
            model=asked.model,
            provider=model.provider,
            streamed=bool(asked.stream),
            began_s=now_s,
        )
        pieces = self._timed(generation, model.answer(asked))
        if not generation.streamed:
            return await _whole(generation, pieces)
        # The first piece comes before the status: what fails until then is an error and not a broken stream.
        chunks = _chunks(generation, pieces)
        first = await anext(chunks)
        return Response(status=200, body=first, rest=chunks, content_type="text/event-stream")

    async def _timed(
        self, generation: Generation, pieces: AsyncGenerator[str | End, None]
    ) -> AsyncGenerator[str | End, None]:
        """Pass an answer on, and remember how it went, also when its client hung up."""
        began = time.perf_counter()
        first_ms = count = 0
        end = None
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    first_ms = first_ms or _since_ms(began)
                    count += 1
                    end = piece if isinstance(piece, End) else None
                    yield piece
        finally:
            if count:
                end = end or End(finish=None, prompt_tokens=0, completion_tokens=count)
                timing = Timing(first_ms=first_ms, total_ms=_since_ms(began))
                self._remember(generation.id, answers.generation_record(generation, end, timing))

    def _remember(self, generation: str, record: bytes) -> None:
        if len(self._records) >= self._limits.generations:
            del self._records[next(iter(self._records))]
        self._records[generation] = record


def _bug(error: Exception) -> Response:
    """What the error says may hold a prompt: neither the client nor the log gets that."""
    place = extract_tb(error.__traceback__)[-1]
    log.error("bug in the offline gateway error=%s in=%s line=%s", type(error).__name__, place.name, place.lineno)
    refused = Refused(500, "internal_server_error", "The offline gateway failed; this is a fault in it.")
    return Response(status=refused.status, body=refused.body())


def _since_ms(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


async def _whole(generation: Generation, pieces: AsyncGenerator[str | End, None]) -> Response:
    text: list[str] = []
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, End):
                return Response(status=200, body=answers.completion(generation, "".join(text), piece))
            text.append(piece)
    raise Refused(500, "internal_server_error", "The answer broke off before its end.")


async def _chunks(generation: Generation, pieces: AsyncGenerator[str | End, None]) -> AsyncGenerator[bytes, None]:
    """The events of a streamed answer. Raises `Refused` before the first; later it becomes an event, the last."""
    head = answers.role_chunk(generation)
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, End):
                    yield head + answers.last_chunks(generation, piece)
                else:
                    yield head + answers.text_chunk(generation, piece)
                head = b""
    except Refused as refused:
        if head:
            raise
        yield answers.broken_chunk(refused.body())
