"""Layers laid over each other: which value holds, where it comes from, and what a workspace may not do."""

import pytest
from msgspec import UNSET

from passerelle.config.layers import DEFAULT, Effective, changed_keys, merge
from passerelle.config.parse import Layer, layer_of_tree, parse
from passerelle.config.resolve import options_for, routing_for
from passerelle.config.schema import VERCEL_URL, Budget, Byok, Gateway, Options, Routing
from passerelle.protocol.state import Source

SERVES = "It is ignored: the layer below serves."
KNOWN = "known are `offline`, `vercel`."


def user(text: str) -> Layer:
    return parse(text, "config.toml", "user")


def workspace(text: str) -> Layer:
    return parse(text, "passerelle.toml", "workspace")


def effective(*layers: Layer) -> Effective:
    return merge((DEFAULT, *layers))


def problems(merged: Effective) -> list[str]:
    return [
        f"{problem.path}:{problem.line}:{problem.column} {problem.key}: {problem.message}"
        for problem in merged.problems
    ]


def test_the_built_in_layer_says_each_default_once_and_rightly() -> None:
    merged = effective()

    assert merged.problems == ()
    assert {value.source for value in merged.values} == {"default"}
    assert {value.key: value.value for value in merged.values} == {
        "caching.mode": "auto",
        "conversations.keep_days": 0,
        "conversations.private": False,
        "conversations.titles": True,
        "gateway": "vercel",
        "gateways.vercel.url": VERCEL_URL,
        "inline.candidates": 3,
        "inline.daily_usd": 1.0,
        "inline.delay_ms": (50, 1000),
        "inline.enabled": True,
        "inline.max_lines": 12,
        'models."*".stop': (),
        'models."*".temperature': 0.7,
        'models."*".timeouts.connect_s': 10.0,
        'models."*".timeouts.first_byte_s': 60.0,
        'models."*".timeouts.idle_s': 60.0,
        'models."*".timeouts.total_s': 600.0,
        "roles.chat": "anthropic/claude-sonnet-4",
        "routing.disallow_prompt_training": False,
        "routing.fallback": "auto",
        "routing.fallbacks": (),
        "routing.only": (),
        "routing.order": (),
        "routing.tags": (),
        "routing.user": "",
        "routing.zero_data_retention": False,
        "spending.confirm_above_usd": 0.0,
        "spending.keep_days": 0,
        "spending.time_zone": "",
        "spending.warn_below_usd": 5.0,
    }


def test_what_the_built_in_layer_says_is_what_holds_without_any_layer() -> None:
    config = effective().config

    assert options_for(config, "a/b", "chat", None) == Options()
    assert routing_for(config, "a/b", "chat") == Routing()


def test_a_higher_layer_wins_key_by_key_and_each_value_knows_its_layer() -> None:
    merged = effective(
        user("[roles]\nchat = 'a/user'\nedit = 'a/user'\n\n[models.'a/b']\ntop_p = 0.5\ntimeouts.idle_s = 5"),
        workspace("roles.chat = 'a/workspace'\nmodels.'a/b'.temperature = 0"),
        layer_of_tree({"roles": {"inline": "a/variable"}}, "environment", "PASSERELLE__ROLES__INLINE"),
        layer_of_tree({"roles": {"title": "a/editor"}}, "editor"),
    )

    said = {value.key: value for value in merged.values if value.source != "default"}

    assert {key: (one.value, one.source, one.path, one.line) for key, one in said.items()} == {
        'models."a/b".temperature': (0.0, "workspace", "passerelle.toml", 2),
        'models."a/b".timeouts.idle_s': (5.0, "user", "config.toml", 7),
        'models."a/b".top_p': (0.5, "user", "config.toml", 6),
        "roles.chat": ("a/workspace", "workspace", "passerelle.toml", 1),
        "roles.edit": ("a/user", "user", "config.toml", 3),
        "roles.inline": ("a/variable", "environment", "PASSERELLE__ROLES__INLINE", UNSET),
        "roles.title": ("a/editor", "editor", UNSET, UNSET),
    }
    assert merged.config.roles == {
        "chat": "a/workspace", "edit": "a/user", "inline": "a/variable", "title": "a/editor"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "source"),
    [(("roles", "chat"), "workspace"), (("gateway",), "user"), (("caching", "mode"), "default"), (("x",), "default")],
)
def test_the_source_of_one_value_can_be_asked_for(keys: tuple[str, ...], source: Source) -> None:
    merged = effective(user("gateway = 'offline'\nroles.chat = 'a/b'"), workspace("roles.chat = 'c/d'"))

    assert merged.source_of(*keys) == source


