import { expect, test } from "vitest";

import { imageChip } from "../../src/common/chips";
import { EMPTY_DRAFT, reduce, FIRST_STATE, type Chip, type Draft, type PanelTurn } from "../../src/common/panel";
import * as talk from "../../src/common/talk";
import { conversation, result, summary, turn } from "./support/fakeLink";

const picture = { type: "image", mediaType: "image/png", data: "AAAA" } as const;
const image = imageChip(picture, "a.png");
const file: Chip = {
    type: "attachment",
    key: "f",
    label: "a.py",
    detail: "a.py",
    attachment: { kind: "file", uri: "file:///a.py" },
};

const words: talk.Words = {
    t: (message) => message,
    problemOf: ({ kind, message }) => ({ kind, message, remedy: null }),
    pathOf: (uri) => uri,
};

test.each<[string, Partial<Draft>, unknown]>([
    ["text", { text: " Hi \n" }, { messages: [{ role: "user", content: "Hi" }], attachments: [] }],
    ["text with a file", { text: "Hi", chips: [file] }, { attachments: [file] }],
    [
        "text with an image",
        { text: "Hi", chips: [image, file] },
        { messages: [{ content: [{ type: "text", text: "Hi" }, { type: "image" }] }], attachments: [file] },
    ],
    ["an image alone", { chips: [image] }, { messages: [{ content: [{ type: "image" }] }] }],
    ["a file alone", { chips: [file] }, { messages: [{ content: "" }], attachments: [file] }],
])("a draft asks: %s", (_, draft, expected) => {
    expect(talk.questionOf({ ...EMPTY_DRAFT, ...draft })).toMatchObject(expected as object);
});

test("a draft of spaces asks nothing", () => {
    expect(talk.questionOf({ ...EMPTY_DRAFT, text: " \n" })).toBeNull();
});

test.each([
    [
        "what a gateway charged",
        { usd: 0.25, source: "gateway" as const },
        { costUsd: 1.25, estimatedUsd: 2, unknown: 3 },
    ],
    ["an estimate", { usd: 0.25, source: "estimate" as const }, { costUsd: 1, estimatedUsd: 2.25, unknown: 3 }],
    ["what nobody knows", { usd: null, source: "unknown" as const }, { costUsd: 1, estimatedUsd: 2, unknown: 4 }],
])("the total grows by %s", (_, cost, expected) => {
    const before = { inputTokens: 1, outputTokens: 1, cachedTokens: 1, costUsd: 1, estimatedUsd: 2, unknown: 3 };
    expect(talk.totalWith(before, result("", { cost }))).toEqual({
        inputTokens: 11,
        outputTokens: 3,
        cachedTokens: 5,
        ...expected,
    });
});

test("what the prompt cache took off is added up as far as it is known", () => {
    const cost = { usd: 1, source: "gateway", savedUsd: 0.5 } as const;
    const first = talk.totalWith(null, result("", { cost }));
    expect(talk.totalWith(first, result("", { cost: { usd: 1, source: "gateway" } })).savedUsd).toBe(0.5);
    expect(talk.totalWith(first, result("", { cost: { ...cost, savedUsd: -0.2 } })).savedUsd).toBeCloseTo(0.3);
});

test("an answer without figures leaves the tokens as they were", () => {
    const total = talk.totalWith(null, result("", { usage: null, cost: { usd: null, source: "unknown" } }));
    expect(total).toEqual({
        inputTokens: 0,
        outputTokens: 0,
        cachedTokens: 0,
        costUsd: 0,
        estimatedUsd: 0,
        unknown: 1,
    });
});

test("the context is that of the last answer that told it", () => {
    const context = { usedTokens: 5, windowTokens: null };
    const turns = [shown("a", { result: result("", { context }) }), shown("b", { result: result("") }), shown("c")];
    expect(talk.contextOf(turns)).toEqual(context);
    expect(talk.contextOf([])).toBeNull();
});

test("a stored failure and a stored break have their cards, a stop has none", () => {
    const told = conversation([
        turn("t1", { state: "failed", failure: { kind: "timedOut", message: "Too late." } }),
        turn("t2", { state: "cutOff", answer: result("half", { problem: "It broke." }) }),
        turn("t3", { state: "cutOff" }),
        turn("t4", { state: "cancelled" }),
    ]);
    const problems = talk.turnsOf(told, [], words).map(({ problem }) => problem);
    expect(problems).toEqual([
        { kind: "timedOut", message: "Too late.", remedy: null },
        { kind: "streamBroken", message: "It broke.", remedy: { do: "goOn" } },
        { kind: "streamBroken", message: "The answer broke off. What had come is kept.", remedy: { do: "goOn" } },
        null,
    ]);
});

test("a turn keeps its key when the daemon tells of it, so that the page keeps its place", () => {
    const [told] = talk.turnsOf(conversation([turn("t1")]), [shown("mine", { id: "t1" })], words);
    expect(told?.key).toBe("mine");
});

test("what the daemon does not have stays where it was", () => {
    const mine = [shown("before"), shown("known", { id: "t1" }), shown("after", { state: "failed" })];
    const turns = talk.turnsOf(conversation([turn("t1"), turn("t2")]), mine, words);
    expect(turns.map(({ key }) => key)).toEqual(["before", "known", "c1/t2", "after"]);
});

test("turns that only grew are told one by one, others take the whole state", () => {
    const before = [shown("a"), shown("b")];
    const after = [before[0]!, shown("b", { text: "more" }), shown("c")];
    const events = talk.turnEvents(before, after) ?? [];
    expect(events.map((event) => event.type === "turn" && event.turn.key)).toEqual(["b", "c"]);
    expect(events.reduce(reduce, { ...FIRST_STATE, turns: before }).turns).toEqual(after);

    expect(talk.turnEvents(before, [shown("b")])).toBeNull();
});

test("a new conversation is called by the first line of its question until it has a title", () => {
    const asked = talk.asked("k", "2026-11-20T10:00:00Z", {
        messages: [{ role: "user", content: [{ type: "text", text: "First line\nsecond" }, picture] }],
        attachments: [],
    });
    const begun = talk.begun("c1", asked, { workspaceFolder: null, private: true });
    expect(begun).toMatchObject({ id: "c1", title: "First line", private: true, running: true });
});

test("a turn is found by the daemon's id before any key", () => {
    const turns = [shown("t2"), shown("k", { id: "t2" })];
    expect(talk.findTurn(turns, "t2")?.key).toBe("k");
    expect(talk.findTurn(turns, "k")?.id).toBe("t2");
    expect(talk.findTurn(turns, "x")).toBeNull();
});

test("conversations of several folders come newest first, each once", () => {
    const old = summary({ id: "old", changedAt: "2026-11-20T10:00:00Z" });
    const recent = summary({ id: "new", changedAt: "2026-11-20T11:00:00+00:00" });
    expect(talk.newestFirst([old, recent, old]).map(({ id }) => id)).toEqual(["new", "old"]);
});

function shown(key: string, given: Partial<PanelTurn> = {}): PanelTurn {
    const question = { messages: [{ role: "user" as const, content: key }], attachments: [] };
    return { ...talk.asked(key, "2026-11-20T10:00:00Z", question), state: "done", ...given };
}
