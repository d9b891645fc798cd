"""The gateways that this daemon has to do with: where each is, what opens it, and its catalogue."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import NamedTuple

from passerelle.catalogue.disk import place_of
from passerelle.catalogue.store import Catalogue, Fetched, Validators
from passerelle.config.expectation import nearest
from passerelle.config.layers import Effective
from passerelle.config.schema import VERCEL_URL, Config, Gateway
from passerelle.gateway import listing
from passerelle.gateway.auth import Access, grant, key_reference
from passerelle.gateway.http import Http
from passerelle.gateway.secrets import Editor, SecretReader
from passerelle.gateway.target import Target, origin
from passerelle.protocol.state import GatewayChoice
from passerelle.words.failures import Failure, InvalidParams
from passerelle.words.references import parse_reference
from passerelle.words.tasks import Tasks

VERCEL, OFFLINE = "vercel", "offline"
LONGEST_NAME = 100
_TROUBLES = {"keyRefused", "creditsExhausted", "unreachable", "forbidden"}
OpenOffline = Callable[[Path], Coroutine[object, object, str]]
"""Start the embedded gateway, with its weights in this folder; gives its base URL."""
ModelsChanged = Callable[[str, list[str], list[str], int], None]


class _Key(NamedTuple):
    """What tells catalogues apart. A key that one client lent opens a list for that client alone."""

    gateway: str
    url: str
    lender: str


class Gateways:
    """Targets, secrets and catalogues, made when first needed and kept."""

    def __init__(
        self,
        environ: Mapping[str, str],
        cache_dir: Path,
        tasks: Tasks,
        *,
        open_offline: OpenOffline,
        models_changed: ModelsChanged,
    ) -> None:
        self.http = Http(environ)
        self.secrets = SecretReader(environ, tasks)
        self.troubles: dict[str, Failure] = {}
        """By the gateway's name, what its last answer was that a person must mend; status tells it."""
        self.environ = environ
        self.offline_url = ""
        """Of the embedded gateway; empty until it runs."""
        self._cache_dir = cache_dir
        self._tasks = tasks
        self._open_offline = open_offline
        self._models_changed = models_changed
        self._offline: asyncio.Task[str] | None = None
        self._catalogues: dict[_Key, asyncio.Task[Catalogue]] = {}

    async def target(self, config: Config) -> Target:
        """The gateway that a config chooses. Raises Failure where the embedded one cannot be started."""
        name = config.gateway
        if name == OFFLINE:
            return Target(name=name, url=await self._embedded(), vercel=True)
        return _target(name, config.gateways[name])

    def choices(self, effective: Effective) -> list[GatewayChoice]:
        """Those that a config may choose, the built-in ones first."""
        names = dict.fromkeys((VERCEL, OFFLINE, *sorted(effective.config.gateways)))
        return [self._choice(name, effective) for name in names]

    async def access(self, target: Target, editor: Editor | None) -> Access:
        """What opens the gateway. Raises Failure `keyMissing` or `misconfigured`."""
        return await grant(target, self.environ, lambda reference: self.secrets.read(reference, editor))

    def account_of(self, target: Target, editor: Editor | None) -> tuple[str, str]:
        """What tells accounts at one gateway apart: the key's reference, and the connection that lends it, or none."""
        key = key_reference(target, self.environ)
        lends = editor is not None and key is not None and key.scheme == "editor"
        return str(key), editor.connection if editor and lends else ""

    async def catalogue(self, target: Target, editor: Editor | None) -> Catalogue:
        """The models of a gateway, from disk at first; from then on it is kept fresh in the background."""
        lends = target.key is not None and target.key.scheme == "editor" and editor is not None
        key = _Key(target.name, target.url, editor.connection if lends and editor else "")
        if key not in self._catalogues:
            opening = self._open_catalogue(key, target, editor)
            self._catalogues[key] = self._tasks.start(opening, name=f"catalogue of {target.name}")
        return await asyncio.shield(self._catalogues[key])

    def note_outcome(self, target: Target, access: Access, failure: Failure | None) -> bool:
        """What a chat has shown of its gateway. True if that is news."""
        if failure is not None and failure.kind == "keyRefused":
            for reference in access.references:
                self.secrets.forget(reference)
        known = self.troubles.pop(target.name, None)
        if failure is not None and failure.kind in _TROUBLES:
            self.troubles[target.name] = failure
        now = self.troubles.get(target.name)
        return (known and known.message) != (now and now.message)

    async def aclose(self) -> None:
        """Let every connection go."""
        await self.http.aclose()

    async def _open_catalogue(self, key: _Key, target: Target, editor: Editor | None) -> Catalogue:
        async def fetch(known: Validators) -> Fetched:
            access = Access() if target.vercel else await self.access(target, editor)
            validators = listing.Validators(etag=known.etag, last_modified=known.last_modified)
            fetched = await listing.fetch_models(self.http, target, validators, access)
            return Fetched(
                not_modified=fetched.body is None,
                body=fetched.body or b"",
                etag=fetched.validators.etag,
                last_modified=fetched.validators.last_modified,
            )

        def changed(added: list[str], removed: list[str], total: int) -> None:
            self._models_changed(target.name, added, removed, total)

        # The embedded gateway has another port each time, and its list needs no disk: it is always there.
        name = target.url if target.name != OFFLINE else OFFLINE
        catalogue = Catalogue(place_of(self._cache_dir, key.gateway, name), fetch, self._tasks, changed=changed)
        await catalogue.open()
        self._tasks.start(catalogue.run(), name=f"refresh of {target.name}")
        return catalogue

    def _choice(self, name: str, effective: Effective) -> GatewayChoice:
        is_active = name == effective.config.gateway
        if name == OFFLINE:
            return GatewayChoice(name=name, url=self.offline_url, key=None, source="default", active=is_active)
        target = _target(name, effective.config.gateways[name])
        key = key_reference(target, self.environ)
        source = effective.source_of("gateways", name, "url")
        return GatewayChoice(name=name, url=target.url, key=str(key) if key else None, source=source, active=is_active)

    async def _embedded(self) -> str:
        if self._offline is None or (self._offline.done() and self._offline.exception() is not None):
            self._offline = self._tasks.start(self._start_embedded(), name="offline gateway")
        return await asyncio.shield(self._offline)

    async def _start_embedded(self) -> str:
        self.offline_url = await self._open_offline(self._cache_dir)
        return self.offline_url


def check_gateway(effective: Effective, name: str) -> None:
    """Raise InvalidParams, with all names and the likeliest first, for a gateway that a config cannot choose."""
    known = sorted({VERCEL, OFFLINE, *effective.config.gateways})
    if name in known:
        return
    near = nearest(name, known)
    names = dict.fromkeys(([near] if near else []) + known)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}."
    raise InvalidParams(
        f"gateway: there is no gateway {name[:LONGEST_NAME]}; {hint}", kind="misconfigured", suggestions=tuple(names)
    )


def _target(name: str, gateway: Gateway) -> Target:
    return Target(
        name=name,
        url=gateway.url,
        key=parse_reference(gateway.key) if gateway.key is not None else None,
        headers=gateway.headers,
        proxy=gateway.proxy,
        ca_bundle=gateway.ca_bundle,
        byok=gateway.byok,
        vercel=origin(gateway.url) == origin(VERCEL_URL) or name == VERCEL,
    )
