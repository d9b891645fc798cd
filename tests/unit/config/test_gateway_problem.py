"""When the gateway that a person meant cannot be known, none is used."""

import pytest

from passerelle.config.layers import DEFAULT, merge
from passerelle.config.parse import Layer, parse
from passerelle.config.schema import Config
from passerelle.protocol.state import Problem, Source

WORK = '[gateways.work]\nurl = "https://llm.example.com/v1"\n'
BROKEN = Problem(path="/c.toml", line=1, column=1, key="", message="This is not TOML.", severity="error")


@pytest.mark.parametrize(
    ("text", "source", "key"),
    [
        (f'gateway = "work"\n{WORK}', "user", None),
        ('gateway = "wrok"\n', "user", "gateway"),
        ('gateway = "work"\n[gateways.work]\nurl = "http://llm.example.com/v1"\n', "user", "gateway"),
        ('[gateways.vercel]\nurl = "ftp://x"\n', "user", "gateways.vercel.url"),
        (f'gateway = "work"\n{WORK}key = "literal"\n', "user", "gateways.work.key"),
        (f'gateway = "work"\n{WORK}headers = {{ x-api-key = "literal" }}\n', "user", "gateways.work.headers.x-api-key"),
        # Without it the gateway's own credentials would serve, and another bill.
        ('[gateways.vercel.byok.openai]\napi_key = "literal"\n', "user", "gateways.vercel.byok.openai.api_key"),
        (f'gateway = "work"\n{WORK}byok.openai.api_key = "env:X"\n', "user", "gateways.work.byok"),
        # What changes nothing about where requests go is no reason to refuse them.
        (f'gateway = "work"\n{WORK}colour = "red"\n', "user", None),
        ('[gateways.other]\nurl = "ftp://x"\n', "user", None),
        ("[roles]\nchat = 7\n", "user", None),
        # A workspace chooses among what its user has, and cannot stop the daemon from working.
        ('gateway = "wrok"\n', "workspace", None),
        ('[gateways.vercel]\nurl = "ftp://x"\n', "workspace", None),
        ('[gateways.vercel.byok.openai]\napi_key = "literal"\n', "workspace", None),
    ],
)
def test_what_makes_the_gateway_another(text: str, source: Source, key: str | None) -> None:
    problem = merge([DEFAULT, parse(text, "/c.toml", source)]).gateway_problem

    assert (problem.key if problem else None) == key


def test_a_file_of_which_nothing_can_be_read_hides_the_gateway_that_was_meant() -> None:
    unread = Layer(source="user", path="/c.toml", problems=(BROKEN,))

    assert merge([DEFAULT, unread]).gateway_problem == BROKEN


def test_the_last_good_settings_of_a_broken_file_still_say_which_gateway() -> None:
    kept = Layer(source="user", path="/c.toml", tree={"gateway": "offline"}, problems=(BROKEN,))
    effective = merge([DEFAULT, kept])

    assert effective.gateway_problem is None
    assert effective.config.gateway == "offline"
    assert Config().gateway == "vercel"
