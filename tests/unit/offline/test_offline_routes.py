import pytest

from passerelle.offline.connection import Request, Response
from passerelle.offline.refusals import Refused
from passerelle.offline.routes import Route, check_origin, find_route


def request(method: str, target: str) -> Request:
    return Request(method=method, target=target, headers={}, body=b"")


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("GET", "/v1/models", Route("models")),
        ("HEAD", "/v1/models", Route("models")),
        ("GET", "/v1/models?include_mappings=true", Route("models")),
        ("GET", "/v1/models/a/b", Route("model", "a/b")),
        ("GET", "/v1/models/a%2Fb", Route("model", "a/b")),
        ("GET", "/v1/models/b", Route("model", "b")),
        ("GET", "/v1/models/a/b/endpoints", Route("endpoints", "a/b")),
        ("POST", "/v1/chat/completions", Route("chat")),
        ("GET", "/v1/credits", Route("credits")),
        ("GET", "/v1/generation?id=gen_1", Route("generation", "gen_1")),
        ("GET", "/v1/generation?x=1&id=gen%5F1", Route("generation", "gen_1")),
        ("GET", "/v1/generation", Route("generation")),
    ],
)
def test_a_path_asks_for_one_page(method: str, target: str, route: Route) -> None:
    assert find_route(request(method, target)) == route


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        ("POST", "/v1/models", "GET"),
        ("DELETE", "/v1/models/a/b", "GET"),
        ("GET", "/v1/chat/completions", "POST"),
        ("HEAD", "/v1/chat/completions", "POST"),
        ("OPTIONS", "/v1/chat/completions", "POST"),
        ("PUT", "/v1/credits", "GET"),
    ],
)
def test_a_wrong_method_gets_405_with_an_empty_body(method: str, target: str, allow: str) -> None:
    assert find_route(request(method, target)) == Response(status=405, headers=(("allow", allow),))


@pytest.mark.parametrize("target", ["/models", "/chat/completions", "/", "/v2/models", "/v1", "*", "http://[/", "//v1"])
def test_a_path_outside_v1_gets_404_in_html(target: str) -> None:
    answer = find_route(request("GET", target))

    assert isinstance(answer, Response)
    assert (answer.status, answer.content_type) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("target", ["/v1/", "/v1/completions", "/v1/embeddings", "/v1/models/", "/v1/credits/"])
def test_a_wrong_path_below_v1_gets_404_in_the_envelope(target: str) -> None:
    answer = find_route(request("POST", target))

    assert isinstance(answer, Response)
    assert answer.status == 404
    assert b'"type":"not_found"' in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]", "[::1]:80"])
def test_programs_of_this_computer_may_ask(host: str) -> None:
    check_origin({"host": host, "user-agent": "curl"})


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8080"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "localhost.evil.example:80"},
        {"host": "evil.example@127.0.0.1"},
        {"host": "10.0.0.1"},
        {"host": ""},
        {},
        {"host": "127.0.0.1", "origin": "https://evil.example"},
        {"host": "127.0.0.1", "origin": "http://localhost:3000"},
        {"host": "127.0.0.1", "origin": "null"},
    ],
)
def test_web_pages_may_not(headers: dict[str, str]) -> None:
    with pytest.raises(Refused) as raised:
        check_origin(headers)

    assert raised.value.status == 403
