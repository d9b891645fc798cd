"""One answer, from the question to its last word: streams it onto a screen, and can be broken off."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import uuid4

from passerelle.cli.ending import DONE, FAILED
from passerelle.cli.figures import cost
from passerelle.cli.output import say
from passerelle.cli.screens import Screen
from passerelle.client import Client
from passerelle.protocol.chat import ChatDelta, ChatParams, ChatResult, Message

Deltas = asyncio.Queue[ChatDelta | None]
REMARKS = {
    "cutOff": "the answer broke off before its end; this is all that came",
    "length": "the answer stops here: it reached the limit of its length",
    "filtered": "the answer stops here: the provider's content filter ended it",
    "toolCalls": "the model asked for a tool, and there is none here",
}
"""What a person must know of an answer that did not come to its own end."""


class Interrupted(Exception):
    """Ctrl-C: the answer was cancelled, or had just ended, and then there is a result all the same."""

    def __init__(self, result: ChatResult | None) -> None:
        super().__init__()
        self.result = result

    def __str__(self) -> str:
        if self.result is None:
            return "cancelled; what it cost so far is not known yet, the gateway settles it"
        return f"cancelled at its end; {cost(self.result.cost)}"


class Place(NamedTuple):
    """The conversation that the daemon keeps a question in; `private` is said with the first one."""

    conversation: str
    private: bool | None = None


async def ask(
    client: Client,
    messages: list[Message],
    model: str | None,
    screen: Screen,
    place: Place | None = None,
    *,
    is_confirmed: bool = False,
) -> ChatResult:
    """Ask, and show the answer as it comes. Without a place nothing is kept; `is_confirmed` is what it costs.

    However this ends, the daemon has ended it too. Raises ClientError, Interrupted, and what writing raises.
    """
    deltas: Deltas = asyncio.Queue()
    params = ChatParams(
        token=uuid4().hex,
        messages=messages,
        model=model,
        conversation=place.conversation if place else None,
        private=place.private if place else None,
        confirmed=is_confirmed or None,
    )
    answering = asyncio.create_task(client.chat(params, deltas.put_nowait), name="the answer")
    answering.add_done_callback(lambda _: deltas.put_nowait(None))
    try:
        with screen:
            await _show(deltas, screen)
        return await answering
    except BaseException as error:
        with _impatience():
            answering.cancel()
            await asyncio.wait([answering])
        if not isinstance(error, asyncio.CancelledError):
            raise
        is_answered = not answering.cancelled() and answering.exception() is None
        raise Interrupted(answering.result() if is_answered else None) from None


def conclude(result: ChatResult) -> int:
    """Say how an answer ended, unless by itself, and of what we are warned. Returns the exit code: a broken answer has
    failed; its text stays.
    """
    remark = REMARKS.get(result.finish)
    for line in ([] if remark is None else [remark]) + (result.warnings or []):
        say(f"passerelle: {line}")
    return FAILED if result.finish == "cutOff" else DONE


@contextmanager
def _impatience() -> Iterator[None]:
    """A second Ctrl-C ends this process at once; the daemon then ends by itself, for nobody reads it."""
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


async def _show(deltas: Deltas, screen: Screen) -> None:
    while True:
        batch = [await deltas.get(), *_waiting(deltas)]
        for delta in batch:
            if delta is not None:
                screen.add(delta)
        screen.refresh()
        if None in batch:
            return
        await asyncio.sleep(screen.pause_s)


def _waiting(deltas: Deltas) -> Iterator[ChatDelta | None]:
    while not deltas.empty():
        yield deltas.get_nowait()
