"""One turn of a conversation that the daemon keeps: the turns before it come from there, and it goes there.

Loaded with the first such turn, for most sessions of a command line have none.
"""

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path

from msgspec.structs import replace

from passerelle.chat.relay import Sink
from passerelle.conversations.history import ENDED_WITH_THE_DAEMON, STOPPED
from passerelle.conversations.kept import Kept
from passerelle.conversations.turn import OpenTurn, Question
from passerelle.daemon import turn
from passerelle.daemon.asking import Asking, Wanted, prepare
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.daemon.result import result_of
from passerelle.daemon.titles import name_it
from passerelle.protocol.chat import ChatParams, ChatResult
from passerelle.words.failures import Failure, InvalidParams
from passerelle.words.uris import to_uri

FAULT = "A fault of Passerelle's own: its log says more."


async def talk(daemon: Daemon, client: Client, folder: Path | None, params: ChatParams, sink: Sink) -> ChatResult:
    """Answer what is new, with all that was said before it. Raises Failure, or InvalidParams for what cannot be asked.

    A turn that was cancelled or has failed is kept, with what came of it. One that ends because its client leaves was
    cut off, not cancelled: nobody wanted it to stop.
    """
    started_at = time.monotonic()
    kept = await _open(daemon, client, folder, params)
    question = await _question(kept, client, params)
    try:
        reached = await turn.reach(daemon, client, folder)
        messages = kept.prompt(question.sent, params.replace)
        wanted = Wanted(
            params=params,
            messages=messages,
            affinity=kept.id.encode(),
            conversation=kept.id,
            started_at=started_at,
        )
        asking = prepare(reached, wanted)
    except Failure as failure:
        if params.replace is None:  # Else what would be replaced stays: it has an answer, and this has none.
            await _begin(kept, question, sink, params).failed(failure.kind, failure.message)
        raise
    open_turn = _begin(kept, replace(question, serving=asking.candidate.model), sink, params)
    result = await _ask(daemon, client, asking, open_turn)
    name_it(daemon, client, kept, asking)
    return result


async def _open(daemon: Daemon, client: Client, folder: Path | None, params: ChatParams) -> Kept:
    assert params.conversation is not None  # noqa: S101  # Who calls us has looked.
    is_private = params.private
    if is_private is None:
        is_private = client.effective(folder).config.conversations.private
    uri = None if folder is None else to_uri(folder)
    return await daemon.conversations.begin(params.conversation, uri, private=is_private)


async def _question(kept: Kept, client: Client, params: ChatParams) -> Question:
    """What is new; without messages, what the turn that is replaced has asked, with its attachments as they were."""
    if params.messages:
        return Question(
            messages=params.messages,
            sent=await turn.attached(params, client),
            attachments=params.attachments or (),
            model=params.model,
        )
    if params.replace is None:
        raise InvalidParams("messages: at least one message is needed")
    if params.attachments:
        raise InvalidParams("attachments: there is no new message that they could go with")
    return replace(kept.question(params.replace), model=params.model)


def _begin(kept: Kept, question: Question, sink: Sink, params: ChatParams) -> OpenTurn:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # We are in a coroutine.

    def stop() -> None:
        task.cancel()

    return kept.begin_turn(question, sink, on_delete=stop, replace=params.replace)


async def _ask(daemon: Daemon, client: Client, asking: Asking, open_turn: OpenTurn) -> ChatResult:
    """However the answer ends, the turn has its end too."""
    try:
        result = await turn.ask(daemon, client, asking, open_turn)
    except Failure as failure:
        await open_turn.failed(failure.kind, failure.message)
        raise
    except asyncio.CancelledError:
        await _whatever_comes(daemon, _broken_off(client, asking, open_turn))
        raise
    except Exception:
        await open_turn.failed("", FAULT)
        raise
    return await open_turn.done(result)


async def _broken_off(client: Client, asking: Asking, open_turn: OpenTurn) -> None:
    partial = result_of(asking)
    if client.is_leaving:
        await open_turn.done(replace(partial, problem=ENDED_WITH_THE_DAEMON))
    elif asking.relayed.first_piece_at is None:
        await open_turn.cancelled()
    else:
        await open_turn.cancelled(replace(partial, problem=STOPPED))


async def _whatever_comes(daemon: Daemon, end: Coroutine[object, object, None]) -> None:
    """A second cancel must not leave a turn without its end."""
    await asyncio.shield(daemon.tasks.start(end, name="end of a turn"))
