import asyncio
import gzip
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from passerelle.config.schema import Timeouts
from passerelle.gateway.auth import Access
from passerelle.gateway.errors import Limit, TimedOut
from passerelle.gateway.http import Call, Http, StreamedReply
from passerelle.gateway.listing import Validators, fetch_models
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from passerelle.words.references import Reference
from support.gateway import End, ScriptedGateway
from support.shapes import CHUNK_END, STREAM_HEAD, begins, chunked, head, replies, says

KEY = "vck_madeup1234567890"
HUNG_UP_WITHIN_S = 0.05
PATIENT = Timeouts(connect_s=20, first_byte_s=20, idle_s=20, total_s=20)


def call(url: str, timeouts: Timeouts = PATIENT, **fields: object) -> Call:
    target = Target(name="work", url=url, **fields)  # type: ignore[arg-type]
    headers = {"authorization": f"Bearer {KEY}"}
    return Call(target=target, path="chat/completions", headers=headers, body=b'{"a":1}', timeouts=timeouts)


async def read_into(seen: list[bytes], http: Http, asked: Call) -> None:
    async with http.stream(asked) as reply:
        async for chunk in reply.chunks():
            seen.append(chunk)  # noqa: PERF401 - The list is looked at after a failure.


async def failure_of_call(http: Http, asked: Call) -> Failure:
    """The failure that a call ends in, read to its end if it gets that far."""
    with pytest.raises(Failure) as failed:
        await read_into([], http, asked)
    assert KEY not in str(failed.value)
    return failed.value


async def first_chunk(reply: StreamedReply) -> bytes:
    return await anext(aiter(reply.chunks()))


async def test_a_streamed_answer_comes_as_it_was_sent(http: Http, gateway: ScriptedGateway) -> None:
    released = asyncio.Event()
    gateway.queue([STREAM_HEAD, chunked(b"one"), released, chunked(b"two"), CHUNK_END])

    async with http.stream(call(gateway.url)) as reply:
        chunks = reply.chunks()
        assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream")
        assert await anext(chunks) == b"one"
        released.set()
        assert [chunk async for chunk in chunks] == [b"two"]

    request = (await gateway.chat()).request
    assert (request.body, request.headers["authorization"]) == (b'{"a":1}', f"Bearer {KEY}")


async def test_an_answer_that_was_read_leaves_a_warm_connection(http: Http, gateway: ScriptedGateway) -> None:
    for _ in range(3):
        async with http.stream(call(gateway.url)) as reply:
            assert await reply.read_at_most(1 << 20)
    assert gateway.connections == 1


