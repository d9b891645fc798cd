"""Answers in the shapes recorded from Vercel's gateway: completion, chunks, models, generation. No I/O."""

import secrets
import time

import msgspec
from msgspec import Struct

from passerelle.offline.models import End, Entry

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""


class Generation(Struct, frozen=True, kw_only=True):
    """One answer being given: what all its chunks and its record share. Moments in seconds since 1970."""

    id: str
    model: str
    provider: str
    streamed: bool
    began_s: float


class Timing(Struct, frozen=True, kw_only=True):
    first_ms: int
    total_ms: int


def generation_id(now_s: float) -> str:
    """`gen_` and a ULID: 48 bits of milliseconds, 80 random ones, in 26 characters that sort by time."""
    number = int(now_s * 1000) << 80 | secrets.randbits(80)
    return "gen_" + "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def model_list(entries: list[Entry]) -> bytes:
    return msgspec.json.encode({"object": "list", "data": entries})


def role_chunk(generation: Generation) -> bytes:
    return _chunk(generation, {"role": "assistant"})


def text_chunk(generation: Generation, text: str) -> bytes:
    return _chunk(generation, {"content": text})


def last_chunks(generation: Generation, end: End) -> bytes:
    """One chunk with the finish, the usage and the metadata all together, then `[DONE]`.

    The gateway sends no chunk of its own for the usage, whatever `stream_options` says.
    """
    last = _chunk(
        generation,
        {"provider_metadata": _metadata(generation)},
        finish=end.finish,
        rest={"usage": _usage(end), "generationId": generation.id},
    )
    return last + b"data: [DONE]\n\n"


def broken_chunk(body: bytes) -> bytes:
    """An error after the status was sent: its envelope as an event. No `[DONE]` follows: the answer is not whole."""
    return _event(body)


def completion(generation: Generation, text: str, end: End) -> bytes:
    """The answer that is not streamed. OpenAI's schema wants `refusal`, null or not."""
    message = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "provider_metadata": _metadata(generation),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": end.finish}
    return msgspec.json.encode(
        {
            **_head(generation, "chat.completion"),
            "choices": [choice],
            "usage": _usage(end),
            "generationId": generation.id,
        }
    )


def generation_record(generation: Generation, end: End, timing: Timing) -> bytes:
    """What `GET /v1/generation` tells of an answer afterwards."""
    data = {
        "id": generation.id,
        "total_cost": 0,
        "market_cost": 0,
        "upstream_inference_cost": 0,
        "usage": 0,
        "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(generation.began_s)),
        "model": generation.model,
        "is_byok": False,
        "provider_name": generation.provider,
        "streamed": generation.streamed,
        "finish_reason": end.finish,
        "latency": timing.first_ms,
        "generation_time": timing.total_ms,
        "tokens_prompt": end.prompt_tokens,
        "tokens_completion": end.completion_tokens,
        "native_tokens_prompt": end.prompt_tokens - end.cached_tokens,
        "native_tokens_completion": end.completion_tokens,
        "native_tokens_reasoning": 0,
        "native_tokens_cached": end.cached_tokens,
        "native_tokens_cache_creation": 0,
        "billable_web_search_calls": 0,
    }
    return msgspec.json.encode({"data": data})


def model_endpoints(entry: Entry, provider: str) -> bytes:
    """Who serves a model; prices have other names here than in the list of models."""
    endpoint = {
        "name": f"{provider} | {entry.id}",
        "model_name": entry.name,
        "provider_name": provider,
        "context_length": entry.context_window,
        "max_completion_tokens": entry.max_tokens,
        "max_prompt_tokens": None,
        "quantization": None,
        "supported_parameters": entry.supported_parameters,
        "tags": entry.tags,
        "pricing": {"prompt": "0", "completion": "0", "request": "0", "discount": 0},
        "status": 0,
        "supports_implicit_caching": False,
    }
    architecture = {
        "tokenizer": None,
        "instruct_type": None,
        "modality": "text→text",
        "input_modalities": entry.modalities.input,
        "output_modalities": entry.modalities.output,
    }
    data = {
        "id": entry.id,
        "name": entry.name,
        "created": entry.created,
        "released": entry.released,
        "description": entry.description,
        "architecture": architecture,
        "endpoints": [endpoint],
    }
    return msgspec.json.encode({"data": data})


def _chunk(
    generation: Generation,
    delta: dict[str, object],
    *,
    finish: str | None = None,
    rest: dict[str, object] | None = None,
) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    head = _head(generation, "chat.completion.chunk")
    return _event(msgspec.json.encode({**head, "choices": [choice], **(rest or {})}))


def _event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"


def _head(generation: Generation, kind: str) -> dict[str, object]:
    return {
        "id": generation.id,
        "object": kind,
        "created": int(generation.began_s),
        "model": generation.model,
        "system_fingerprint": "fp_offline",
    }


def _usage(end: End) -> dict[str, object]:
    return {
        "prompt_tokens": end.prompt_tokens,
        "completion_tokens": end.completion_tokens,
        "total_tokens": end.prompt_tokens + end.completion_tokens,
        "cost": 0,
        "market_cost": 0,
        "is_byok": False,
        "prompt_tokens_details": {"cached_tokens": end.cached_tokens, "audio_tokens": 0, "video_tokens": 0},
        "cost_details": {
            "upstream_inference_cost": None,
            "upstream_inference_prompt_cost": 0,
            "upstream_inference_completions_cost": 0,
        },
        "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 0},
        "cache_creation_input_tokens": 0,
    }


def _metadata(generation: Generation) -> dict[str, object]:
    """`provider_metadata`: the way the request went, which here is always one step that worked."""
    name = generation.model.partition("/")[2]
    attempt = {
        "provider": generation.provider,
        "providerApiModelId": name,
        "credentialType": "system",
        "success": True,
        "statusCode": 200,
        "startTime": generation.began_s * 1000,
        "endTime": time.time() * 1000,
    }
    model_attempt = {
        "modelId": f"{generation.provider}:{name}",
        "canonicalSlug": generation.model,
        "success": True,
        "providerAttemptCount": 1,
        "providerAttempts": [attempt],
    }
    routing = {
        "originalModelId": generation.model,
        "resolvedProvider": generation.provider,
        "resolvedProviderApiModelId": name,
        "fallbacksAvailable": [],
        "planningReasoning": "The model runs on this computer.",
        "canonicalSlug": generation.model,
        "finalProvider": generation.provider,
        "attempts": [attempt],
        "modelAttemptCount": 1,
        "modelAttempts": [model_attempt],
        "totalProviderAttemptCount": 1,
    }
    gateway = {
        "routing": routing,
        "cost": "0",
        "marketCost": "0",
        "generationId": generation.id,
        "billableWebSearchCalls": 0,
    }
    return {"gateway": gateway}
