import json
from pathlib import Path

import pytest

from passerelle.config.schema import Routing
from passerelle.gateway.endpoints import path_of, read_endpoints
from passerelle.gateway.providers import routed
from passerelle.protocol.money import Endpoint, Percentiles, Uptime
from passerelle.protocol.state import Price

SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "gateway" / "endpoints.json").read_text("utf-8"))
UNKNOWN = Endpoint(
    provider="bedrock",
    price=Price(input=None, output=None, cache_read=None, cache_write=None),
    context_window=None,
    max_output=None,
    quantization=None,
    up=True,
    latency_ms=None,
    throughput_tps=None,
    uptime=Uptime(last15m=None, last_hour=None, last_day=None),
    implicit_caching=False,
)


def read(*endpoints: object) -> list[Endpoint] | None:
    return read_endpoints({"data": {"id": "x/y", "endpoints": list(endpoints)}})


def named(*providers: str) -> list[Endpoint]:
    return read(*({"provider_name": provider} for provider in providers)) or []


def test_the_recorded_shape_is_read() -> None:
    assert read_endpoints(SAMPLE) == [
        Endpoint(
            provider="mistral",
            price=Price(input=0.3, output=0.9, cache_read=0.03, cache_write=None),
            context_window=128_000,
            max_output=4000,
            quantization=None,
            up=True,
            latency_ms=Percentiles(p50=350, p95=900),
            throughput_tps=Percentiles(p50=120, p95=200),
            uptime=Uptime(last15m=100, last_hour=99.9, last_day=99.8),
            implicit_caching=False,
        )
    ]


def test_what_is_missing_is_unknown() -> None:
    assert read({"provider_name": "bedrock"}) == [UNKNOWN]


@pytest.mark.parametrize("odd", [None, "", "x", -1, [], {}, {"p50": 1}, {"p50": "1", "p95": "2"}, [1], float("nan")])
def test_what_is_odd_is_unknown(odd: object) -> None:
    names = ("pricing", "context_length", "max_completion_tokens", "latency_last_1h", "throughput_last_1h")
    times = ("uptime_last_15m", "uptime_last_1h", "uptime_last_1d", "supports_implicit_caching")

    assert read({"provider_name": "bedrock", **dict.fromkeys((*names, *times), odd)}) == [UNKNOWN]


@pytest.mark.parametrize("item", [None, 1, "x", [], {}, {"provider_name": ""}, {"provider_name": "a\x1b[2J"}])
def test_a_provider_without_a_name_is_left_out_alone(item: object) -> None:
    assert read(item, {"provider_name": "bedrock"}) == [UNKNOWN]


@pytest.mark.parametrize(("status", "up"), [(0, True), (None, True), (-1, False), (2, False), ("down", False)])
def test_a_status_that_is_not_zero_is_down(status: object, up: bool) -> None:
    assert [endpoint.up for endpoint in read({"provider_name": "x", "status": status}) or ()] == [up]


def test_a_free_provider_is_free_and_not_unknown() -> None:
    (endpoint,) = read({"provider_name": "x", "pricing": {"prompt": "0", "completion": 0}}) or ()

    assert endpoint.price == Price(input=0.0, output=0.0, cache_read=None, cache_write=None)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"data": None}, {"data": {"endpoints": None}}, {"data": []}])
def test_another_shape_is_none(value: object) -> None:
    assert read_endpoints(value) is None


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("mistral/codestral", "models/mistral/codestral/endpoints"),
        ("gpt-5", "models/gpt-5/endpoints"),
        ("meta/llama:free", "models/meta/llama%3Afree/endpoints"),
        ("x/a b?c#d%2F..", "models/x/a%20b%3Fc%23d%252F../endpoints"),
        ("é/ü", "models/%C3%A9/%C3%BC/endpoints"),
        ("../credits", None),
        ("x/./y", None),
        ("x//y", None),
        ("", None),
        ("/", None),
    ],
)
def test_an_id_keeps_its_slash_and_leads_nowhere_else(model: str, path: str | None) -> None:
    assert path_of(model) == path


def test_the_routing_says_who_is_left_out_and_who_comes_first() -> None:
    endpoints = named("anthropic", "vertex", "bedrock")
    routing = Routing(order=("bedrock", "azure", "vertex"), only=("bedrock", "Anthropic"))

    found = routed(endpoints, routing)

    assert [endpoint.provider for endpoint in found] == ["bedrock", "vertex", "anthropic"]
    assert [endpoint.excluded for endpoint in found if endpoint.provider == "vertex"] == [
        "It is not in routing.only: bedrock, Anthropic."
    ]
    assert [endpoint for endpoint in found if endpoint.provider != "vertex"] == [endpoints[2], endpoints[0]]


@pytest.mark.parametrize("routing", [Routing(), Routing(zero_data_retention=True, disallow_prompt_training=True)])
def test_nothing_is_said_of_what_cannot_be_known(routing: Routing) -> None:
    endpoints = named("anthropic", "bedrock")

    assert routed(endpoints, routing) == endpoints
