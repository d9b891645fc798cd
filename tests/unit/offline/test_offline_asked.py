import pytest
from msgspec.json import encode

from passerelle.offline.asked import read_asked
from passerelle.offline.refusals import Refused

HELLO: dict[str, object] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


def refusal(body: bytes) -> Refused:
    with pytest.raises(Refused) as raised:
        read_asked(body)
    assert raised.value.status == 400
    assert raised.value.kind == "invalid_request_error"
    return raised.value


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"model": 1}, "model"),
        ({"model": None}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [{}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}, {"role": "robot"}]}, "messages[1].role"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"text": "x"}]}]}, "messages[0].content[0].type"),
        ({"stream": "yes"}, "stream"),
        ({"temperature": 2.5}, "temperature"),
        ({"temperature": -1}, "temperature"),
        ({"top_p": 1.5}, "top_p"),
        ({"presence_penalty": 3}, "presence_penalty"),
        ({"frequency_penalty": -3}, "frequency_penalty"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_completion_tokens": "many"}, "max_completion_tokens"),
        ({"stop": 5}, "stop"),
        ({"n": 2}, "n"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
        ({"function_call": {"name": "f"}}, "function_call"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format"),
        ({"modalities": ["text", "audio"]}, "modalities"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], field: str) -> None:
    refused = refusal(encode({**HELLO, **change}))

    assert refused.param == field
    assert f"`{field}`" in refused.sentence


@pytest.mark.parametrize("field", ["model", "messages"])
def test_a_missing_field_is_named(field: str) -> None:
    refused = refusal(encode({name: value for name, value in HELLO.items() if name != field}))

    assert (refused.param, refused.sentence) == (field, f"`{field}` is required.")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b'{"model": "\xff"}', b'{"x":' + b"[" * 100_000, b"\x00", b"{}{}"]
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    assert refusal(body).sentence != ""


@pytest.mark.parametrize(
    "harmless",
    [
        {"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "auto"},
        {"function_call": "none", "functions": [{"name": "f"}]},
        {"response_format": {"type": "text"}, "modalities": ["text"], "n": 1},
        {"logprobs": True, "top_logprobs": 2, "logit_bias": {"1": 1}, "seed": -5, "user": "u", "store": True},
        {"reasoning": {"effort": "low"}, "reasoning_effort": "low", "providerOptions": {"gateway": {"sort": "ttft"}}},
        {"temperature": None, "stop": None, "max_tokens": None, "stream": None, "tool_choice": None},
        {"messages": [{"role": "assistant", "content": None, "tool_calls": []}, {"role": "tool", "content": "7"}]},
    ],
)
def test_what_changes_nothing_here_is_accepted(harmless: dict[str, object]) -> None:
    assert read_asked(encode({**HELLO, **harmless})).model == "m"


def test_parts_are_one_text() -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]

    asked = read_asked(encode({**HELLO, "messages": [{"role": "user", "content": parts}]}))

    assert [message.text for message in asked.messages] == ["Hello"]


@pytest.mark.parametrize(
    ("stop", "stops"), [(None, ()), ("", ()), ("a", ("a",)), ([], ()), (["a", "", "b"], ("a", "b"))]
)
def test_stops_are_never_empty_texts(stop: object, stops: tuple[str, ...]) -> None:
    assert read_asked(encode({**HELLO, "stop": stop})).stops == stops


@pytest.mark.parametrize(
    ("limits", "limit"),
    [({}, 9), ({"max_tokens": 5}, 5), ({"max_tokens": 50}, 9), ({"max_tokens": 5, "max_completion_tokens": 2}, 2)],
)
def test_the_newer_name_of_the_limit_wins_and_the_model_bounds_it(limits: dict[str, object], limit: int) -> None:
    assert read_asked(encode({**HELLO, **limits})).limit(9) == limit
