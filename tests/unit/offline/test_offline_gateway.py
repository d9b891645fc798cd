"""The embedded gateway through a real HTTP client: what it answers, refuses, remembers and ends."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from msgspec import json

from passerelle.offline.connection import Limits
from passerelle.offline.gateway import OfflineGateway
from passerelle.offline.models import End
from passerelle.offline.refusals import invalid, unavailable
from passerelle.words.failures import Failure
from support.offline import HEARD_S, Puppet, serving

SECRET = "a prompt nobody may see"
END = End(finish="stop", prompt_tokens=3, completion_tokens=2)
HELLO = {"model": "offline/puppet", "messages": [{"role": "user", "content": SECRET}]}
STREAM = {**HELLO, "stream": True}


@asynccontextmanager
async def client(*models: Puppet, limits: Limits | None = None) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving(*models, limits=limits) as served,
        httpx.AsyncClient(base_url=served.url, timeout=HEARD_S, trust_env=False) as http,
    ):
        yield http


async def events(http: httpx.AsyncClient) -> list[str]:
    """The data of all events of a streamed answer, until its end or until it breaks off."""
    got: list[str] = []
    async with http.stream("POST", "/chat/completions", json=STREAM) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
        try:
            async for line in response.aiter_lines():
                got += [line.removeprefix("data: ")] if line else []
        except httpx.RemoteProtocolError:
            got.append("(broken off)")
    return got


def error_of(response: httpx.Response) -> dict[str, object]:
    return json.decode(response.content, type=dict[str, dict[str, object]])["error"]


async def test_a_stream_is_the_role_the_pieces_one_last_chunk_and_done() -> None:
    async with client(Puppet("Hel", "lo", END)) as http:
        *pieces, done = await events(http)

    choices = [json.decode(piece)["choices"][0] for piece in pieces]
    assert [choice["delta"] for choice in choices[:-1]] == [
        {"role": "assistant"},
        {"content": "Hel"},
        {"content": "lo"},
    ]
    assert [choice["finish_reason"] for choice in choices] == [None, None, None, "stop"]
    assert ["usage" in json.decode(piece) for piece in pieces] == [False, False, False, True]
    assert done == "[DONE]"


async def test_an_empty_stream_has_its_role_and_its_end() -> None:
    async with client(Puppet(END)) as http:
        role, last, done = await events(http)

    assert json.decode(role)["choices"][0]["delta"] == {"role": "assistant"}
    assert json.decode(last)["usage"]["total_tokens"] == 5
    assert done == "[DONE]"


async def test_an_answer_that_is_not_streamed_comes_whole() -> None:
    async with client(Puppet("Hel", "lo", END)) as http:
        answer = json.decode((await http.post("/chat/completions", json=HELLO)).content)

    assert answer["choices"][0]["message"]["content"] == "Hello"
    assert answer["usage"]["cost"] == 0
    assert answer["id"] == answer["generationId"]


@pytest.mark.parametrize("body", [HELLO, STREAM])
@pytest.mark.parametrize(
    ("refused", "status", "kind"),
    [
        (invalid("Too long.", "messages", code="context_length_exceeded"), 400, "invalid_request_error"),
        (unavailable("It ended."), 503, "internal_server_error"),
    ],
)
async def test_what_fails_before_the_first_piece_is_a_status(
    body: dict[str, object], refused: Exception, status: int, kind: str
) -> None:
    async with client(Puppet(refused)) as http:
        response = await http.post("/chat/completions", json=body)

    assert response.status_code == status
    assert error_of(response)["type"] == kind


async def test_what_fails_later_is_an_event_and_the_last() -> None:
    async with client(Puppet("Hel", unavailable("It ended."))) as http:
        role, _, broken = await events(http)

    assert "assistant" in role
    assert json.decode(broken)["error"]["message"] == "It ended."


@pytest.mark.parametrize("body", [HELLO, STREAM])
async def test_a_bug_is_a_500_that_tells_nothing(body: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "passerelle")
    async with client(Puppet(ValueError(SECRET))) as http:
        response = await http.post("/chat/completions", json=body)

    assert (response.status_code, error_of(response)["type"]) == (500, "internal_server_error")
    assert "ValueError" in caplog.text
    assert SECRET not in response.text + caplog.text


async def test_a_bug_in_the_middle_breaks_the_stream_off() -> None:
    async with client(Puppet("Hel", ValueError(SECRET))) as http:
        assert (await events(http))[-1] == "(broken off)"


async def test_nothing_that_is_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "passerelle")
    async with client(Puppet("an answer nobody may see", END)) as http:
        await events(http)

    assert "nobody may see" not in caplog.text


async def test_a_model_that_is_missing_is_not_listed_and_says_what_to_do() -> None:
    puppet = Puppet("Hello", END)
    async with client(puppet) as http:
        puppet.reason = "fetch it first"
        listed = await http.get("/models")
        asked = await http.post("/chat/completions", json=HELLO)
        puppet.reason = None
        later = await http.get("/models")

    assert json.decode(listed.content) == {"object": "list", "data": []}
    assert asked.status_code == 404
    assert "fetch it first" in str(error_of(asked)["message"])
    assert [entry["id"] for entry in json.decode(later.content)["data"]] == ["offline/puppet"]


@pytest.mark.parametrize("path", ["/models/x/y", "/models/x%2Fy", "/models/x/y/endpoints"])
async def test_a_model_that_is_not_known_is_named(path: str) -> None:
    async with client(Puppet()) as http:
        response = await http.get(path)

    assert response.status_code == 404
    assert error_of(response)["type"] == "model_not_found"
    assert error_of(response)["param"] == {"modelId": "x/y"}


async def test_one_model_and_who_serves_it() -> None:
    async with client(Puppet()) as http:
        model = json.decode((await http.get("/models/offline/puppet")).content)
        endpoints = json.decode((await http.get("/models/offline/puppet/endpoints")).content)

    assert (model["id"], model["object"]) == ("offline/puppet", "model")
    assert endpoints["data"]["endpoints"][0]["provider_name"] == "puppets"


@pytest.mark.parametrize("body", [HELLO, STREAM])
async def test_an_answer_can_be_looked_up_afterwards(body: dict[str, object]) -> None:
    async with client(Puppet("Hello", END)) as http:
        answer = await http.post("/chat/completions", json=body)
        generation = answer.text.partition('"id":"')[2].partition('"')[0]
        record = json.decode((await http.get("/generation", params={"id": generation})).content)["data"]

    assert (record["id"], record["model"], record["streamed"]) == (generation, "offline/puppet", body is STREAM)
    assert (record["tokens_prompt"], record["tokens_completion"], record["finish_reason"]) == (3, 2, "stop")


async def test_an_answer_that_was_cut_off_can_be_looked_up_too() -> None:
    puppet = Puppet("Hello", asyncio.Event())
    async with client(puppet) as http:
        async with http.stream("POST", "/chat/completions", json=STREAM) as response:
            generation = (await anext(response.aiter_text())).partition('"id":"')[2].partition('"')[0]
        async with asyncio.timeout(HEARD_S):
            await puppet.ended.wait()
        record = json.decode((await http.get("/generation", params={"id": generation})).content)["data"]

    assert (record["finish_reason"], record["tokens_completion"], record["total_cost"]) == (None, 1, 0)


@pytest.mark.parametrize("query", ["", "?id=", "?id=gen_unknown"])
async def test_a_generation_that_is_not_known_gets_the_flat_error(query: str) -> None:
    async with client(Puppet()) as http:
        response = await http.get(f"/generation{query}")

    assert (response.status_code, response.json()) == (404, {"error": "Generation not found"})


async def test_only_so_many_generations_are_remembered() -> None:
    async with client(Puppet(END), limits=Limits(generations=2)) as http:
        answers = [(await http.post("/chat/completions", json=HELLO)).json()["id"] for _ in range(3)]
        statuses = [(await http.get("/generation", params={"id": one})).status_code for one in answers]

    assert statuses == [404, 200, 200]


async def test_there_are_no_credits_because_nothing_costs_any() -> None:
    async with client(Puppet()) as http:
        assert (await http.get("/credits")).json() == {"balance": "0", "total_used": "0"}


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"host": "evil.example:80"}]
)
@pytest.mark.parametrize("path", ["/models", "/chat/completions"])
async def test_a_web_page_gets_nothing(path: str, headers: dict[str, str]) -> None:
    puppet = Puppet("Hello", END)
    async with client(puppet) as http:
        response = await http.request("GET" if path == "/models" else "POST", path, headers=headers, json=HELLO)

    assert (response.status_code, error_of(response)["type"]) == (403, "forbidden")
    assert puppet.asked == []
    assert not any(name.startswith("access-control") for name in response.headers)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer any"}, {"x-api-key": "any"}])
async def test_any_key_or_none_is_accepted(headers: dict[str, str]) -> None:
    async with client(Puppet("Hello", END)) as http:
        assert (await http.post("/chat/completions", headers=headers, json=HELLO)).status_code == 200


async def test_closing_breaks_off_what_is_being_answered_and_ends_the_models() -> None:
    puppet = Puppet("Hello", asyncio.Event())
    async with (
        serving(puppet) as served,
        httpx.AsyncClient(trust_env=False) as http,
        http.stream("POST", f"{served.url}/chat/completions", json=STREAM) as response,
    ):
        pieces = response.aiter_bytes()
        assert b"Hello" in await anext(pieces)
        await served.gateway.aclose()
        with pytest.raises(httpx.TransportError):
            await anext(pieces)

    assert puppet.ended.is_set()
    assert puppet.closed


async def test_a_port_that_is_taken_is_a_failure_that_names_it() -> None:
    async with serving(Puppet()) as served:
        with pytest.raises(Failure, match=str(served.port)) as raised:
            await OfflineGateway([]).start(served.port)

    assert raised.value.kind == "misconfigured"
