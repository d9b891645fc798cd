"""What a request may cost at most, and what it likely costs, before it is sent. Pure. How many tokens a text is only
the model knows: these are estimates, on the side that their use asks for.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from passerelle.catalogue.model import Entry
from passerelle.money.price import Rates, rates_at
from passerelle.protocol.chat import FilePart, ImagePart, Message, Part, TextPart, Tool, Usage

BYTES_PER_TOKEN = 4
"""Of UTF-8, in English and code, about."""
FEWEST_BYTES_PER_TOKEN = 3
"""So dense are few prompts."""
IMAGE_TOKENS = 2_000
"""A guess on the high side: providers charge some 250 to 1,600 for an image of a screen."""
PDF = "application/pdf"
PDF_BYTES_PER_TOKEN = 10
"""A guess: a page has some 2,000 tokens and 20 kB or more. Files of other kinds are taken for text."""
MESSAGE_TOKENS = 8
"""What frames a message."""
ASSUMED_OUTPUT_TOKENS = 16_384
"""Of a model of which nobody says how long its answers may be."""
MOST_USUAL_TOKENS = 4_096
"""Of an answer."""


class Bound(Struct, frozen=True, kw_only=True):
    """The most that a request may cost, in US dollars: its prompt, and each token of its answer. `asked` is the
    `max_tokens` of the request, `max_output` the model's own limit; None is unlimited and unknown.
    """

    input_usd: float
    output_token_usd: float
    max_output: int | None
    asked: int | None

    @property
    def output_tokens(self) -> int:
        """The longest answer."""
        return self.asked or self.max_output or ASSUMED_OUTPUT_TOKENS


def bound_of(
    messages: Sequence[Message],
    tools: Sequence[Tool],
    entries: Sequence[Entry],
    *,
    asked: int | None,
    service_tier: str | None = None,
) -> Bound | None:
    """The dearest that any of these models (the one that is asked, and its fallbacks) may make of it; None where none
    of them has a price. All of the prompt may be read from a cache or written to it: the dearer price counts.
    """
    tokens = _prompt_tokens(messages, tools, FEWEST_BYTES_PER_TOKEN)
    priced = [(entry, rates) for entry in entries if (rates := rates_at(entry.pricing, tokens, service_tier))]
    if not priced:
        return None
    longest = [entry.max_output for entry, _ in priced]
    return Bound(
        input_usd=max(tokens * _dearest_input(rates) for _, rates in priced),
        output_token_usd=max(rates.output for _, rates in priced),
        max_output=None if None in longest else max(length for length in longest if length),
        asked=asked,
    )


def likely_usd(
    messages: Sequence[Message],
    tools: Sequence[Tool],
    entry: Entry,
    *,
    asked: int | None,
    service_tier: str | None = None,
) -> float | None:
    """What it would cost without any cache, with an answer as long as was asked for, or a usual long one; None without
    a price.
    """
    tokens = _prompt_tokens(messages, tools, BYTES_PER_TOKEN)
    rates = rates_at(entry.pricing, tokens, service_tier)
    if rates is None:
        return None
    answer = asked or min(entry.max_output or MOST_USUAL_TOKENS, MOST_USUAL_TOKENS)
    return tokens * rates.input + answer * rates.output


def estimated_tokens(messages: Sequence[Message], answer: str, tools: Sequence[Tool] = ()) -> Usage:
    """The tokens of an exchange whose gateway has not counted them; `answer` is all that came, reasoning too."""
    return Usage(
        input_tokens=_prompt_tokens(messages, tools, BYTES_PER_TOKEN),
        output_tokens=_tokens(answer, BYTES_PER_TOKEN),
        cached_tokens=0,
        cache_write_tokens=0,
        reasoning_tokens=0,
    )


def _dearest_input(rates: Rates) -> float:
    return max(rates.input, rates.cache_read, rates.cache_write)


def _prompt_tokens(messages: Sequence[Message], tools: Sequence[Tool], bytes_per_token: int) -> int:
    shown = sum(MESSAGE_TOKENS + _message_tokens(message, bytes_per_token) for message in messages)
    return shown + (_rounded_up(len(msgspec.json.encode(tools)), bytes_per_token) if tools else 0)


def _message_tokens(message: Message, bytes_per_token: int) -> int:
    """Of all that is sent of it; an answer's plain reasoning is not."""
    content = message.content
    parts = [TextPart(text=content)] if isinstance(content, str) else content or []
    shown = sum(_part_tokens(part, bytes_per_token) for part in parts)
    calls = (getattr(message, "tool_calls", None), getattr(message, "reasoning_details", None))
    return shown + sum(_rounded_up(len(msgspec.json.encode(one)), bytes_per_token) for one in calls if one)


def _part_tokens(part: Part, bytes_per_token: int) -> int:
    match part:
        case TextPart():
            return _tokens(part.text, bytes_per_token)
        case ImagePart():
            return IMAGE_TOKENS
        case FilePart():
            size_bytes = len(part.data) * 3 // 4  # It is base64.
            return _rounded_up(size_bytes, PDF_BYTES_PER_TOKEN if part.media_type == PDF else bytes_per_token)


def _tokens(text: str, bytes_per_token: int) -> int:
    return _rounded_up(len(text) if text.isascii() else len(text.encode("utf-8", "replace")), bytes_per_token)


def _rounded_up(size_bytes: int, bytes_per_token: int) -> int:
    return -(-size_bytes // bytes_per_token)
