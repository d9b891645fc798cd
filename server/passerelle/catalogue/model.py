"""One language model as the gateway lists it, in our words. Reads a list's bytes; does no I/O and guesses nothing.

What an entry does not say is unknown (None), never zero; what it says wrongly is lost alone.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import DecodeError, Raw, Struct, field
from msgspec.json import Decoder, decode
from msgspec.structs import fields

from passerelle.protocol.state import Capability, Model, Price
from passerelle.words.failures import Failure

LONGEST_ID = 200
LAST_SECOND = 253_402_300_799
"""Of the year 9999: later moments cannot be written down."""
MOST_TOKENS = 1 << 53
"""Larger numbers are no counts, and clients in JavaScript cannot hold them."""
UNSAID = Raw(b"null")
BROKEN = (DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on bytes of others."""

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Tier(Struct, frozen=True, kw_only=True):
    """US dollars per token once the prompt has `min` tokens; the first tier repeats the base price."""

    cost: float
    min: int = 0


class Pricing(Struct, frozen=True, kw_only=True):
    """As the gateway says it: US dollars per one token. A service tier has prices of its own."""

    input: float | None = None
    output: float | None = None
    input_cache_read: float | None = None
    input_cache_write: float | None = None
    input_tiers: tuple[Tier, ...] = ()
    output_tiers: tuple[Tier, ...] = ()
    input_cache_read_tiers: tuple[Tier, ...] = ()
    input_cache_write_tiers: tuple[Tier, ...] = ()
    service_tiers: dict[str, "Pricing"] = {}


class Modalities(Struct, frozen=True, kw_only=True):
    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


