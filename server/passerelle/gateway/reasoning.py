"""Reasoning details put together from their pieces, so that they can be sent back in a tool loop."""

from passerelle.gateway.chunks import fields, items, text
from passerelle.protocol.chat import JsonObject

_JOINED = ("text", "summary")


class _Detail:
    def __init__(self) -> None:
        self.fields: JsonObject = {}
        self.pieces: dict[str, list[str]] = {}

    def add(self, piece: JsonObject) -> None:
        for name, value in piece.items():
            if name in _JOINED and isinstance(value, str):
                self.pieces.setdefault(name, []).append(value)
                self.fields.setdefault(name, "")  # Holds its place among the fields.
            elif value not in (None, "") or name not in self.fields:
                self.fields[name] = value

    def is_continued_by(self, piece: JsonObject) -> bool:
        own_id, other_id = self.fields.get("id"), piece.get("id")
        same_id = not own_id or not other_id or own_id == other_id
        return same_id and all(self.fields.get(name) == piece.get(name) for name in ("type", "index"))

    def result(self) -> JsonObject:
        return {**self.fields, **{name: "".join(pieces) for name, pieces in self.pieces.items()}}


class ReasoningDetails:
    """Blocks in the order in which they began. Pieces of one type and index are one block: text and summary are
    concatenated, of a signature or encrypted data the last one that is not empty is kept. Anthropic sends the
    signature in a last piece without text; OpenAI and Gemini send encrypted data at the end.
    """

    def __init__(self) -> None:
        self._details: list[_Detail] = []

    def take(self, value: object) -> str:
        """The readable text that the `reasoning_details` of one delta add."""
        readable = ""
        for piece in map(fields, items(value)):
            if not piece:
                continue
            detail = next((known for known in reversed(self._details) if known.is_continued_by(piece)), None)
            if detail is None:
                detail = _Detail()
                self._details.append(detail)
            detail.add(piece)
            readable += "".join(text(piece.get(name)) for name in _JOINED)
        return readable

    def result(self) -> list[JsonObject]:
        return [detail.result() for detail in self._details]