async def test_a_warm_connection_that_the_gateway_closed_is_not_used(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue([*says("Hi"), End.CLOSE])
    await http.get(call(gateway.url), max_bytes=1 << 20)
    await (await gateway.chat()).hung_up()
    for _ in range(3):
        await asyncio.sleep(0)  # The end arrives here too.

    assert (await http.get(call(gateway.url), max_bytes=1 << 20)).status == 200


async def test_an_error_status_is_the_callers_to_explain(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue(replies(503, b"x" * 100))
    async with http.stream(call(gateway.url)) as reply:
        assert (reply.status, await reply.read_at_most(10)) == (503, b"x" * 10)


async def test_a_packed_answer_is_unpacked(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue(replies(200, gzip.compress(b"plain"), headers={"content-encoding": "gzip"}))
    async with http.stream(call(gateway.url)) as reply:
        assert await reply.read_at_most(100) == b"plain"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(http: Http, gateway: ScriptedGateway, status: int) -> None:
    async with ScriptedGateway().serving() as elsewhere:
        location = f"{elsewhere.origin.replace('127.0.0.1', 'localhost')}/v1/chat/completions?key=1"
        gateway.queue(replies(status, headers={"location": location}))

        failure = await failure_of_call(http, call(gateway.url))

        assert (failure.kind, failure.status) == ("refused", status)
        assert "redirects to localhost," in failure.message
        assert "key=1" not in failure.message
        assert elsewhere.connections == 0
        assert elsewhere.chats.empty()


@pytest.mark.parametrize("location", [{}, {"location": "/v2?key=1"}, {"location": "http://["}])
async def test_a_redirect_to_the_same_host_or_nowhere_is_one_too(
    http: Http, gateway: ScriptedGateway, location: dict[str, str]
) -> None:
    gateway.queue(replies(302, headers=location))
    failure = await failure_of_call(http, call(gateway.url))
    assert failure.kind == "refused"
    assert "redirects to 127.0.0.1," in failure.message


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that refuses: it is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def full_port() -> Iterator[int]:
    """A port that never answers: its queue of connections is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


async def test_a_closed_port_is_unreachable(http: Http) -> None:
    with closed_port() as port:
        failure = await failure_of_call(http, call(f"http://localhost:{port}/v1"))
    assert failure.kind == "unreachable"
    assert "localhost" in failure.message
    assert "refused" in failure.message


async def test_a_server_without_tls_is_told(http: Http) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_of_call(http, call(f"https://127.0.0.1:{port}/v1"))
    assert failure.kind == "unreachable"
    assert "TLS" in failure.message


async def test_cancelling_a_handshake_closes_the_socket_at_once(http: Http) -> None:
    greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    hung_up: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        greeted.set_result(None)
        with suppress(ConnectionError):
            await reader.read()
        hung_up.set_result(asyncio.get_running_loop().time())
        writer.close()

    async with await asyncio.start_server(stall, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reading = asyncio.create_task(failure_of_call(http, call(f"https://127.0.0.1:{port}/v1")))
        async with asyncio.timeout(20):
            await greeted
            cancelled_at = asyncio.get_running_loop().time()
            reading.cancel()
            assert await hung_up - cancelled_at < HUNG_UP_WITHIN_S


def limits(**seconds: float) -> Timeouts:
    return Timeouts(**{"connect_s": 20, "first_byte_s": 20, "idle_s": 20, "total_s": 20} | seconds)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems fill the queue of a port differently")
async def test_the_limit_on_connecting_is_kept(http: Http) -> None:
    with full_port() as port:
        failure = await failure_of_call(http, call(f"http://127.0.0.1:{port}/v1", limits(connect_s=0.1)))
    assert isinstance(failure, TimedOut)
    assert failure.limit == "connect_s"


STALLS: dict[str, tuple[list[bytes | End], Limit]] = {
    "nothing": ([End.STALL], "first_byte_s"),
    "half a head": ([b"HTTP/1.1 200 OK\r\ncontent-"], "first_byte_s"),
    "a head": ([STREAM_HEAD, End.STALL], "first_byte_s"),
    "a beginning": ([*begins("Hi"), End.STALL], "idle_s"),
}


@pytest.mark.parametrize("stall", STALLS)
@pytest.mark.parametrize("passes", ["own", "total_s"])
async def test_a_gateway_that_stalls_is_left(http: Http, gateway: ScriptedGateway, stall: str, passes: str) -> None:
    script, own = STALLS[stall]
    limit = own if passes == "own" else passes
    gateway.queue([*script, End.STALL])

    failure = await failure_of_call(http, call(gateway.url, limits(**{limit: 0.1})))

    assert isinstance(failure, TimedOut)
    assert failure.limit == limit
    assert "0.1 s" in failure.message
    assert f"timeouts.{limit}" in failure.message
    await (await gateway.chat()).hung_up()


async def test_a_warm_connection_is_held_to_the_same_limits(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue(says("Hi"), [End.STALL])
    await http.get(call(gateway.url), max_bytes=1 << 20)
    failure = await failure_of_call(http, call(gateway.url, limits(first_byte_s=0.1)))
    assert isinstance(failure, TimedOut)
    assert failure.limit == "first_byte_s"


async def test_a_slow_reader_is_not_a_silent_gateway(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue(says("Hi", "Ho"))
    async with http.stream(call(gateway.url, limits(idle_s=0.02, first_byte_s=0.5))) as reply:
        body = bytearray()
        async for chunk in reply.chunks():
            body += chunk
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await asyncio.Event().wait()
    assert body.endswith(b"[DONE]\n\n")


@pytest.mark.parametrize("end", [End.CLOSE, End.RESET])
@pytest.mark.parametrize("script", [[], [b"HTTP/1.1 200 O"], [STREAM_HEAD], begins("Hi")])
async def test_a_connection_that_breaks_is_told(
    http: Http, gateway: ScriptedGateway, script: list[bytes], end: End
) -> None:
    gateway.queue([*script, end])
    failure = await failure_of_call(http, call(gateway.url))
    assert failure.kind == "streamBroken"
    assert "127.0.0.1" in failure.message


async def test_what_came_before_the_break_is_handed_on(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue([STREAM_HEAD, chunked(b"one"), End.CLOSE])
    seen: list[bytes] = []
    with pytest.raises(Failure):
        await read_into(seen, http, call(gateway.url))
    assert seen == [b"one"]


async def test_something_that_is_not_http_is_told(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue([b"SSH-2.0-OpenSSH_9\r\n\r\n"])
    assert (await failure_of_call(http, call(gateway.url))).kind == "streamBroken"


async def test_leaving_closes_the_socket_at_once(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hi"), End.STALL])
    async with http.stream(call(gateway.url)) as reply:
        await first_chunk(reply)
    left_at = asyncio.get_running_loop().time()

    assert await (await gateway.chat()).hung_up() - left_at < HUNG_UP_WITHIN_S


@pytest.mark.parametrize("stall", STALLS)
async def test_cancelling_closes_the_socket_at_once(http: Http, gateway: ScriptedGateway, stall: str) -> None:
    gateway.queue([*STALLS[stall][0], End.STALL])
    reading = asyncio.create_task(failure_of_call(http, call(gateway.url)))
    exchange = await gateway.chat()

    cancelled_at = asyncio.get_running_loop().time()
    reading.cancel()

    assert await exchange.hung_up() - cancelled_at < HUNG_UP_WITHIN_S
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_an_error_of_the_reader_closes_the_socket_and_stays_its_own(http: Http, gateway: ScriptedGateway) -> None:
    async def stumble() -> None:
        async with http.stream(call(gateway.url)) as reply:
            await first_chunk(reply)
            raise ZeroDivisionError

    gateway.queue([*begins("Hi"), End.STALL])
    with pytest.raises(ZeroDivisionError):
        await stumble()
    await (await gateway.chat()).hung_up()


async def test_fifty_streams_do_not_disturb_each_other(http: Http, gateway: ScriptedGateway) -> None:
    released = asyncio.Event()
    begun = asyncio.Semaphore(0)

    async def chat() -> bytes:
        body = b""
        async with http.stream(call(gateway.url)) as reply:
            async for chunk in reply.chunks():
                body += chunk
                begun.release()
        return body

    gateway.otherwise = [STREAM_HEAD, chunked(b"one "), released, chunked(b"two"), CHUNK_END]
    gateway.queue([STREAM_HEAD, chunked(b"one "), released, End.RESET])
    chats = [asyncio.create_task(chat()) for _ in range(52)]
    async with asyncio.timeout(20):
        for _ in chats:
            await begun.acquire()
    assert gateway.connections == len(chats)
    chats[1].cancel()
    released.set()
    outcomes = await asyncio.gather(*chats, return_exceptions=True)

    assert [outcome for outcome in outcomes if isinstance(outcome, bytes)] == [b"one two"] * 50
    assert sum(isinstance(outcome, Failure) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes) == 1


async def test_what_is_too_large_is_not_read(http: Http, gateway: ScriptedGateway) -> None:
    gateway.queue(replies(200, b"x" * 1000), [STREAM_HEAD, *[chunked(b"x" * 600)] * 2, End.STALL])
    assert len((await http.get(call(gateway.url), max_bytes=1000)).body) == 1000
    with pytest.raises(Failure, match="more than 1000 bytes"):
        await http.get(call(gateway.url), max_bytes=1000)


async def test_a_proxy_of_the_environment_is_asked_for_other_hosts_only(gateway: ScriptedGateway) -> None:
    async with ScriptedGateway().serving() as proxy:
        http = Http(environ={"http_proxy": proxy.origin})
        await http.get(call(gateway.url), max_bytes=1 << 20)
        assert not proxy.strays

        await http.get(call("http://llm.example.invalid/v1"), max_bytes=1 << 20)
        assert [stray.path for stray in proxy.strays] == ["http://llm.example.invalid/v1/chat/completions"]
        proxy.strays.clear()
        await http.aclose()


async def test_a_proxy_that_refuses_is_told(http: Http) -> None:
    async with ScriptedGateway().serving() as proxy:
        failure = await failure_of_call(http, call("https://llm.example.invalid/v1", proxy=proxy.origin))
        assert [stray.method for stray in proxy.strays] == ["CONNECT"]
        proxy.strays.clear()
    assert failure.kind == "unreachable"
    assert "proxy 127.0.0.1 did not connect to llm.example.invalid: 404" in failure.message


async def test_a_proxy_that_is_not_there_is_told(http: Http) -> None:
    with closed_port() as port:
        proxy = f"http://user:hunter2@127.0.0.1:{port}"
        failure = await failure_of_call(http, call("https://llm.example.invalid/v1", proxy=proxy))
    assert failure.message.startswith("Cannot reach the proxy 127.0.0.1 on the way to llm.example.invalid: ")
    assert "hunter2" not in failure.message


async def test_settings_that_cannot_work_are_told(http: Http, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", "utf-8")
    for fields, words in (
        ({"ca_bundle": str(tmp_path / "none.pem")}, "cannot be read"),
        ({"ca_bundle": str(broken)}, "no certificate in PEM form"),
        ({"proxy": "gopher://proxy.example.com"}, "not a URL such as"),
    ):
        failure = await failure_of_call(http, call("https://llm.example.invalid/v1", PATIENT, **fields))
        assert failure.kind == "misconfigured"
        assert words in failure.message


@pytest.mark.parametrize(
    "url",
    ["", "llm.example.com", "ftp://127.0.0.1", "http://", "http://[::1", "http://127.0.0.1:x/v1"],
)
async def test_a_url_that_is_none_is_told(http: Http, url: str) -> None:
    failure = await failure_of_call(http, call(url))
    assert failure.kind == "misconfigured"
    assert "gateways.work" in failure.message


async def test_a_name_that_dns_cannot_hold_is_unreachable(http: Http) -> None:
    assert (await failure_of_call(http, call("http://a..invalid/v1"))).kind == "unreachable"


async def test_a_header_that_cannot_be_sent_is_told_without_its_value(http: Http, gateway: ScriptedGateway) -> None:
    asked = call(gateway.url)
    for value in (f"{KEY}\r\nx-evil: 1", f"{KEY}é"):
        asked.headers["x-team"] = value
        assert (await failure_of_call(http, asked)).kind == "misconfigured"


async def test_nothing_of_a_call_is_logged(
    http: Http, gateway: ScriptedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.queue([head(200, {"x-secret": "in a header"}, length=9) + b"an answer"])
    asked = call(f"{gateway.url}?key=hunter2")
    await http.get(asked, max_bytes=100)
    logged = caplog.text + repr(asked)
    for secret in (KEY, "hunter2", "in a header", "an answer", '"a"', "chat/completions?"):
        assert secret not in logged
    gateway.strays.clear()


TARGET_KEY = Access(headers={"authorization": f"Bearer {KEY}"}, secrets=(KEY,), references=(Reference("env", "K"),))


async def test_the_list_of_models_is_fetched_only_if_it_changed(http: Http, gateway: ScriptedGateway) -> None:
    gateway.etag = '"1"'
    target = Target(name="work", url=gateway.url)

    first = await fetch_models(http, target, Validators(), TARGET_KEY)
    second = await fetch_models(http, target, first.validators, TARGET_KEY)

    assert first.body == gateway.catalogue
    assert first.validators == second.validators == Validators(etag='"1"')
    assert second.body is None
    asked = [(await gateway.listing()).request for _ in range(2)]
    assert [request.headers.get("if-none-match") for request in asked] == [None, '"1"']
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_list_that_is_refused_is_a_failure(http: Http, gateway: ScriptedGateway) -> None:
    gateway.models = replies(401, f'{{"error":"no such key {KEY}"}}'.encode())
    with pytest.raises(Failure) as refused:
        await fetch_models(http, Target(name="work", url=gateway.url), Validators(), TARGET_KEY)
    assert refused.value.kind == "keyRefused"
    assert "env:K" in refused.value.message
    assert KEY not in refused.value.message
