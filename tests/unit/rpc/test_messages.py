"""What is a message, and what its sender is told if it is none."""

import json

import msgspec
import pytest

from passerelle.rpc.messages import RpcError, decode, decode_text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"nonsense", -32700),
        (b'{"a": NaN}x', -32700),
        (b"\xff\xfe{}", -32700),
        (b"[" * 100_000, -32700),
        (b"5", -32600),
        (b'"text"', -32600),
        (b"null", -32600),
        (b"[]", -32600),
        (b'[{"jsonrpc":"2.0","id":1,"method":"a"}]', -32600),
        (b"{}", -32600),
        (b'{"id":1}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"a"}', -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"a"}', -32600),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"a"}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"a"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        (b'{"jsonrpc":"2.0","result":1}', -32600),
    ],
)
def test_what_is_no_message_is_named(body: bytes, code: int) -> None:
    with pytest.raises(RpcError) as refused:
        decode(body)

    assert refused.value.error.code == code


@pytest.mark.parametrize("id_", [0, 1, -5, 2**53, "", "a", "\u2028😀"])
def test_ids_come_back_as_they_were(id_: int | str) -> None:
    message = decode(json.dumps({"jsonrpc": "2.0", "id": id_, "method": "m"}).encode())

    assert message.id == id_


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb'"\ud83d"', "\ufffd"),
        (rb'"a\udc00b"', "a\ufffdb"),
        (rb'"\ud83d\ude00\ud83d"', "😀\ufffd"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd😀"),
        (rb'"\\ud83d \ud83d"', "\\ud83d \ufffd"),
        (rb'"\\\ud83d"', "\\\ufffd"),
    ],
)
def test_half_a_surrogate_pair_is_replaced_and_nothing_else(text: bytes, expected: str) -> None:
    assert decode_text(msgspec.json.Decoder(str), text) == expected
