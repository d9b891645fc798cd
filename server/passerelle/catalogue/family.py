"""What an id says of its model: creator, family, version, variant. Reads the id alone and knows no model by name."""

import re
from typing import NamedTuple

_VARIANT = re.compile(r"[-:_](?:batch|fast|free)$")
TOKEN = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*")
"""`claude`, `4.5`, `qwen3.8`, `2.4t`."""
PART = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
"""`qwen` and `3.8`."""
SIZE = re.compile(r"[a-z]?\d+(?:\.\d+)?(?:x\d+)?[bkmt]")
"""`70b`, `a3b`, `8x7b`, `128k`: a number that is no version."""
_DATE = re.compile(r"\d{3,}|0\d+")
_PREVIEW = frozenset({"preview", "beta", "exp", "experimental"})


class Lineage(NamedTuple):
    """`family` is the words of the id without order, version, date and variant: tiers and sizes stay apart.

    A version counts as a decimal number (4.20 lies before 4.3, as its maker means it); none is 0, `latest` is endless.
    """

    creator: str
    family: tuple[str, ...]
    version: float
    is_variant: bool
    is_dated: bool
    is_preview: bool

    @property
    def is_plain(self) -> bool:
        """Whether the id names the model itself."""
        return not (self.is_variant or self.is_dated or self.is_preview)


def lineage_of(model_id: str) -> Lineage:
    """`anthropic/claude-sonnet-4.5-batch` is a variant of anthropic's (claude, sonnet) 4.5.

    Anthropic's own `claude-3-5-sonnet-20241022` is a dated (claude, sonnet) 3.5; `llama-3.1-70b` a (70b, llama) 3.1.
    """
    creator, slash, rest = model_id.casefold().partition("/")
    plain = _VARIANT.sub("", rest if slash else creator)
    words: list[str] = []
    digits: list[str] = []
    is_dated = is_preview = False
    for token in TOKEN.findall(plain):
        if token in _PREVIEW:
            is_preview = True
        elif _DATE.fullmatch(token) or (token.isdecimal() and (is_dated or is_preview)):
            is_dated = True  # What follows a date or a preview mark belongs to it: `preview-05-20`.
        elif SIZE.fullmatch(token):
            words.append(token)
        else:
            parts = PART.findall(token.removeprefix("v") if token[1:2].isdecimal() else token)
            digits += [part for part in parts if part[0].isdecimal()]
            words += [part for part in parts if not part[0].isdecimal()]
    version = _version(digits, is_latest="latest" in words)
    family = tuple(sorted(word for word in words if word != "latest"))
    return Lineage(creator if slash else "", family, version, is_variant(model_id), is_dated, is_preview)


def is_variant(model_id: str) -> bool:
    """Whether the id names another way to run a model (`-batch`, `-fast`, `-free`) rather than a model."""
    return _VARIANT.search(model_id.casefold()) is not None


def _version(digits: list[str], *, is_latest: bool) -> float:
    """`4`, `5` and `4.5` are both 4.5."""
    if not digits:
        return float("inf") if is_latest else 0.0
    major, _, minor = ".".join(digits).partition(".")
    return float(f"{major}.{minor.replace('.', '') or '0'}")
