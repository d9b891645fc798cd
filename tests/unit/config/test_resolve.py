"""Which options and which routing hold for one model in one role."""

import pytest

from passerelle.config.layers import DEFAULT, merge
from passerelle.config.parse import parse
from passerelle.config.resolve import options_for, routing_for
from passerelle.config.schema import Config, Options, Routing, Timeouts
from passerelle.protocol.chat import ChatOptions


def config(text: str) -> Config:
    merged = merge((DEFAULT, parse(text, "config.toml", "user")))
    assert merged.problems == ()
    return merged.config


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("", None, Options()),
        ("models.'a/b'.temperature = 0", None, Options(temperature=0.0)),
        ("models.'a/c'.temperature = 0", None, Options()),
        ("models.'a/*' = {temperature = 0.1, top_p = 0.1}", None, Options(temperature=0.1, top_p=0.1)),
        # The most specific wins, whatever the order, and key by key.
        (
            "models.'a/b'.top_p = 0.1\nmodels.'a/*' = {top_p = 0.2, max_tokens = 3}",
            None,
            Options(top_p=0.1, max_tokens=3),
        ),
        ("models.'*'.temperature = 0.1\nmodels.'*/b'.temperature = 0.2", None, Options(temperature=0.2)),
        ("models.'a/*'.temperature = 0.2\nmodels.'?/*'.temperature = 0.1", None, Options(temperature=0.2)),
        ("models.'a/[bc]'.temperature = 0.2\nmodels.'a*'.temperature = 0.1", None, Options(temperature=0.2)),
        ("models.'A/B'.temperature = 0", None, Options()),
        ("models.'a/b' = {stop = ['x'], reasoning = 'low'}", None, Options(stop=("x",), reasoning="low")),
        # The request wins over all.
        (
            "models.'a/b'.temperature = 0",
            ChatOptions(temperature=1.5, max_tokens=9),
            Options(temperature=1.5, max_tokens=9),
        ),
        ("models.'a/b'.stop = ['x']", ChatOptions(stop=["y"]), Options(stop=("y",))),
        ("models.'a/b'.stop = ['x']", ChatOptions(), Options(stop=("x",))),
        # Time limits, each apart.
        (
            "models.'*'.timeouts = {idle_s = 1, total_s = 2}\nmodels.'a/b'.timeouts.idle_s = 3",
            None,
            Options(timeouts=Timeouts(idle_s=3.0, total_s=2.0)),
        ),
    ],
)
def test_the_most_specific_option_holds(text: str, asked: ChatOptions | None, expected: Options) -> None:
    assert options_for(config(text), "a/b", "chat", asked) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Routing()),
        ("routing.order = ['x']", Routing(order=("x",))),
        ("routing.order = ['x']\nrouting.roles.chat.order = ['y']", Routing(order=("y",))),
        ("routing.order = ['x']\nrouting.roles.edit.order = ['y']", Routing(order=("x",))),
        (
            "routing.roles.chat = {order = ['y'], sort = 'cost'}\nmodels.'a/*'.routing = {order = ['z']}",
            Routing(order=("z",), sort="cost"),
        ),
        ("routing.fallbacks = ['c/d', 'a/b']", Routing(fallbacks=("c/d",))),  # Not to the model itself.
        ("models.'a/*'.routing.sort = 'tps'\nmodels.'a/b'.routing.sort = 'ttft'", Routing(sort="ttft")),
        (
            "routing = {only = ['p'], tags = ['t'], user = 'u', fallbacks = ['c/d'], zero_data_retention = true}",
            Routing(only=("p",), tags=("t",), user="u", fallbacks=("c/d",), zero_data_retention=True),
        ),
        (
            "routing = {service_tier = 'flex', fallback = 'off', roles = {chat = {service_tier = 'priority'}}}",
            Routing(service_tier="priority", fallback="off"),
        ),
        (
            "routing.roles.chat = {fallback = 'daemon', user = 'u'}\nmodels.'a/*'.routing.fallback = 'gateway'",
            Routing(user="u", fallback="gateway"),
        ),
        (
            "routing.disallow_prompt_training = true\nrouting.roles.chat.only = []",
            Routing(disallow_prompt_training=True),
        ),
    ],
)
def test_the_most_specific_routing_holds(text: str, expected: Routing) -> None:
    assert routing_for(config(text), "a/b", "chat") == expected


def test_a_config_that_no_layer_made_has_the_same_defaults() -> None:
    assert options_for(Config(), "a/b", "chat", None) == Options()
    assert routing_for(Config(), "a/b", "chat") == Routing()
