"""Which key goes with a request. The decisions are pure; `grant` has what they name read."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct

from passerelle.config.schema import VERCEL_URL
from passerelle.gateway.byok import byok_options, byok_references, secret_lines
from passerelle.gateway.secrets import is_sendable
from passerelle.gateway.target import Target, may_carry_key, origin
from passerelle.protocol.chat import JsonObject
from passerelle.words.failures import Failure
from passerelle.words.references import Reference, parse_reference

VERCEL_REFERENCES = (Reference("env", "AI_GATEWAY_API_KEY"), Reference("env", "VERCEL_OIDC_TOKEN"))


class Access(Struct, frozen=True, kw_only=True):
    """What opens a gateway: headers, some with secrets in them, and those secrets, for blotting them out of what the
    gateway says. `byok` opens providers behind it, in the gateway's form. `references` are all that were read, the
    key's first. Its repr shows them alone.
    """

    headers: dict[str, str] = {}
    byok: JsonObject = {}
    secrets: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()

    def __repr__(self) -> str:
        return f"Access({', '.join(map(str, self.references))})"


async def grant(target: Target, environ: Mapping[str, str], read: Callable[[Reference], Awaitable[str]]) -> Access:
    """Have the key and whatever else is a reference read, each with `read`, and put the headers together.

    Raises Failure: `keyMissing` as `read` does, `misconfigured` where a secret would travel in the clear or a
    header cannot be sent.
    """
    key = key_reference(target, environ)
    named = {name: reference for name, text in target.headers.items() if (reference := parse_reference(text))}
    lent = byok_references(target.byok) if target.vercel else []
    if (key or named or lent) and not may_carry_key(target.url):
        raise Failure(
            "misconfigured",
            f"The gateway {target.name} is reached by plain http, and keys are sent by https only: "
            f"use https in gateways.{target.name}.url.",
        )
    wrong = next((name for name, value in target.headers.items() if not is_sendable(value)), None)
    if wrong is not None:
        raise Failure("misconfigured", f"gateways.{target.name}.headers.{wrong} holds a character no header can have.")
    references = tuple(dict.fromkeys((*([key] if key else []), *named.values(), *lent)))
    values = {reference: await read(reference) for reference in references}
    own = {name.lower(): values[named[name]] if name in named else text for name, text in target.headers.items()}
    return Access(
        headers={**(authorization(values[key]) if key else {}), **own},
        byok=byok_options(target.byok, values) if target.vercel else {},
        secrets=tuple(line for value in values.values() for line in secret_lines(value)),
        references=references,
    )


def key_reference(target: Target, environ: Mapping[str, str]) -> Reference | None:
    """The reference that is configured; for Vercel's gateway without one, the variable that is set.

    An API key that is set is used even if it is wrong: the token would hide the mistake. If neither is set it is
    the key's variable, so that the failure names it. No other gateway gets these two, whatever API it speaks.
    """
    if target.key is not None:
        return target.key
    if target.name != "vercel" and origin(target.url) != origin(VERCEL_URL):
        return None
    return next((reference for reference in VERCEL_REFERENCES if environ.get(reference.name)), VERCEL_REFERENCES[0])


def authorization(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}
