"""The cells of tables, and the lines below them."""

from datetime import UTC, datetime

import msgspec
import pytest

from passerelle.cli import config as config_command
from passerelle.cli import models as models_command
from passerelle.protocol.state import ConfigValue, Models
from support.fake_results import MODEL, model, models

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNKNOWN = {"input": None, "output": None, "cacheRead": None, "cacheWrite": None}


@pytest.mark.parametrize(
    ("found", "row"),
    [
        (model(MODEL), ("●", "Claude Sonnet 4.5", MODEL, "200K", "3.00", "15.00", "vision tools")),
        (
            model("a/b", name="Two\tB\nC", contextWindow=None, capabilities=[], price=UNKNOWN),
            ("", "Two B C", "a/b", "?", "?", "?", ""),
        ),
    ],
)
def test_a_model_is_one_row_whatever_its_name_holds(found: dict[str, object], row: tuple[str, ...]) -> None:
    assert models_command.rows(msgspec.convert(models(found), Models)) == [row]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "1 models · the list is from the gateway, 3 days old · ● serves chat"),
        (
            {"total": 9, "source": "disk"},
            "1 of 9 models (more words, or --limit 9) · the list is kept from last time, 3 days old · ● serves chat",
        ),
        ({"source": "builtin", "fetchedAt": None}, "1 models · the list is built in · ● serves chat"),
    ],
)
def test_the_footer_says_how_many_and_how_old(more: dict[str, object], text: str) -> None:
    found = msgspec.convert(models(model(MODEL), **{"fetchedAt": "2026-11-20T11:00:00Z", **more}), Models)

    assert models_command.footer(found, NOW) == text


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (
            {"key": "gateway", "value": "é", "source": "user", "path": "/u/c.toml", "line": 3},
            ("gateway", '"é"', "user", "/u/c.toml:3"),
        ),
        (
            {"key": "inline.delay_ms", "value": [50, 1000], "source": "default"},
            ("inline.delay_ms", "[50,1000]", "default", ""),
        ),
    ],
)
def test_a_setting_is_one_row_with_its_place(value: dict[str, object], row: tuple[str, ...]) -> None:
    assert config_command.row(msgspec.convert(value, ConfigValue)) == row
