"""Which model serves a role. Pure: settings and a list of models in, ids out."""

from passerelle.catalogue.family import is_variant
from passerelle.catalogue.store import Snapshot
from passerelle.config.layers import Effective
from passerelle.daemon.gateways import OFFLINE
from passerelle.protocol.state import RoleModel

CHAT = "chat"


def role_model(effective: Effective, models: Snapshot, role: str) -> RoleModel:
    """The model that serves a role; a role that nobody set is served as chat is.

    A wanted model that is not listed gives way to its nearest relative. Where nobody chose it (it is the built-in
    default) and the gateway has no relative of it, the first model that the gateway lists serves. So it is too with the
    embedded gateway, which has no more than it lists: whoever turns to it has chosen their models for another one.
    """
    role = role if role in effective.config.roles else CHAT
    wanted = effective.config.roles[role]
    source = effective.source_of("roles", role)
    choice = models.serve(wanted)
    if choice.wanted is not None:
        return RoleModel(model=choice.model, source=source, wanted=choice.wanted)
    gives_way = source == "default" or effective.config.gateway == OFFLINE
    if gives_way and models.entries and wanted not in models.by_id:
        first = next((entry.id for entry in models.entries if not is_variant(entry.id)), models.entries[0].id)
        return RoleModel(model=first, source=source, wanted=wanted)
    return RoleModel(model=wanted, source=source)


def role_models(effective: Effective, models: Snapshot) -> dict[str, RoleModel]:
    """The same for every role that is set."""
    return {role: role_model(effective, models, role) for role in effective.config.roles}
