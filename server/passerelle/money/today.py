"""What a person's day came to so far."""

from typing import TYPE_CHECKING

from passerelle.money.amounts import usd
from passerelle.money.rows import milliseconds
from passerelle.protocol.state import Today

if TYPE_CHECKING:
    from sqlite3 import Connection  # At run time only where a ledger is opened.

NOTHING_TODAY = Today(requests=0, cost_usd=0.0, estimated_usd=0.0)
_SUMS = """
    SELECT count(*) FILTER (WHERE number = 1),
           coalesce(sum(cost_picousd) FILTER (WHERE cost_source = 'gateway'), 0),
           coalesce(sum(cost_picousd) FILTER (WHERE cost_source = 'estimate'), 0)
    FROM every_attempt WHERE at_ms >= ? AND state <> 'open'
"""


def today_since(connection: "Connection", since_s: float) -> Today:
    """All that has ended and began at that Unix time or later, of every daemon."""
    requests, cost_picousd, estimated_picousd = connection.execute(_SUMS, (milliseconds(since_s),)).fetchone()
    return Today(requests=requests, cost_usd=usd(cost_picousd), estimated_usd=usd(estimated_picousd))
