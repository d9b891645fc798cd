"""One readable sentence out of whatever a gateway sent as its error, without keys, markup or control characters."""

import re

import msgspec

MAX_CHARACTERS = 300
_MAX_DEPTH = 16  # Three for each layer of JSON in JSON.
_SPOKEN = ("error", "error_message", "message", "detail", "msg", "errors", "error_description", "title")
"""Where gateways put their words, in the order of trust."""

_UNREADABLE = re.compile(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]+")
_KEYS = re.compile(
    r"\b(?:vck|sk|pk|rk|gsk|xai|hf|ghp|glpat)[_-][\w*.-]{6,}"  # Keys of gateways and of providers behind them.
    r"|\bAIza[\w-]{10,}"
    r"|\beyJ[\w-]{4,}(?:\.[\w-]+)*"  # A JSON Web Token, such as Vercel's OIDC token.
    r"|\b[0-9a-f]{64}\b"  # A key's hash, by which LiteLLM calls it.
    r"|(?i:\b(?:bearer|basic)\s+(?!auth|token|key)[^\s\"',;]{6,})"
)

_ASIDE = re.compile(r" (?:LiteLLM: model group '|model=\S+ context_window_fallbacks=).*")
"""What LiteLLM adds for who runs it."""


def sentence_of(value: object, *, secrets: tuple[str, ...] = ()) -> str:
    """What an error value says, at most 300 characters and without a full stop; empty if it says nothing.

    `value` is decoded JSON of any shape, or text that may itself hold JSON: gateways quote the provider's error
    in their own, several layers deep. `secrets` are blotted out wherever they stand.
    """
    return shortened(words_of(value, secrets=secrets))


def words_of(value: object, *, secrets: tuple[str, ...] = ()) -> str:
    """The same at its full length."""
    words = redact(_UNREADABLE.sub(" ", _unwrap(value, _MAX_DEPTH)), secrets)
    return _ASIDE.sub("", words).strip().rstrip(".")


def shortened(words: str) -> str:
    """At most 300 characters of it."""
    if len(words) <= MAX_CHARACTERS:
        return words
    start = words[: MAX_CHARACTERS - 1]
    return (start.rpartition(" ")[0] or start) + "…"


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text with `secrets`, and all that looks like a key, replaced by `[key]`."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[key]")
    return _KEYS.sub("[key]", text)


def _unwrap(value: object, depth: int) -> str:
    if depth == 0:
        return ""
    if isinstance(value, str):
        return _unwrap(_quoted(value), depth - 1) or value
    if isinstance(value, list):
        return next((words for item in value if (words := _unwrap(item, depth - 1))), "")
    if isinstance(value, dict):
        return next((words for name in _SPOKEN if (words := _unwrap(value.get(name), depth - 1))), "")
    return ""


def _quoted(text: str) -> object:
    """The JSON object inside a text such as `400 {"error": …}`; None if there is none."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return msgspec.json.decode(text[start : end + 1])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