class ReasoningOption(Struct, frozen=True, kw_only=True):
    """One way to steer reasoning: `toggle`, `effort` with its values, `budget_tokens`."""

    type: str = ""
    values: Raw = UNSAID


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One language model. The fields are the gateway's words, the properties are ours.

    What is nested stays as it came and is worked out when asked: a list may have thousands of entries, and a
    screen shows fifty. The fields stand in the order in which the gateway sends them, which is faster to decode.
    """

    id: str
    listed_released: float | None = field(default=None, name="released")
    listed_name: str | None = field(default=None, name="name")
    listed_description: str | None = field(default=None, name="description")
    listed_window: int | None = field(default=None, name="context_window")
    max_tokens: int | None = None
    type: str | None = None
    tags: Raw = UNSAID
    modalities: Raw = UNSAID
    temperature: bool | None = None
    reasoning_options: Raw = UNSAID
    listed_pricing: Raw = field(default=UNSAID, name="pricing")
    supported_parameters: Raw = UNSAID
    deprecated_at: float | None = None

    @property
    def creator(self) -> str:
        """Who made the model, by its id; empty where a gateway lists bare names."""
        return self.id.partition("/")[0] if "/" in self.id else ""

    @property
    def name(self) -> str:
        return _line(self.listed_name or "") or self.id

    @property
    def description(self) -> str:
        return _line(self.listed_description or "")

    @property
    def released(self) -> float | None:
        """Unix time. `created` is not asked: it is one constant for a whole list."""
        said = self.listed_released
        return said if said is not None and 0 < said <= LAST_SECOND else None

    @property
    def released_at(self) -> str | None:
        """ISO 8601, UTC."""
        return None if self.released is None else iso_utc(self.released)

    @property
    def context_window(self) -> int | None:
        """In tokens."""
        return _positive(self.listed_window)

    @property
    def max_output(self) -> int | None:
        """In tokens."""
        return _positive(self.max_tokens)

    @property
    def is_described(self) -> bool:
        """Whether the entry says what the model can read. A plain gateway lists only ids: then all is to be tried."""
        return bytes(self.tags) != bytes(UNSAID) or bytes(self.modalities) != bytes(UNSAID)

    @property
    def inputs(self) -> tuple[str, ...]:
        """`text`, `image`, `pdf`, `audio`, `video`: from `modalities`, else from tags; empty where nothing is said."""
        if listed := (_one(self.modalities, Modalities) or Modalities()).input:
            return listed
        tags = _each(self.tags, _STRINGS, str)
        asked = (("text", bool(tags)), ("image", "vision" in tags), ("pdf", "file-input" in tags))
        return tuple(kind for kind, is_there in asked if is_there)

    @property
    def outputs(self) -> tuple[str, ...]:
        """`text`, `image`; empty where nothing is said."""
        return (_one(self.modalities, Modalities) or Modalities()).output

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """What the entry itself says, never what its name suggests.

        - vision: tag `vision`, or `image` among the inputs
        - tools: tag `tool-use`, or parameter `tools`
        - reasoning: tag `reasoning`, parameter `reasoning`, or any reasoning option
        - files: tag `file-input`, or `pdf` among the inputs
        - caching: tag `implicit-caching` or `explicit-caching`, or a price for cached input
        - structured: tag `structured-output`, or parameter `structured_outputs`
        - webSearch: tag `web-search`, or parameter `web_search_options`
        """
        tags = _each(self.tags, _STRINGS, str)
        parameters = _each(self.supported_parameters, _STRINGS, str)
        inputs = self.inputs
        said: tuple[tuple[Capability, bool], ...] = (
            ("vision", "vision" in tags or "image" in inputs),
            ("tools", "tool-use" in tags or "tools" in parameters),
            ("reasoning", "reasoning" in tags or "reasoning" in parameters or bool(self._reasoning_options)),
            ("files", "file-input" in tags or "pdf" in inputs),
            ("caching", "implicit-caching" in tags or "explicit-caching" in tags or self._has_cache_price),
            ("structured", "structured-output" in tags or "structured_outputs" in parameters),
            ("webSearch", "web-search" in tags or "web_search_options" in parameters),
        )
        return tuple(capability for capability, is_there in said if is_there)

    @property
    def reasoning(self) -> bool:
        return "reasoning" in self.capabilities

    @property
    def reasoning_efforts(self) -> tuple[str, ...] | None:
        """The values that may be sent as `reasoning.effort`; None where the entry says nothing of reasoning."""
        if bytes(self.reasoning_options) == bytes(UNSAID):
            return None
        efforts = (option.values for option in self._reasoning_options if option.type == "effort")
        return tuple(value for values in efforts for value in _each(values, _STRINGS, str))

    @property
    def reasoning_toggle(self) -> bool:
        """Whether reasoning can be switched on and off."""
        return any(option.type == "toggle" for option in self._reasoning_options)

    @property
    def needs_marks(self) -> bool:
        """Whether providers cache only what is marked: by its tag, else by a price for writing; unsaid, they may."""
        tags = _each(self.tags, _STRINGS, str)
        if "explicit-caching" in tags or "implicit-caching" in tags:
            return "explicit-caching" in tags
        return self.price.cache_write is not None or not self.is_described

    @property
    def temperature_refused(self) -> bool:
        """Whether a request that names a temperature is refused."""
        return self.temperature is False

    @property
    def deprecated(self) -> bool:
        """Whether the gateway names a day of its end, past or to come."""
        return self.deprecated_at is not None

    @property
    def pricing(self) -> Pricing:
        """With the tiers, for estimates. The bill itself is the gateway's word, in `usage.cost`."""
        return _one(self.listed_pricing, Pricing) or Pricing()

    @property
    def price(self) -> Price:
        """Base prices, US dollars per million tokens."""
        pricing = self.pricing
        return Price(
            input=_per_million(pricing.input),
            output=_per_million(pricing.output),
            cache_read=_per_million(pricing.input_cache_read),
            cache_write=_per_million(pricing.input_cache_write),
        )

    @property
    def _reasoning_options(self) -> tuple[ReasoningOption, ...]:
        return _each(self.reasoning_options, _OPTIONS, ReasoningOption)

    @property
    def _has_cache_price(self) -> bool:
        price = self.price
        return price.cache_read is not None or price.cache_write is not None


class Parsed(Struct, frozen=True, kw_only=True):
    """`skipped` counts entries that are no models at all; other kinds of models are not counted."""

    entries: tuple[Entry, ...]
    skipped: int


class _Listing(Struct, gc=False):
    data: list[Entry]


