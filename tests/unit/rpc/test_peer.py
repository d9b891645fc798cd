"""One answer for each request, whatever the handler does."""

import asyncio
import json
import logging

import msgspec
import pytest

from passerelle.protocol.base import Nothing
from passerelle.rpc.messages import RpcError, decode
from passerelle.rpc.outbox import Outbox
from passerelle.rpc.peer import Handler, Peer, Route
from passerelle.words.failures import Failure, InvalidParams

SECRET = "vck_made_up"


class Sent:
    """A sink that keeps the bodies."""

    def __init__(self) -> None:
        self._bodies: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self.waiting_bytes = 0

    def write(self, data: bytes) -> None:
        self._bodies.put_nowait(json.loads(data.partition(b"\r\n\r\n")[2]))

    async def aclose(self, limit_s: float) -> None: ...

    async def next(self) -> dict[str, object]:
        async with asyncio.timeout(5):
            return await self._bodies.get()

    def rest(self) -> list[dict[str, object]]:
        return [self._bodies.get_nowait() for _ in range(self._bodies.qsize())]


def peer_with(handler: Handler, params: type = Nothing) -> tuple[Peer, Sent]:
    sent = Sent()
    route = Route(msgspec.json.Decoder(params), handler)
    return Peer(Outbox(sent), {"m": route}, {"n": route}), sent


async def ask(peer: Peer, sent: Sent, **message: object) -> dict[str, object]:
    peer.dispatch(decode(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "m"} | message).encode()))
    answer = await sent.next()
    assert sent.rest() == []
    return answer


def raising(error: Exception) -> Handler:
    def handler(_: object) -> object:
        raise error

    return handler


def raising_later(error: Exception) -> Handler:
    async def handler(_: object) -> object:
        await asyncio.sleep(0)
        raise error

    return handler


@pytest.mark.parametrize("fail", [raising, raising_later])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RpcError(-32601, "no"), {"code": -32601, "message": "no"}),
        (InvalidParams("what?"), {"code": -32602, "message": "what?"}),
        (
            InvalidParams("which?", kind="modelUnknown", suggestions=("a/b",)),
            {"code": -32602, "message": "which?", "data": {"kind": "modelUnknown", "suggestions": ["a/b"]}},
        ),
        (
            Failure("rateLimited", "wait", status=429, retry_after_s=1.5, provider="p", generation="gen_1"),
            {
                "code": -32803,
                "message": "wait",
                "data": {
                    "kind": "rateLimited",
                    "status": 429,
                    "retryAfterMs": 1500,
                    "provider": "p",
                    "generation": "gen_1",
                },
            },
        ),
        (ValueError(SECRET), {"code": -32603, "message": "a fault of Passerelle's own: its log says more"}),
    ],
)
async def test_a_failure_is_answered_in_our_words(
    fail: object, error: Exception, expected: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert callable(fail)
    peer, sent = peer_with(fail(error))

    answer = await ask(peer, sent)

    assert answer == {"jsonrpc": "2.0", "id": 1, "error": expected}
    assert SECRET not in caplog.text


@pytest.mark.parametrize("params", [{}, None, []])
async def test_a_result_is_answered_and_no_params_are_empty_ones(params: object) -> None:
    peer, sent = peer_with(lambda _: {"x-key": 1})

    assert await ask(peer, sent, params=params) == {"jsonrpc": "2.0", "id": 1, "result": {"x-key": 1}}


async def test_a_result_that_cannot_be_encoded_is_answered_too() -> None:
    peer, sent = peer_with(lambda _: object())

    answer = await ask(peer, sent)

    assert answer["error"] == {"code": -32603, "message": "a fault of Passerelle's own: its log says more"}


@pytest.mark.parametrize("params", [{"nope": 1}, 5, "text", [1]])
async def test_wrong_params_are_answered_naming_what_is_wrong(params: object) -> None:
    peer, sent = peer_with(lambda _: None)

    answer = await ask(peer, sent, params=params)

    error = answer["error"]
    assert isinstance(error, dict)
    assert error["code"] == -32602
    assert str(error["message"]).startswith("m: ")


async def test_a_cancelled_request_is_answered_once_and_its_handler_ends() -> None:
    ended = asyncio.Event()

    async def handler(_: object) -> object:
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    peer, sent = peer_with(handler)
    peer.dispatch(decode(b'{"id":1,"method":"m"}'))
    await asyncio.sleep(0)
    peer.cancel("unknown")
    peer.cancel(1)
    peer.cancel(1)
    await ended.wait()
    await asyncio.sleep(0)
    peer.cancel(1)

    assert [body["error"] for body in sent.rest()] == [{"code": -32800, "message": "cancelled"}]


async def test_a_request_cancelled_before_it_began_is_answered() -> None:
    async def handler(_: object) -> object:
        return 1

    peer, sent = peer_with(handler)
    peer.dispatch(decode(b'{"id":1,"method":"m"}'))
    await peer.aclose()
    await asyncio.sleep(0)

    assert [body["error"] for body in sent.rest()] == [{"code": -32800, "message": "cancelled"}]


async def test_an_id_in_flight_is_refused_and_the_first_is_still_answered() -> None:
    release = asyncio.Event()

    async def handler(_: object) -> object:
        await release.wait()
        return "first"

    peer, sent = peer_with(handler)
    peer.dispatch(decode(b'{"id":1,"method":"m"}'))
    peer.dispatch(decode(b'{"id":1,"method":"m"}'))
    release.set()

    assert [body.get("result", body.get("error")) for body in (await sent.next(), await sent.next())] == [
        {"code": -32600, "message": "a request with this id is still in flight"},
        "first",
    ]


async def test_notifications_are_never_answered() -> None:
    peer, sent = peer_with(raising(ValueError(SECRET)))

    for body in (
        b'{"method":"n"}',
        b'{"method":"n","params":{"nope":1}}',
        b'{"method":"unknown"}',
        b'{"method":"$/x"}',
    ):
        peer.dispatch(decode(body))

    assert sent.rest() == []


async def test_a_request_to_the_client_gets_its_answer() -> None:
    peer, sent = peer_with(lambda _: None)

    asked = asyncio.ensure_future(peer.ask("their/method", {"a": 1}, dict[str, int], limit_s=5))
    await asyncio.sleep(0)
    request = await sent.next()
    peer.dispatch(decode(json.dumps({"id": "unknown", "result": None}).encode()))
    peer.dispatch(decode(json.dumps({"id": request["id"], "result": {"b": 2}}).encode()))
    peer.dispatch(decode(json.dumps({"id": request["id"], "result": {"b": 3}}).encode()))

    assert await asked == {"b": 2}


async def test_an_error_of_the_client_is_raised() -> None:
    peer, sent = peer_with(lambda _: None)

    asked = asyncio.ensure_future(peer.ask("their/method", None, dict[str, int], limit_s=5))
    await asyncio.sleep(0)
    error = {"code": -32601, "message": "unknown"}
    peer.dispatch(decode(json.dumps({"id": (await sent.next())["id"], "error": error}).encode()))

    with pytest.raises(RpcError):
        await asked
