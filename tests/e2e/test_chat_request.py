"""What the gateway is asked: options from the request, the model, the role and the defaults; routing; caching."""

import pytest

from support.daemon import KEY, Home
from support.messages import at
from support.shapes import SONNET

pytestmark = pytest.mark.asyncio(loop_scope="module")

JsonObject = dict[str, object]


async def asked(home: Home, **params: object) -> JsonObject:
    """The body of the request that one chat makes."""
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await client.chat(**params)
    return (await home.gateway.chat()).request.json


async def test_the_defaults_are_few(home: Home) -> None:
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await client.chat()
    request = (await home.gateway.chat()).request

    body = request.json
    assert body.pop("providerOptions") == {"gateway": {"caching": "auto"}}
    assert body == {
        "model": SONNET,
        "messages": [{"role": "user", "content": "made-up prompt"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-session-affinity"]


async def test_the_request_goes_before_the_settings(home: Home) -> None:
    home.configure("[models.'*']\ntemperature = 0.1\nmax_tokens = 5\ntop_p = 0.5\nstop = ['x']\nreasoning = 'low'")
    options = {"temperature": 0.9, "maxTokens": 6, "topP": 0.6, "stop": ["y"], "reasoning": "high"}

    body = await asked(home, options=options)

    assert (body["temperature"], body["max_tokens"], body["top_p"], body["stop"]) == (0.9, 6, 0.6, ["y"])
    assert body["reasoning"] == {"effort": "high"}


async def test_the_most_specific_model_pattern_wins_key_by_key(home: Home) -> None:
    home.configure(
        "[models.'*']\ntemperature = 0.1\nmax_tokens = 5\ntop_p = 0.5\n"
        "[models.'anthropic/*']\ntemperature = 0.2\nmax_tokens = 6\n"
        f"[models.'{SONNET}']\ntemperature = 0.3"
    )

    body = await asked(home)

    assert (body["temperature"], body["max_tokens"], body["top_p"]) == (0.3, 6, 0.5)


async def test_what_a_model_refuses_is_left_out(home: Home) -> None:
    body = await asked(home, model="openai/gpt-5-mini", options={"temperature": 0.5, "reasoning": "high"})

    assert "temperature" not in body
    assert "reasoning" not in body


@pytest.mark.parametrize(("said", "sent"), [("low", "low"), ("minimal", "low"), ("none", "low"), ("high", "high")])
async def test_reasoning_is_asked_only_as_the_model_lists_it(home: Home, said: str, sent: str) -> None:
    body = await asked(home, options={"reasoning": said})

    assert body["reasoning"] == {"effort": sent}


async def test_a_role_has_its_own_model_and_routing(home: Home) -> None:
    home.configure(
        '[roles]\nreview = "mistral/codestral"\n'
        '[routing]\norder = ["bedrock"]\nsort = "cost"\n[routing.roles.review]\nsort = "ttft"\n'
    )

    body = await asked(home, role="review")

    assert body["model"] == "mistral/codestral"
    assert body["providerOptions"] == {"gateway": {"order": ["bedrock"], "sort": "ttft"}}


async def test_all_of_routing_is_sent(home: Home) -> None:
    home.configure(
        '[routing]\norder = ["a"]\nonly = ["a", "b"]\nsort = "tps"\nfallbacks = ["openai/gpt-5-mini"]\n'
        'zero_data_retention = true\ndisallow_prompt_training = true\ntags = ["t"]\nuser = "u"\nservice_tier = "flex"\n'
        '[caching]\nmode = "off"'
    )

    assert at(await asked(home), "providerOptions", "gateway") == {
        "order": ["a"],
        "only": ["a", "b"],
        "sort": "tps",
        "models": ["openai/gpt-5-mini"],
        "zeroDataRetention": True,
        "disallowPromptTraining": True,
        "tags": ["t"],
        "user": "u",
        "serviceTier": "flex",
    }


async def test_any_other_gateway_is_sent_no_word_of_vercels(home: Home) -> None:
    url = home.gateway.url
    home.configure(
        f'gateway = "other"\n[gateways.other]\nurl = "{url}"\nkey = "env:SCRIPTED_KEY"\nheaders = {{ X-Team = "a" }}'
    )
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await client.chat(options={"reasoning": "low"})
    request = (await home.gateway.chat()).request

    assert "providerOptions" not in request.json
    assert "reasoning" not in request.json
    assert request.json["reasoning_effort"] == "low"
    assert "x-session-affinity" not in request.headers
    assert request.headers["x-team"] == "a"


async def test_the_turns_of_a_conversation_share_a_session(home: Home) -> None:
    """The gateway keeps them on one provider then, whose cache of the prompt is warm."""
    first = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "made-up prompt one"}]
    then = [*first, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "made-up prompt two"}]
    async with home.daemon() as client:
        await client.chat(messages=first)
        await client.chat(messages=then)
        await client.chat("made-up prompt of another conversation")
    sessions = [(await home.gateway.chat()).request.headers["x-session-affinity"] for _ in range(3)]

    assert sessions[0] == sessions[1]
    assert sessions[0] != sessions[2]
    assert not any("made-up" in session for session in sessions)


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"name": "t"}, {"type": "function", "function": {"name": "t"}}),
    ],
)
async def test_tools_are_sent_as_functions(home: Home, choice: object, sent: object) -> None:
    tool = {"name": "t", "description": "Does it.", "parameters": {"type": "object", "x-key": 1}}

    body = await asked(home, tools=[tool], toolChoice=choice)

    assert body["tools"] == [{"type": "function", "function": tool}]
    assert body["tool_choice"] == sent


async def test_a_model_that_the_list_lacks_is_tried(home: Home) -> None:
    assert (await asked(home, model="some/new-model"))["model"] == "some/new-model"


async def test_a_role_that_nothing_defines_is_served_or_named(home: Home) -> None:
    home.configure('[roles]\nchat = "openai/gpt-5-mini"')

    assert (await asked(home, role="title"))["model"] == "openai/gpt-5-mini"