class _Pieces(Struct, gc=False):
    data: list[Raw]


# Not strict: some gateways write numbers as strings, and ours its prices.
_LISTING = Decoder(_Listing | list[Entry], strict=False)
_PIECES = Decoder(_Pieces | list[Raw])
_STRINGS = Decoder(tuple[str, ...])
_OPTIONS = Decoder(tuple[ReasoningOption, ...])


def parse_catalogue(body: bytes) -> Parsed:
    """The language models of an answer to `GET /models`: `{"data": […]}` or a bare list; of twins the last wins.

    An entry without `type` counts as a language model: plain gateways list only ids.
    Raises Failure (`unavailable`) for a body that is no list.
    """
    listed, skipped = _entries(body)
    models = {entry.id: entry for entry in listed if entry.type == "language" or entry.type is None}
    sound = models if _are_sound(models) else {name: entry for name, entry in models.items() if _are_sound([name])}
    return Parsed(entries=tuple(sound.values()), skipped=skipped + len(models) - len(sound))


def to_wire(entry: Entry) -> Model:
    return Model(
        id=entry.id,
        name=entry.name,
        creator=entry.creator,
        description=entry.description,
        released_at=entry.released_at,
        context_window=entry.context_window,
        max_output=entry.max_output,
        capabilities=list(entry.capabilities),
        price=entry.price,
    )


def iso_utc(seconds: float) -> str:
    """ISO 8601 of a Unix time up to `LAST_SECOND`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entries(body: bytes) -> tuple[list[Entry], int]:
    """All in one go; only where that fails, one by one."""
    with suppress(*BROKEN):
        whole = _LISTING.decode(body)
        return (whole.data if isinstance(whole, _Listing) else whole), 0
    try:
        listing = _PIECES.decode(body)
    except BROKEN:
        raise Failure(
            "unavailable",
            "The gateway's list of models cannot be read; check that its url is the base of an OpenAI-compatible API, "
            "which often ends in /v1.",
        ) from None
    pieces = listing.data if isinstance(listing, _Pieces) else listing
    mended = [entry for piece in pieces if (entry := _one(piece, Entry)) is not None]
    return mended, len(pieces) - len(mended)


def _are_sound(ids: Collection[str]) -> bool:
    """Whether ids can be shown and sent as they stand. Thousands are looked at in one go."""
    return "" not in ids and "".join(ids).isprintable() and max(map(len, ids), default=0) <= LONGEST_ID


def _one(raw: Raw, shape: type[S]) -> S | None:
    """A Struct; where it does not decode, without the fields that do not. None if what must be there is not."""
    with suppress(*BROKEN):
        return decode(raw, type=shape, strict=False)
    try:
        given = decode(raw, type=dict[str, Raw])
    except BROKEN:
        return None
    kept: dict[str, object] = {}
    for part in fields(shape):
        if part.encode_name in given:
            with suppress(*BROKEN):
                kept[part.name] = decode(given[part.encode_name], type=part.type, strict=False)
    return shape(**kept) if all(part.name in kept for part in fields(shape) if part.required) else None


def _each(raw: Raw, whole: Decoder[tuple[T, ...]], kind: type[T]) -> tuple[T, ...]:
    """The items of a list that are what they should be; none where it is no list."""
    with suppress(*BROKEN):
        return whole.decode(raw)
    try:
        items = decode(raw, type=list[Raw])
    except BROKEN:
        return ()
    kept: list[T] = []
    for item in items:
        with suppress(*BROKEN):
            kept.append(decode(item, type=kind))
    return tuple(kept)


def _positive(count: int | None) -> int | None:
    """Lists write 0 for what they do not know."""
    return count if count is not None and 0 < count < MOST_TOKENS else None


def _per_million(usd: float | None) -> float | None:
    """Fifteen digits undo the noise of the multiplication: "0.00000012" is 0.12. NaN, infinite or negative: unknown."""
    if usd is None or not 0 <= usd < float("inf"):
        return None
    return float(f"{usd * 1e6:.15g}")


def _line(text: str) -> str:
    """One line that a terminal shows as it stands."""
    if text.isprintable():
        return text.strip()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
