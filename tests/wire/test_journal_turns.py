"""A turn that is being answered, on a real file: each piece is on disk before the client has it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from passerelle.conversations.records import TurnEnded
from passerelle.conversations.records import read as read_lines
from passerelle.words.failures import InvalidParams
from support.journals import Shown, question, result
from support.stores import PROBLEM_S, Talks, begin, talks

pytestmark = pytest.mark.timeout(PROBLEM_S)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Talks]:
    async with talks(tmp_path / "state" / "conversations") as opened:
        yield opened


async def test_a_piece_is_on_disk_before_the_client_has_it(here: Talks) -> None:
    def look(piece: str) -> None:
        assert f"{piece}" in here.path("c").read_text("utf-8")

    sink = Shown(look)
    turn = await here.ask(sink=sink)
    for number in range(100):
        turn.text(f"piece {number}.")
        if number % 7 == 0:
            await asyncio.sleep(0)

    await turn.done(result("whole"))

    assert sink.pieces == [f"piece {number}." for number in range(100)]


async def test_pieces_of_all_kinds_keep_their_order(here: Talks) -> None:
    sink = Shown()
    turn = await here.ask(sink=sink)

    turn.reasoning("hm")
    turn.text("a")
    turn.tool_call(0, "1", "read", None)
    turn.tool_call(0, None, None, "{}")
    turn.text("b")
    await turn.done(result("ab"))

    assert sink.pieces == ["(hm)", "a", "[0 1 read None]", "[0 None None {}]", "b"]


@pytest_asyncio.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Talks]:
    async with talks(tmp_path / "state" / "conversations", patience_s=0.01) as opened:
        yield opened


async def test_a_slow_disk_holds_up_nobody(hasty: Talks) -> None:
    seen = asyncio.Event()
    sink = Shown(lambda piece: seen.set() if piece == "second" else None)
    turn = await hasty.ask(sink=sink)
    await (await hasty.store.get("c")).settle()
    hasty.disk.hold_up()

    turn.text("first")
    turn.text("second")
    await seen.wait()
    turn.text("third")  # Nobody waits any more, until the disk has answered.
    assert sink.pieces == ["first", "second", "third"]
    await turn.done(result("first second third"))

    hasty.disk.go_on()
    await hasty.store.aclose()
    content = hasty.path("c").read_text("utf-8")
    assert content.index("first") < content.index("second") < content.index("third")
    assert content.count('"ended"') == 1


async def test_after_a_slow_moment_pieces_wait_for_the_disk_again(hasty: Talks) -> None:
    slow, again = asyncio.Event(), asyncio.Event()
    turn = await hasty.ask(sink=Shown(lambda piece: (slow if piece == "slow" else again).set()))
    kept = await hasty.store.get("c")
    await kept.settle()
    hasty.disk.hold_up()
    turn.text("slow")
    await slow.wait()
    hasty.disk.go_on()
    await kept.settle()

    hasty.disk.hold_up()
    turn.text("again")
    assert not again.is_set()
    hasty.disk.go_on()
    await again.wait()


async def test_a_full_disk_is_told_and_forgotten_when_there_is_room_again(here: Talks) -> None:
    sink = Shown()
    turn = await here.ask(sink=sink)
    turn.text("on disk, ")
    here.disk.is_full = True
    turn.text("in memory")
    await turn.done(result("on disk, in memory"))
    await here.until(lambda: bool(here.told and here.told[-1].problem))

    assert sink.pieces == ["on disk, ", "in memory"]
    problem = "It is in memory only: no space left on the disk that holds the state folder."
    assert (await here.store.get("c")).summary().problem == problem
    assert await here.listed() == ["c"]

    here.disk.is_full = False
    await here.until(lambda: not here.told[-1].problem)

    states = [turn.state for turn in await here.turns(store=here.other())]
    assert states == ["done"]
    records = list(read_lines(here.path("c").read_bytes().splitlines(keepends=True)))
    assert sum(isinstance(record, TurnEnded) for record in records) == 1


async def test_a_conversation_that_began_on_a_full_disk_is_written_whole_later(here: Talks) -> None:
    here.disk.is_full = True
    await here.say(text="first")
    await here.say(text="second")
    assert [turn.state for turn in await here.turns()] == ["done", "done"]

    here.disk.is_full = False
    await here.until(lambda: not here.told[-1].problem)

    assert await here.turns(store=here.other()) == await here.turns()


async def test_what_is_unwritten_at_the_end_is_tried_once_more(here: Talks) -> None:
    here.disk.is_full = True
    await here.say()
    here.disk.is_full = False

    await here.store.aclose()

    assert len(await here.turns(store=here.other())) == 1


async def test_a_journal_that_somebody_deleted_goes_on_in_memory(here: Talks) -> None:
    turn = await here.ask()
    turn.text("x")
    await (await here.store.get("c")).settle()
    here.path("c").unlink()

    turn.text("y")
    await turn.done(result("xy"))

    await here.until(lambda: here.told[-1].problem == "It is in memory only: its file was deleted.")
    assert not here.path("c").exists()
    assert await here.listed() == ["c"]


async def test_what_was_stopped_is_kept_and_shown_no_further(here: Talks) -> None:
    sink = Shown()
    here.disk.hold_up()
    turn = await here.ask(sink=sink)
    turn.text("never shown")
    stopping = asyncio.ensure_future(turn.cancelled())
    await asyncio.sleep(0)
    here.disk.go_on()
    await stopping

    [kept] = await here.turns(store=here.other())
    assert sink.pieces == []
    assert kept.state == "cancelled"
    assert kept.answer
    assert (kept.answer.message.content, kept.answer.turn) == ("never shown", turn.id)


@pytest.mark.parametrize("finish", ["stop", "cutOff"])
async def test_a_result_names_its_turn_and_is_kept_as_it_is(here: Talks, finish: str) -> None:
    turn = await here.ask()

    answer = await turn.done(result("w", finish="stop" if finish == "stop" else "cutOff"))

    [kept] = await here.turns(store=here.other())
    assert answer.turn == turn.id == kept.id
    assert kept.answer == answer
    assert kept.state == ("done" if finish == "stop" else "cutOff")


async def test_a_failure_is_kept(here: Talks) -> None:
    turn = await here.ask()
    await turn.failed("unreachable", "Is this machine online?")

    [kept] = await here.turns(store=here.other())
    assert kept.state == "failed"
    assert kept.failure
    assert (kept.failure.kind, kept.failure.message) == ("unreachable", "Is this machine online?")


async def test_a_turn_ends_once(here: Talks) -> None:
    turn = await here.ask()
    await turn.done(result("w"))
    await turn.cancelled()
    await turn.failed("unreachable", "late")

    assert [turn.state for turn in await here.turns()] == ["done"]


async def test_one_turn_at_a_time(here: Talks) -> None:
    turn = await here.ask()
    with pytest.raises(InvalidParams, match="still being answered"):
        await here.ask()

    await turn.done(result("w"))

    assert await here.say()


async def test_a_turn_that_is_being_answered_is_seen_as_far_as_it_came(here: Talks) -> None:
    turn = await here.ask()
    turn.text("half")

    kept = await here.store.get("c")
    [seen] = kept.conversation().turns
    assert kept.summary().running
    assert seen.state == "running"
    assert seen.answer
    assert seen.answer.message.content == "half"
    await turn.done(result("whole"))


async def test_changes_are_told_when_a_turn_begins_and_ends_and_not_with_each_piece(here: Talks) -> None:
    turn = await here.ask()
    for _ in range(10):
        turn.text("x")
        await asyncio.sleep(0)
    await turn.done(result("w"))
    await (await here.store.get("c")).settle()

    assert [summary.running for summary in here.told] == [True, False]


async def test_ids_of_turns_are_unlike_and_sort_by_time(here: Talks) -> None:
    ids = [await here.say() for _ in range(20)]

    assert sorted(set(ids)) == ids


async def test_a_turn_of_a_deleted_conversation_is_told_and_writes_nothing(here: Talks) -> None:
    told: list[str] = []
    kept = await here.store.begin("c", None, private=False)
    turn = begin(kept, on_delete=lambda: told.append("deleted"))
    turn.text("x")
    await here.store.delete("c")

    turn.text("late")
    await turn.cancelled()

    assert told == ["deleted"]
    assert here.deleted == ["c"]
    assert not here.path("c").exists()
    assert await here.listed() == []
    with pytest.raises(InvalidParams):
        kept.begin_turn(question("again"), Shown(), on_delete=lambda: None)


async def test_deleting_in_the_middle_of_writing_leaves_no_file(here: Talks) -> None:
    sink = Shown()
    turn = await here.ask(sink=sink)
    here.disk.hold_up()
    turn.text("being written")
    deleting = asyncio.ensure_future(here.store.delete("c"))
    await asyncio.sleep(0)
    turn.text("waiting")
    here.disk.go_on()
    await deleting
    await turn.cancelled()

    assert not here.path("c").exists()
    assert sink.pieces in ([], ["being written"], ["being written", "waiting"])


async def test_of_a_private_conversation_no_byte_reaches_the_disk(here: Talks) -> None:
    sink = Shown()
    kept = await here.store.begin("c", None, private=True)
    turn = begin(kept, sink=sink)
    turn.text("x")
    await turn.done(result("x"))
    await kept.set_title("T", by_person=True)

    assert sink.pieces == ["x"]
    assert kept.summary().private
    assert await here.listed() == ["c"]
    assert await here.store.get("c") is kept
    await here.store.aclose()
    assert not here.folder.exists()
    assert await here.other().begin("c", None, private=False) is not kept


async def test_a_private_conversation_is_deleted_from_memory(here: Talks) -> None:
    begin(await here.store.begin("c", None, private=True))

    await here.store.delete("c")

    assert await here.listed() == []
    with pytest.raises(InvalidParams):
        await here.store.get("c")
