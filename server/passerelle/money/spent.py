"""What all answers of a daemon have cost so far. Pure: an answer's cost in, the new total out."""

from msgspec.structs import replace

from passerelle.protocol.chat import Cost
from passerelle.protocol.state import Spent

NOTHING = Spent(requests=0, cost_usd=0.0, estimated_usd=0.0, unknown=0)


def with_answer(spent: Spent, cost: Cost) -> Spent:
    """The total with one more answer: what a gateway said and what we estimate stay apart."""
    usd = cost.usd or 0.0
    return replace(
        spent,
        requests=spent.requests + 1,
        cost_usd=spent.cost_usd + (usd if cost.source == "gateway" else 0.0),
        estimated_usd=spent.estimated_usd + (usd if cost.source == "estimate" else 0.0),
        unknown=spent.unknown + (cost.source == "unknown"),
    )
