"""The gateway's list of models, fetched only if it changed. What is in it is the catalogue's business."""

import time
from http import HTTPStatus

from msgspec import Struct

from passerelle import __version__
from passerelle.config.schema import Timeouts
from passerelle.gateway.auth import Access
from passerelle.gateway.errors import Asked, failure_of
from passerelle.gateway.http import Call, Http, Reply
from passerelle.gateway.litellm import INFO_PATH, described, is_litellm
from passerelle.gateway.target import Target

MAX_BYTES = 64 << 20
_TIMEOUTS = Timeouts(first_byte_s=30, idle_s=30, total_s=90)


class Validators(Struct, frozen=True, kw_only=True):
    """What the gateway gave with the list we have; sent back, they let it answer that nothing changed."""

    etag: str | None = None
    last_modified: str | None = None


class Fetched(Struct, frozen=True, kw_only=True):
    """`body` is None if the list is still the one that the validators were given with."""

    body: bytes | None
    validators: Validators


async def fetch_models(http: Http, target: Target, validators: Validators, access: Access) -> Fetched:
    """`GET models`. Vercel needs no key for it: `Access()` will do; other gateways may.

    Raises Failure as `Http.stream` and `failure_of` do.
    """
    conditions = {"if-none-match": validators.etag, "if-modified-since": validators.last_modified}
    reply = await _get(http, target, access, "models", {name: value for name, value in conditions.items() if value})
    if reply.status == HTTPStatus.NOT_MODIFIED:
        return Fetched(body=None, validators=validators)
    if reply.status != HTTPStatus.OK:
        key = next(map(str, access.references), None)
        asked = Asked(gateway=target.name, key_reference=key, secrets=access.secrets)
        raise failure_of(reply.status, reply.headers, reply.body, asked, now=time.time())
    received = Validators(etag=reply.headers.get("etag"), last_modified=reply.headers.get("last-modified"))
    body = reply.body
    if is_litellm(body):
        body = described(body, (await _get(http, target, access, INFO_PATH, {})).body)
    return Fetched(body=body, validators=received)


async def _get(http: Http, target: Target, access: Access, path: str, conditions: dict[str, str]) -> Reply:
    headers = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": f"passerelle/{__version__}"}
    call = Call(target=target, path=path, headers={**headers, **conditions, **access.headers}, timeouts=_TIMEOUTS)
    return await http.get(call, max_bytes=MAX_BYTES)
