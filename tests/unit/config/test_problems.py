"""A text → what is wrong in it, and what stands nevertheless."""

import pytest

from passerelle.config.parse import layer_of_tree, parse
from passerelle.protocol.state import Source

REFERENCES = "`env:NAME`, `keyring:NAME`, `file:PATH`, `cmd:PROGRAM ARGUMENTS` or `editor:NAME`"
LOWER = "It is ignored: the layer below serves."
NO_KEY = f"A key must not stand here; write where to find it: {REFERENCES}. {LOWER}"
NO_SECRET = f"A secret must not stand here; write where to find it: {REFERENCES}. {LOWER}"
NO_SECRET_IN_URL = (
    f"A secret must not stand in the URL; write where to find it in `key` or `headers`: {REFERENCES}. {LOWER}"
)
NOT_IN_CLEAR = (
    "Expected `https`: over plain `http`, which is for this machine only, the key could be read on its way. " + LOWER
)
NO_PASSWORD = f"User and password must not stand here; set `HTTPS_PROXY` in the environment instead. {LOWER}"
PERIODS = "`day`, `week`, `month`, `conversation`, `workspace`"
NO_ZONE = 'Expected the name of a time zone such as "Europe/Paris", or none.'
NOT_A_WORKSPACES = "A workspace must not set gateways; your own settings may. It is ignored."
SECRET = "sk-0123456789"


