"""The commands that tell of money, with pipes, against a scripted daemon."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.command_line import Ended, run_command
from support.fake_daemon import FakeDaemon, Json, Step, write_script
from support.fake_results import answer, budget, endpoint, usage_report

CHAT = "passerelle/chat"
UTC_DAYS = {"values": [{"key": "spending.time_zone", "value": "UTC", "source": "user"}], "problems": []}
NOTHING: Mapping[str, str] = {}


def daemon(folder: Path, **script: Sequence[Step]) -> FakeDaemon:
    steps = {f"passerelle/{method}": steps for method, steps in script.items()}
    return write_script(folder, {"passerelle/config": [{"result": UTC_DAYS}], **steps})


def one_by_one(*results: object) -> list[Step]:
    return [{"next": [[{"result": result}] for result in results]}]


def refused(kind: str, **data: object) -> Step:
    return {"error": {"code": -32803, "message": "It would cost too much.", "data": {"kind": kind, **data}}}


async def command(fake: FakeDaemon, folder: Path, words: str, *, environment: Mapping[str, str] = NOTHING) -> Ended:
    return await run_command(fake.cli(*words.split()), folder, environment=environment)


async def test_usage_by_model_is_an_aligned_table_without_colour(tmp_path: Path) -> None:
    report = usage_report({"a/b": 2.0, "c/d": 0.5}, unknown=1)
    fake = daemon(tmp_path, usage=[{"result": report}])

    ended = await command(fake, tmp_path, "usage --by model --since 2026-11-01", environment={"COLUMNS": "60"})

    assert [line.rstrip() for line in ended.stdout.splitlines()] == [
        "Model                   Cost       Requests  Cached    Saved",
        "─" * 60,
        "a/b    ██████████████  $2.00             12     62%  $0.0780",
        "c/d    ███▌            $0.50             12     62%  $0.0780",
        "",
        "Total                  $2.50  + ?        12     62%  $0.0780",
        "",
        "+ ? is what nobody knows: the cost of 1 attempt at a model",
        "without a price.",
    ]
    assert fake.received("passerelle/usage") == [{"since": "2026-11-01", "groupBy": "model"}]


async def test_usage_fits_an_old_encoding(tmp_path: Path) -> None:
    fake = daemon(tmp_path, usage=[{"result": usage_report({"2026-11-20": 2.0}, estimatedUsd=0.1)}])

    ended = await command(fake, tmp_path, "usage --by day", environment={"PYTHONIOENCODING": "ascii"})

    assert "##########" in ended.stdout
    assert "~ $2.10" in ended.stdout
    assert ended.stdout.isascii()
    assert "?" not in ended.stdout


async def test_usage_as_json_is_the_result(tmp_path: Path) -> None:
    report = usage_report({"2026-11-20": 2.0})
    fake = daemon(tmp_path, usage=[{"result": report}])

    ended = await command(fake, tmp_path, "usage --json")

    assert json.loads(ended.stdout) == report
    assert fake.received("passerelle/usage") == [{}]


async def test_the_last_days_are_those_of_the_persons_time_zone(tmp_path: Path) -> None:
    fake = daemon(tmp_path, usage=[{"result": usage_report({"2026-11-20": 2.0})}])

    await command(fake, tmp_path, "usage --last 7d --json")

    (asked,) = fake.received("passerelle/usage")
    today = datetime.now(UTC).date()
    assert asked["since"] in {(today - timedelta(days=days)).isoformat() for days in (6, 7)}  # Midnight may pass.


async def test_usage_of_nothing_in_particular_is_one_screen(tmp_path: Path) -> None:
    days = {(datetime.now(UTC).date() - timedelta(days=ago)).isoformat(): 1.0 for ago in range(20, 0, -1)}
    models = {f"a/{number}": 8.0 - number for number in range(7)}
    reports = [usage_report({"x": 0.25}), usage_report({"x": 12.0}), usage_report(days), usage_report(models)]
    fake = daemon(tmp_path, usage=one_by_one(*reports))

    ended = await command(fake, tmp_path, "usage")

    lines = ended.stdout.splitlines()
    figures = {line.split("  ")[0].rstrip(): line for line in lines}
    assert lines[0].count("█") == 20
    assert lines[0][30:].startswith("  at most $1.00, on ")
    assert "$0.25" in figures["Today"]
    assert "$12.00" in figures["This month"]
    assert "$20.00" in figures["Last 30 days"]
    assert [line.split()[0] for line in lines if line[:2] in {"a/", "20"}] == [*list(days)[-7:], *list(models)[:5]]
    assert "And 2 more, see `passerelle usage --by model --last 30d`." in lines
    assert len(lines) <= 24


@pytest.mark.parametrize(
    ("ever", "words", "said"),
    [
        ({}, "usage", "Nothing was spent yet. Ask with `passerelle chat`: what it costs is kept, and shown here.\n"),
        (
            {"2026-01-01": 1.0},
            "usage --last 7d",
            "Nothing was spent in this time; `passerelle usage --by month` shows when it was.\n",
        ),
    ],
)
async def test_an_empty_ledger_says_what_to_do(tmp_path: Path, ever: dict[str, float], words: str, said: str) -> None:
    nothing = [usage_report({})] * (4 if words == "usage" else 1)
    fake = daemon(tmp_path, usage=one_by_one(*nothing, usage_report(ever)))

    assert await command(fake, tmp_path, words) == (0, "", said)


async def test_conversations_are_named_by_their_titles(tmp_path: Path) -> None:
    summary = {
        "id": "0123456789abcdef",
        "title": "A talk",
        "titleIsAuto": False,
        "createdAt": "2026-11-20T10:00:00Z",
        "changedAt": "2026-11-20T10:00:00Z",
        "turns": 1,
        "model": None,
        "workspaceFolder": None,
        "costUsd": None,
        "running": False,
        "private": False,
        "lastTurn": None,
    }
    listed = {"conversations": [summary], "total": 1}
    fake = daemon(
        tmp_path,
        usage=[{"result": usage_report({"0123456789abcdef": 2.0, "": 1.0})}],
        conversations=[{"result": listed}],
    )

    ended = await command(fake, tmp_path, "usage --by conversation")

    assert "01234567 A talk" in ended.stdout
    assert "(none)" in ended.stdout


async def test_an_export_goes_where_it_is_wanted(tmp_path: Path) -> None:
    exported = {"name": "passerelle-usage.csv", "text": "at,costUsd\r\nx,1\r\n", "rows": 1}
    fake = daemon(tmp_path, **{"usage/export": [{"result": exported}]})

    printed = await command(fake, tmp_path, "usage --csv --since 2026-11-01")
    written = await command(fake, tmp_path, "usage --export json -o .")

    assert printed.stdout == exported["text"]
    assert written == (0, "", "Attempts written to passerelle-usage.csv: 1.\n")
    assert (tmp_path / "passerelle-usage.csv").read_bytes() == b"at,costUsd\r\nx,1\r\n"
    assert fake.received("passerelle/usage/export") == [{"format": "csv", "since": "2026-11-01"}, {"format": "json"}]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("usage --csv --by day", "usage: --by and --split make sums, and an export has none."),
        ("usage -o x", "usage: -o is for an export: say --csv, or --export json."),
        ("budgets allow", "budgets: takes nothing, or: allow BUDGET, such as budgets.0."),
        ("budgets drop budgets.0", "budgets: takes nothing, or: allow BUDGET, such as budgets.0."),
    ],
)
async def test_wrong_usage_is_a_line_and_its_exit_code(tmp_path: Path, words: str, line: str) -> None:
    assert await command(daemon(tmp_path), tmp_path, words) == (2, "", f"passerelle: {line}\n")


async def test_budgets_are_tab_separated_for_a_program(tmp_path: Path) -> None:
    found = {"budgets": [budget(roles=["chat", "inline"], models=["openai/*"]), budget(key="budgets.1", resetsAt=None)]}
    fake = daemon(tmp_path, budgets=[{"result": found}])

    ended = await command(fake, tmp_path, "budgets")

    first, second = (line.split("\t") for line in ended.stdout.splitlines())
    assert first[:7] == ["budgets.0", "day", "5", "4.2", "0", "stop", "near"]
    assert first[7:] == ["2026-11-24T00:00:00Z", "chat,inline", "openai/*", "/u/config.toml:12"]
    assert second[7] == ""
    assert fake.received("passerelle/budgets") == [{"workspaceFolder": tmp_path.as_uri()}]


async def test_no_budget_says_how_to_make_one(tmp_path: Path) -> None:
    ended = await command(daemon(tmp_path, budgets=[{"result": {"budgets": []}}]), tmp_path, "budgets")

    assert (
        ended.stderr
        == 'No budget yet, unless per conversation. In config.toml, for one: [[budgets]] per = "day", usd = 5\n'
    )


async def test_one_more_request_is_allowed(tmp_path: Path) -> None:
    fake = daemon(tmp_path, **{"budgets/allowOnce": [{"result": {"budgets": [budget()]}}]})

    ended = await command(fake, tmp_path, "budgets allow budgets.0")

    assert ended == (0, "", "The next request that budgets.0 would stop goes through.\n")
    assert fake.received("passerelle/budgets/allowOnce") == [
        {"budget": "budgets.0", "workspaceFolder": tmp_path.as_uri()}
    ]


async def test_credits_are_a_line(tmp_path: Path) -> None:
    said = {"balanceUsd": 95.5, "usedUsd": 4.5, "at": datetime.now(UTC).isoformat()}
    fake = daemon(tmp_path, credits=[{"result": said}])

    assert await command(fake, tmp_path, "credits") == (0, "$95.50 left, $4.50 used · less than a minute ago\n", "")
    assert json.loads((await command(fake, tmp_path, "credits --json")).stdout) == said


async def test_a_gateway_that_tells_no_credits_is_a_failure_in_its_words(tmp_path: Path) -> None:
    ended = await command(daemon(tmp_path, credits=[refused("unsupported")]), tmp_path, "credits")

    assert ended == (1, "", "passerelle: It would cost too much.\n")


async def test_endpoints_are_tab_separated_for_a_program(tmp_path: Path) -> None:
    ones = [
        endpoint("anthropic"),
        endpoint("azure", excluded="It is not in routing.only.", implicitCaching=True),
        endpoint(
            "vertex",
            up=False,
            latencyMs=None,
            throughputTps=None,
            uptime={"last15m": None, "lastHour": None, "lastDay": None},
        ),
    ]
    found: Json = {"model": "a/b", "endpoints": ones, "at": "2026-11-20T10:00:00Z"}
    fake = daemon(tmp_path, endpoints=[{"result": found}])

    ended = await command(fake, tmp_path, "endpoints a/b --role inline")

    assert [line.split("\t") for line in ended.stdout.splitlines()] == [
        ["anthropic", "3.00", "15.00", "0.30", "650 ms", "71", "99.8%", "200K", "64K", "", "", "", ""],
        [
            *("azure", "3.00", "15.00", "0.30", "650 ms", "71", "99.8%", "200K", "64K", "", "by itself", "left out"),
            "It is not in routing.only.",
        ],
        ["vertex", "3.00", "15.00", "0.30", "?", "?", "?", "200K", "64K", "", "", "down", ""],
    ]
    assert fake.received("passerelle/endpoints") == [
        {"model": "a/b", "role": "inline", "workspaceFolder": tmp_path.as_uri()}
    ]


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        (refused("confirmCost", estimateUsd=0.52), "`--yes` confirms it."),
        (
            refused("budgetReached", budget=budget(key="budgets.2")),
            "`passerelle budgets allow budgets.2` allows one more.",
        ),
    ],
)
async def test_without_a_person_a_limit_is_a_failure_that_says_what_to_type(
    tmp_path: Path, step: Step, hint: str
) -> None:
    ended = await command(daemon(tmp_path, chat=[step]), tmp_path, "chat --private Hi")

    assert ended == (1, "", f"passerelle: It would cost too much. {hint}\n")


async def test_yes_confirms_what_it_costs(tmp_path: Path) -> None:
    fake = daemon(tmp_path, chat=answer("Hello"))

    await command(fake, tmp_path, "chat --private --yes Hi")
    await command(fake, tmp_path, "chat --private Hi")

    assert [asked.get("confirmed") for asked in fake.received(CHAT)] == [True, None]


async def test_warnings_of_an_answer_go_to_stderr(tmp_path: Path) -> None:
    fake = daemon(tmp_path, chat=answer("Hello", warnings=["budgets.0 is reached.", "Slow today."]))

    ended = await command(fake, tmp_path, "chat --private Hi")

    assert ended == (0, "Hello\n", "passerelle: budgets.0 is reached.\npasserelle: Slow today.\n")
