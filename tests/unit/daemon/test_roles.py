"""Which model serves a role."""

from collections.abc import Mapping, Sequence

import pytest

from passerelle.catalogue.model import Entry
from passerelle.catalogue.search import Index
from passerelle.catalogue.store import Snapshot
from passerelle.config.layers import DEFAULT, Effective, merge
from passerelle.config.parse import layer_of_tree
from passerelle.daemon.roles import role_model
from passerelle.protocol.state import RoleModel

OLD = "anthropic/claude-sonnet-4"
NEW = "anthropic/claude-sonnet-4.5"
FAST = "anthropic/claude-sonnet-4.5-fast"
MINI = "openai/gpt-5-mini"


def listed(ids: Sequence[str]) -> Snapshot:
    index = Index([Entry(id=model) for model in ids])
    return Snapshot(index=index, by_id={entry.id: entry for entry in index.entries}, fetched_at=None, source="live")


def settings(roles: Mapping[str, str]) -> Effective:
    return merge([DEFAULT, layer_of_tree({"roles": dict(roles)}, "workspace")])


@pytest.mark.parametrize(
    ("roles", "ids", "role", "expected"),
    [
        ({}, [OLD, NEW], "chat", RoleModel(model=OLD, source="default")),
        ({}, [NEW, FAST], "chat", RoleModel(model=NEW, source="default", wanted=OLD)),
        ({}, [], "chat", RoleModel(model=OLD, source="default")),
        # Nobody chose the default: a gateway that has no relative of it serves its own first model.
        ({}, ["a/b-fast", "a/b"], "chat", RoleModel(model="a/b", source="default", wanted=OLD)),
        # What a person chose is asked for, whatever the list says.
        ({"chat": "x/unlisted"}, [MINI], "chat", RoleModel(model="x/unlisted", source="workspace")),
        ({"chat": OLD}, [NEW], "chat", RoleModel(model=NEW, source="workspace", wanted=OLD)),
        ({"edit": MINI}, [NEW, MINI], "edit", RoleModel(model=MINI, source="workspace")),
        ({"edit": MINI}, [NEW, MINI], "title", RoleModel(model=NEW, source="default", wanted=OLD)),
    ],
)
def test_the_model_of_a_role(roles: Mapping[str, str], ids: Sequence[str], role: str, expected: RoleModel) -> None:
    assert role_model(settings(roles), listed(ids), role) == expected


def test_the_embedded_gateway_serves_what_it_has_whatever_was_chosen_for_others() -> None:
    own = merge([DEFAULT, layer_of_tree({"gateway": "offline", "roles": {"chat": MINI}}, "user")])

    assert role_model(own, listed(["offline/guide"]), "chat") == RoleModel(
        model="offline/guide", source="user", wanted=MINI
    )