def test_lists_are_replaced_and_budgets_and_actions_add_up() -> None:
    merged = effective(
        user("routing.order = ['a', 'b']\n[[budgets]]\nper = 'day'\n[[budgets]]\nper = 'week'\nusd = 9"),
        workspace("routing.order = ['c']\n[[budgets]]\nper = 'day'\nusd = 1\n[[actions]]\ntitle = 'T'\nprompt = 'P'"),
        layer_of_tree({"budgets": [{"per": "month", "usd": 20}]}, "editor"),
    )

    assert merged.config.routing.order == ("c",)
    assert merged.config.budgets == (
        Budget(per="week", usd=9.0), Budget(per="day", usd=1.0), Budget(per="month", usd=20.0)
    )  # fmt: skip
    assert [action.title for action in merged.config.actions] == ["T"]
    assert [(one.key, one.path, one.line) for one in merged.values if one.key.endswith(".usd")] == [
        ("budgets.1.usd", "config.toml", 6),
        ("budgets.2.usd", "passerelle.toml", 4),
        ("budgets.3.usd", UNSET, UNSET),
    ]


def test_a_gateway_may_be_put_together_from_layers() -> None:
    merged = effective(
        user("gateway = 'work'\ngateways.work.key = 'env:WORK'\ngateways.vercel.key = 'keyring:mine'"),
        layer_of_tree({"gateways": {"work": {"url": "https://a.example"}}}, "environment", "VARIABLE"),
    )

    assert problems(merged) == []
    assert merged.config.gateway == "work"
    assert merged.config.gateways == {
        "vercel": Gateway(url=VERCEL_URL, key="keyring:mine"),
        "work": Gateway(url="https://a.example", key="env:WORK"),
    }


def test_header_values_are_shown_only_as_references() -> None:
    headers = "{ 'x-team' = 'somewhat private', 'x-key' = 'env:X', 'x-run' = 'cmd:pass show x' }"
    merged = effective(user(f"gateways.vercel.headers = {headers}"))

    assert {one.key: one.value for one in merged.values if "headers" in one.key} == {
        "gateways.vercel.headers.x-key": "env:X",
        "gateways.vercel.headers.x-run": "cmd:pass show x",
        "gateways.vercel.headers.x-team": "…",
    }
    assert merged.config.gateways["vercel"].headers["x-team"] == "somewhat private"


def test_references_to_credentials_at_providers_are_shown() -> None:
    merged = effective(user("[gateways.vercel.byok.bedrock]\nsecret_access_key = 'env:AWS'\nregion = 'us-east-1'"))

    assert problems(merged) == []
    assert {one.key: one.value for one in merged.values if "byok" in one.key} == {
        "gateways.vercel.byok.bedrock.region": "us-east-1",
        "gateways.vercel.byok.bedrock.secret_access_key": "env:AWS",
    }
    assert merged.config.gateways["vercel"].byok == {"bedrock": Byok(secret_access_key="env:AWS", region="us-east-1")}


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        (VERCEL_URL, True),
        ("https://ai-gateway.vercel.sh/coding-agent/v1", True),
        ("https://llm.example.com/v1", False),
        ("https://ai-gateway.vercel.sh.example.com/v1", False),
    ],
)
def test_only_vercels_gateway_takes_credentials_at_providers(url: str, *, is_taken: bool) -> None:
    merged = effective(user(f"[gateways.work]\nurl = '{url}'\nbyok.openai.api_key = 'env:X'"))
    why = "Only Vercel's gateway takes credentials of providers. It is ignored."

    assert problems(merged) == ([] if is_taken else [f"config.toml:3:1 gateways.work.byok: {why}"])
    assert bool(merged.config.gateways["work"].byok) is is_taken


