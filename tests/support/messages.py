"""JSON-RPC messages as the tests write and read them."""

import json

JsonObject = dict[str, object]


class RpcError(Exception):
    """The daemon answered with an error."""

    def __init__(self, error: object) -> None:
        super().__init__(json.dumps(error))
        assert isinstance(error, dict)
        code, message = error["code"], error["message"]
        assert isinstance(code, int)
        assert isinstance(message, str)
        self.code = code
        self.message = message
        self.data: object = error.get("data")

    @property
    def kind(self) -> object:
        return self.data.get("kind") if isinstance(self.data, dict) else None


def frame(message: object) -> bytes:
    """A message as the base protocol frames it."""
    return framed(json.dumps(message).encode())


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def at(value: object, *path: str | int) -> object:
    """What stands at a path in a JSON value; a place that is missing fails."""
    for step in path:
        if isinstance(step, int):
            assert isinstance(value, list), value
            value = value[step]
        else:
            assert isinstance(value, dict), value
            assert step in value, f"no {step!r} in {json.dumps(value)[:1000]}"
            value = value[step]
    return value
