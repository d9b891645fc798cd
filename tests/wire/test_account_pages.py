"""`GET credits`, `generation` and `models/…/endpoints`, from a scripted gateway and from the embedded one."""

import pytest
from msgspec import json

from passerelle.gateway.auth import Access
from passerelle.gateway.credits import Account, fetch_credits
from passerelle.gateway.endpoints import fetch_endpoints
from passerelle.gateway.generation import fetch_generation
from passerelle.gateway.http import Call, Http
from passerelle.gateway.target import Target
from passerelle.offline.models import End
from passerelle.words.failures import Failure, Kind
from passerelle.words.references import Reference
from support.gateway import ScriptedGateway
from support.offline import Puppet, serving
from support.shapes import GENERATION, generation, refuses, replies, tells

KEY = "vck_madeup1234567890"
ACCESS = Access(
    headers={"authorization": f"Bearer {KEY}"}, secrets=(KEY,), references=(Reference("env", "SCRIPTED_KEY"),)
)
HTML = {"content-type": "text/html"}


def target(gateway: ScriptedGateway) -> Target:
    return Target(name="work", url=gateway.url, vercel=True)


async def test_credits_are_asked_for_with_the_key(http: Http, gateway: ScriptedGateway) -> None:
    gateway.credits = tells({"balance": "95.50", "total_used": "4.50"})

    assert await fetch_credits(http, target(gateway), ACCESS) == Account(balance_usd=95.5, used_usd=4.5)

    request = (await gateway.question()).request
    assert (request.method, request.path) == ("GET", "/v1/credits")
    assert request.headers["authorization"] == f"Bearer {KEY}"


async def test_a_generation_is_asked_for_by_its_id_whatever_it_holds(http: Http, gateway: ScriptedGateway) -> None:
    odd = "gen_1&id=2/../é\r\nx: y"
    gateway.generations[odd] = tells(generation(odd))

    found = await fetch_generation(http, target(gateway), ACCESS, odd)

    assert found is not None
    assert (found.cost_usd, found.provider) == (0.00032, "bedrock")
    assert found.tokens is not None
    assert found.tokens.input_tokens == 120


@pytest.mark.parametrize(
    "error", [b'{"error":"Generation not found"}', b'{"error":{"message":"Generation gen_x not found","code":404}}']
)
async def test_a_generation_that_is_not_known_yet_is_none(http: Http, gateway: ScriptedGateway, error: bytes) -> None:
    gateway.generations[GENERATION] = replies(404, error)

    assert await fetch_generation(http, target(gateway), ACCESS, GENERATION) is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (replies(404, b"<html>404</html>", headers=HTML), "unsupported"),
        (replies(404, b'{"detail":"Not Found"}'), "unsupported"),
        (replies(404), "unsupported"),
        (replies(405), "unsupported"),
        (replies(200, b"<html>Sign in</html>", headers=HTML), "unsupported"),
        (tells(generation("gen_OTHER")), "unavailable"),
        (tells(generation(total_cost=-1)), "unavailable"),
        (tells(generation(total_cost=None)), "unavailable"),
        (tells({"data": []}), "unavailable"),
        (refuses(401, "authentication_error", f"no {KEY}"), "keyRefused"),
        (refuses(429, "rate_limit_exceeded", headers={"retry-after": "7"}), "rateLimited"),
        (refuses(500, "internal_server_error"), "unavailable"),
        (replies(302, headers={"location": "https://elsewhere.example"}), "refused"),
    ],
)
async def test_another_answer_to_a_generation_is_a_failure(
    http: Http, gateway: ScriptedGateway, answer: list[bytes], kind: Kind
) -> None:
    gateway.generations[GENERATION] = answer

    with pytest.raises(Failure) as caught:
        await fetch_generation(http, target(gateway), ACCESS, GENERATION)

    assert caught.value.kind == kind
    assert KEY not in caught.value.message


async def test_the_providers_of_a_model_are_asked_for_by_its_id(http: Http, gateway: ScriptedGateway) -> None:
    gateway.endpoints = tells({"data": {"endpoints": [{"provider_name": "groq"}]}})

    (found,) = await fetch_endpoints(http, target(gateway), Access(), "meta/llama 4:free")

    assert found.provider == "groq"
    assert (await gateway.question()).request.path == "/v1/models/meta/llama%204%3Afree/endpoints"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refuses(404, "model_not_found", "Model 'x/y' not found"), "modelUnknown"),
        (refuses(404, "not_found", "No such path"), "unsupported"),
        (replies(404, b"<html>404</html>", headers=HTML), "unsupported"),
        (tells({"data": {"endpoints": "none"}}), "unavailable"),
    ],
)
async def test_a_model_or_a_page_that_is_not_there_is_told_apart(
    http: Http, gateway: ScriptedGateway, answer: list[bytes], kind: Kind
) -> None:
    gateway.endpoints = answer

    with pytest.raises(Failure) as caught:
        await fetch_endpoints(http, target(gateway), ACCESS, "x/y")

    assert caught.value.kind == kind


async def test_an_id_that_leads_to_another_page_is_not_sent(http: Http, gateway: ScriptedGateway) -> None:
    with pytest.raises(Failure) as caught:
        await fetch_endpoints(http, target(gateway), ACCESS, "../../v1")

    assert caught.value.kind == "modelUnknown"
    assert gateway.connections == 0


async def test_the_embedded_gateway_is_understood(http: Http) -> None:
    puppet = Puppet("Hello", End(finish="stop", prompt_tokens=12, completion_tokens=2, cached_tokens=5))
    async with serving(puppet) as served:
        offline = Target(name="offline", url=served.url, vercel=True)

        assert await fetch_credits(http, offline, Access()) == Account(balance_usd=0, used_usd=0)
        (found,) = await fetch_endpoints(http, offline, Access(), "offline/puppet")
        assert (found.provider, found.price.input, found.up) == ("puppets", 0.0, True)
        with pytest.raises(Failure) as caught:
            await fetch_endpoints(http, offline, Access(), "offline/nobody")
        assert caught.value.kind == "modelUnknown"
        assert await fetch_generation(http, offline, Access(), "gen_none") is None

        asked = b'{"model":"offline/puppet","messages":[{"role":"user","content":"Hi"}]}'
        reply = await http.get(Call(target=offline, path="chat/completions", headers={}, body=asked), max_bytes=9999)
        answer = await fetch_generation(http, offline, Access(), json.decode(reply.body)["id"])

    assert answer is not None
    assert (answer.cost_usd, answer.provider, answer.model) == (0.0, "puppets", "offline/puppet")
    assert answer.tokens is not None
    assert (answer.tokens.input_tokens, answer.tokens.cached_tokens, answer.tokens.output_tokens) == (12, 5, 2)