@pytest.mark.parametrize(
    ("layers", "gateway", "expected"),
    [
        ([user("gateway = 'offline'")], "offline", []),
        (
            [user("gateways.work.url = 'https://a.example'\ngateway = 'offline'"), workspace("\ngateway = 'wrok'")],
            "offline",
            [f"passerelle.toml:2:1 gateway: There is no gateway `wrok`; did you mean `work`? {SERVES}"],
        ),
        (
            [user("gateway = 'x'")],
            "vercel",
            [f"config.toml:1:1 gateway: There is no gateway `x`; {KNOWN} {SERVES}"],
        ),
        (
            [user("gateway = 'work'\n[gateways.work]\nkey = 'env:X'")],
            "vercel",
            [
                "config.toml:2:11 gateways.work: Without a valid `url` this gateway is ignored.",
                f"config.toml:1:1 gateway: There is no gateway `work`; {KNOWN} {SERVES}",
            ],
        ),
    ],
)  # fmt: skip
def test_a_gateway_that_nobody_defines_does_not_serve(layers: list[Layer], gateway: str, expected: list[str]) -> None:
    merged = effective(*layers)

    assert problems(merged) == expected
    assert merged.config.gateway == gateway


TIGHTEN = "Your own settings say true; a workspace may tighten this, never loosen it. It is ignored."
KEPT = "How long conversations are kept is said in your own settings, never by a workspace. It is ignored."
COUNTED = "How spending is counted and warned of is said in your own settings, never by a workspace. It is ignored."
FEWER = "Your own settings allow fewer providers; a workspace may tighten this, never loosen it. It is ignored."
LOWER = "A workspace may lower this limit, never raise it. It is ignored."


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        # Privacy: the user's true stands wherever it is said, however narrowly the workspace says false.
        ("", "routing.zero_data_retention = false", []),
        ("", "routing.zero_data_retention = true", []),
        ("routing.zero_data_retention = false", "routing.zero_data_retention = true", []),
        ("routing.zero_data_retention = true", "routing.disallow_prompt_training = false", []),
        (
            "routing.zero_data_retention = true",
            "routing.zero_data_retention = false",
            [f"1:9 routing.zero_data_retention: {TIGHTEN}"],
        ),
        (
            "routing.disallow_prompt_training = true",
            "routing.roles.chat.disallow_prompt_training = false",
            [f"1:20 routing.roles.chat.disallow_prompt_training: {TIGHTEN}"],
        ),
        (
            "models.'a/*'.routing.zero_data_retention = true",
            "models.'a/b'.routing.zero_data_retention = false",
            [f'1:22 models."a/b".routing.zero_data_retention: {TIGHTEN}'],
        ),
        (
            "conversations.private = true",
            "conversations.private = false",
            [f"1:15 conversations.private: {TIGHTEN}"],
        ),
        ("", "conversations.private = true", []),
        ("", "conversations.keep_days = 1", [f"1:15 conversations.keep_days: {KEPT}"]),
        ("", "routing.only = ['a']", []),
        ("routing.only = ['a', 'b']", "routing.only = ['b']", []),
        ("routing.only = ['a']", "routing.only = ['a', 'b']", [f"1:9 routing.only: {FEWER}"]),
        ("routing.only = ['a']", "routing.only = []", [f"1:9 routing.only: {FEWER}"]),
        (
            "routing.only = ['a']",
            "models.'x/*'.routing.only = ['b']",
            [f'1:22 models."x/*".routing.only: {FEWER}'],
        ),
        # Money.
        ("", "inline.daily_usd = 0.5", []),
        ("", "inline.daily_usd = 1.5", [f"1:8 inline.daily_usd: {LOWER}"]),
        ("inline.daily_usd = 3.0", "inline.daily_usd = 2", []),
        ("inline.daily_usd = 0.0", "inline.daily_usd = 0.5", [f"1:8 inline.daily_usd: {LOWER}"]),
        ("", "spending.time_zone = 'Asia/Tokyo'", [f"1:10 spending.time_zone: {COUNTED}"]),
        ("", "spending.keep_days = 1", [f"1:10 spending.keep_days: {COUNTED}"]),
        ("", "spending.warn_below_usd = 9", [f"1:10 spending.warn_below_usd: {COUNTED}"]),
        ("", "spending.confirm_above_usd = 1", []),
        ("spending.confirm_above_usd = 2", "spending.confirm_above_usd = 1", []),
        (
            "spending.confirm_above_usd = 2",
            "spending.confirm_above_usd = 3",
            [f"1:10 spending.confirm_above_usd: {COUNTED}"],
        ),
        (
            "spending.confirm_above_usd = 2",
            "spending.confirm_above_usd = 0",
            [f"1:10 spending.confirm_above_usd: {COUNTED}"],
        ),
    ],
)
def test_a_workspace_may_tighten_and_never_loosen(own: str, theirs: str, expected: list[str]) -> None:
    merged = effective(user(own), workspace(theirs))

    assert problems(merged) == [f"passerelle.toml:{problem}" for problem in expected]
    in_force = [user(own)] if expected else [user(own), user(theirs)]
    assert merged.config == effective(*in_force).config


