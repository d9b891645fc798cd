import { expect, test } from "vitest";

import { mentionAt, withoutMention } from "../../src/common/mention";

test.each([
    ["@", { start: 0, end: 1, query: "" }],
    ["look at @sse", { start: 8, end: 12, query: "sse" }],
    ["two\n@src/a.py", { start: 4, end: 13, query: "src/a.py" }],
    ["(@a", { start: 1, end: 3, query: "a" }],
    ["@été", { start: 0, end: 4, query: "été" }],
])("%j ends in a mention", (text, mention) => {
    expect(mentionAt(text, text.length)).toEqual(mention);
});

test.each(["", "ada@example.org", "@file done", "@a@b", `@${"x".repeat(300)}`])("%j ends in none", (text) => {
    expect(mentionAt(text, text.length)).toBeNull();
});

test("a mention reaches to the caret only", () => {
    expect(mentionAt("@parser", 3)).toEqual({ start: 0, end: 3, query: "pa" });
});

test.each([
    ["look at @sse now", 12, "look at now", 8],
    ["@sse", 4, "", 0],
    ["(@sse)", 5, "()", 1],
])("%j loses its mention and at most one space", (text, caret, rest, at) => {
    const mention = mentionAt(text, caret);
    expect(mention && withoutMention(text, mention)).toEqual({ text: rest, caret: at });
});
