import { expect, test } from "vitest";

import { creditsPage, parseLink } from "../../src/common/links";

test.each([
    ["https://example.com/a?b#c", { to: "web", url: "https://example.com/a?b#c" }],
    ["HTTP://example.com", { to: "web", url: "HTTP://example.com" }],
    ["mailto:ada@example.com", { to: "web", url: "mailto:ada@example.com" }],
    ["src/a.py", { to: "file", path: "src/a.py", line: null }],
    ["./src/a.py:12", { to: "file", path: "./src/a.py", line: 11 }],
    ["a.py:12:3", { to: "file", path: "a.py", line: 11 }],
    ["a.py#L12", { to: "file", path: "a.py", line: 11 }],
    ["a.py#L12-L20", { to: "file", path: "a.py", line: 11 }],
    ["Makefile:7", { to: "file", path: "Makefile", line: 6 }],
    ["README.md#a-heading", { to: "file", path: "README.md", line: null }],
    ["a%20b.py", { to: "file", path: "a b.py", line: null }],
    ["100%.py", { to: "file", path: "100%.py", line: null }],
    ["/w/a.py", { to: "file", path: "/w/a.py", line: null }],
    ["file:///w/a.py#L2", { to: "file", path: "/w/a.py", line: 1 }],
    ["C:\\w\\a.py", { to: "file", path: "C:/w/a.py", line: null }],
    ["../outside.py", { to: "file", path: "../outside.py", line: null }],
    ["command:workbench.action.quit", null],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["vscode://settings", null],
    ["https:", null],
    ["//host/share", null],
    ["#heading", null],
    ["", null],
])("%s", (href, expected) => {
    expect(parseLink(href)).toEqual(expected);
});

test.each([
    ["https://ai-gateway.vercel.sh/v1", true],
    ["http://localhost:4000/v1", false],
    ["", false],
])("credits for %j are bought at a page that is known: %j", (url, isKnown) => {
    expect(creditsPage(url) !== null).toBe(isKnown);
});
