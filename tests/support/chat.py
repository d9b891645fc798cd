"""One `passerelle/chat` as the tests' client sees it: its deltas and its result, held to what the contract says."""

import asyncio
from collections.abc import Generator
from typing import Protocol

JsonObject = dict[str, object]


class Request(Protocol):
    """A request in flight."""

    answer: asyncio.Future[object]

    def __await__(self) -> Generator[object, None, object]: ...

    def cancel(self) -> None: ...


class Chat:
    """Await it for its result, which was then compared with the deltas; `deltas` grows as they come."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.deltas: list[JsonObject] = []
        self._more = asyncio.Event()

    def __await__(self) -> Generator[object, None, JsonObject]:
        result = yield from self.request.__await__()
        assert isinstance(result, dict)
        message = result["message"]
        assert message["content"] == self.text
        assert message.get("reasoning", "") == self.reasoning
        assert message.get("toolCalls", []) == self.tool_calls
        return result

    @property
    def text(self) -> str:
        """What was shown so far."""
        return "".join(str(delta.get("text", "")) for delta in self.deltas)

    @property
    def reasoning(self) -> str:
        return "".join(str(delta.get("reasoning", "")) for delta in self.deltas)

    @property
    def tool_calls(self) -> list[dict[str, str]]:
        """The calls, collected by index as any client would."""
        calls: dict[int, dict[str, str]] = {}
        for delta in self.deltas:
            piece = delta.get("toolCall")
            if isinstance(piece, dict):
                call = calls.setdefault(piece["index"], {"id": "", "name": "", "arguments": ""})
                for key in call:
                    call[key] += piece.get(key, "")
        return [calls[index] for index in sorted(calls)]

    def cancel(self) -> None:
        self.request.cancel()

    def receive(self, delta: JsonObject) -> str | None:
        """Take one delta; what is wrong with it, if anything."""
        seq = len(self.deltas)
        self.deltas.append(delta)
        self._more.set()
        if self.request.answer.done():
            return "a delta after the answer"
        if delta.get("seq") != seq:
            return f"seq should be {seq}"
        if not delta.keys() & {"text", "reasoning", "toolCall"}:
            return "an empty delta"
        return None

    async def shows(self, text: str) -> None:
        """Wait until this much of the text was shown, exactly."""
        while self.text != text:
            assert text.startswith(self.text), self.text
            self._more.clear()
            await self._more.wait()