def problems(text: str, source: Source = "user") -> list[str]:
    layer = parse(text, "/home/me/config.toml", source)
    assert all(problem.path == "/home/me/config.toml" for problem in layer.problems)
    return [f"{problem.line}:{problem.column} {problem.key}: {problem.message}" for problem in layer.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Keys.
        ("gatway = 'vercel'", ["1:1 gatway: Unknown key; did you mean `gateway`? It is ignored."]),
        (
            "[models.'a/*']\ntemprature = 1",
            ['2:1 models."a/*".temprature: Unknown key; did you mean `temperature`? It is ignored.'],
        ),
        ("\ntemperature = 1", ["2:1 temperature: Unknown key; did you mean `models.NAME.temperature`? It is ignored."]),
        ("sort = 'cost'", ["1:1 sort: Unknown key; did you mean `routing.sort`? It is ignored."]),
        ("caching.xyz = 1", ["1:9 caching.xyz: Unknown key; known here are `mode`. It is ignored."]),
        # Types.
        ("gateway = 1", [f"1:1 gateway: Expected the name of a gateway. {LOWER}"]),
        ("roles = 'x'", [f"1:1 roles: Expected a table. {LOWER}"]),
        ("roles.chat = ' '", [f'1:7 roles.chat: Expected a model id such as "anthropic/claude-sonnet-4". {LOWER}']),
        ("inline = {enabled = 1}", [f"1:11 inline.enabled: Expected true or false. {LOWER}"]),
        ("inline.languages = {a = 'b'}", [f"1:21 inline.languages.a: Expected true or false. {LOWER}"]),
        (
            "inline.max_lines = true",
            [f"1:8 inline.max_lines: Expected a whole number, above 0 and at most 1000. {LOWER}"],
        ),
        (
            "inline.max_lines = 1.0",
            [f"1:8 inline.max_lines: Expected a whole number, above 0 and at most 1000. {LOWER}"],
        ),
        ("inline.daily_usd = -1", [f"1:8 inline.daily_usd: Expected a number, at least 0. {LOWER}"]),
        ("inline.daily_usd = inf", [f"1:8 inline.daily_usd: Expected a finite number. {LOWER}"]),
        ("inline.daily_usd = 1979-05-27", [f"1:8 inline.daily_usd: Expected a number, at least 0. {LOWER}"]),
        (
            "inline.delay_ms = [50]",
            [f"1:8 inline.delay_ms: Expected two whole numbers, the smaller one first. {LOWER}"],
        ),
        ("spending.time_zone = 'Europe/Paris'", []),
        ("spending.time_zone = ''", []),
        ("spending.time_zone = 'Europe/Pari'", [f"1:10 spending.time_zone: {NO_ZONE} {LOWER}"]),
        ("spending.time_zone = 'Europe'", [f"1:10 spending.time_zone: {NO_ZONE} {LOWER}"]),
        ("spending.time_zone = '../etc/passwd'", [f"1:10 spending.time_zone: {NO_ZONE} {LOWER}"]),
        ("inline.delay_ms = [2, 1]", [f"1:8 inline.delay_ms: Expected the smaller number first. {LOWER}"]),
        ("models.a.top_p = true", [f"1:10 models.a.top_p: Expected a number, at least 0 and at most 1. {LOWER}"]),
        ("models.a.top_p = nan", [f"1:10 models.a.top_p: Expected a number, at least 0 and at most 1. {LOWER}"]),
        ("models.a.stop = ['x', 1]", [f"1:10 models.a.stop: Expected a list of strings. {LOWER}"]),
        (
            "models.a.timeouts.idle_s = 0",
            [f"1:19 models.a.timeouts.idle_s: Expected a number, above 0 and at most 86400. {LOWER}"],
        ),
        (
            "routing.sort = 'cots'",
            [f"1:9 routing.sort: Expected one of `cost`, `ttft`, `tps`; did you mean `cost`? {LOWER}"],
        ),
        ("routing.sort = 'x'", [f"1:9 routing.sort: Expected one of `cost`, `ttft`, `tps`. {LOWER}"]),
        ("routing.roles.chat.only = 'x'", [f"1:20 routing.roles.chat.only: Expected a list of strings. {LOWER}"]),
        # Entries of arrays.
        ("budgets = 1", ["1:1 budgets: Expected an array of tables, `[[budgets]]`. It is ignored."]),
        ("budgets = [1]", ["1:1 budgets.0: Expected a table. It is ignored."]),
        ("[[budgets]]\nper = 'day'", ["1:3 budgets.0: Without a valid `usd` this entry is ignored."]),
        (
            "[[budgets]]\nper = 'dya'\nusd = 1",
            [
                "1:3 budgets.0: Without a valid `per` this entry is ignored.",
                f"2:1 budgets.0.per: Expected one of {PERIODS}; did you mean `day`? It is ignored.",
            ],
        ),
        ("[[actions]]", ["1:3 actions.0: Without a valid `title` and `prompt` this entry is ignored."]),
        (
            "[[actions]]\ntitle = ''\nprompt = 'x'",
            [
                "1:3 actions.0: Without a valid `title` this entry is ignored.",
                "2:1 actions.0.title: Expected text that is not empty. It is ignored.",
            ],
        ),
        # Gateways.
        ("gateways.a = 1", [f"1:10 gateways.a: Expected a table. {LOWER}"]),
        (
            "gateways.a.url = 'x'",
            [f'1:12 gateways.a.url: Expected a URL such as "https://llm.example.com/v1". {LOWER}'],
        ),
        (
            "gateways.a.url = 'https://[x/v1'",
            [f"1:12 gateways.a.url: Expected a URL with a valid host and port. {LOWER}"],
        ),
        (
            "gateways.a.url = 'https://a:b/v1'",
            [f"1:12 gateways.a.url: Expected a URL with a valid host and port. {LOWER}"],
        ),
        ("gateways.a.url = 'https://:1/v1'", [f"1:12 gateways.a.url: Expected a URL with a host. {LOWER}"]),
        ("gateways.a.url = 'http://llm.example.com'", [f"1:12 gateways.a.url: {NOT_IN_CLEAR}"]),
        ("gateways.a.url = 'http://127.0.0.1.example.com'", [f"1:12 gateways.a.url: {NOT_IN_CLEAR}"]),
        (f"gateways.a.url = 'https://me:{SECRET}@a.example'", [f"1:12 gateways.a.url: {NO_SECRET_IN_URL}"]),
        (f"gateways.a.url = 'https://a.example?v=1&api_key={SECRET}'", [f"1:12 gateways.a.url: {NO_SECRET_IN_URL}"]),
        (f"gateways.a.key = '{SECRET}'", [f"1:12 gateways.a.key: {NO_KEY}"]),
        ("gateways.a.key = 'env:'", [f"1:12 gateways.a.key: {NO_KEY}"]),
        ("gateways.a.key = 123456", [f"1:12 gateways.a.key: Expected a string. {LOWER}"]),
        (f"gateways.a.kye = '{SECRET}'", ["1:12 gateways.a.kye: Unknown key; did you mean `key`? It is ignored."]),
        (
            f"gateways.a.headers.Authorization = 'Bearer {SECRET}'",
            [f"1:20 gateways.a.headers.Authorization: {NO_SECRET}"],
        ),
        (f"gateways.a.headers.x-api-key = '{SECRET}'", [f"1:20 gateways.a.headers.x-api-key: {NO_SECRET}"]),
        (
            "gateways.a.headers = {'a b' = 'c', d = \"e\\n\"}",
            [
                f'1:23 gateways.a.headers."a b": Expected the name of a header: letters, digits and hyphens. {LOWER}',
                f"1:36 gateways.a.headers.d: Expected a header in printable ASCII, on one line. {LOWER}",
            ],
        ),
        (f"gateways.a.byok.openai.api_key = '{SECRET}'", [f"1:24 gateways.a.byok.openai.api_key: {NO_SECRET}"]),
        (
            f"gateways.a.byok.bedrock = {{access_key_id = '{SECRET}', secret_access_key = '{SECRET}', region = 'eu'}}",
            [
                f"1:28 gateways.a.byok.bedrock.access_key_id: {NO_SECRET}",
                f"1:61 gateways.a.byok.bedrock.secret_access_key: {NO_SECRET}",
            ],
        ),
        (f"gateways.a.byok.vertex.private_key = '{SECRET}'", [f"1:24 gateways.a.byok.vertex.private_key: {NO_SECRET}"]),
        (
            f"gateways.a.byok.openai.apikey = '{SECRET}'",
            ["1:24 gateways.a.byok.openai.apikey: Unknown key; did you mean `api_key`? It is ignored."],
        ),
        (f"gateways.a.byok.openai = '{SECRET}'", [f"1:17 gateways.a.byok.openai: Expected a table. {LOWER}"]),
        (
            f"gateways.a.proxy = 'http://me:{SECRET}@a.example:1'",
            [
                f"1:12 gateways.a.proxy: {NO_PASSWORD}",
            ],
        ),
        (
            "gateways.a.proxy = 'a.example'",
            [f'1:12 gateways.a.proxy: Expected the URL of a proxy such as "http://proxy.example.com:3128". {LOWER}'],
        ),
        (
            "[gateways.offline]\nurl = 'http://localhost'",
            ["1:11 gateways.offline: The gateway `offline` is built in and cannot be changed. It is ignored."],
        ),
        # Texts.
        ("a = 1\nb = ", ["2:5 : This is not TOML: Invalid value."]),
        (f"[gateways.a]\nkey = {SECRET}", ["2:7 : This is not TOML: Invalid value."]),
    ],
)
def test_a_wrong_key_is_reported_at_its_place_without_its_value(text: str, expected: list[str]) -> None:
    found = problems(text)

    assert found == expected
    assert SECRET not in "".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gateway = 'offline'\n[roles]\nchat = 'a/b'\nwhatever = 'c/d'",
        "[models.'a/*']\ntemperature = 1\ntimeouts = {connect_s = 10}\nstop = []\nrouting.only = ['x']",
        "gateways.a = {url = 'http://localhost:1/v1', headers = {'x-team' = 'a', authorization = 'env:X'}}",
        "gateways.a = {url = 'http://[::1]:1/v1?api-version=2', key = 'cmd:pass show gateway'}",
        "gateways.vercel.key = 'keyring:work'",
        "gateways.vercel.byok.azure = {api_key = 'env:X', resource_name = 'mine'}",
        "gateways.vercel.byok.vertex = {private_key = 'env:X', client_email = 'a@b', project = 'p', location = 'eu'}",
        "routing = {fallback = 'daemon', service_tier = 'flex'}\nmodels.'a/*'.routing.service_tier = 'priority'",
        "caching.mode = 'mark'",
        "gateways.a.proxy = 'socks5://localhost:1'",
        "[[budgets]]\nper = 'day'\nusd = 0\n[[actions]]\ntitle = 'T'\nprompt = 'P'",
    ],
)
def test_a_right_text_has_no_problem(text: str) -> None:
    assert problems(text) == []


