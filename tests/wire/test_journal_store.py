"""All conversations, on a real folder that other daemons write into too."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from passerelle.conversations.index import Index
from passerelle.conversations.journal import file_name
from passerelle.conversations.records import lines
from passerelle.protocol.conversations import (
    BranchConversationParams,
    ConversationsParams,
    EditTurnParams,
    ExportConversationParams,
    RenameConversationParams,
)
from passerelle.words.failures import Failure, InvalidParams
from support.journals import asked, begun, done, question, result
from support.stores import PROBLEM_S, Talks, begin, talks

pytestmark = pytest.mark.timeout(PROBLEM_S)

DAY_S = 86_400


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Talks]:
    async with talks(tmp_path / "state" / "conversations") as opened:
        yield opened


async def test_where_nothing_is_kept_nothing_is_listed_and_no_folder_is_made(here: Talks) -> None:
    assert await here.listed() == []
    assert not here.folder.exists()


async def test_the_newest_comes_first(here: Talks) -> None:
    for id_ in ("a", "b", "c"):
        await here.say(id_)
    await here.say("a", "again")

    assert await here.listed() == ["a", "c", "b"]
    found = await here.store.summaries(ConversationsParams(limit=1))
    assert ([summary.id for summary in found.conversations], found.total) == (["a"], 3)


async def test_a_limit_below_nothing_is_refused(here: Talks) -> None:
    with pytest.raises(InvalidParams, match="limit"):
        await here.store.summaries(ConversationsParams(limit=-1))


async def test_those_of_one_folder_are_found_however_its_uri_is_written(here: Talks) -> None:
    for id_, folder in (("a", "file:///p%20q"), ("b", "file:///other"), ("c", None)):
        kept = await here.store.begin(id_, folder, private=False)
        await begin(kept).done(result("w"))

    assert await here.listed(workspace_folder="file:///p q") == ["a"]
    assert await here.listed(workspace_folder="file:///p%20q") == ["a"]
    assert await here.listed(workspace_folder="vscode-remote://x/p") == []


async def test_words_are_found_in_questions_answers_and_titles(here: Talks) -> None:
    await here.say("a", "How does the Parser end?", "With a line.")
    await here.say("b", "Something else", "entirely")
    running = await here.ask("c", "And the parser in memory?")
    await here.store.rename(RenameConversationParams(conversation="b", title="Les Pâtes"))

    assert await here.listed(query="PARSER") == ["c", "a"]
    assert await here.listed(query="line parser") == ["a"]
    assert await here.listed(query="pâtes entirely") == ["b"]
    assert await here.listed(query="nowhere") == []
    found = await here.store.summaries(ConversationsParams(query="line"))
    assert found.conversations[0].excerpt == "How does the Parser end? With a line."
    await here.say("a", "and", "nowhere")
    assert await here.listed(query="nowhere") == ["a"]
    await running.cancelled()


async def test_another_daemon_sees_what_was_said_here(here: Talks) -> None:
    other = here.other()
    await here.say("c", "first")
    assert len((await other.get("c")).conversation().turns) == 1

    kept = await other.get("c")
    await here.say("c", "second")
    assert len((await other.get("c")).conversation().turns) == 2
    assert await other.get("c") is kept

    await begin(kept, "third").done(result("w"))
    assert [turn.state for turn in await here.turns()] == ["done"] * 3
    await other.aclose()


async def test_a_conversation_deleted_by_another_daemon_is_gone_here(here: Talks) -> None:
    await here.say("c")
    kept = await here.store.get("c")
    other = here.other()
    await other.delete("c")

    with pytest.raises(InvalidParams) as refused:
        await here.store.get("c")
    assert refused.value.kind == "conversationUnknown"
    assert await here.listed() == []
    assert (await here.store.begin("c", None, private=False)) is not kept
    await other.aclose()


async def test_a_conversation_is_one_object_for_all_who_hold_it(here: Talks) -> None:
    await here.say("c")
    one, two = await asyncio.gather(here.store.get("c"), here.store.get("c"))
    begun_one, begun_two = await asyncio.gather(
        here.store.begin("new", None, private=False), here.store.begin("new", None, private=False)
    )

    assert one is two
    assert begun_one is begun_two


@pytest.mark.parametrize("id_", ["unknown", "", "../c", "x" * 100])
async def test_what_is_not_known_is_not_opened(here: Talks, id_: str) -> None:
    with pytest.raises(InvalidParams) as refused:
        await here.store.get(id_)

    assert refused.value.kind == "conversationUnknown"


@pytest.mark.parametrize("id_", ["", "../c", "a/b", "x" * 65, "é"])
async def test_what_is_no_id_begins_nothing(here: Talks, id_: str) -> None:
    with pytest.raises(InvalidParams, match="conversation: expected"):
        await here.store.begin(id_, None, private=False)


async def test_ids_that_differ_in_case_alone_are_two_conversations(here: Talks) -> None:
    await here.say("Ab", "one")
    await here.say("aB", "two")

    assert await here.listed() == ["aB", "Ab"]
    assert len({path.name.lower() for path in here.folder.iterdir()}) == 2


async def test_a_conversation_that_asked_nothing_is_none(here: Talks) -> None:
    await here.store.begin("c", None, private=False)

    assert await here.listed() == []
    with pytest.raises(InvalidParams):
        await here.store.get("c")


async def test_a_rename_is_told_and_kept(here: Talks) -> None:
    await here.say("c")
    summary = await here.store.rename(RenameConversationParams(conversation="c", title=" How\nit  ends "))

    assert summary.title == here.told[-1].title == "How it ends"
    assert (await here.other().get("c")).title_is_given
    with pytest.raises(InvalidParams, match="title"):
        await here.store.rename(RenameConversationParams(conversation="c", title=" \n"))


async def test_a_model_names_what_no_person_has_named(here: Talks) -> None:
    await here.say("c", "How?")
    kept = await here.store.get("c")
    assert (kept.title_is_given, kept.summary().title) == (False, "How?")

    await kept.set_title("By a model", by_person=False)
    assert (kept.title_is_given, kept.summary().title) == (True, "By a model")
    await kept.set_title("Mine", by_person=True)
    await kept.set_title("By a model, late", by_person=False)
    assert kept.summary().title == "Mine"


async def test_a_turn_that_is_replaced_takes_what_came_after_it_with_it(here: Talks) -> None:
    first = await here.say("c", "one")
    second = await here.say("c", "two")
    await here.say("c", "three")
    kept = await here.store.get("c")
    assert len(kept.prompt([])) == 6
    assert len(kept.prompt([], second)) == 2

    await here.say("c", "other two", replace=second)

    assert (await here.turns())[0].id == first
    assert [turn.messages for turn in await here.turns(store=here.other())] == [
        list(question("one").messages),
        list(question("other two").messages),
    ]
    total = (await here.store.get("c")).conversation().total
    assert total.cost_usd == 2.0
    for refused in (lambda: kept.prompt([], second), lambda: begin(kept, replace=second), lambda: kept.question("x")):
        with pytest.raises(InvalidParams, match="replace"):
            refused()


async def test_what_a_turn_asked_can_be_asked_again(here: Talks) -> None:
    turn = await here.say("c", "one")

    again = (await here.store.get("c")).question(turn)

    assert (again.messages, again.sent, again.model) == (question("one").messages, question("one").sent, None)


async def test_a_turn_is_edited_and_sent_so_from_then_on(here: Talks) -> None:
    turn = await here.say("c", "one", "so")
    edited = await here.store.edit(EditTurnParams(conversation="c", turn=turn, question="uno", answer="così"))

    assert edited == (await here.other().get("c")).conversation()
    sent = (await here.store.get("c")).prompt([])
    assert [message.content for message in sent] == ["uno", "così"]


@pytest.mark.parametrize(
    ("turn", "question_", "answer", "field"),
    [
        ("{done}", None, None, "question, answer"),
        ("nobody", "q", None, "turn"),
        ("{failed}", None, "w", "answer"),
        ("{running}", "q", None, "turn"),
    ],
)
async def test_what_cannot_be_edited_is_said(
    here: Talks, turn: str, question_: str | None, answer: str | None, field: str
) -> None:
    done_turn = await here.say("c")
    failed = await here.ask("c")
    await failed.failed("unreachable", "no")
    running = await here.ask("c")
    turn = turn.format(done=done_turn, failed=failed.id, running=running.id)

    with pytest.raises(InvalidParams, match=f"^{field}:"):
        await here.store.edit(EditTurnParams(conversation="c", turn=turn, question=question_, answer=answer))


async def test_a_branch_goes_its_own_way(here: Talks) -> None:
    turn = await here.say("c", "one")
    await here.say("c", "two")
    branch = await here.store.branch(BranchConversationParams(conversation="c", turn=turn))
    id_ = branch.summary.id
    await here.say(id_, "other two")

    assert branch.summary.branched_from == "c"
    assert branch.turns == (await here.turns("c"))[:1]
    assert here.told[-1].id == id_
    assert [turn.messages for turn in await here.turns(id_, here.other())] == [
        list(question("one").messages),
        list(question("other two").messages),
    ]
    assert (await here.store.get(id_)).conversation().total.cost_usd == 0.5
    assert len(await here.turns("c")) == 2


async def test_a_branch_of_a_private_conversation_is_private(here: Talks) -> None:
    kept = await here.store.begin("c", None, private=True)
    turn = begin(kept)
    with pytest.raises(InvalidParams, match=r"^turn:"):
        await here.store.branch(BranchConversationParams(conversation="c", turn=turn.id))
    await turn.done(result("w"))

    branch = await here.store.branch(BranchConversationParams(conversation="c", turn=turn.id))

    assert branch.summary.private
    assert not here.folder.exists()
    assert sorted(await here.listed()) == sorted(["c", branch.summary.id])


async def test_a_conversation_is_exported(here: Talks) -> None:
    await here.say("c", "How does it end?")
    kept = await here.store.get("c")

    markdown = await here.store.export(ExportConversationParams(conversation="c", format="markdown"))
    json = await here.store.export(ExportConversationParams(conversation="c", format="json"))

    assert (markdown.name, json.name) == ("how-does-it-end.md", "how-does-it-end.json")
    assert msgspec.json.decode(json.text, type=type(kept.conversation())) == kept.conversation()


async def test_a_file_that_cannot_be_deleted_stays_and_is_told(here: Talks) -> None:
    turn = await here.ask("c")
    path = here.path("c")
    await (await here.store.get("c")).settle()
    path.unlink()
    path.mkdir()

    with pytest.raises(Failure) as refused:
        await here.store.delete("c")

    assert refused.value.kind == "misconfigured"
    assert here.deleted == []
    assert await here.listed() == ["c"]
    await turn.done(result("w"))


async def test_broken_journals_are_left_out_and_logged_once(here: Talks, caplog: pytest.LogCaptureFixture) -> None:
    await here.say("good")
    (here.folder / file_name("rubbish")).write_bytes(b"secret \xff\x00" * 1000)
    (here.folder / file_name("folder")).mkdir()
    (here.folder / file_name("later")).write_bytes(
        b"".join(lines([begun(), asked("a"), done("a")])).replace(b'"format":1', b'"format":2')
    )
    (here.folder / file_name("empty")).touch()
    (here.folder / "notes.txt").write_text("secret")
    if os.name != "nt":
        (here.folder / file_name("link")).symlink_to(here.path("good"))

    with caplog.at_level(logging.DEBUG):
        assert await here.listed() == ["good"]
        assert await here.listed(query="why") == ["good"]

    assert sum("rubbish" in record.message for record in caplog.records) == 1
    assert "secret" not in caplog.text
    with pytest.raises(InvalidParams, match="later version"):
        await here.store.begin("later", None, private=False)


async def test_a_broken_journal_can_be_begun_anew(here: Talks) -> None:
    here.folder.mkdir(parents=True)
    here.path("c").write_bytes(b"\xff\x00 torn")

    await here.say("c")

    assert [turn.state for turn in await here.turns(store=here.other())] == ["done"]


async def test_a_folder_that_is_none_is_no_end(here: Talks) -> None:
    here.folder.parent.mkdir()
    here.folder.write_text("in the way")

    await here.say("c")

    assert await here.listed() == ["c"]
    assert (await here.store.get("c")).problem


@pytest.mark.parametrize(
    ("age_days", "keep_days", "stays"), [(31, 30, False), (29, 30, True), (10_000, 0, True), (-10_000, 30, True)]
)
async def test_what_is_older_than_wanted_is_deleted(here: Talks, age_days: int, keep_days: int, *, stays: bool) -> None:
    await here.say("c")
    os.utime(here.path("c"), (here.now_s, here.now_s))
    here.now_s += age_days * DAY_S

    await here.store.expire(keep_days)

    assert here.path("c").exists() is stays
    assert here.deleted == ([] if stays else ["c"])


async def test_what_is_in_use_or_was_touched_does_not_expire(here: Talks) -> None:
    await here.say("touched")
    running = await here.ask("running")
    private = await here.store.begin("private", None, private=True)
    await begin(private).done(result("w"))
    await (await here.store.get("running")).settle()
    os.utime(here.path("running"), (here.now_s, here.now_s))
    os.utime(here.path("touched"), (here.now_s + 1000 * DAY_S, here.now_s + 1000 * DAY_S))
    here.now_s += 1000 * DAY_S

    await here.store.expire(1)

    assert sorted(await here.listed()) == ["private", "running", "touched"]
    await running.done(result("w"))


async def test_texts_beyond_what_memory_may_hold_are_found_all_the_same(here: Talks) -> None:
    for id_ in ("a", "b", "c"):
        await here.say(id_, f"question {id_}")
    index = Index(here.folder, most_letters=20)
    for _ in range(2):
        index.refresh()
        listed = [file.summary for file in index.listed.values() if file.summary is not None]

        assert [summary.id for summary in index.search(["b"], listed, {})] == ["b"]
        assert len(index.search(["question"], listed, {})) == 3


async def test_thousands_are_listed_from_memory_but_for_what_changed(here: Talks) -> None:
    here.folder.mkdir(parents=True)
    for number in range(1000):
        path = here.folder / file_name(f"c{number}")
        path.write_bytes(b"".join(lines([begun(), asked(f"a{number}"), done(f"a{number}")])))
    assert len(await here.listed()) == 1000
    (here.folder / file_name("c7")).unlink()
    await here.say("c8", "new words")

    assert len(await here.listed()) == 999
    assert await here.listed(query="new words") == ["c8"]
