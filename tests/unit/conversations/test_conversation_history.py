"""What the records of a conversation come to."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from passerelle.conversations.branch import branched
from passerelle.conversations.history import History
from passerelle.conversations.records import AnyRecord, Piece, TurnEnded, lines, read
from passerelle.conversations.summary import conversation_of, summary_of, total_of
from passerelle.conversations.texts import question_of
from passerelle.protocol.chat import ImagePart, TextPart, ToolCallDelta, UserMessage
from support.journals import NOON, asked, at, begun, cancelled, done, edited, failed, piece, result, titled

TURN: list[AnyRecord] = [begun(), asked("a"), done("a")]


def told(records: Sequence[AnyRecord]) -> list[str]:
    """Each turn as it stands: question, state, answer."""
    history = History(records)
    turns = conversation_of(summary_of("c", history), history).turns
    return [
        f"{question_of(turn.messages)} {turn.state} {turn.answer.message.content if turn.answer else '-'}"
        for turn in turns
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], []),
        (TURN, ["a done a!"]),
        ([begun(), asked("a")], ["a cutOff -"]),
        ([begun(), asked("a"), piece("a", "x"), piece("a", "y")], ["a cutOff xy"]),
        ([begun(), asked("a"), piece("a", "xy"), done("a", "whole")], ["a done whole"]),
        ([begun(), asked("a"), piece("a", "xy"), cancelled("a")], ["a cancelled xy"]),
        ([begun(), asked("a"), cancelled("a")], ["a cancelled -"]),
        ([begun(), asked("a"), failed("a")], ["a failed -"]),
        ([begun(), asked("a"), piece("a", "xy"), failed("a")], ["a failed xy"]),
        ([*TURN, done("a", "second end")], ["a done a!"]),
        ([*TURN, asked("b"), done("b")], ["a done a!", "b done b!"]),
        ([*TURN, asked("b"), done("b"), asked("c", replaces="b")], ["a done a!", "c cutOff -"]),
        ([*TURN, asked("b"), done("b"), asked("c", replaces="a"), done("c")], ["c done c!"]),
        ([*TURN, asked("b", replaces="nobody")], ["a done a!", "b cutOff -"]),
        ([*TURN, asked("a", "the same id")], ["a done a!"]),
        ([*TURN, edited("a", question="q")], ["q done a!"]),
        ([*TURN, edited("a", answer="w")], ["a done w"]),
        ([*TURN, edited("a", "q", "w"), edited("a", "r")], ["r done w"]),
        ([begun(), asked("a"), piece("a", "xy"), edited("a", answer="w")], ["a cutOff w"]),
        ([*TURN, edited("nobody", "q", "w"), piece("nobody", "x"), done("nobody")], ["a done a!"]),
        # Two daemons, one journal.
        (
            [begun(), asked("a"), asked("b"), piece("a", "1"), piece("b", "2"), piece("a", "3")],
            ["a cutOff 13", "b cutOff 2"],
        ),
        ([begun(), begun(workspace_folder="file:///x"), asked("a")], ["a cutOff -"]),
        # Its first line was lost.
        ([asked("a"), done("a")], ["a done a!"]),
    ],
)
def test_records_come_to_turns(records: list[AnyRecord], expected: list[str]) -> None:
    assert told(records) == expected
    assert told(list(read(lines(records)))) == expected


def test_a_turn_is_running_only_where_it_is_answered() -> None:
    history = History([begun(), asked("a"), piece("a", "x")])

    here = conversation_of(summary_of("c", history, running="a"), history, running="a")
    elsewhere = conversation_of(summary_of("c", history), history)

    assert (here.summary.running, here.turns[0].state) == (True, "running")
    assert (elsewhere.summary.running, elsewhere.turns[0].state) == (False, "cutOff")
    answer = elsewhere.turns[0].answer
    assert answer
    assert (answer.finish, answer.message.content, bool(answer.problem)) == ("cutOff", "x", True)


def test_pieces_of_a_tool_call_are_put_together() -> None:
    calls = [
        ToolCallDelta(index=0, id="1", name="read"),
        ToolCallDelta(index=0, arguments='{"a":'),
        ToolCallDelta(index=1, id="2", name="list", arguments="{}"),
        ToolCallDelta(index=0, arguments="1}"),
    ]
    records: list[AnyRecord] = [begun(), asked("a"), *(Piece(turn="a", call=call) for call in calls)]

    for history in (History(records), History(read(lines(records)))):
        answer = history.turns[0].answer()
        assert answer
        assert answer.message.tool_calls
        assert [(call.id, call.name, call.arguments) for call in answer.message.tool_calls] == [
            ("1", "read", '{"a":1}'),
            ("2", "list", "{}"),
        ]


def test_pieces_in_a_row_become_one_line() -> None:
    pieces = [piece("a", "x"), piece("a", "y"), Piece(turn="a", reasoning="r"), piece("a", "z"), piece("b", "z")]

    assert [line.count(b'"piece"') for line in lines(pieces)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ([], "How does the parser end?"),
        ([titled("By a model", by_person=False)], "By a model"),
        ([titled("Mine", by_person=True), titled("By a model", by_person=False)], "Mine"),
        ([titled("By a model", by_person=False), titled("Mine", by_person=True)], "Mine"),
        ([titled("Mine", by_person=True), titled("Better", by_person=True)], "Better"),
    ],
)
def test_a_persons_title_stands(titles: list[AnyRecord], expected: str) -> None:
    history = History([begun(), asked("a", "How does the parser end?"), done("a"), *titles])

    assert summary_of("c", history).title == expected


def test_the_summary_tells_the_last_of_it() -> None:
    history = History(
        [begun(workspace_folder="file:///p"), asked("a"), done("a"), asked("b", seconds=9), cancelled("b")]
    )

    summary = summary_of("c", history, problem="No space.")

    assert (summary.created_at, summary.changed_at) == (NOON, at(2))
    assert (summary.turns, summary.last_turn, summary.workspace_folder) == (2, "b", "file:///p")
    assert (summary.model, summary.cost_usd, summary.problem) == (result("").model, 0.5, "No space.")


def test_the_total_counts_what_was_replaced_too_and_what_nobody_knows() -> None:
    history = History(
        [
            *TURN,
            asked("b", replaces="a"),
            done("b", answer=result("b", usd=0.25, source="estimate")),
            asked("c"),
            piece("c", "cut off"),
            asked("d"),
            failed("d"),
            asked("e"),
            cancelled("e"),
            asked("f"),
            piece("f", "running"),
        ]
    )

    total = total_of(history, running="f")

    assert (total.input_tokens, total.output_tokens, total.cached_tokens) == (200, 20, 100)
    assert (total.cost_usd, total.estimated_usd, total.unknown) == (0.5, 0.25, 1)
    assert summary_of("c", history, running="f").cost_usd == 0.75


def test_a_new_question_keeps_images_and_what_was_attached() -> None:
    image = ImagePart(media_type="image/png", data="iVBORw0KGgo=")
    messages = [UserMessage(content=[TextPart(text="old"), image, TextPart(text="older")])]
    attached = UserMessage(content="a.py\n```\nx\n```")
    turn = replace(asked("a"), messages=messages, sent=[attached, *messages])

    history = History([begun(), turn, done("a"), edited("a", question="new")])

    assert history.turns[0].messages == [UserMessage(content=[TextPart(text="new"), image])]
    assert history.turns[0].sent == [attached, *history.turns[0].messages]


def test_a_branch_has_the_turns_as_they_are_and_costs_nothing_yet() -> None:
    source = History(
        [
            *TURN,
            edited("a", "q", "w"),
            asked("b"),
            piece("b", "cut"),
            asked("c"),
            done("c"),
            titled("T", by_person=False),
        ]
    )

    branch = History(branched(source, source.turns[1], at=at(50), of="source"))

    summary = summary_of("branch", branch)
    assert [turn.shown(is_running=False) for turn in branch.turns] == [
        turn.shown(is_running=False) for turn in source.turns[:2]
    ]
    assert (summary.title, summary.branched_from) == ("T", "source")
    assert (summary.created_at, summary.changed_at) == (at(50), at(50))
    assert (summary.cost_usd, total_of(branch).unknown, total_of(branch).input_tokens) == (None, 0, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ask", "replace", "edit", "branch"]), st.integers(0, 5)), max_size=20))
def test_any_order_of_asking_replacing_editing_and_branching_reads_back(steps: list[tuple[str, int]]) -> None:
    records: list[AnyRecord] = [begun()]
    stand: list[tuple[str, str, str]] = []
    for number, (step, choice) in enumerate(steps):
        at_ = choice % len(stand) if stand else 0
        id_ = f"t{number}"
        if step == "ask" or not stand:
            records += [asked(id_), done(id_)]
            stand.append((id_, id_, f"{id_}!"))
        elif step == "replace":
            records += [asked(id_, replaces=stand[at_][0]), done(id_)]
            stand[at_:] = [(id_, id_, f"{id_}!")]
        elif step == "edit":
            records.append(edited(stand[at_][0], f"q{number}", f"w{number}"))
            stand[at_] = (stand[at_][0], f"q{number}", f"w{number}")
        else:
            history = History(read(lines(records)))
            records = branched(history, history.turns[at_], at=NOON, of="source")
            del stand[at_ + 1 :]

    history = History(read(lines(records)))

    assert [
        (turn.begun.id, question_of(turn.messages), answer.message.content)
        for turn in history.turns
        if (answer := turn.answer())
    ] == stand


def test_records_show_nothing_of_what_was_written() -> None:
    secret = asked("a", "a secret question")
    assert "secret" not in repr([secret, done("a", "a secret answer"), titled("secret", by_person=True)])


def test_a_turn_of_an_ill_state_is_left_out() -> None:
    line = lines([TurnEnded(turn="a", at=NOON, state="done")])[0].replace(b'"done"', b'"unheard"')
    later = b'{"record":"invented","turn":"a"}\n'

    assert list(read([line, later, b"\xff\x00\n", b"[" * 100_000, b"null\n", b"\n"])) == []
