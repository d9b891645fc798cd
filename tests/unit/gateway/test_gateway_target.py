import pytest

from passerelle.gateway.target import Target, endpoint, may_carry_key, origin
from passerelle.words.hosts import is_loopback


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ai-gateway.vercel.sh/v1", "https://ai-gateway.vercel.sh/v1/chat/completions"),
        ("https://ai-gateway.vercel.sh/v1/", "https://ai-gateway.vercel.sh/v1/chat/completions"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/chat/completions"),
        ("https://x.example/openai/v1?api-version=2", "https://x.example/openai/v1/chat/completions?api-version=2"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
    ],
)
def test_a_path_is_put_behind_the_base(url: str, expected: str) -> None:
    assert endpoint(Target(name="x", url=url), "chat/completions") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/v1", "https://x.example/v1/generation?id=gen_1%26id%3D%2F%20%C3%A9"),
        ("https://x.example/v1?tenant=7", "https://x.example/v1/generation?tenant=7&id=gen_1%26id%3D%2F%20%C3%A9"),
    ],
)
def test_a_query_is_put_behind_the_base_and_its_own(url: str, expected: str) -> None:
    assert endpoint(Target(name="x", url=url), "generation", {"id": "gen_1&id=/ é"}) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/v1", "https://a.example:443/v2?x#y", True),
        ("https://A.example/v1", "https://a.example", True),
        ("https://user:pw@a.example", "https://a.example", True),
        ("http://a.example", "http://a.example:80/", True),
        ("http://a.example", "https://a.example", False),
        ("https://a.example", "https://a.example.evil", False),
        ("https://a.example", "https://a.example:444", False),
        ("http://[::1]", "http://[::1]:80", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    assert (origin(one) == origin(other)) == same
    assert "pw" not in origin(one)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://llm.example.com/v1", True),
        ("http://llm.example.com/v1", False),
        ("http://localhost:8080/v1", True),
        ("http://api.localhost/v1", True),
        ("http://127.0.0.1:8080/v1", True),
        ("http://127.8.8.8/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://localhost.example.com/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://192.168.1.4/v1", False),
        ("http://0.0.0.0/v1", False),
        ("ftp://localhost/v1", False),
        ("", False),
    ],
)
def test_a_key_travels_encrypted_or_stays_on_this_machine(url: str, may: bool) -> None:
    assert may_carry_key(url) == may


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhos", ""])
def test_an_address_in_a_form_we_do_not_know_is_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_the_repr_of_a_target_holds_nothing_that_may_be_secret() -> None:
    target = Target(
        name="x",
        url="https://user:hunter2@a.example/v1?key=hunter2",
        headers={"x-key": "hunter2"},
        proxy="http://user:hunter2@proxy.example",
    )
    assert "hunter2" not in repr(target)
