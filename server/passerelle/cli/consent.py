"""What a limit of the person's own has stopped, they may let through: asked at the terminal, and sent again."""

from msgspec import UNSET

from passerelle.cli.answer import Place, ask
from passerelle.cli.ending import CommandFailed
from passerelle.cli.output import is_agreed, is_person_here
from passerelle.cli.screens import choose_screen
from passerelle.client import Client, ClientError
from passerelle.protocol import methods
from passerelle.protocol.chat import ChatResult, Message
from passerelle.protocol.money import AllowOnceParams, Budgets


class Declined(CommandFailed):
    """The person did not want it: nothing was sent."""

    def __init__(self) -> None:
        super().__init__("Not sent.")


async def ask_allowed(
    client: Client,
    messages: list[Message],
    model: str | None,
    place: Place | None = None,
    *,
    is_silent: bool = False,
    is_confirmed: bool = False,
) -> ChatResult:
    """`ask`, as often as a person lets it through. Raises Declined, and what `ask` raises where nobody is there."""
    while True:
        screen = choose_screen(is_silent=is_silent)
        try:
            return await ask(client, messages, model, screen, place, is_confirmed=is_confirmed)
        except ClientError as error:
            if not is_person_here() or error.kind not in {"budgetReached", "confirmCost"}:
                raise
            await _let_through(client, error)
            is_confirmed = is_confirmed or error.kind == "confirmCost"


async def _let_through(client: Client, error: ClientError) -> None:
    if not is_agreed(f"{error.message} Send it all the same?"):
        raise Declined
    if error.data is not None and error.data.budget is not UNSET:
        allowed = AllowOnceParams(budget=error.data.budget.key)
        await client.request(methods.ALLOW_ONCE.name, allowed, Budgets)
