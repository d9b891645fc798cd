"""How much the attempts that a budget counts have cost so far: sums over the ledger's table. It decides nothing."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from passerelle.money.amounts import usd
from passerelle.money.records import Filter, Standing
from passerelle.money.rows import Value, milliseconds
from passerelle.money.statements import relation

if TYPE_CHECKING:
    from sqlite3 import Connection

# No name in a statement comes from outside.
# ruff: noqa: S608

_MODELS = """
    WITH RECURSIVE known (model) AS (
        SELECT min(model) FROM attempts
        UNION ALL
        SELECT (SELECT min(model) FROM attempts WHERE model > known.model) FROM known WHERE model IS NOT NULL
    )
    SELECT model FROM known WHERE model IS NOT NULL UNION SELECT model FROM spare
"""
"""From one to the next by the index: DISTINCT would look at every row."""


def standings(connection: "Connection", filters: Sequence[Filter]) -> list[Standing]:
    """One for each filter. An attempt is in flight with its bound until it ends, then it has cost what is known of it;
    what is not known counts as nothing.
    """
    table = relation(connection)
    known = [model for (model,) in connection.execute(_MODELS)] if filters else []
    return [_standing(connection, table, filter_, known) for filter_ in filters]


def _standing(connection: "Connection", table: str, filter_: Filter, known: Sequence[str]) -> Standing:
    condition, values = _condition(filter_, known)
    (spent,) = connection.execute(
        f"SELECT coalesce(sum(cost_picousd), 0) FROM {table} WHERE state <> 'open' AND {condition}", values
    ).fetchone()
    # LIMIT has the few that are open looked for first, by the index of what is unfinished.
    (in_flight,) = connection.execute(
        f"""
        SELECT coalesce(sum(bound_picousd), 0)
        FROM (SELECT * FROM {table} WHERE state = 'open' AND state <> 'settled' LIMIT -1)
        WHERE {condition}
        """,
        values,
    ).fetchone()
    return Standing(spent_usd=usd(spent), in_flight_usd=usd(in_flight))


def _condition(filter_: Filter, known: Sequence[str]) -> tuple[str, list[Value]]:
    """What its attempts have in common. That their model is one of `known` says nothing, but leads to an index that
    has all that is summed; `+` keeps that index away where there is a narrower one.
    """
    narrow = {"conversation": filter_.conversation, "workspace": filter_.workspace}
    equal = {name: value for name, value in narrow.items() if value is not None}
    models = [model for model in known if not filter_.models or _matches(model, filter_.models)]
    model = "+model" if equal else "model"
    conditions = ["at_ms >= ?", *(f"{name} = ?" for name in equal), f"{model} IN ({_places(models)})"]
    values: list[Value] = [milliseconds(filter_.since_s or 0), *equal.values(), *models]
    if filter_.roles:
        conditions.append(f"role IN ({_places(filter_.roles)})")
        values += filter_.roles
    return " AND ".join(conditions), values


def _places(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _matches(model: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(model, glob) for glob in globs)
