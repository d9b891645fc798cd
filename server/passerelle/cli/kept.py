"""Which conversation of those that the daemon keeps is meant. It shows nothing."""

from collections.abc import Sequence
from uuid import uuid4

from passerelle.cli.ending import CommandFailed
from passerelle.cli.launch import current_folder
from passerelle.cli.parser import Arguments
from passerelle.client import Client
from passerelle.protocol.conversations import ConversationsParams, ConversationSummary
from passerelle.words.uris import to_uri

SHORTEST_ID = 8
NAMED = 3
"""Of several that an id may mean."""


def new_id() -> str:
    return uuid4().hex


async def which(client: Client, arguments: Arguments) -> str | None:
    """The id of the conversation that a chat shall go on with; None for a new one. Raises CommandFailed."""
    if arguments.conversation is not None:
        return (await find(client, arguments.conversation)).id
    if not arguments.go_on:
        return None
    here = ConversationsParams(workspace_folder=to_uri(current_folder()), limit=1)
    newest = (await client.conversations(here)).conversations
    if not newest:
        raise CommandFailed(
            "There is no conversation in this folder yet; `passerelle conversations --all` lists others."
        )
    return newest[0].id


async def find(client: Client, beginning: str) -> ConversationSummary:
    """The one conversation whose id begins so. Raises CommandFailed."""
    listed = (await client.conversations(ConversationsParams())).conversations
    found = [one for one in listed if one.id == beginning] or [one for one in listed if one.id.startswith(beginning)]
    if not found or not beginning:
        raise CommandFailed(f"No conversation is {beginning or '`` '}; `passerelle conversations --all` lists them.")
    if len(found) > 1:
        ids = short_ids([one.id for one in found])[:NAMED]
        raise CommandFailed(
            f"{len(found)} conversations begin with {beginning}: give more of the id, as in {', '.join(ids)}."
        )
    return found[0]


def short_ids(ids: Sequence[str]) -> list[str]:
    """The beginnings of ids that tell them apart."""
    length = SHORTEST_ID
    while len({id_[:length] for id_ in ids}) < len(set(ids)):
        length += 1
    return [id_[:length] for id_ in ids]
