"""Tool calls put together from their pieces, however a gateway numbers them."""

import msgspec
from msgspec import UNSET

from passerelle.gateway.chunks import fields, items, text
from passerelle.protocol.chat import ToolCall, ToolCallDelta


class _Call:
    def __init__(self, call_id: str, *, is_named: bool) -> None:
        self.id = call_id
        self.has_own_id = is_named
        self.name = ""
        self.arguments: list[str] = []


class ToolCalls:
    """Calls in the order in which they began; the deltas that `take` returns, joined by index, equal `result`.

    OpenAI's way is an index in every piece, an id and a name in the first. Some gateways leave the index out,
    number every call 0, repeat id and name, give no id, or send whole calls with arguments as an object.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._at_index: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, value: object) -> list[ToolCallDelta]:
        """What the `tool_calls` of one delta add."""
        return [delta for item in items(value) if (delta := self._take_piece(fields(item))) is not None]

    def result(self) -> list[ToolCall]:
        return [ToolCall(id=call.id, name=call.name, arguments="".join(call.arguments)) for call in self._calls]

    def _take_piece(self, piece: dict[str, object]) -> ToolCallDelta | None:
        function = fields(piece.get("function"))
        name, arguments = text(function.get("name")), _arguments(function.get("arguments"))
        position = self._position(piece, name)
        is_new = position == len(self._calls)
        if is_new:
            own_id = text(piece.get("id"))
            self._calls.append(_Call(own_id or f"call_{position}", is_named=bool(own_id)))
        call = self._calls[position]
        name = "" if call.name else name
        call.name = call.name or name
        call.arguments.append(arguments)
        if not (is_new or name or arguments):
            return None
        return ToolCallDelta(
            index=position, id=call.id if is_new else UNSET, name=name or UNSET, arguments=arguments or UNSET
        )

    def _position(self, piece: dict[str, object], name: str) -> int:
        """Which call a piece belongs to; the number of calls so far if it begins another."""
        call_id, index = text(piece.get("id")), piece.get("index")
        new = len(self._calls)
        if isinstance(index, int):
            position = self._at_index.get(index, new)
            if position < new and call_id and self._calls[position].has_own_id and call_id != self._calls[position].id:
                position = new
            self._at_index[index] = position
            return position
        if call_id:
            return next((at for at, call in enumerate(self._calls) if call.id == call_id), new)
        return new if not self._calls or (name and self._calls[-1].name) else new - 1


def _arguments(value: object) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else text(value)
