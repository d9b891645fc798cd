"""The doctor's words, from facts."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from passerelle.cli.probes import (
    Check,
    check_budget,
    check_catalogue,
    check_config,
    check_credits,
    check_folder,
    check_ledger,
    check_listing,
    check_python,
    check_status,
    line_of,
)
from passerelle.protocol.state import (
    BudgetState,
    CatalogueStatus,
    Credits,
    EffectiveConfig,
    Problem,
    Status,
    Today,
)
from support.fake_results import budget, status

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FOLDER = Path("folder")
ALLOW = "`passerelle budgets allow budgets.0` lets one more request through."
NOT_SEEN = "Until it can, what is spent is in no sum, and budgets do not see it."


def problem(severity: str, message: str = "Unknown key.", key: str = "gatway") -> dict[str, object]:
    place = {"path": "/p/c.toml", "line": 3, "column": 5}
    return {**place, "key": key, "message": message, "severity": severity}


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (Check("good", "It works"), "✓ It works"),
        (Check("bad", "It does not", "Mend it."), "✗ It does not\n  → Mend it."),
        (Check("note", "Look"), "! Look"),
        (check_python((3, 11, 0), "Linux"), "✓ Python 3.11.0 on Linux"),
        (check_python((3, 10, 9), "Linux"), "✗ Python 3.10.9 on Linux\n  → Install Python 3.11 or newer."),
        (check_folder("Lists", FOLDER, None), "✓ Lists in folder"),
        (
            check_folder("Lists", FOLDER, "Permission denied"),
            "✗ Lists cannot be written to folder: Permission denied\n  → Mend its permissions, or set PASSERELLE_HOME.",
        ),
    ],
)
def test_a_check_is_a_line_and_what_to_do(check: Check, text: str) -> None:
    assert str(check) == text


@pytest.mark.parametrize(
    ("message", "key", "line"),
    [
        ("Unknown key.", "gatway", "/p/c.toml:3:5: error: gatway: Unknown key."),
        ("`gatway` is unknown.", "gatway", "/p/c.toml:3:5: error: `gatway` is unknown."),
        ("This is not TOML.", "", "/p/c.toml:3:5: error: This is not TOML."),
    ],
)
def test_a_problem_is_a_line_as_compilers_write_it(message: str, key: str, line: str) -> None:
    assert line_of(msgspec.convert(problem("error", message, key), Problem)) == line


def test_files_that_hold_are_named_once_and_each_problem_is_a_check() -> None:
    values = [
        {"key": "gateway", "value": "work", "source": "user", "path": "/u/config.toml", "line": 1},
        {"key": "roles.chat", "value": "m", "source": "user", "path": "/u/config.toml", "line": 2},
        {"key": "caching.mode", "value": "auto", "source": "default"},
    ]
    config = msgspec.convert({"values": values, "problems": [problem("error"), problem("warning")]}, EffectiveConfig)

    assert [(check.verdict, check.what) for check in check_config(config, FOLDER)] == [
        ("good", "Settings from /u/config.toml, /p/c.toml"),
        ("bad", "/p/c.toml:3:5: error: gatway: Unknown key."),
        ("note", "/p/c.toml:3:5: warning: gatway: Unknown key."),
    ]


def test_without_files_it_says_where_they_would_be() -> None:
    (check,) = check_config(EffectiveConfig(values=[], problems=[]), FOLDER)

    assert check == Check("good", "No settings: all is as built in. Yours go into folder")


@pytest.mark.parametrize(
    ("more", "whats"),
    [
        ({}, []),
        ({"state": "needsKey"}, []),
        ({"state": "overBudget", "message": "The day's budget is used."}, ["The day's budget is used."]),
        ({"state": "misconfigured", "message": "No url."}, ["No url."]),
        ({"state": "misconfigured", "message": "No url.", "problems": [problem("error")]}, []),
        (
            {"roles": {"chat": {"model": "a/new", "source": "default", "wanted": "a/old"}}},
            ["a/old has left the gateway's list; a/new serves chat in its place"],
        ),
    ],
)
def test_status_adds_only_what_no_other_check_says(more: dict[str, object], whats: list[str]) -> None:
    assert [check.what for check in check_status(msgspec.convert(status(**more), Status))] == whats


@pytest.mark.parametrize(
    ("total", "fetched_at", "source", "check"),
    [
        (12, "2026-11-23T11:57:00Z", "live", ("good", "12 models, the list is 3 minutes old")),
        (12, "2026-11-21T11:57:00Z", "disk", ("note", "12 models, the list is 2 days old")),
        (0, None, "builtin", ("note", "No list of models from the gateway yet")),
    ],
)
def test_an_old_list_is_noted(total: int, fetched_at: str | None, source: str, check: tuple[str, str]) -> None:
    catalogue = msgspec.convert({"total": total, "fetchedAt": fetched_at, "source": source}, CatalogueStatus)

    assert check_catalogue(catalogue, NOW)[:2] == check


@pytest.mark.parametrize(
    ("status_code", "verdict"), [(200, "good"), (401, "note"), (403, "note"), (404, "bad"), (405, "bad"), (503, "bad")]
)
def test_what_the_list_of_models_answers(status_code: int, verdict: str) -> None:
    check = check_listing(status_code, "example.com/v1/models")

    assert check.verdict == verdict
    assert check.what.startswith(f"GET example.com/v1/models answered {status_code}")


TODAY = Today(requests=3, cost_usd=0.18, estimated_usd=0.002)
LEDGER = Path("ledger.db")


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_ledger(LEDGER, None, None, TODAY), "✓ The ledger will be ledger.db: nothing was spent yet"),
        (check_ledger(LEDGER, 36_864, None, TODAY), "✓ The ledger is ledger.db, 37 kB; today ≈ $0.18"),
        (check_ledger(LEDGER, 1_234_567, None, TODAY), "✓ The ledger is ledger.db, 1.2 MB; today ≈ $0.18"),
        (
            check_ledger(LEDGER, 1, "Permission denied", TODAY),
            "✗ The ledger ledger.db cannot be written: Permission denied\n  → " + NOT_SEEN,
        ),
        (check_ledger(LEDGER, 1, None, UNSET), "✗ The ledger ledger.db cannot be read\n  → " + NOT_SEEN),
    ],
)
def test_a_ledger_that_does_not_work_is_a_fault(check: Check, text: str) -> None:
    assert str(check) == text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {"state": "ok", "spentUsd": 1.0},
            "✓ Budget budgets.0, $5.00 a day for everything: $1.00 spent (20%), begins anew in 12 hours",
        ),
        (
            {"per": "workspace", "resetsAt": None, "roles": ["chat"]},
            "! Budget budgets.0, $5.00 a workspace for chat: $4.20 spent (84%)",
        ),
        (
            {"state": "reached", "spentUsd": 5.0, "resetsAt": None},
            "! Budget budgets.0, $5.00 a day for everything: $5.00 spent (100%)\n  → " + ALLOW,
        ),
        (
            {"state": "reached", "action": "warn", "usd": 0.0, "resetsAt": None},
            "! Budget budgets.0, $0 a day for everything: $4.20 spent",
        ),
    ],
)
def test_a_budget_that_is_reached_is_noted(more: dict[str, object], text: str) -> None:
    assert str(check_budget(msgspec.convert(budget(**more), BudgetState), NOW)) == text


@pytest.mark.parametrize(("warn_below_usd", "verdict"), [(0.0, "good"), (3.0, "good"), (5.0, "note")])
def test_credits_are_noted_below_what_the_settings_say(warn_below_usd: float, verdict: str) -> None:
    check = check_credits(Credits(balance_usd=3.0, used_usd=7.0, at="2026-11-23T12:00:00Z"), warn_below_usd)

    assert (check.verdict, check.what) == (verdict, "Credits at the gateway: $3.00 left, $7.00 used")
