import { expect, test } from "vitest";

import { customised, findTheme, includeOf, parseTheme, tokenColours } from "../../src/common/theme";

function theme(...rules: [scope: unknown, foreground: unknown][]): unknown {
    return { tokenColors: rules.map(([scope, foreground]) => ({ scope, settings: { foreground } })) };
}

test.each([
    ["the scope itself", [theme(["comment", "#111111"])], "comment", "#111111"],
    ["one that it begins with", [theme(["constant", "#111111"])], "number", "#111111"],
    ["the longest of several", [theme(["keyword.control", "#222222"], ["keyword", "#111111"])], "keyword", "#222222"],
    ["of equals the last", [theme(["string", "#111111"], ["string", "#222222"])], "string", "#222222"],
    ["a layer above", [theme(["comment", "#111111"]), theme(["comment", "#222222"])], "comment", "#222222"],
    ["a list of scopes", [theme([["string", "comment"], "#111111"])], "comment", "#111111"],
    ["scopes with commas", [theme(["string, comment", "#111111"])], "comment", "#111111"],
    ["a longer word is another scope", [theme(["comments", "#111111"])], "comment", undefined],
    ["a place inside another is none", [theme(["source.css comment", "#111111"])], "comment", undefined],
])("a token's colour: %s", (_, themes, token, expected) => {
    expect(tokenColours(themes)[`--pass-token-${token}`]).toBe(expected);
});

test.each([["red"], ["#12345"], ["#fff; background: url(x)"], ["var(--x)"], [5], [null]])(
    "what is no colour goes nowhere: %j",
    (foreground) => {
        expect(tokenColours([theme(["comment", foreground])])).toEqual({});
    },
);

test.each([
    [null],
    ["text"],
    [{}],
    [{ tokenColors: "./x.tmTheme" }],
    [{ tokenColors: [null, 5, { scope: "comment" }] }],
])("what is no theme has no colours: %j", (broken) => {
    expect(tokenColours([broken])).toEqual({});
});

test("the person's own colours lie over the theme, those for one theme over those for all", () => {
    const own = {
        comments: "#222222",
        strings: { foreground: "#333333" },
        textMateRules: [{ scope: "entity.name.tag", settings: { foreground: "#444444" } }],
        "[Mine]": { comments: "#555555" },
        "[Other]": { strings: "#666666" },
    };
    const colours = tokenColours([theme(["comment", "#111111"]), customised(own, "Mine")]);
    expect(colours).toMatchObject({
        "--pass-token-comment": "#555555",
        "--pass-token-string": "#333333",
        "--pass-token-tag": "#444444",
    });
});

test("a theme's file has comments and trailing commas, and strings that look like them", () => {
    const text = `\uFEFF{ // a line
        /* a block, */ "a": "// no comment, ]", "b": [1, 2, /* last */ ],
        "c": "\\"//\\"",
    }`;
    expect(parseTheme(text)).toEqual({ a: "// no comment, ]", b: [1, 2], c: '"//"' });
});

test("a file that is no theme is a SyntaxError", () => {
    expect(() => parseTheme("{")).toThrow(SyntaxError);
});

test.each([
    [{ include: "./base.json" }, "./base.json"],
    [{}, null],
    [{ include: 5 }, null],
    ["text", null],
])("what a theme is laid over: %j", (given, expected) => {
    expect(includeOf(given)).toBe(expected);
});

test("a theme is found by its id before any label", () => {
    const themes = [{ label: "Dark" }, { id: "Dark", label: "%dark%" }];
    expect(findTheme("Dark", themes)).toBe(themes[1]);
    expect(findTheme("%dark%", themes)).toBe(themes[1]);
    expect(findTheme("Light", themes)).toBeNull();
});
