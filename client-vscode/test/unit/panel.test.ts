import { expect, test } from "vitest";

import { announcement } from "../../src/common/announce";
import { foresee, isOvertaken, running, withStopped } from "../../src/common/foresee";
import { translator } from "../../src/common/l10n";
import { isRunning, type PanelEvent, type PanelState, reduce } from "../../src/common/panel";
import { lastRevision, revision } from "../../src/common/revise";
import { fileChip, runningTurn, stateOf, statusOf, summaryOf, turnOf } from "../webview/support/values";

const t = translator(undefined);

test("a delta grows its turn, and leaves the others the same objects", () => {
    const state = stateOf({ turns: [turnOf("t1"), runningTurn("t2")] });
    const after = reduce(state, { type: "delta", key: "key-t2", text: "Hel", reasoning: "Hm" });
    expect(after.turns[0]).toBe(state.turns[0]);
    expect(after.turns[1]).toMatchObject({ text: "Hel", reasoning: "Hm" });
});

test("a delta of a turn that is not shown changes nothing", () => {
    const state = stateOf({ turns: [turnOf("t1")] });
    expect(reduce(state, { type: "delta", key: "gone", text: "x" }).turns).toEqual(state.turns);
});

test("a turn that replaces another takes its place and that of those after it", () => {
    const state = stateOf({ turns: [turnOf("t1"), turnOf("t2"), turnOf("t3")] });
    const after = reduce(state, { type: "turn", turn: runningTurn("t4"), replaces: "t2" });
    expect(after.turns.map((turn) => turn.key)).toEqual(["key-t1", "key-t4"]);
});

test("a chip that is attached already is not attached twice", () => {
    const state = stateOf({ draft: { text: "", chips: [fileChip("a.py")], replaces: null } });
    const after = reduce(state, { type: "chips", chips: [fileChip("a.py"), fileChip("b.py")] });
    expect(after.draft.chips.map((chip) => chip.label)).toEqual(["a.py", "b.py"]);
});

test.each<PanelEvent>([
    { type: "suggestions", request: 1, suggestions: [] },
    { type: "theme", colours: {} },
    { type: "focus" },
])("$type leaves the state as it is", (event) => {
    const state = stateOf();
    expect(reduce(state, event)).toBe(state);
});

test("each part of the state has its event", () => {
    const status = statusOf("ready");
    const list = { open: true, query: "q", conversations: [], total: 0 };
    let state: PanelState = stateOf();
    state = reduce(state, { type: "status", status });
    state = reduce(state, { type: "list", list });
    state = reduce(state, { type: "private", private: true });
    state = reduce(state, { type: "model", model: null });
    state = reduce(state, { type: "daemon", daemon: { state: "stopped", problem: null } });
    state = reduce(state, { type: "conversation", conversation: summaryOf("c1"), total: null, context: null });
    expect(state).toMatchObject({ status, list, private: true, model: null, daemon: { state: "stopped" } });
    expect(state.conversation?.id).toBe("c1");
    expect(reduce(state, { type: "state", state: stateOf() })).toEqual(stateOf());
});

test("a stop is shown before the host has heard of it", () => {
    const state = stateOf({ turns: [turnOf("t1"), runningTurn("t2")] });
    const after = foresee(state, { type: "stop" });
    expect(isRunning(after)).toBe(false);
    expect(after.turns.map((turn) => turn.state)).toEqual(["done", "cancelled"]);
});

test("what a stopped turn still streams is overtaken, its end is not", () => {
    const state = stateOf({ turns: [runningTurn("t2")] });
    const stopping = new Set(running(state));
    expect(isOvertaken({ type: "delta", key: "key-t2", text: "x" }, stopping)).toBe(true);
    expect(isOvertaken({ type: "turn", turn: runningTurn("t2") }, stopping)).toBe(true);
    expect(isOvertaken({ type: "turn", turn: turnOf("t2", { state: "cancelled" }) }, stopping)).toBe(false);
    expect(isOvertaken({ type: "delta", key: "key-t3", text: "x" }, stopping)).toBe(false);
    expect(isRunning(withStopped(state, stopping))).toBe(false);
    expect(withStopped(state, new Set())).toBe(state);
});

test("rename and delete are shown at once, in the list too", () => {
    const list = { open: true, query: "", conversations: [summaryOf("c1"), summaryOf("c2")], total: 9 };
    const state = stateOf({ conversation: summaryOf("c1"), list });
    const renamed = foresee(state, { type: "rename", conversation: "c1", title: "New" });
    expect([renamed.conversation?.title, renamed.list.conversations[0]?.title]).toEqual(["New", "New"]);
    const deleted = foresee(state, { type: "delete", conversation: "c2" });
    expect([deleted.list.conversations.length, deleted.list.total]).toEqual([1, 8]);
});

test("what only the host can do is not foreseen", () => {
    const state = stateOf({ turns: [turnOf("t1")] });
    expect(foresee(state, { type: "newChat" })).toBe(state);
    expect(foresee(state, { type: "regenerate", turn: "t1" })).toBe(state);
});

test("a question taken up again has its text, its chips and its images", () => {
    const turn = turnOf("t1", {
        attachments: [fileChip("a.py")],
        messages: [
            { role: "system", content: "Be brief." },
            {
                role: "user",
                content: [
                    { type: "text", text: "What is this?" },
                    { type: "image", mediaType: "image/png", data: "AAAA" },
                ],
            },
        ],
    });
    const draft = revision(turn, t);
    expect(draft).toMatchObject({ text: "What is this?", replaces: "t1" });
    expect(draft?.chips.map((chip) => chip.label)).toEqual(["a.py", "Image"]);
});

test("a question that is being answered cannot be taken up; one that was refused keeps its place", () => {
    expect(lastRevision([turnOf("t1"), runningTurn("t2")], t)).toBeNull();
    expect(revision(turnOf("t1", { id: null }), t)?.replaces).toBe("key-t1");
    expect(lastRevision([], t)).toBeNull();
});

test.each([
    ["running", "done", "Answer complete"],
    ["running", "cancelled", "Stopped"],
    ["running", "cutOff", "The answer broke off"],
    ["running", "failed", "The question could not be answered"],
    ["done", "done", null],
] as const)("from %s to %s a screen reader hears %j", (from, to, sentence) => {
    const before = stateOf({ turns: [turnOf("t1", { state: from })] });
    const after = stateOf({ turns: [turnOf("t1", { state: to })] });
    expect(announcement(before, after, t)).toBe(sentence);
});

test("a new question is announced, an opened conversation is not", () => {
    const before = stateOf();
    expect(announcement(before, stateOf({ turns: [runningTurn("t1")] }), t)).toBe("The answer is being written");
    expect(announcement(before, stateOf({ turns: [turnOf("t1")] }), t)).toBeNull();
});

test("the daemon's end, attached files and what was found are announced", () => {
    const problem = { kind: "", message: "It crashed.", remedy: null };
    const before = stateOf();
    expect(announcement(before, { ...before, daemon: { state: "stopped", problem } }, t)).toBe("It crashed.");
    const draft = { ...before.draft, chips: [fileChip("a.py")] };
    expect(announcement(before, { ...before, draft }, t)).toBe("Attached: a.py");
    const list = { open: true, query: "q", conversations: [summaryOf("c1")], total: 1 };
    expect(announcement(before, { ...before, list }, t)).toBe("1 conversation");
});
