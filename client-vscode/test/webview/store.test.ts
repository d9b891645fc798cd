import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { EMPTY_DRAFT, type PanelAction, type PanelState } from "../../src/common/panel";
import { Store } from "../../src/webview/main-store";
import { imageChip, runningTurn, stateOf, turnOf } from "./support/values";

let posted: PanelAction[];
let frames: (() => void)[];
let states: PanelState[];
let store: Store;

beforeEach(() => {
    vi.useFakeTimers();
    posted = [];
    frames = [];
    states = [];
    store = new Store({
        post: (action) => posted.push(action),
        nextFrame: (draw) => frames.push(draw),
        changed: (_before, after) => states.push(after),
    });
    store.receive({ type: "state", state: stateOf({ turns: [runningTurn("t1")] }) });
    states = [];
});

afterEach(() => {
    vi.useRealTimers();
});

const delta = (text: string): void => {
    store.receive({ type: "delta", key: "key-t1", text });
};
const draw = (): void => {
    for (const frame of frames.splice(0)) frame();
};
const written = (text: string): PanelAction => ({ type: "draft", draft: { ...EMPTY_DRAFT, text } });

test("many deltas are one state for one frame, and no word is lost", () => {
    for (const word of ["a", "b", "c"]) delta(word);
    expect([states.length, frames.length]).toEqual([0, 1]);
    draw();
    expect(states.map((state) => state.turns[0]?.text)).toEqual(["abc"]);
});

test("any other event comes after the deltas that were before it", () => {
    delta("a");
    store.receive({ type: "turn", turn: turnOf("t1", { key: "key-t1", text: "ab" }) });
    expect(states.at(-1)?.turns[0]?.text).toBe("ab");
    draw();
    expect(states.at(-1)?.turns[0]?.text).toBe("ab");
});

test("a stop is seen at once, and what still streams does not undo it", () => {
    store.act({ type: "stop" });
    expect(store.state.turns[0]?.state).toBe("cancelled");
    delta("more");
    draw();
    store.receive({ type: "turn", turn: runningTurn("t1") });
    expect(store.state.turns[0]).toMatchObject({ state: "cancelled", text: "" });
    store.receive({ type: "turn", turn: turnOf("t1", { key: "key-t1", state: "cancelled", text: "more" }) });
    expect(store.state.turns[0]?.text).toBe("more");
    expect(posted).toEqual([{ type: "stop" }]);
});

test("the same question asked again under its key runs, though it was stopped before", () => {
    store.act({ type: "stop" });
    store.receive({ type: "state", state: stateOf({ turns: [turnOf("t1", { state: "cancelled" })] }) });
    store.receive({ type: "turn", turn: runningTurn("t1") });
    expect(store.state.turns[0]?.state).toBe("running");
});

test("a draft is sent with each letter, once, and later where it has images", () => {
    store.act(written("a"));
    store.act(written("ab"));
    expect(posted).toEqual([written("a"), written("ab")]);
    vi.runAllTimers();
    expect(posted).toHaveLength(2);
    store.act({ type: "draft", draft: { ...EMPTY_DRAFT, chips: [imageChip("a.png")] } });
    vi.advanceTimersByTime(500);
    expect(posted).toHaveLength(2);
    vi.advanceTimersByTime(500);
    expect(posted).toHaveLength(3);
});

test("a draft with an image goes before what is asked after it, and not at all once it was sent as a question", () => {
    const pictured: PanelAction = { type: "draft", draft: { ...EMPTY_DRAFT, chips: [imageChip("a.png")] } };
    store.act(pictured);
    store.act({ type: "attach", what: "file" });
    expect(posted.map((action) => action.type)).toEqual(["draft", "attach"]);
    store.act(pictured);
    store.act({ type: "send", draft: { ...EMPTY_DRAFT, text: "ab" } });
    vi.runAllTimers();
    expect(posted.map((action) => action.type)).toEqual(["draft", "attach", "send"]);
    expect(store.state.draft).toEqual(EMPTY_DRAFT);
});

test("flush sends a waiting draft at once, and nothing where none waits", () => {
    const draft = { ...EMPTY_DRAFT, chips: [imageChip("a.png")] };
    store.flush();
    store.act({ type: "draft", draft });
    store.flush();
    store.flush();
    expect(posted).toEqual([{ type: "draft", draft }]);
});

test("a whole state does not take back words that it may not know yet, a draft of the host does", () => {
    store.act(written("mine"));
    store.receive({ type: "state", state: stateOf() });
    expect(store.state.draft.text).toBe("mine");
    store.receive({ type: "draft", draft: { ...EMPTY_DRAFT, text: "given" } });
    vi.runAllTimers();
    expect([store.state.draft.text, posted]).toEqual(["given", [written("mine")]]);
});

test("what was being written is put aside for an edit, and comes back when that is given up or sent", () => {
    store.act(written("new idea"));
    store.revise({ text: "old", chips: [], replaces: "t0" });
    expect(store.state.draft.replaces).toBe("t0");
    store.revise(null);
    expect(store.state.draft).toEqual({ ...EMPTY_DRAFT, text: "new idea" });
    store.revise({ text: "old", chips: [], replaces: "t0" });
    store.act({ type: "send", draft: { text: "old!", chips: [], replaces: "t0" } });
    store.receive({ type: "turn", turn: runningTurn("t9") });
    expect(store.state.draft).toEqual({ ...EMPTY_DRAFT, text: "new idea" });
});

test("an edit with nothing put aside ends in an empty composer", () => {
    store.revise({ text: "old", chips: [], replaces: "t0" });
    store.revise(null);
    expect(store.state.draft).toEqual(EMPTY_DRAFT);
});
