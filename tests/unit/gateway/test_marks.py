"""Where the marks for a provider's cache stand, and that they change nothing else."""

import pytest

from passerelle.gateway.marks import marked

JsonObject = dict[str, object]
MARK = {"type": "ephemeral"}
IMAGE: JsonObject = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
CALL: JsonObject = {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]}
RESULT: JsonObject = {"role": "tool", "tool_call_id": "c", "content": "done"}


def text(words: str, **fields: object) -> JsonObject:
    return {"type": "text", "text": words, **fields}


def says(role: str, content: object) -> JsonObject:
    return {"role": role, "content": content}


def ends(role: str, words: str) -> JsonObject:
    return says(role, [text(words, cache_control=MARK)])


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], []),
        ([says("user", "a")], [ends("user", "a")]),
        (
            [says("system", "s"), says("user", "a"), says("assistant", "b"), says("user", "c")],
            [ends("system", "s"), ends("user", "a"), says("assistant", "b"), ends("user", "c")],
        ),
        # Only the last two of the user, and the last of several system messages.
        (
            [says("system", "s"), says("system", "t"), *(says("user", word) for word in "abc")],
            [says("system", "s"), ends("system", "t"), says("user", "a"), ends("user", "b"), ends("user", "c")],
        ),
        # In the last part that is text.
        (
            [says("user", [text("a"), text("b"), IMAGE])],
            [says("user", [text("a"), text("b", cache_control=MARK), IMAGE])],
        ),
        # What has no text is passed over.
        (
            [says("system", ""), says("user", "a"), says("user", " \n"), says("user", [IMAGE, text("")])],
            [says("system", ""), ends("user", "a"), says("user", " \n"), says("user", [IMAGE, text("")])],
        ),
        # A tool loop keeps the marks of its question.
        ([says("user", "a"), CALL, RESULT, CALL, RESULT], [ends("user", "a"), CALL, RESULT, CALL, RESULT]),
    ],
)
def test_marks_stand_at_the_ends_of_what_is_sent_again(messages: list[JsonObject], expected: list[JsonObject]) -> None:
    assert marked(messages) == expected


def test_what_is_marked_is_a_copy() -> None:
    message = says("user", [text("a")])

    marked([message])

    assert message == says("user", [text("a")])
