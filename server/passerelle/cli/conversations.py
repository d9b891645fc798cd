"""`passerelle conversations`: lists those that the daemon keeps; shows, exports, renames and deletes single ones."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import UNSET

from passerelle.cli.ending import DONE, USAGE, CommandFailed
from passerelle.cli.figures import UNKNOWN, ago, turns
from passerelle.cli.kept import find, short_ids
from passerelle.cli.launch import connect, current_folder
from passerelle.cli.output import (
    clean,
    fit,
    is_agreed,
    is_person_here,
    is_rich_terminal,
    is_terminal,
    print_json,
    say,
    write_file,
)
from passerelle.cli.parser import Arguments
from passerelle.client import Client
from passerelle.money.amounts import dollars
from passerelle.protocol import methods
from passerelle.protocol.base import Nothing
from passerelle.protocol.conversations import (
    ConversationParams,
    Conversations,
    ConversationsParams,
    ConversationSummary,
    ExportConversationParams,
    ExportedConversation,
    ExportFormat,
    RenameConversationParams,
)
from passerelle.words.uris import to_uri

SHOWN = 40
"""On a terminal, unless `--limit` says otherwise."""
HEADINGS = ("Id", "Last", "Turns", "Cost", "Title")
Action = Callable[[Client, Arguments, Sequence[str]], Awaitable[None]]


def run(arguments: Arguments) -> int:
    asyncio.run(_run(arguments))
    return DONE


async def _run(arguments: Arguments) -> None:
    name, rest = (*arguments.words[:1], "")[0], arguments.words[1:]
    async with connect(arguments) as client:
        if name in ACTIONS:
            await ACTIONS[name](client, arguments, rest)
        else:
            await _list(client, arguments)


async def _list(client: Client, arguments: Arguments) -> None:
    is_table = is_terminal(sys.stdout) and not arguments.json
    params = ConversationsParams(
        workspace_folder=None if arguments.all else to_uri(current_folder()),
        query=" ".join(arguments.words) or None,
        limit=arguments.limit or (SHOWN if is_table else None),
    )
    listed = await client.conversations(params)
    if arguments.json:
        print_json(listed)
    elif not listed.conversations:
        elsewhere = "" if arguments.all else " in this folder; --all looks in every one"
        say(f"No conversation fits{elsewhere}." if params.query else f"No conversation yet{elsewhere}.")
    elif is_table:
        _show_table(listed)
    else:
        for one in listed.conversations:
            print("\t".join((one.id, one.changed_at, str(one.turns), _cost(one), _title(one))))


def _show_table(listed: Conversations) -> None:
    from passerelle.cli.tables import print_table  # noqa: PLC0415  # rich: only terminals need it.

    now = datetime.now(UTC)
    ids = short_ids([one.id for one in listed.conversations])
    rows = (
        (id_, ago(one.changed_at, now), str(one.turns), _cost(one), _title(one))
        for id_, one in zip(ids, listed.conversations, strict=True)
    )
    print_table(HEADINGS, rows, numbers=("Turns", "Cost"), whole=("Id", "Last"))
    if len(listed.conversations) < listed.total:
        count = f"{len(listed.conversations)} of {listed.total} conversations (more words, or --limit {listed.total})"
        print(fit(count, sys.stdout))


def _cost(one: ConversationSummary) -> str:
    return UNKNOWN if one.cost_usd is None else dollars(one.cost_usd)


def _title(one: ConversationSummary) -> str:
    """In one line, with what is special about it and, of a search, what was found."""
    marks = (("being answered", one.running), ("private", one.private), ("not on disk", one.problem is not UNSET))
    said = ", ".join(word for word, holds in marks if holds)
    excerpt = "" if one.excerpt is UNSET else f" · {one.excerpt}"
    return " ".join(f"{one.title}{f' ({said})' if said else ''}{excerpt}".split())


async def _show(client: Client, arguments: Arguments, words: Sequence[str]) -> None:
    one = await find(client, _only_id("show", words))
    if arguments.json:
        print_json(await client.conversation(one.id))
        return
    text = (await _exported(client, one, "markdown")).text
    if not is_rich_terminal(sys.stdout):
        print(clean(text) if is_terminal(sys.stdout) else text, end="")
        return
    from rich.console import Console  # noqa: PLC0415  # Only terminals need it.

    from passerelle.cli.markdown import AnswerMarkdown  # noqa: PLC0415

    Console(highlight=False).print(AnswerMarkdown(clean(text)))


async def _export(client: Client, arguments: Arguments, words: Sequence[str]) -> None:
    one = await find(client, _only_id("export", words))
    exported = await _exported(client, one, arguments.format)
    if arguments.output is None:
        print(clean(exported.text) if is_terminal(sys.stdout) else exported.text, end="")
        return
    say(f"Written to {write_file(arguments.output, exported.name, exported.text)}.")


async def _exported(client: Client, one: ConversationSummary, form: ExportFormat) -> ExportedConversation:
    params = ExportConversationParams(conversation=one.id, format=form)
    return await client.request(methods.EXPORT_CONVERSATION.name, params, ExportedConversation)


async def _rename(client: Client, _: Arguments, words: Sequence[str]) -> None:
    title = " ".join(words[1:]).strip()
    if not title:
        raise CommandFailed("conversations: rename takes an id and a title.", exit_code=USAGE)
    one = await find(client, words[0])
    params = RenameConversationParams(conversation=one.id, title=title)
    renamed = await client.request(methods.RENAME_CONVERSATION.name, params, ConversationSummary)
    say(f"{one.title} is now called {renamed.title}.")


async def _delete(client: Client, arguments: Arguments, words: Sequence[str]) -> None:
    """All are found before the first is deleted: of a mistyped list nothing goes."""
    if not words:
        raise CommandFailed("conversations: delete takes one id or more.", exit_code=USAGE)
    found = {one.id: one for one in [await find(client, word) for word in words]}
    if not arguments.yes and not is_person_here():
        raise CommandFailed("conversations: nobody is here to ask; --yes deletes without asking.", exit_code=USAGE)
    for one in found.values():
        if not arguments.yes and not is_agreed(_question(one)):
            continue
        await client.request(methods.DELETE_CONVERSATION.name, ConversationParams(conversation=one.id), Nothing)
        say(f"Deleted {one.title}.")


def _question(one: ConversationSummary) -> str:
    return f"Delete {one.title} ({turns(one.turns)})? It cannot be taken back."


def _only_id(action: str, words: Sequence[str]) -> str:
    if len(words) != 1:
        raise CommandFailed(f"conversations: {action} takes one id.", exit_code=USAGE)
    return words[0]


ACTIONS: Mapping[str, Action] = {"show": _show, "export": _export, "rename": _rename, "delete": _delete}
