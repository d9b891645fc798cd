import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from msgspec import json

from passerelle.offline import answers
from passerelle.offline.answers import Generation, Timing
from passerelle.offline.models import End, Entry

GENERATION = Generation(id="gen_1", model="offline/x", provider="p", streamed=True, began_s=1_800_000_000.25)
END = End(finish="length", prompt_tokens=30, completion_tokens=4, cached_tokens=10)
ENTRY = Entry(
    id="offline/x",
    created=1,
    released=2,
    owned_by="offline",
    name="X",
    description="d",
    context_window=2048,
    max_tokens=64,
    supported_parameters=("stop",),
    temperature=True,
)

# The names that recorded answers of Vercel's gateway have, without those of one upstream provider.
HEAD = "id object created model system_fingerprint choices.index choices.logprobs choices.finish_reason"
ATTEMPT = "provider providerApiModelId credentialType success startTime endTime statusCode"
ROUTING = (
    "originalModelId resolvedProvider resolvedProviderApiModelId fallbacksAvailable planningReasoning canonicalSlug "
    "finalProvider modelAttemptCount totalProviderAttemptCount modelAttempts.modelId modelAttempts.canonicalSlug "
    "modelAttempts.success modelAttempts.providerAttemptCount"
)
USAGE = (
    "prompt_tokens completion_tokens total_tokens cost market_cost is_byok cache_creation_input_tokens "
    "prompt_tokens_details.cached_tokens prompt_tokens_details.audio_tokens prompt_tokens_details.video_tokens "
    "cost_details.upstream_inference_cost cost_details.upstream_inference_prompt_cost "
    "cost_details.upstream_inference_completions_cost completion_tokens_details.reasoning_tokens "
    "completion_tokens_details.image_tokens"
)


def below(path: str, names: str) -> set[str]:
    return {f"{path}.{name}" for name in names.split()}


def closing(path: str) -> set[str]:
    """What an answer's last part has, where `path` is the delta or the message."""
    gateway = f"{path}.provider_metadata.gateway"
    routing = f"{gateway}.routing"
    return {
        *HEAD.split(),
        "generationId",
        *below("usage", USAGE),
        *below(gateway, "cost marketCost generationId billableWebSearchCalls"),
        *below(routing, ROUTING),
        *below(f"{routing}.attempts", ATTEMPT),
        *below(f"{routing}.modelAttempts.providerAttempts", ATTEMPT),
    }


def names(value: object, path: str = "") -> Iterator[str]:
    """The dotted names of all values that are no objects, those in lists included."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from names(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from names(inner, path)
    else:
        yield path


def decoded(chunk: bytes) -> object:
    assert chunk.startswith(b"data: ")
    assert chunk.endswith(b"\n\n")
    return json.decode(chunk[6:])


def at(value: object, *path: str | int) -> object:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def test_an_id_is_a_ulid_that_sorts_by_time() -> None:
    moments = [0.0, 0.001, 1_800_000_000.0, 1_800_000_000.001, 2**48 / 1000 - 1]

    made = [answers.generation_id(moment) for moment in moments]

    assert all(re.fullmatch("gen_[0-7][0-9A-HJKMNP-TV-Z]{25}", one) for one in made)
    assert all(one < other for one, other in pairwise(made))
    assert answers.generation_id(1.0) != answers.generation_id(1.0)


def test_the_last_chunk_has_finish_usage_metadata_and_id_all_together() -> None:
    last, done, rest = answers.last_chunks(GENERATION, END).partition(b"data: [DONE]\n\n")
    chunk = decoded(last)

    assert set(names(chunk)) == closing("choices.delta")
    assert at(chunk, "choices", 0, "finish_reason") == "length"
    assert at(chunk, "usage", "prompt_tokens_details", "cached_tokens") == 10
    assert at(chunk, "usage", "total_tokens") == 34
    assert (done, rest) == (b"data: [DONE]\n\n", b"")


def test_cost_is_a_number_in_the_usage_and_a_string_in_the_metadata() -> None:
    chunk = decoded(answers.last_chunks(GENERATION, END).removesuffix(b"data: [DONE]\n\n"))

    assert at(chunk, "usage", "cost") == 0
    assert at(chunk, "choices", 0, "delta", "provider_metadata", "gateway", "cost") == "0"


@pytest.mark.parametrize(
    ("chunk", "delta"),
    [
        (answers.role_chunk(GENERATION), {"role": "assistant"}),
        (answers.text_chunk(GENERATION, 'a "\u2028\n'), {"content": 'a "\u2028\n'}),
    ],
)
def test_other_chunks_have_the_same_head_and_no_finish(chunk: bytes, delta: object) -> None:
    value = decoded(chunk)

    assert set(HEAD.split()) < set(names(value))
    assert at(value, "id") == "gen_1"
    assert at(value, "created") == 1_800_000_000
    assert at(value, "choices") == [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]


def test_an_answer_that_is_not_streamed_says_the_same_in_one() -> None:
    value = json.decode(answers.completion(GENERATION, "Hello", END))

    message = below("choices.message", "role content refusal")
    assert set(names(value)) == closing("choices.message") | message
    assert at(value, "choices", 0, "message", "content") == "Hello"
    assert at(value, "object") == "chat.completion"


def test_a_generation_can_be_looked_up_and_counts_cached_tokens_apart() -> None:
    record = answers.generation_record(GENERATION, END, Timing(first_ms=5, total_ms=50))

    data = at(json.decode(record), "data")
    assert at(data, "created_at") == "2027-01-15T08:00:00.000Z"
    assert (at(data, "latency"), at(data, "generation_time")) == (5, 50)
    assert (at(data, "native_tokens_prompt"), at(data, "native_tokens_cached")) == (20, 10)
    assert (at(data, "total_cost"), at(data, "finish_reason")) == (0, "length")


def test_endpoints_use_the_other_names_of_the_prices() -> None:
    data = at(json.decode(answers.model_endpoints(ENTRY, "p")), "data")

    assert at(data, "endpoints", 0, "pricing") == {"prompt": "0", "completion": "0", "request": "0", "discount": 0}
    assert at(data, "endpoints", 0, "context_length") == 2048


def test_a_listed_model_costs_nothing_and_claims_no_more_than_text() -> None:
    entry = at(json.decode(answers.model_list([ENTRY])), "data", 0)

    assert at(entry, "pricing") == {"input": "0", "output": "0"}
    assert at(entry, "tags") == []
    assert at(entry, "modalities") == {"input": ["text"], "output": ["text"]}
    assert at(entry, "type") == "language"
