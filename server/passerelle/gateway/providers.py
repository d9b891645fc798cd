"""What the routing of the settings makes of a model's providers. Pure, and silent on what only the gateway knows."""

from collections.abc import Sequence

from msgspec.structs import replace

from passerelle.config.schema import Routing
from passerelle.protocol.money import Endpoint


def routed(endpoints: Sequence[Endpoint], routing: Routing) -> list[Endpoint]:
    """Those that `order` names first, as it names them, then the others; each that `only` leaves out says so.

    Who retains no data or trains on no prompt is not in a gateway's list: nothing is said of that.
    """
    only, order = _folded(routing.only), _folded(routing.order)
    places = {name: place for place, name in enumerate(order)}
    tried = sorted(endpoints, key=lambda endpoint: places.get(endpoint.provider.casefold(), len(order)))
    reason = f"It is not in routing.only: {', '.join(routing.only)}."
    return [
        replace(endpoint, excluded=reason) if only and endpoint.provider.casefold() not in only else endpoint
        for endpoint in tried
    ]


def _folded(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]
