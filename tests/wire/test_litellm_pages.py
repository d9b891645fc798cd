"""The pages of a LiteLLM proxy that other gateways lack, from a scripted one; tests/litellm asks a real one."""

from collections.abc import AsyncIterator

import pytest

from passerelle.catalogue.model import parse_catalogue
from passerelle.gateway.auth import Access
from passerelle.gateway.credits import Account, fetch_credits
from passerelle.gateway.http import Http
from passerelle.gateway.listing import Validators, fetch_models
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from support.gateway import Exchange, Script, ScriptedGateway
from support.shapes import replies, tells

LISTED = {"id": "team/sonnet", "object": "model", "created": 1677610602, "owned_by": "openai"}
INFO = {"data": [{"model_name": "team/sonnet", "model_info": {"mode": "chat", "input_cost_per_token": 3e-6}}]}
LACKING = replies(404, b'{"detail":"Not Found"}', headers={"content-type": "application/json"})
KEY = {"key": "abc", "info": {"key_alias": "ada", "spend": 4.5, "max_budget": 100.0, "budget_duration": "30d"}}


class LiteLLM(ScriptedGateway):
    """Answers these pages, and notes in `asked` which were."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Script] = {"/v1/models": tells({"data": [LISTED]})}
        self.asked: list[str] = []

    def answer(self, exchange: Exchange) -> Script:
        path = exchange.request.path
        self.asked.append(path)
        return self.pages.get(path, LACKING)


@pytest.fixture
async def gateway() -> AsyncIterator[LiteLLM]:
    async with LiteLLM().serving() as gateway:
        assert isinstance(gateway, LiteLLM)
        yield gateway


@pytest.mark.parametrize(
    ("page", "usd_per_million"),
    [(tells(INFO), 3.0), (LACKING, None), (replies(403, b'{"error":"not you"}'), None), (replies(500, b"Oh"), None)],
)
async def test_the_list_has_the_prices_that_it_may_see(
    http: Http, gateway: LiteLLM, page: Script, usd_per_million: float | None
) -> None:
    gateway.pages["/v1/model/info"] = page

    fetched = await fetch_models(http, Target(name="team", url=gateway.url), Validators(), Access())

    assert fetched.body is not None
    (model,) = parse_catalogue(fetched.body).entries
    assert (model.id, model.price.input) == ("team/sonnet", usd_per_million)


async def test_a_budget_of_the_key_counts_as_its_credits(http: Http, gateway: LiteLLM) -> None:
    gateway.pages["/key/info"] = tells(KEY)

    account = await fetch_credits(http, Target(name="team", url=gateway.url), Access())

    assert account == Account(balance_usd=95.5, used_usd=4.5)
    assert gateway.asked == ["/v1/credits", "/key/info"]


@pytest.mark.parametrize(
    "page", [LACKING, replies(500, b"Internal Server Error"), tells({"info": {"spend": 4.5, "max_budget": None}})]
)
async def test_a_key_without_a_budget_has_no_credits(http: Http, gateway: LiteLLM, page: Script) -> None:
    gateway.pages["/key/info"] = page

    with pytest.raises(Failure) as refused:
        await fetch_credits(http, Target(name="team", url=gateway.url), Access())

    assert refused.value.kind == "unsupported"
