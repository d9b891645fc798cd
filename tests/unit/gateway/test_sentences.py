import json

import pytest

from passerelle.gateway.sentences import MAX_CHARACTERS, redact, sentence_of


def nested(depth: int) -> str:
    text = "at last"
    for _ in range(depth):
        text = json.dumps({"error": {"message": text}})
    return text


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"error": {"message": "plain."}}, "plain"),
        ({"error": "flat"}, "flat"),
        ({"message": "bare"}, "bare"),
        ({"detail": [{"msg": "field required", "loc": ["body"]}]}, "field required"),
        ({"errors": [{"message": "first"}, {"message": "second"}]}, "first"),
        ([{"error": {"message": "in a list"}}], "in a list"),
        ("just text", "just text"),
        ("", ""),
        (None, ""),
        (7, ""),
        ({"code": 1}, ""),
        ({"error": {"type": "x", "message": '400 {"type":"error","error":{"message":"inner"}}'}}, "inner"),
        ({"error": {"message": 'no {"json" here}'}}, 'no {"json" here}'),
        ({"error": {"message": 'sets {"a": 1} wrongly'}}, 'sets {"a": 1} wrongly'),
        (nested(3), "at last"),
        ({"error": {"message": " two\nlines \x1b[31m\x00 and\u2028more "}}, "two lines [31m and more"),
    ],
)
def test_the_words_are_found_in_every_envelope(value: object, sentence: str) -> None:
    assert sentence_of(value) == sentence


def test_nesting_is_followed_to_a_bound() -> None:
    assert len(sentence_of(nested(12))) <= MAX_CHARACTERS


@pytest.mark.parametrize("text", ["word " * 200, "x" * 1000])
def test_a_long_text_is_cut(text: str) -> None:
    sentence = sentence_of(text)
    assert len(sentence) <= MAX_CHARACTERS
    assert sentence.endswith("…")


@pytest.mark.parametrize(
    "key",
    [
        "vck_abcDEF123456",
        "sk-abcdef123456",
        "sk-proj-aB_cD-12",
        "sk-****cdef",
        "Bearer abc.def-123",
        "bearer dG9rZW4=",
        "gsk_abcdefgh",
        "AIzaSyA1234567890",
        "eyJhbGciOiJI.eyJzdWIiOiI.SflKxwRJ",
    ],
)
def test_what_looks_like_a_key_is_blotted_out(key: str) -> None:
    assert redact(f"wrong key: {key}, sorry") in ("wrong key: [key], sorry", "wrong key: Bearer [key], sorry")


@pytest.mark.parametrize(
    "text", ["Bearer authentication is required", "risk-free task", "the sky is blue", "sort by ttft", "pkg_x"]
)
def test_words_that_are_no_keys_stay(text: str) -> None:
    assert redact(text) == text


def test_a_secret_of_any_form_is_blotted_out() -> None:
    assert redact("you sent hunter2", ("hunter2", "")) == "you sent [key]"
