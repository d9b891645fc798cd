"""One small JSON document of a gateway: fetched, and told from a page that the gateway does not have."""

import time
from collections.abc import Mapping
from http import HTTPStatus

from passerelle import __version__
from passerelle.config.schema import Timeouts
from passerelle.gateway.auth import Access
from passerelle.gateway.chunks import decoded
from passerelle.gateway.errors import Asked, failure_of
from passerelle.gateway.http import Call, Http, Reply
from passerelle.gateway.target import NO_QUERY, Target
from passerelle.words.failures import Failure

MAX_BYTES = 4 << 20
_TIMEOUTS = Timeouts(first_byte_s=20, idle_s=20, total_s=40)
_LACKING = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)


async def fetch_reply(
    http: Http, target: Target, access: Access, path: str, query: Mapping[str, str] = NO_QUERY
) -> Reply:
    """`GET` of a path, which is percent-encoded already. Raises Failure as `Http.stream` does."""
    headers = {"accept": "application/json", "user-agent": f"passerelle/{__version__}", **access.headers}
    call = Call(target=target, path=path, query=query, headers=headers, timeouts=_TIMEOUTS)
    return await http.get(call, max_bytes=MAX_BYTES)


def asked_of(target: Target, access: Access, model: str | None = None) -> Asked:
    """What sentences about the answer may name."""
    key = next(map(str, access.references), None)
    return Asked(gateway=target.name, model=model, key_reference=key, secrets=access.secrets)


def read_document(reply: Reply, asked: Asked, subject: str) -> object:
    """The JSON of an answer with status 200. `subject` is what it tells, for sentences.

    Raises Failure `unsupported` where the gateway has no such page: 404, 405, 501, or a web page instead of JSON; else
    as `failure_of` does.
    """
    if reply.status == HTTPStatus.OK:
        value = decoded(reply.body)
        if value is None:
            raise lacking(asked, subject)
        return value
    failure = failure_of(reply.status, reply.headers, reply.body, asked, now=time.time())
    if reply.status in _LACKING and failure.kind != "modelUnknown":
        raise lacking(asked, subject)
    raise failure


def lacking(asked: Asked, subject: str) -> Failure:
    """The gateway has no such page."""
    return Failure("unsupported", f"The gateway {asked.gateway} does not tell {subject}; its dashboard may.")


def unreadable(asked: Asked, subject: str) -> Failure:
    """The gateway has the page, and there stands something else."""
    return Failure(
        "unavailable", f"What the gateway {asked.gateway} says of {subject} cannot be understood; try again later."
    )
