"""The providers behind a model, for a client: as the gateway tells it, and what the settings make of it."""

import time
from pathlib import Path

from msgspec.structs import replace

from passerelle.catalogue.choice import suggestions
from passerelle.catalogue.model import iso_utc
from passerelle.config.resolve import routing_for
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon, Scope
from passerelle.daemon.roles import CHAT
from passerelle.gateway.auth import Access
from passerelle.gateway.endpoints import fetch_endpoints
from passerelle.gateway.providers import routed
from passerelle.protocol.money import Endpoints, EndpointsParams
from passerelle.words.failures import Failure


async def endpoints(daemon: Daemon, client: Client, folder: Path | None, params: EndpointsParams) -> Endpoints:
    """Who serves a model, those that the routing wants first; asked at most once a minute. Raises Failure."""
    scope = await daemon.scope(client, folder)
    target = scope.target
    key = (target.url, daemon.gateways.account_of(target, client.secrets), params.model)
    try:
        said = await daemon.endpoints.get(key, lambda: _ask(daemon, client, scope, params.model))
    except Failure as failure:
        if failure.kind == "modelUnknown":
            failure.suggestions = suggestions(params.model, scope.models.entries)
        raise
    if not target.vercel:  # No other gateway is told of the routing.
        return said
    routing = routing_for(scope.effective.config, params.model, params.role or CHAT)
    return replace(said, endpoints=routed(said.endpoints, routing))


async def _ask(daemon: Daemon, client: Client, scope: Scope, model: str) -> Endpoints:
    target = replace(scope.target, byok={})
    access = Access() if target.vercel else await daemon.gateways.access(target, client.secrets)
    found = await fetch_endpoints(daemon.gateways.http, target, access, model)
    return Endpoints(model=model, endpoints=found, at=iso_utc(time.time()))