def test_a_wrong_key_loses_only_itself() -> None:
    text = """
        gateway = 1
        caching.mode = "off"
        [models."a/*"]
        temperature = 9
        top_p = 0.5
        [gateways.work]
        url = "https://a.example"
        key = "literal"
        headers = { "x-a" = "1", "bad name" = "2" }
        [gateways.broken]
        url = 1
        [[budgets]]
        per = "day"
        [[budgets]]
        per = "week"
        usd = 5
        action = "explode"
    """

    assert parse(text, "c.toml", "user").tree == {
        "caching": {"mode": "off"},
        "models": {"a/*": {"top_p": 0.5}},
        "gateways": {"work": {"url": "https://a.example", "headers": {"x-a": "1"}}, "broken": {}},
        "budgets": {"1": {"per": "week", "usd": 5.0}},
    }


def test_a_text_that_is_not_toml_has_no_tree() -> None:
    assert parse("a = ", "c.toml", "user").tree is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[gateways.evil]\nurl = 'https://evil.example'\nkey = 'env:AWS_SECRET'\nheaders = {a = 'cmd:rm x'}",
            [
                f"2:1 gateways.evil.url: {NOT_A_WORKSPACES}",
                f"3:1 gateways.evil.key: {NOT_A_WORKSPACES}",
                f"4:1 gateways.evil.headers: {NOT_A_WORKSPACES}",
            ],
        ),
        ("gateways.vercel.proxy = 'http://evil.example'", [f"1:17 gateways.vercel.proxy: {NOT_A_WORKSPACES}"]),
        (
            "[gateways.vercel.byok.openai]\napi_key = 'env:AWS_SECRET'",
            [f"1:18 gateways.vercel.byok: {NOT_A_WORKSPACES}"],
        ),
        ("gateways.vercel.ca_bundle = 'evil.pem'", [f"1:17 gateways.vercel.ca_bundle: {NOT_A_WORKSPACES}"]),
        ("gateways.evil = {}", [f"1:10 gateways.evil: {NOT_A_WORKSPACES}"]),
        ("gateways.evil = 1", [f"1:10 gateways.evil: {NOT_A_WORKSPACES}"]),
        ("gateways = {}", [f"1:1 gateways: {NOT_A_WORKSPACES}"]),
        ("gateways = 1", [f"1:1 gateways: {NOT_A_WORKSPACES}"]),
    ],
)
def test_a_workspace_sets_no_gateways(text: str, expected: list[str]) -> None:
    layer = parse(f"{text}\n[roles]\nchat = 'a/b'", "/home/me/config.toml", "workspace")

    assert problems(text, "workspace") == expected
    assert layer.tree == {"roles": {"chat": "a/b"}}


