"""What is left of a gateway's account: `GET credits`."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from passerelle.gateway.auth import Access
from passerelle.gateway.chunks import decoded, fields
from passerelle.gateway.document import asked_of, fetch_reply, read_document, unreadable
from passerelle.gateway.http import Http
from passerelle.gateway.target import Target

_SUBJECT = "its credits"
_MOST_USD = Decimal(10) ** 15
_LACKED_BY_LITELLM = b'{"detail":"Not Found"}'
"""Other gateways say this too; they have no page on keys either."""


class Account(Struct, frozen=True, kw_only=True):
    """US dollars. A balance may be below zero."""

    balance_usd: float
    used_usd: float


async def fetch_credits(http: Http, target: Target, access: Access) -> Account:
    """What the gateway says is left.

    Raises Failure: `unsupported` where it has no such page, `unavailable` where no amount stands there, else as
    `Http.stream` and `failure_of` do.
    """
    reply = await fetch_reply(http, target, access, "credits")
    asked = asked_of(target, access)
    if reply.body == _LACKED_BY_LITELLM and (account := await _fetch_key_budget(http, target, access)) is not None:
        return account
    account = read_credits(read_document(reply, asked, _SUBJECT))
    if account is None:
        raise unreadable(asked, _SUBJECT)
    return account


def read_credits(value: object) -> Account | None:
    """The account; None where the amounts are not there.

    Vercel's gateway says `{"balance": "95.50", "total_used": "4.50"}`, OpenRouter and those after it
    `{"data": {"total_credits": 100, "total_usage": 4.5}}`; amounts are numbers or decimal text in either.
    """
    said = fields(value)
    said = fields(said.get("data")) or said
    used, balance = _amount(said.get("total_used")), _amount(said.get("balance"))
    if balance is None:
        used, bought = _amount(said.get("total_usage")), _amount(said.get("total_credits"))
        balance = None if used is None or bought is None else bought - used
    if used is None or balance is None:
        return None
    return Account(balance_usd=float(balance), used_usd=float(used))


def read_key_budget(value: object) -> Account | None:
    """What LiteLLM says of a key with a budget: `{"info": {"spend": 4.5, "max_budget": 100}}`; else None."""
    said = fields(fields(value).get("info"))
    used, most = _amount(said.get("spend")), _amount(said.get("max_budget"))
    return None if used is None or most is None else Account(balance_usd=float(most - used), used_usd=float(used))


async def _fetch_key_budget(http: Http, target: Target, access: Access) -> Account | None:
    """The page stands beside the API, not in it."""
    beside = replace(target, url=target.url.rstrip("/").removesuffix("/v1"))
    return read_key_budget(decoded((await fetch_reply(http, beside, access, "key/info")).body))


def _amount(value: object) -> Decimal | None:
    """Exactly what is written: a number's digits are those of its shortest text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except (ArithmeticError, ValueError):
        return None
    return amount if amount.is_finite() and abs(amount) < _MOST_USD else None
