import pytest

from passerelle.gateway.document import read_document
from passerelle.gateway.errors import Asked
from passerelle.gateway.http import Reply
from passerelle.words.failures import Failure, Kind

ASKED = Asked(gateway="work", model="x/y", key_reference="env:WORK_KEY", secrets=("vck_secret123",))
HTML = "text/html; charset=utf-8"


def reply(status: int, body: bytes, content_type: str = "application/json") -> Reply:
    return Reply(status=status, headers={"content-type": content_type}, body=body)


def test_an_answer_is_its_json() -> None:
    assert read_document(reply(200, b'{"a": [1]}'), ASKED, "its credits") == {"a": [1]}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(404, b"<html>404</html>", HTML), "unsupported"),
        (reply(404, b'{"detail":"Not Found"}'), "unsupported"),
        (reply(404, b'{"error":{"message":"No such path","type":"not_found"}}'), "unsupported"),
        (reply(404, b""), "unsupported"),
        (reply(405, b""), "unsupported"),
        (reply(501, b"not here", "text/plain"), "unsupported"),
        (reply(200, b"<!doctype html><title>LiteLLM</title>", HTML), "unsupported"),
        (reply(200, b""), "unsupported"),
        (reply(200, b"[" * 100_000), "unsupported"),
        (reply(200, b'"\xff"'), "unsupported"),
        (reply(404, b'{"error":{"message":"Model x/y not found","type":"model_not_found"}}'), "modelUnknown"),
        (reply(401, b"<html>who are you</html>", HTML), "keyRefused"),
        (reply(402, b'{"error":{"message":"Insufficient funds"}}'), "creditsExhausted"),
        (reply(403, b'{"error":"admins only"}'), "forbidden"),
        (reply(429, b""), "rateLimited"),
        (reply(500, b"<html>oh</html>", HTML), "unavailable"),
        (reply(503, b""), "unavailable"),
    ],
)
def test_what_is_no_answer_has_a_kind(answer: Reply, kind: Kind) -> None:
    with pytest.raises(Failure) as caught:
        read_document(answer, ASKED, "its credits")

    assert caught.value.kind == kind
    assert "work" in caught.value.message
    assert "<" not in caught.value.message


def test_the_sentence_names_what_is_lacking_and_never_the_key() -> None:
    with pytest.raises(Failure, match=r"^The gateway work does not tell its credits; its dashboard may\.$"):
        read_document(reply(404, b""), ASKED, "its credits")
    with pytest.raises(Failure) as caught:
        read_document(reply(403, b'{"error":"vck_secret123 may not"}'), ASKED, "its credits")

    assert "secret" not in caught.value.message
