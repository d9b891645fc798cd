"""Variables → layers."""

import pytest

from passerelle.config.environment import environment_layers


@pytest.mark.parametrize(
    ("name", "text", "tree"),
    [
        ("PASSERELLE__GATEWAY", "offline", {"gateway": "offline"}),
        ("PASSERELLE__GATEWAY", '"offline"', {"gateway": "offline"}),
        ("PASSERELLE__ROLES__CHAT", "openai/gpt-5", {"roles": {"chat": "openai/gpt-5"}}),
        ("PASSERELLE__INLINE__ENABLED", "false", {"inline": {"enabled": False}}),
        ("PASSERELLE__MODELS__*__TEMPERATURE", "0.5", {"models": {"*": {"temperature": 0.5}}}),
        ("PASSERELLE__ROUTING__ORDER", '["a", "b"]', {"routing": {"order": ("a", "b")}}),
        ("PASSERELLE__ROUTING", '{ sort = "cost" }', {"routing": {"sort": "cost"}}),
        ("PASSERELLE__ROUTING__USER", "1\ngateway = 2", {"routing": {"user": "1\ngateway = 2"}}),
        ("PASSERELLE__ROUTING__USER", "[" * 3000, {"routing": {"user": "[" * 3000}}),
        ("PASSERELLE__GATEWAYS__WORK__KEY", "env:WORK", {"gateways": {"work": {"key": "env:WORK"}}}),
    ],
)
def test_a_variable_sets_the_key_that_its_name_spells(name: str, text: str, tree: dict[str, object]) -> None:
    (layer,) = environment_layers({name: text})

    assert (layer.tree, layer.source, layer.path, layer.problems) == (tree, "environment", name, ())


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("PASSERELLE__GATWAY", "offline", "gatway"),
        ("PASSERELLE__", "1", '""'),
        ("PASSERELLE__INLINE__", "1", 'inline.""'),
        ("PASSERELLE__INLINE__MAX_LINES", "many", "inline.max_lines"),
        ("PASSERELLE__GATEWAYS__WORK__KEY", "sk-0123456789", "gateways.work.key"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not(name: str, text: str, key: str) -> None:
    (layer,) = environment_layers({name: text})

    assert [(problem.path, problem.line, problem.key) for problem in layer.problems] == [(name, 1, key)]
    assert text == "1" or text not in layer.problems[0].message


def test_other_variables_are_no_settings() -> None:
    assert environment_layers({"PASSERELLE_HOME": "/x", "PASSERELLE_CONFIG": "/y", "PATH": "/z"}) == ()
