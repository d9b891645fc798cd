"""Talking in a conversation that the daemon keeps: the client sends what is new, the gateway sees all."""

import asyncio
import json
from itertools import pairwise

import pytest

from support.daemon import Home
from support.gateway import End, ScriptedGateway
from support.messages import RpcError, at
from support.rpc_client import PROMPT_MARK, RpcClient
from support.shapes import begins, reasoning, refuses, says, streams, text, tool_call
from support.shapes import last as ends
from support.talk import SILENT, Talk, answered, asked, seen

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def settings() -> str:
    return SILENT


@pytest.fixture
def talk(daemon: RpcClient, request: pytest.FixtureRequest) -> Talk:
    """A conversation of the test's own."""
    return Talk(daemon, request.node.name.replace("[", "-").replace("]", "")[:64])


async def test_each_turn_sends_what_is_new_and_the_gateway_sees_all(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue(says("A"), says("B"), says("C"))

    first = await talk.say("one")
    second = await talk.say("two")
    third = await talk.say("three")

    requests = [await gateway.chat() for _ in range(3)]
    messages = [exchange.request.json["messages"] for exchange in requests]
    assert messages[0] == [asked("one")]
    assert messages[1] == [asked("one"), answered("A"), asked("two")]
    assert messages[2] == [asked("one"), answered("A"), asked("two"), answered("B"), asked("three")]
    turns = await talk.turns()
    assert [turn["id"] for turn in turns] == [first["turn"], second["turn"], third["turn"]]
    assert [turn["messages"] for turn in turns] == [[asked("one")], [asked("two")], [asked("three")]]
    assert await talk.texts() == ["A", "B", "C"]
    assert turns[2]["answer"] == third


async def test_a_request_begins_with_the_bytes_of_the_one_before(
    talk: Talk, gateway: ScriptedGateway, shared_home: Home
) -> None:
    """What the provider has cached stays good, whatever is attached, thought or called, and edited since."""
    file = shared_home.project / "a.py"
    file.write_text("print('first')\n", "utf-8")
    image = {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="}
    call = tool_call(0, '{"a": 1}', identity="call_1", name="look")
    gateway.queue(
        streams(reasoning("Hm", signature="c2ln"), text("A"), ends()),
        streams(reasoning("Look", signature="c2ln"), call, ends("tool_calls")),
        says("C"),
        says("D"),
    )

    await talk.say("one", attachments=[{"kind": "file", "uri": file.as_uri()}])
    file.write_text("print('second')\n", "utf-8")
    question = {"role": "user", "content": [image, {"type": "text", "text": f"{PROMPT_MARK} two"}]}
    await talk.say("", messages=[{"role": "system", "content": "Be brief."}, question])
    await talk.say("", messages=[{"role": "tool", "toolCallId": "call_1", "content": "seen"}])
    await talk.say("four", attachments=[{"kind": "file", "uri": file.as_uri()}])

    bodies = [(await gateway.chat()).request.body for _ in range(4)]
    messages = [body[body.index(b'"messages":[') :].partition(b'],"stream"')[0] for body in bodies]
    for before, after in pairwise(messages):
        assert after.startswith(before + b",")
    assert b"print('first')" in messages[3]
    assert b"print('second')" in messages[3]
    assert b"c2ln" in messages[1]


async def test_all_turns_of_a_conversation_go_to_the_same_provider(talk: Talk, gateway: ScriptedGateway) -> None:
    other = Talk(talk.client, f"{talk.id[:60]}-2")
    for chat in (talk.say("one"), other.say("one")):
        await chat
    await talk.say("two")

    first, elsewhere, second = [(await gateway.chat()).request.headers["x-session-affinity"] for _ in range(3)]

    assert sorted([first, elsewhere]).count(second) == 1
    assert talk.id not in second


async def test_the_same_is_asked_again(talk: Talk, gateway: ScriptedGateway, shared_home: Home) -> None:
    file = shared_home.project / "b.py"
    file.write_text("print('then')\n", "utf-8")
    gateway.queue(says("A"), says("B"), says("better"))
    await talk.say("one")
    result = await talk.say("two", attachments=[{"kind": "file", "uri": file.as_uri()}])
    file.unlink()

    again = await talk.again(result["turn"])

    await seen(gateway)
    before, after = await seen(gateway), await seen(gateway)
    assert after == before
    assert await talk.texts() == ["A", "better"]
    turn = (await talk.turns())[1]
    assert turn["id"] == again["turn"] != result["turn"]
    assert turn["attachments"] == [{"kind": "file", "uri": file.as_uri()}]


async def test_an_earlier_question_is_asked_in_other_words(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue(says("A"), says("B"), says("C"), says("D"))
    await talk.say("one")
    second = await talk.say("two")
    await talk.say("three")

    await talk.say("two, rather", replace=second["turn"])

    for _ in range(3):
        await gateway.chat()
    assert await seen(gateway) == [asked("one"), answered("A"), asked("two, rather")]
    assert await talk.texts() == ["A", "D"]


async def test_a_branch_goes_its_own_way(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue(says("A"), says("B"), says("C"), says("D"))
    first = await talk.say("one")
    await talk.say("two")

    branch = await talk.request("branch", turn=first["turn"])
    other = Talk(talk.client, str(at(branch, "summary", "id")))
    await other.say("three")
    await talk.say("four")

    for _ in range(2):
        await gateway.chat()
    assert await seen(gateway) == [asked("one"), answered("A"), asked("three")]
    assert await other.texts() == ["A", "C"]
    assert await talk.texts() == ["A", "B", "D"]
    assert at(await other.request(""), "summary", "branchedFrom") == talk.id


async def test_edited_words_are_what_the_model_sees(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue(says("A"), says("B"))
    first = await talk.say("one")

    await talk.request("edit", turn=first["turn"], question=f"{PROMPT_MARK} uno", answer="Z")
    await talk.say("two")

    await gateway.chat()
    assert await seen(gateway) == [asked("uno"), answered("Z"), asked("two")]


async def test_a_cancelled_turn_keeps_what_came_and_the_talk_goes_on(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL], says("B"))
    chat = talk.say("one")
    exchange = await gateway.chat()
    await talk.client.shown(chat, "Hel")

    chat.cancel()
    with pytest.raises(RpcError) as refused:
        await chat

    assert refused.value.code == -32800
    await exchange.hung_up()
    assert (await talk.states(), await talk.texts()) == (["cancelled"], ["Hel"])
    await talk.say("two")
    assert await seen(gateway) == [asked("one"), answered("Hel"), asked("two")]


async def test_a_turn_cancelled_twice_has_its_end(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])
    chat = talk.say("one")
    await talk.client.shown(chat, "Hel")

    chat.cancel()
    chat.cancel()

    with pytest.raises(RpcError):
        await chat
    assert await talk.states() == ["cancelled"]
    await talk.say("two")


async def test_a_turn_cancelled_before_its_first_word_is_kept_without_an_answer(
    talk: Talk, gateway: ScriptedGateway
) -> None:
    gateway.queue([End.STALL], says("B"))
    chat = talk.say("one")
    await gateway.chat()

    chat.cancel()
    with pytest.raises(RpcError):
        await chat

    assert (await talk.states(), await talk.texts()) == (["cancelled"], [None])
    await talk.say("two")
    assert await seen(gateway) == [asked("two")]


async def test_a_broken_answer_is_a_result_and_can_be_gone_on_from(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.CLOSE], says("lo"))

    broken = await talk.say("one")
    await talk.say("Go on")

    assert broken["finish"] == "cutOff"
    assert await talk.states() == ["cutOff", "done"]
    await gateway.chat()
    assert await seen(gateway) == [asked("one"), answered("Hel"), asked("Go on")]


async def test_a_failed_turn_is_kept_with_its_reason_and_asked_again(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue(refuses(400, "invalid_request_error", "no"), says("A"))

    with pytest.raises(RpcError) as refused:
        await talk.say("one")

    (turn,) = await talk.turns()
    assert turn["state"] == "failed"
    assert turn["failure"] == {"kind": refused.value.kind, "message": refused.value.message}
    assert "answer" not in turn
    await talk.again(turn["id"])
    assert await talk.texts() == ["A"]


async def test_what_cannot_be_sent_has_failed_too(talk: Talk, gateway: ScriptedGateway) -> None:
    image = {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="}
    await talk.client.request("passerelle/models", {"refresh": True})

    with pytest.raises(RpcError) as refused:
        await talk.say("", messages=[{"role": "user", "content": [image]}], model="mistral/codestral")

    (turn,) = await talk.turns()
    assert at(turn, "failure", "kind") == refused.value.kind == "refused"
    assert gateway.chats.empty()


async def test_an_answer_is_not_given_up_for_what_cannot_be_sent(talk: Talk, gateway: ScriptedGateway) -> None:
    image = {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="}
    gateway.queue(says("A"))
    await talk.client.request("passerelle/models", {"refresh": True})
    result = await talk.say("one")

    with pytest.raises(RpcError):
        await talk.say(
            "", messages=[{"role": "user", "content": [image]}], model="mistral/codestral", replace=result["turn"]
        )

    assert await talk.texts() == ["A"]


async def test_one_turn_at_a_time(talk: Talk, gateway: ScriptedGateway) -> None:
    go_on = asyncio.Event()
    gateway.queue([*begins("Hel"), go_on, text("lo"), ends(), End.CLOSE])
    chat = talk.say("one")
    await talk.client.shown(chat, "Hel")

    with pytest.raises(RpcError) as refused:
        await talk.say("two")
    assert refused.value.code == -32602
    go_on.set()

    assert at(await chat, "message", "content") == "Hello"
    assert await talk.states() == ["done"]


async def test_a_running_turn_is_seen_as_far_as_it_came(talk: Talk, gateway: ScriptedGateway) -> None:
    go_on = asyncio.Event()
    gateway.queue([*begins("Hel"), go_on, text("lo"), ends(), End.CLOSE])
    chat = talk.say("one")
    await talk.client.shown(chat, "Hel")

    assert (await talk.states(), await talk.texts()) == (["running"], ["Hel"])
    assert at(await talk.request(""), "summary", "running") is True
    go_on.set()

    await chat
    assert at(await talk.request(""), "summary", "running") is False


async def test_a_deleted_conversation_is_not_answered_any_more(talk: Talk, gateway: ScriptedGateway) -> None:
    gateway.queue([*begins("Hel"), End.STALL])
    chat = talk.say("one")
    exchange = await gateway.chat()
    await talk.client.shown(chat, "Hel")

    assert await talk.request("delete") == {}

    with pytest.raises(RpcError) as refused:
        await chat
    assert refused.value.code == -32800
    await exchange.hung_up()
    with pytest.raises(RpcError) as unknown:
        await talk.request("")
    assert (unknown.value.code, unknown.value.kind) == (-32602, "conversationUnknown")


@pytest.mark.parametrize(
    ("params", "says_of"),
    [
        ({"conversation": "no id!"}, "conversation"),
        ({"conversation": "x" * 65}, "conversation"),
        ({"conversation": ""}, "conversation"),
        ({"replace": "t1"}, "replace"),
        ({"conversation": "refused-1", "replace": "nonsense"}, "replace"),
        ({"conversation": "refused-2", "messages": []}, "messages"),
        ({"conversation": "refused-3", "replace": "nonsense", "messages": []}, "replace"),
        ({"conversation": "refused-4", "attachments": [{"kind": "file", "uri": "file:///nowhere"}]}, "attachments"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    daemon: RpcClient, gateway: ScriptedGateway, params: dict[str, object], says_of: str
) -> None:
    with pytest.raises(RpcError) as refused:
        await daemon.chat(**params)

    assert refused.value.code == -32602
    assert says_of in refused.value.message
    assert gateway.chats.empty()
    listing = await daemon.request("passerelle/conversations", {})
    assert "refused-" not in json.dumps(listing)


async def test_attachments_need_a_message_of_their_own(talk: Talk, shared_home: Home) -> None:
    file = shared_home.project / "c.py"
    file.write_text("x\n", "utf-8")
    result = await talk.say("one")

    with pytest.raises(RpcError) as refused:
        await talk.again(result["turn"], attachments=[{"kind": "file", "uri": file.as_uri()}])

    assert refused.value.code == -32602