def test_a_workspace_cannot_loosen_what_the_editor_says_either() -> None:
    editor = layer_of_tree({"routing": {"zero_data_retention": True}}, "editor")

    merged = effective(workspace("models.'*'.routing.zero_data_retention = false"), editor)

    assert [problem.key for problem in merged.problems] == ['models."*".routing.zero_data_retention']
    assert routing_for(merged.config, "a/b", "chat").zero_data_retention


def test_ones_own_layers_may_loosen() -> None:
    own = user("routing.zero_data_retention = true\nroles.x = 'a'\ninline.daily_usd = 2.0")
    editor = layer_of_tree({"routing": {"zero_data_retention": False}, "inline": {"daily_usd": 3}}, "editor")

    merged = effective(own, editor)

    assert merged.problems == ()
    assert merged.config.routing.zero_data_retention is False
    assert merged.config.inline.daily_usd == 3.0


TEAM = "gateway = 'team'\ngateways.team.url = 'https://llm.example.com/v1'\n"
NO_EFFECT = "It has no effect: the gateway `team` is not Vercel's, and is not told."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{TEAM}routing.zero_data_retention = true", [f"3:9 routing.zero_data_retention: {NO_EFFECT}"]),
        (f"{TEAM}routing.roles.chat.only = ['a']", [f"3:20 routing.roles.chat.only: {NO_EFFECT}"]),
        (f"{TEAM}models.'a/*'.routing.sort = 'cost'", [f'3:22 models."a/*".routing.sort: {NO_EFFECT}']),
        (f"{TEAM}routing.zero_data_retention = false\nrouting.fallbacks = ['a/b']\nrouting.user = 'ada'", []),
        ("routing.zero_data_retention = true", []),
        ("gateway = 'offline'\nrouting.zero_data_retention = true", []),
    ],
)
def test_what_a_gateway_is_not_told_is_warned_of_and_stays(text: str, expected: list[str]) -> None:
    merged = effective(user(text))

    assert problems(merged) == [f"config.toml:{problem}" for problem in expected]
    assert {problem.severity for problem in merged.problems} <= {"warning"}
    assert merged.gateway_problem is None


def test_a_layer_that_is_not_toml_says_nothing_but_its_problem() -> None:
    merged = effective(user("a = "))

    assert merged.config == effective().config
    assert len(merged.problems) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "# nothing\n", []),
        ("roles.chat = 'a'", "\n[roles]\nchat = 'a'", []),
        ("", "roles.chat = 'a'\ncaching.mode = 'off'", ["caching.mode", "roles.chat"]),
        ("models.'a/b'.top_p = 0.5", "", ['models."a/b".top_p']),
        ("models.'*'.temperature = 0.5", "", ['models."*".temperature']),
        ("", "[[budgets]]\nper = 'day'\nusd = 1", ["budgets"]),
        ("", "gateways.vercel.headers.x = 'private'", ["gateways.vercel.headers.x"]),
        ("", "gateways.work.url = 'https://a.example'", ["gateways.work.url"]),
    ],
)
def test_what_changed_is_named_key_by_key(before: str, after: str, expected: list[str]) -> None:
    assert changed_keys(effective(user(before)), effective(user(after))) == expected
