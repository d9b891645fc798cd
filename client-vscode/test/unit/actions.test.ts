import { describe, expect, test } from "vitest";

import { decodeAction, decodeDraft } from "../../src/common/actions";
import type { PanelAction } from "../../src/common/panel";

const attachment = {
    kind: "file",
    uri: "file:///a.py",
    range: { start: { line: 0, character: 0 }, end: { line: 1, character: 2 } },
} as const;
const problems = {
    kind: "diagnostics",
    uri: "file:///a.py",
    items: [{ range: attachment.range, message: "no", severity: 1, source: "ruff" }],
} as const;
const file = { type: "attachment", key: "k", label: "l", detail: "d", attachment } as const;
const draft = {
    text: "Hi",
    chips: [
        file,
        { ...file, attachment: { ...problems, items: [...problems.items] } },
        { ...file, attachment: { kind: "diagnostics" as const, uri: "file:///b.py" } },
        {
            type: "image" as const,
            key: "i",
            label: "l",
            detail: "d",
            part: { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" },
        },
    ],
    replaces: null,
};

const ACTIONS: PanelAction[] = [
    { type: "ready" },
    { type: "send", draft },
    { type: "stop" },
    { type: "regenerate", turn: "t1" },
    { type: "retry", turn: "t1" },
    { type: "goOn" },
    { type: "newChat" },
    { type: "setPrivate", private: true },
    { type: "draft", draft: { ...draft, replaces: "t1" } },
    { type: "list", open: true, query: "" },
    { type: "open", conversation: "c1" },
    { type: "rename", conversation: "c1", title: "A" },
    { type: "delete", conversation: "c1" },
    { type: "branch", turn: "t1" },
    { type: "export", conversation: "c1", format: "json" },
    { type: "chooseModel" },
    { type: "attach", what: "openFiles" },
    { type: "dropped", uris: ["file:///a.py"] },
    { type: "suggest", request: 3, query: "a" },
    { type: "copy", text: "x" },
    { type: "insert", code: "x" },
    { type: "apply", code: "x", language: "python", turn: null },
    { type: "openChip", chip: file },
    { type: "openLink", href: "https://example.com" },
    { type: "remedy", remedy: { do: "retry", retryAt: null }, turn: "t1" },
    { type: "remedy", remedy: { do: "retry", retryAt: 5 }, turn: null },
    { type: "remedy", remedy: { do: "setKey" }, turn: null },
    { type: "remedy", remedy: { do: "sendAnyway" }, turn: "t1" },
    { type: "remedy", remedy: { do: "allowOnce", budget: "budgets.0" }, turn: "t1" },
    { type: "remedy", remedy: { do: "openBudget", path: "/home/ada/config.toml", line: 12 }, turn: "t1" },
    { type: "remedy", remedy: { do: "topUp", url: "https://vercel.com/" }, turn: "t1" },
    { type: "showUsage" },
];

test.each(ACTIONS)("what the page may ask comes through as it was: $type", (action) => {
    expect(decodeAction(JSON.parse(JSON.stringify(action)))).toEqual(action);
});

test.each([
    ["nothing", null],
    ["text", "ready"],
    ["a list", [{ type: "ready" }]],
    ["no type", {}],
    ["an unknown type", { type: "execute" }],
    ["a type that every object has", { type: "constructor" }],
    ["a missing field", { type: "open" }],
    ["a field of another type", { type: "open", conversation: 5 }],
    ["null for what is not nullable", { type: "copy", text: null }],
    ["a choice that is none", { type: "attach", what: "everything" }],
    ["a budget without its key", { type: "remedy", remedy: { do: "allowOnce" }, turn: null }],
    ["a remedy that is none", { type: "remedy", remedy: { do: "format" }, turn: null }],
    ["a chip of no type", { type: "openChip", chip: { key: "k", label: "l", detail: "d" } }],
    ["a range that counts from below 0", { type: "openChip", chip: withRange(-1) }],
    ["a range of broken numbers", { type: "openChip", chip: withRange(0.5) }],
    ["an image that is a document", { type: "send", draft: withImage("text/html", "aGk=") }],
    ["an image that is no Base64", { type: "send", draft: withImage("image/png", "<svg>") }],
    ["a list with one wrong item", { type: "dropped", uris: ["file:///a", 5] }],
])("what it may not ask is refused: %s", (_, action) => {
    expect(decodeAction(action)).toBeNull();
});

test("fields that nobody knows are dropped, deep down too", () => {
    const action = { type: "openChip", extra: 1, chip: { ...file, command: "x", attachment: { ...attachment, y: 2 } } };
    expect(decodeAction(action)).toEqual({ type: "openChip", chip: file });
});

describe("a kept draft", () => {
    test("is read as it was", () => {
        expect(decodeDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    });

    test.each([[undefined], ["text"], [{ text: "Hi" }]])("of an older or broken store is none: %j", (kept) => {
        expect(decodeDraft(kept)).toBeNull();
    });
});

function withRange(line: number): object {
    const range = { start: { line, character: 0 }, end: { line: 1, character: 0 } };
    return { ...file, attachment: { kind: "file", uri: "file:///a.py", range } };
}

function withImage(mediaType: string, data: string): object {
    const part = { type: "image", mediaType, data };
    return { text: "", chips: [{ type: "image", key: "k", label: "l", detail: "d", part }], replaces: null };
}
