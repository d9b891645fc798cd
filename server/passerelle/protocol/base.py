"""The two kinds of Struct on the wire, and the codes of JSON-RPC and LSP."""

from msgspec import Struct


class Params(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What comes in. An unknown field is refused, so that a typo is seen; null and absent are the same."""


class Result(Struct, frozen=True, kw_only=True, rename="camel"):
    """What goes out. A field that may be absent is `UNSET`; None is sent as null."""


class Nothing(Params, frozen=True, kw_only=True):
    """`{}`: a request without parameters; null and absent mean the same."""


PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
CONTENT_MODIFIED = -32801
SERVER_CANCELLED = -32802
REQUEST_FAILED = -32803
