"""A conversation that the daemon keeps, as the tests' client and the gateway see it."""

from pathlib import Path

from support.chat import Chat
from support.gateway import ScriptedGateway
from support.messages import JsonObject
from support.rpc_client import PROMPT_MARK, RpcClient

CHANGED = "passerelle/didChangeConversations"
SILENT = "[conversations]\ntitles = false\n"
"""Settings under which the gateway is asked for nothing but answers."""


def asked(prompt: str) -> JsonObject:
    """A question as the gateway and the journal have it."""
    return {"role": "user", "content": f"{PROMPT_MARK} {prompt}"}


def answered(text: str) -> JsonObject:
    """An answer as the gateway is told of it again."""
    return {"role": "assistant", "content": text}


class Talk:
    """One conversation of one client. Notices of changes are let be; a test that wants them reads them."""

    def __init__(self, client: RpcClient, identity: str = "talk-1") -> None:
        client.uninteresting.add(CHANGED)
        self.client = client
        self.id = identity

    def say(self, prompt: str, **params: object) -> Chat:
        """Ask something new."""
        return self.client.chat(f"{PROMPT_MARK} {prompt}", conversation=self.id, **params)

    def again(self, turn: object, **params: object) -> Chat:
        """Ask the same again."""
        return self.client.chat(conversation=self.id, replace=turn, messages=[], **params)

    async def request(self, name: str, **params: object) -> JsonObject:
        """One of `passerelle/conversation/…`, about this one; the empty name opens it."""
        method = f"passerelle/conversation/{name}".removesuffix("/")
        result = await self.client.request(method, {"conversation": self.id, **params})
        assert isinstance(result, dict)
        return result

    async def turns(self) -> list[JsonObject]:
        """As they are now."""
        turns = (await self.request(""))["turns"]
        assert isinstance(turns, list)
        return turns

    async def states(self) -> list[object]:
        return [turn["state"] for turn in await self.turns()]

    async def texts(self) -> list[object]:
        """Of the answers, None where there is none."""
        return [_content(turn.get("answer")) for turn in await self.turns()]


def _content(answer: object) -> object:
    if answer is None:
        return None
    assert isinstance(answer, dict)
    message = answer["message"]
    assert isinstance(message, dict)
    return message["content"]


async def seen(gateway: ScriptedGateway) -> list[JsonObject]:
    """The messages of the next request that nobody has looked at."""
    messages = (await gateway.chat()).request.json["messages"]
    assert isinstance(messages, list)
    return messages


async def listed(client: RpcClient, **params: object) -> list[JsonObject]:
    """What `passerelle/conversations` finds."""
    found = await client.request("passerelle/conversations", params)
    assert isinstance(found, dict)
    conversations = found["conversations"]
    assert isinstance(conversations, list)
    return conversations


def written(home: Path) -> list[Path]:
    """The files that hold conversations."""
    folder = home / "state" / "conversations"
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
