"""The title of a conversation: by a cheap model, in the background, once, and only if nobody else has named it."""

import asyncio

import pytest

from support.daemon import Home
from support.gateway import End
from support.messages import JsonObject, RpcError, at
from support.rpc_client import PROMPT_MARK, RpcClient
from support.shapes import begins, listing, model, refuses, says
from support.talk import CHANGED, SILENT, Talk

pytestmark = pytest.mark.asyncio(loop_scope="module")

SONNET, HAIKU, MINI = "anthropic/claude-sonnet-4.5", "anthropic/claude-haiku-4.5", "openai/gpt-5-mini"
STATUS = "passerelle/didChangeStatus"
NAME = "How the parser ends"


async def summary_with(client: RpcClient, **fields: object) -> JsonObject:
    """The first summary that the client is told of and that says this."""
    while True:
        summary = at(await client.notification(CHANGED), "changed", 0)
        assert isinstance(summary, dict)
        if all(summary[name] == value for name, value in fields.items()):
            return summary


async def test_a_cheap_model_names_it_after_the_first_answer(home: Home) -> None:
    home.gateway.queue(says("It ends."), says(f'"{NAME}."\n'), says("B"))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one" + "x" * 5000)

        await summary_with(client, title=NAME)
        await talk.say("two")

        first, title, second = [await home.gateway.chat() for _ in range(3)]
        assert [exchange.request.json["model"] for exchange in (first, title, second)] == [SONNET, HAIKU, SONNET]
        asked = title.request.json
        assert asked["max_tokens"] == 200
        assert asked["temperature"] == 0.2
        assert len(str(asked["messages"])) < 2000
        assert f"{PROMPT_MARK} one" in str(asked["messages"])
        assert "It ends." in str(asked["messages"])
        assert "title" not in str(second.request.json["messages"])
        assert at(await client.request("passerelle/status"), "spent", "requests") == 3
        assert home.gateway.chats.empty()

    async with home.daemon() as client:
        assert at(await Talk(client).request(""), "summary", "title") == NAME


async def test_the_answer_does_not_wait_for_the_title(home: Home) -> None:
    go_on = asyncio.Event()
    home.gateway.queue(says("A"), [go_on, *says(NAME)], says("B"))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one")
        await home.gateway.chat()
        await home.gateway.chat()
        await talk.say("two")
        go_on.set()

        assert (await summary_with(client, title=NAME))["turns"] == 2


async def test_the_role_says_which_model_it_is(home: Home) -> None:
    home.configure(f'[roles]\ntitle = "{MINI}"\n')
    home.gateway.queue(says("A"), says(NAME))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await Talk(client).say("one")
        await summary_with(client, title=NAME)

    await home.gateway.chat()
    assert (await home.gateway.chat()).request.json["model"] == MINI


@pytest.mark.parametrize("reason", ["not wanted", "nothing cheap is known"])
async def test_without_a_title_it_is_called_by_its_first_words(home: Home, reason: str) -> None:
    if reason == "not wanted":
        home.configure(SILENT)
    else:
        home.gateway.catalogue = listing([model(SONNET)])
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one")
        await talk.say("two")

        assert at(await talk.request(""), "summary", "title") == f"{PROMPT_MARK} one"

    for _ in range(2):
        assert (await home.gateway.chat()).request.json["model"] == SONNET
    assert home.gateway.chats.empty()


async def test_the_offline_gateway_is_not_asked_for_titles(home: Home) -> None:
    home.configure('gateway = "offline"\n')
    async with home.daemon() as client:
        talk = Talk(client)
        await talk.say("What is Passerelle?")

        assert at(await talk.request(""), "summary", "title") == f"{PROMPT_MARK} What is Passerelle?"
        assert at(await client.request("passerelle/status"), "spent", "requests") == 1


async def test_a_person_names_it_while_the_title_is_on_its_way(home: Home) -> None:
    go_on = asyncio.Event()
    home.gateway.queue(says("A"), [go_on, *says(NAME)])
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one")
        await home.gateway.chat()
        await home.gateway.chat()
        await talk.request("rename", title="Mine")
        go_on.set()
        await client.notification_with(STATUS, lambda told: at(told, "spent", "requests") == 2)

        assert at(await talk.request(""), "summary", "title") == "Mine"


async def test_a_title_that_fails_is_nobodys_trouble(home: Home) -> None:
    home.gateway.queue(says("A"), refuses(400, "invalid_request_error", "no"), says("B"))
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one")
        await home.gateway.chat()
        await home.gateway.chat()
        await talk.say("two")

        assert at(await talk.request(""), "summary", "title") == f"{PROMPT_MARK} one"
        assert at(await client.request("passerelle/status"), "state") == "ready"


async def test_a_conversation_deleted_meanwhile_does_not_come_back(home: Home) -> None:
    go_on = asyncio.Event()
    home.gateway.queue(says("A"), [go_on, *says(NAME)])
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        talk = Talk(client)
        await talk.say("one")
        await home.gateway.chat()
        await home.gateway.chat()
        await talk.request("delete")
        go_on.set()
        await client.notification_with(STATUS, lambda told: at(told, "spent", "requests") == 2)

        assert at(await client.request("passerelle/conversations", {}), "conversations") == []
        with pytest.raises(RpcError):
            await talk.request("")


async def test_a_daemon_ends_in_the_middle_of_a_title(home: Home) -> None:
    home.gateway.queue(says("A"), [*begins("How"), End.STALL])
    async with home.daemon() as client:
        await client.request("passerelle/models", {"refresh": True})
        await Talk(client).say("one")
        await home.gateway.chat()
        await home.gateway.chat()

    async with home.daemon() as client:
        assert at(await Talk(client).request(""), "summary", "title") == f"{PROMPT_MARK} one"
