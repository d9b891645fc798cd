"""The bytes that a gateway sends, in the shapes recorded from Vercel AI Gateway; texts and amounts are made up."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

GENERATION = "gen_01MADEUP0000000000000000"
SONNET = "anthropic/claude-sonnet-4.5"
COST_USD = 0.00062
CHUNK_END = b"0\r\n\r\n"
JsonObject = dict[str, object]

USAGE: JsonObject = {
    "prompt_tokens": 1300,
    "completion_tokens": 34,
    "total_tokens": 1334,
    "cost": COST_USD,
    "market_cost": COST_USD,
    "is_byok": False,
    "prompt_tokens_details": {"cached_tokens": 1000, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 7, "image_tokens": 0},
    "cache_creation_input_tokens": 200,
}


def head(status: int = 200, headers: Mapping[str, str] | None = None, *, length: int | None = 0) -> bytes:
    """A status line and headers. `length` None leaves the length unsaid."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if length is not None and status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


STREAM_HEAD = head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}, length=None)


def chunked(data: bytes) -> bytes:
    """One chunk of HTTP's chunked encoding."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(value: object) -> bytes:
    """One server-sent event, as JSON, in one HTTP chunk."""
    return chunked(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")


DONE = chunked(b"data: [DONE]\n\n")


def delta(piece: object, *, finish: str | None = None, **top: object) -> JsonObject:
    """One `chat.completion.chunk`; `top` holds what stands beside `choices`."""
    return {
        "id": GENERATION,
        "object": "chat.completion.chunk",
        "created": 1794500000,
        "model": SONNET,
        "choices": [{"index": 0, "delta": piece, "logprobs": None, "finish_reason": finish}],
        "system_fingerprint": "fp_demo",
        **top,
    }


ROLE = event(delta({"role": "assistant"}))


def text(piece: str) -> bytes:
    return event(delta({"content": piece}))


def reasoning(piece: str, *, signature: str = "") -> bytes:
    """A piece of thinking, as Anthropic's models send it through the gateway."""
    details = {"type": "reasoning.text", "text": piece, "signature": signature, "format": "anthropic-claude-v1"}
    return event(delta({"reasoning": piece, "reasoning_details": [{**details, "index": 0}]}))


def tool_call(index: int, arguments: str, *, identity: str | None = None, name: str | None = None) -> bytes:
    """A piece of a tool call; only the first of an index has `identity` and `name`."""
    call: JsonObject = {"index": index, "function": {"arguments": arguments}}
    if identity is not None:
        call = {"index": index, "id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}
    return event(delta({"tool_calls": [call]}))


def last(finish: str = "stop", *, usage: object = USAGE, provider: str = "bedrock") -> bytes:
    """The one last chunk that carries finish, provider, usage and generation together."""
    routing = {"routing": {"originalModelId": "a/b", "resolvedProvider": "anthropic", "finalProvider": provider}}
    metadata = {"provider_metadata": {"gateway": {**routing, "cost": str(COST_USD), "generationId": GENERATION}}}
    beside = {"generationId": GENERATION} if usage is None else {"usage": usage, "generationId": GENERATION}
    return event(delta(metadata, finish=finish, **beside))


def says(*pieces: str, finish: str = "stop") -> list[bytes]:
    """A whole answer."""
    return streams(*(text(piece) for piece in pieces), last(finish))


def streams(*events: bytes) -> list[bytes]:
    """A whole stream of these events, ended as the gateway ends it."""
    return [STREAM_HEAD, ROLE, *events, DONE, CHUNK_END]


def begins(*pieces: str) -> list[bytes]:
    """The beginning of an answer; what follows is the test's."""
    return [STREAM_HEAD, ROLE, *(text(piece) for piece in pieces)]


def refuses(status: int, kind: str = "", message: str = "", *, headers: Mapping[str, str] | None = None) -> list[bytes]:
    """The gateway's error envelope."""
    body = json.dumps({"error": {"message": message, "type": kind}, "generationId": GENERATION}).encode()
    return replies(status, body, headers={"content-type": "application/json", **(headers or {})})


def replies(status: int, body: bytes = b"", *, headers: Mapping[str, str] | None = None) -> list[bytes]:
    """Any answer with a length."""
    return [head(status, headers, length=len(body)) + body]


def tells(value: object) -> list[bytes]:
    """An answer in JSON."""
    return replies(200, json.dumps(value).encode(), headers={"content-type": "application/json"})


def generation(identity: str = GENERATION, **fields: object) -> JsonObject:
    """What `GET /v1/generation` tells of an answer afterwards; `fields` replace ours."""
    data = {
        "id": identity,
        "total_cost": 0.00032,
        "market_cost": 0.0004,
        "upstream_inference_cost": 0,
        "usage": 0.00032,
        "created_at": "2026-11-20T10:00:00.000Z",
        "model": "anthropic/claude-sonnet-4.5",
        "is_byok": False,
        "provider_name": "bedrock",
        "streamed": True,
        "finish_reason": None,
        "latency": 480,
        "generation_time": 1200,
        "tokens_prompt": 120,
        "tokens_completion": 40,
        "native_tokens_prompt": 100,
        "native_tokens_completion": 40,
        "native_tokens_reasoning": 7,
        "native_tokens_cached": 15,
        "native_tokens_cache_creation": 5,
        "billable_web_search_calls": 0,
        **fields,
    }
    return {"data": data}


def model(identity: str, **fields: object) -> JsonObject:
    """One entry of `GET /v1/models`; `fields` replace ours."""
    creator, _, name = identity.partition("/")
    return {
        "id": identity,
        "object": "model",
        "created": 1755815280,
        "released": 1760000000,
        "owned_by": creator,
        "name": name,
        "description": f"{name} by {creator}.",
        "context_window": 200_000,
        "max_tokens": 64_000,
        "type": "language",
        "tags": ["tool-use"],
        "modalities": {"input": ["text"], "output": ["text"]},
        "pricing": {"input": "0.000003", "output": "0.000015"},
        **fields,
    }


MODELS: tuple[JsonObject, ...] = (
    model(
        "anthropic/claude-sonnet-4.5",
        name="Claude Sonnet 4.5",
        released=1759104000,
        tags=["tool-use", "reasoning", "vision", "file-input", "explicit-caching"],
        modalities={"input": ["text", "image", "pdf"], "output": ["text"]},
        temperature=True,
        reasoning_options=[{"type": "effort", "values": ["low", "medium", "high"]}],
        pricing={
            "input": "0.000003",
            "output": "0.000015",
            "input_cache_read": "0.0000003",
            "input_cache_write": "0.00000375",
        },
    ),
    model("anthropic/claude-haiku-4.5", name="Claude Haiku 4.5", pricing={"input": "0.000001", "output": "0.000005"}),
    model("openai/gpt-5-mini", name="GPT-5 mini", released=1754524800, temperature=False, context_window=400_000),
    model("mistral/codestral", name="Codestral", tags=[], released=1716940800, pricing={}),
    model("openai/text-embedding-3-small", type="embedding"),
)


def listing(models: Sequence[object] = MODELS) -> bytes:
    """The body of `GET /v1/models`."""
    return json.dumps({"object": "list", "data": list(models)}).encode()
