"""What the gateway refuses, in the envelope clients of Vercel's gateway already read. Decides nothing itself."""

import msgspec


class Refused(Exception):
    """An answer that is no answer: an HTTP status and the gateway's error envelope.

    `kind` is the envelope's `type`. `param` names the field, or holds ids, as the real gateway does.
    The sentence never repeats a prompt.
    """

    def __init__(self, status: int, kind: str, sentence: str, *, param: object = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.kind = kind
        self.sentence = sentence
        self.param = param
        self.code = code

    def body(self) -> bytes:
        """`{"error": {message, type, param, code}}`; OpenAI's schema wants the last two there, null or not."""
        error = {"message": self.sentence, "type": self.kind, "param": self.param, "code": self.code}
        return msgspec.json.encode({"error": error})


def invalid(sentence: str, field: str | None = None, *, code: str | None = None) -> Refused:
    """400: the request is wrong in one field."""
    return Refused(400, "invalid_request_error", sentence, param=field, code=code)


def unavailable(sentence: str) -> Refused:
    """503: the model cannot answer now; trying again may help."""
    return Refused(503, "internal_server_error", sentence)
