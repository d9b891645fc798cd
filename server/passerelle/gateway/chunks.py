"""The chunks of a streamed answer as gateways send them: decoded as far as every chunk needs, the rest as it came; and
ways into any JSON of a gateway's that cannot fail.
"""

import re

import msgspec
from msgspec import Struct

_HALF_CHARACTER = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_MOST_TOKENS = 1 << 53


class Delta(Struct, gc=False):
    """A piece of the message, or the whole where the answer is not streamed.

    Fields stay `object`: gateways send null, text or parts in the same place, and one odd field must not cost
    the chunk.
    """

    content: object = None
    reasoning: object = None
    reasoning_content: object = None  # DeepSeek's name for it, and that of many servers after it.
    reasoning_details: object = None
    tool_calls: object = None
    refusal: object = None
    provider_metadata: object = None


class Choice(Struct, gc=False):
    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: object = None
    usage: object = None  # Moonshot's place for it.


class Chunk(Struct, gc=False, rename={"generation_id": "generationId"}):
    choices: list[Choice] | None = None
    id: object = None
    model: object = None
    usage: object = None
    provider: object = None
    provider_metadata: object = None
    generation_id: object = None
    error: object = None
    error_type: object = None
    error_message: object = None


_decode = msgspec.json.Decoder(Chunk).decode


def decode_chunk(payload: bytes) -> Chunk | None:
    """The chunk that an event's data is; None if it is none."""
    try:
        return _decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_mended(payload)


def _decode_mended(payload: bytes) -> Chunk | None:
    """Once more, with U+FFFD for each half of a surrogate pair: a gateway written in JavaScript may cut a character
    in two, which JSON allows and UTF-8 does not.
    """
    mended = _HALF_CHARACTER.sub(rb"\\ufffd", payload)
    try:
        return _decode(mended) if mended != payload else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def decoded(body: bytes) -> object:
    """The JSON of a whole body; None for what is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def fields(value: object) -> dict[str, object]:
    """The value if it is an object; else an empty one, so that a path into what a gateway sent cannot fail."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value if it is a list; else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value if it is text; else nothing."""
    return value if isinstance(value, str) else ""


def tokens(value: object) -> int:
    """A number of tokens; 0 for what is none."""
    return int(value) if isinstance(value, int | float) and 0 < value < _MOST_TOKENS else 0


def usd(value: object) -> float | None:
    """An amount, sent as a number or as decimal text; None for what is none: unknown is never 0."""
    try:
        amount = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
    except (ValueError, OverflowError):
        return None
    return amount if 0 <= amount < float("inf") else None
