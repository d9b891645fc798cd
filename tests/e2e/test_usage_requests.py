"""`passerelle/usage` and its export, asked of a real daemon: what was chatted is what is told."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from support.daemon import Home
from support.ledger import ledger_rows
from support.messages import RpcError, at
from support.rpc_client import RpcClient
from support.shapes import COST_USD, SONNET, last, streams, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER = streams(text("Hello"), last())


async def chatted(client: RpcClient, *roles: str) -> None:
    for role in roles:
        await client.chat(model=SONNET, role=role)


async def test_usage_is_told_by_any_key_and_comes_to_one_total(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure("spending.time_zone = 'Asia/Tokyo'")
    async with home.daemon() as client:
        await chatted(client, "chat", "chat", "edit")
        by_model = await client.request("passerelle/usage", {"groupBy": "model", "splitBy": "role"})
        by_day = await client.request("passerelle/usage")

    assert at(by_model, "total") == at(by_day, "total")
    assert at(by_day, "total", "attempts") == 3
    assert at(by_day, "total", "costUsd") == pytest.approx(3 * COST_USD)
    assert isinstance(rows := by_model["rows"], list)
    assert sorted((row["key"], row["split"], row["requests"]) for row in rows) == [
        (SONNET, "chat", 2),
        (SONNET, "edit", 1),
    ]
    assert isinstance(days := by_day["rows"], list)
    tokyo = datetime.now(UTC) + timedelta(hours=9)
    near_days = {f"{tokyo - timedelta(minutes=5):%Y-%m-%d}", f"{tokyo:%Y-%m-%d}"}
    assert {row["key"] for row in days} <= near_days


async def test_usage_has_a_beginning_and_an_end(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    home.configure("spending.time_zone = 'Asia/Tokyo'")
    async with home.daemon() as client:
        await chatted(client, "chat")
        before = await client.request("passerelle/usage", {"until": "2026-01-02"})
        after = await client.request("passerelle/usage", {"since": "2026-01-02T00:00:00Z"})

    assert (at(before, "total", "attempts"), before["until"]) == (0, "2026-01-01T15:00:00Z")
    assert (at(after, "total", "attempts"), after["since"]) == (1, "2026-01-02T00:00:00Z")


@pytest.mark.parametrize("method", ["passerelle/usage", "passerelle/usage/export"])
@pytest.mark.parametrize(
    ("params", "message"),
    [({"since": "yesterday"}, "since: expected a day"), ({"until": "2026-13-01"}, "until: expected a day")],
)
async def test_a_day_that_is_none_is_refused(home: Home, method: str, params: dict[str, object], message: str) -> None:
    async with home.daemon() as client:
        with pytest.raises(RpcError, match=message) as caught:
            await client.request(method, {"format": "csv", **params} if method.endswith("export") else params)

    assert caught.value.code == -32602


async def test_the_ledger_is_exported_row_by_row(home: Home) -> None:
    home.gateway.otherwise = ANSWER
    async with home.daemon() as client:
        await chatted(client, "chat", "edit")
        table = await client.request("passerelle/usage/export", {"format": "csv"})
        objects = await client.request("passerelle/usage/export", {"format": "json"})

    lines = list(csv.DictReader(io.StringIO(str(table["text"]), newline="")))
    written = json.loads(str(objects["text"]))
    assert (table["rows"], objects["rows"]) == (2, 2)
    assert [line["role"] for line in lines] == [row["role"] for row in written] == ["chat", "edit"]
    assert [line["costUsd"] for line in lines] == ["0.00062", "0.00062"]
    assert [row["request"] for row in written] == [row["request"] for row in ledger_rows(home)]
    assert re.fullmatch(r"passerelle-usage-\d{4}-\d\d-\d\d\.csv", str(table["name"]))
