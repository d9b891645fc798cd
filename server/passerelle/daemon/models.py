"""The models that a client is shown, and the choice of one for a role."""

from pathlib import Path

from passerelle.catalogue.choice import suggestions
from passerelle.catalogue.model import to_wire
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.daemon.roles import role_models
from passerelle.protocol.state import Models, ModelsParams
from passerelle.words.failures import InvalidParams


async def models(daemon: Daemon, client: Client, folder: Path | None, params: ModelsParams) -> Models:
    """What matches, best first. `refresh` waits for the gateway's list and raises its Failure."""
    if params.limit is not None and params.limit < 0:
        raise InvalidParams("limit: expected 0 or more")
    scope = await daemon.scope(client, folder)
    listed = await scope.catalogue.refresh() if params.refresh else (await daemon.listed(scope)).models
    found, total = listed.index.search(
        params.query or "", needs=params.needs or (), sort=params.sort or "relevance", limit=params.limit
    )
    return Models(
        models=[to_wire(entry) for entry in found],
        total=total,
        fetched_at=listed.fetched_at,
        source=listed.source,
        roles=role_models(scope.effective, listed),
    )


async def check_model(daemon: Daemon, client: Client, folder: Path | None, model: str) -> None:
    """Raise InvalidParams, with suggestions, for an id that the gateway's list lacks; without a list all is tried."""
    scope = await daemon.listed(await daemon.scope(client, folder))
    listed = scope.models
    if not listed.entries or model in listed.by_id:
        return
    raise InvalidParams(
        f"model: the gateway {scope.target.name} lists no model {model}",
        kind="modelUnknown",
        suggestions=suggestions(model, listed.entries),
    )
