import { expect, test } from "vitest";

import { edited, targetOf } from "../../src/common/applying";
import type { PanelTurn } from "../../src/common/panel";
import type { TextEdit } from "../../src/protocol";

function edit(from: [number, number], to: [number, number], newText: string): TextEdit {
    return {
        range: { start: { line: from[0], character: from[1] }, end: { line: to[0], character: to[1] } },
        newText,
    };
}

test.each([
    ["nothing", "abc", [], "abc"],
    ["a word", "one two", [edit([0, 4], [0, 7], "three")], "one three"],
    ["whole lines", "a\nb\nc\n", [edit([1, 0], [2, 0], "B\nB\n")], "a\nB\nB\nc\n"],
    ["several places", "a\nb\nc", [edit([0, 0], [0, 1], "A"), edit([2, 0], [2, 1], "C")], "A\nb\nC"],
    ["line ends of Windows", "a\r\nb\r\n", [edit([1, 0], [1, 1], "B")], "a\r\nB\r\n"],
    ["at the very end", "a\n", [edit([1, 0], [1, 0], "b\n")], "a\nb\n"],
    ["past the end of a line and of the text", "a\nb", [edit([0, 99], [9, 0], "!")], "a!"],
    ["an empty text", "", [edit([0, 0], [0, 0], "a")], "a"],
    ["beyond the basic plane, in UTF-16", "😀b", [edit([0, 2], [0, 3], "c")], "😀c"],
])("edits make the text: %s", (_, text, edits, expected) => {
    expect(edited(text, edits)).toBe(expected);
});

test("edits that overlap are refused", () => {
    expect(() => edited("abc", [edit([0, 0], [0, 2], "x"), edit([0, 1], [0, 3], "y")])).toThrow(RangeError);
});

function turnAbout(...uris: string[]): PanelTurn {
    const attachments = uris.map((uri) => ({
        type: "attachment" as const,
        key: uri,
        label: uri,
        detail: uri,
        attachment: { kind: "file" as const, uri },
    }));
    return { key: "k", id: "t1", at: "", messages: [], attachments, state: "done", text: "", reasoning: "" } as never;
}

test.each([
    ["the editor, where the question named no file", "a", turnAbout(), "a"],
    ["the editor, where it is one of those named", "a", turnAbout("b", "a"), "a"],
    ["the one named, where the editor has another", "a", turnAbout("b"), "b"],
    ["the one named, without an editor", null, turnAbout("b"), "b"],
    ["the one named twice, by file and diagnostics", null, turnAbout("b", "b"), "b"],
    ["a question to the person, where several were named", null, turnAbout("b", "c"), null],
    ["a question to the person, where the editor is none of several", "a", turnAbout("b", "c"), null],
    ["a question to the person, where there is nothing", null, turnAbout(), null],
    ["the editor, where the turn is gone", "a", null, "a"],
])("a block is for %s", (_, editor, turn, expected) => {
    expect(targetOf({ editor, turn })).toBe(expected);
});
