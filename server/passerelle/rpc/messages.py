"""JSON-RPC messages as bytes: what one is, and how answers are written."""

import json
import re
from typing import TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from passerelle.protocol.base import INVALID_REQUEST, PARSE_ERROR

Id = int | str

# An escaped pair, a lone half (the group), or any other escape: read in this order, none is taken for another.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class ResponseError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`error` of a response."""

    code: int
    message: str
    data: object = UNSET


class Envelope(Struct, frozen=True):
    """Any message; its payload stays as bytes until somebody knows its type."""

    id: Id | UnsetType = UNSET
    method: str | UnsetType = UNSET
    params: Raw = Raw()
    result: Raw = Raw()
    error: ResponseError | UnsetType = UNSET


class RpcError(Exception):
    """An error of JSON-RPC itself: the answer that the client gets."""

    def __init__(self, code: int, message: str, data: object = UNSET) -> None:
        super().__init__(message)
        self.error = ResponseError(code=code, message=message, data=data)


T = TypeVar("T")
_decoder = msgspec.json.Decoder(Envelope)
_encode = msgspec.json.Encoder().encode


def decode(body: bytes) -> Envelope:
    """The message in `body`.

    Raises RpcError: -32700 if it is not JSON, -32600 if it is JSON but no message.
    """
    try:
        envelope = decode_text(_decoder, body)
    except UNREADABLE:
        raise _explained(body) from None
    if envelope.method is UNSET and (envelope.id is UNSET or not (envelope.result or envelope.error)):
        raise RpcError(INVALID_REQUEST, "not a JSON-RPC message: neither a method nor a response")
    return envelope


def decode_text(decoder: msgspec.json.Decoder[T], body: bytes | Raw) -> T:
    """Decode, and where that fails once more with lone halves of surrogate pairs as U+FFFD.

    Editors cut text between such halves, and JSON allows it; UTF-8 does not. Raises what the decoder raises.
    """
    try:
        return decoder.decode(body)
    except UNREADABLE:
        mended = _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], bytes(body))
        return decoder.decode(mended)


def request(id_: Id, method: str, params: object) -> bytes:
    return b'{"jsonrpc":"2.0","id":%b,"method":%b,"params":%b}' % (_encode(id_), _encode(method), _encode(params))


def notification(method: str, params: object) -> bytes:
    return b'{"jsonrpc":"2.0","method":%b,"params":%b}' % (_encode(method), _encode(params))


def response(id_: Id, result: object) -> bytes:
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (_encode(id_), _encode(result))


def error_response(id_: Id | None, error: ResponseError) -> bytes:
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (_encode(id_), _encode(error))


def _explained(body: bytes) -> RpcError:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return RpcError(PARSE_ERROR, "the message is not JSON")
    return RpcError(INVALID_REQUEST, "not a JSON-RPC message: an object with `method` and an `id` of string or integer")
