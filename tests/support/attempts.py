"""Attempts for a ledger, as short as a test wants them, and what it says of them."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from passerelle.money.ledger import Ledger
from passerelle.money.records import AttemptBegun, AttemptEnded, Filter, Standing
from passerelle.protocol.chat import Usage
from support.ledger import Row, rows_of

NOON_S = 1_795_000_000.0
EVERYTHING = Filter()

BEGUN = AttemptBegun(
    key="k",
    request="r",
    number=1,
    at_s=NOON_S,
    gateway="vercel",
    origin="https://ai-gateway.vercel.sh",
    key_reference="env:KEY",
    model="creator/model",
    role="chat",
    client="editor",
    workspace=None,
    conversation=None,
    input_tokens=100,
    prompt_usd=0.25,
    bound_usd=None,
)
ENDED = AttemptEnded(
    generation="gen_1",
    model="creator/model",
    provider="provider",
    tokens=Usage(input_tokens=120, output_tokens=30, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0),
    counted=True,
    cost_usd=0.5,
    cost_source="gateway",
    market_usd=None,
    saved_usd=None,
    byok=False,
    may_settle=False,
    first_delta_ms=10,
    total_ms=20,
    finish="stop",
    error=None,
    status=200,
)
CUT = replace(ENDED, cost_source="estimate", may_settle=True, finish="cutOff", error="streamBroken")
"""Its gateway may still say what it cost."""


class Admitted(Struct, frozen=True):
    bound_usd: float | None = 2.0
    admitted: bool = True


def admit(standings: Sequence[Standing]) -> Admitted:  # noqa: ARG001
    return Admitted()


def refuse(standings: Sequence[Standing]) -> Admitted:  # noqa: ARG001
    return Admitted(admitted=False)


class Clock:
    """Wall clock of the test's own."""

    def __init__(self) -> None:
        self.now_s = NOON_S

    def __call__(self) -> float:
        return self.now_s


async def began(ledger: Ledger, attempt: AttemptBegun = BEGUN, decide: Callable[..., Admitted] = admit) -> AttemptBegun:
    """An attempt that is in flight now."""
    await ledger.begin(attempt, (), decide)
    return attempt


async def rows(ledger: Ledger) -> list[Row]:
    """All that the ledger has, by key."""
    return await ledger.read(lambda connection: rows_of(connection, "every_attempt"))


async def row(ledger: Ledger, key: str = "k") -> Row:
    [found] = [row for row in await rows(ledger) if row["key"] == key]
    return found


async def standing(ledger: Ledger, filter_: Filter = EVERYTHING) -> tuple[float, float]:
    """Spent and in flight, in US dollars."""
    [found] = await ledger.standings([filter_])
    return found.spent_usd, found.in_flight_usd
