import { expect, test } from "vitest";

import { excludeGlob, rankFiles, type NamedFile } from "../../src/common/namedFiles";

function files(...paths: string[]): NamedFile[] {
    return paths.map((path) => ({ uri: `file:///w/${path}`, path, isOpen: false }));
}

test.each([
    ["the beginning of a name before its middle", "main", ["src/domain.ts", "src/main.ts"], "src/main.ts"],
    ["the name before the folders", "panel", ["panel/html.ts", "src/panel.ts"], "src/panel.ts"],
    ["letters together before scattered ones", "talk", ["test/all/k.ts", "src/talk.ts"], "src/talk.ts"],
    [
        "beginnings of words before letters inside",
        "cc",
        ["src/accuracy.ts", "src/colourChooser.ts"],
        "src/colourChooser.ts",
    ],
    ["capitals and small letters are the same", "README", ["docs/readme.md", "src/rename.ts"], "docs/readme.md"],
    ["a path with folders", "web/app", ["src/app.ts", "src/webview/app.ts"], "src/webview/app.ts"],
    ["a path of Windows", "src\\app", ["src/app.ts", "app.ts"], "src/app.ts"],
    ["the shorter of equals", "a.ts", ["some/folder/a.ts", "a.ts"], "a.ts"],
])("best first: %s", (_, query, paths, best) => {
    expect(rankFiles(query, files(...paths), 20)[0]?.path).toBe(best);
});

test("what lacks a letter, or has them in another order, is not meant", () => {
    expect(rankFiles("ba", files("ab.ts", "a/c.ts"), 20)).toEqual([]);
});

test("open files come first among equals, and before all else where nothing is typed", () => {
    const [a, b] = files("a/x.ts", "b/x.ts");
    const open = { ...b!, isOpen: true };
    expect(rankFiles("x", [a!, open], 20)[0]).toBe(open);
    expect(rankFiles("", [a!, open], 20)[0]).toBe(open);
});

test("no more than asked for", () => {
    expect(rankFiles("t", files("a.ts", "b.ts", "c.ts"), 2)).toHaveLength(2);
});

test.each([
    ["nothing", [{}], null],
    ["a setting that is not there", [undefined], null],
    ["one pattern", [{ "**/node_modules": true }], "**/node_modules"],
    ["what is switched off, or depends on a sibling", [{ "**/a": false, "**/*.js": { when: "$(basename).ts" } }], null],
    ["several, each once", [{ a: true, b: true }, { b: true }], "{a,b}"],
    ["braces inside", [{ "*.{a,b}": true, c: true }], "{*.a,*.b,c}"],
])("one glob for %s", (_, settings, expected) => {
    expect(excludeGlob(...(settings as Record<string, unknown>[]))).toBe(expected);
});