@pytest.mark.parametrize(
    ("named", "path"),
    [("corp.pem", "/home/me/corp.pem"), ("/etc/corp.pem", "/etc/corp.pem"), ("~/corp.pem", "~/corp.pem")],
)
def test_a_ca_bundle_is_relative_to_the_file_that_names_it(named: str, path: str) -> None:
    layer = parse(f"gateways.a.ca_bundle = '{named}'", "/home/me/config.toml", "user")

    assert layer.tree == {"gateways": {"a": {"ca_bundle": path}}}


def test_an_editors_settings_are_read_alike_and_null_is_not_said() -> None:
    tree = {"gateway": None, "roles": {"chat": None, "edit": "a/b"}, "inline": {"max_lines": "x"}, "nope": None}

    layer = layer_of_tree(tree, "editor")

    assert layer.tree == {"roles": {"edit": "a/b"}, "inline": {}}
    assert [(problem.path, problem.line, problem.key) for problem in layer.problems] == [
        ("the editor's settings", 1, "inline.max_lines"),
        ("the editor's settings", 1, "nope"),
    ]


@pytest.mark.parametrize("tree", [[], "x", 1, None])
def test_settings_that_are_no_table_are_a_problem(tree: object) -> None:
    layer = layer_of_tree(tree, "editor")

    assert layer.tree == {}
    assert [problem.message for problem in layer.problems] == [f"Expected a table. {LOWER}"]
