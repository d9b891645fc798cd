/** Markdown as it comes: whatever was shown on the way, the end looks as if it had come at once. */
import { describe, expect, test, vi } from "vitest";

import { Blocks } from "../../src/webview/markdown/blocks";
import { CodeBlock } from "../../src/webview/markdown/code";
import { MarkdownView } from "../../src/webview/markdown/view";
import { DOCUMENTS } from "./documents";

function shown(text: string, isLive = false): string {
    const host = document.createElement("div");
    new MarkdownView(host).show(text, isLive);
    return picture(host);
}

/** The nodes as text; a code block as what it was given. */
function picture(node: Node): string {
    if (node instanceof CodeBlock) return `<code ${node.info} ${node.isOpen ? "open" : ""}>${node.code}</code>`;
    if (node instanceof Text) return node.data;
    const inner = [...node.childNodes].map((child) => picture(child)).join("");
    if (!(node instanceof HTMLElement)) return inner;
    const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${value}"`).sort();
    return `<${node.localName}${attributes.join("")}>${inner}</${node.localName}>`;
}

/** The words that a reader sees. */
function words(text: string): string {
    const host = document.createElement("div");
    new MarkdownView(host).show(text, true);
    return host.textContent.trim();
}

function element(text: string, selector: string, isLive = false): HTMLElement | null {
    const host = document.createElement("div");
    new MarkdownView(host).show(text, isLive);
    return host.querySelector<HTMLElement>(selector);
}

// Drawing is slow without a browser.
describe.each(Object.entries(DOCUMENTS))("a text that grows: %s", { timeout: 60_000 }, (_name, text) => {
    test("has at every length the blocks that it would have at once", () => {
        const blocks = new Blocks();
        for (let length = 1; length <= text.length; length++) {
            const prefix = text.slice(0, length);
            const grown = blocks.update(prefix);
            const whole = new Blocks().update(prefix);
            expect(grown.blocks, JSON.stringify(prefix.slice(-60))).toEqual(whole.blocks);
            expect(grown.links).toEqual(whole.links);
        }
    });

    test.each([3, 40])("looks as if it had come at once, in pieces of %i", (size) => {
        const host = document.createElement("div");
        const view = new MarkdownView(host);
        for (let length = size; length < text.length; length += size) {
            const prefix = text.slice(0, length);
            view.show(prefix, true);
            // Each comparison draws all anew: of the smallest pieces, one in so many is compared.
            if (length % 9 === 0) expect(picture(host), JSON.stringify(prefix.slice(-60))).toBe(shown(prefix, true));
        }
        view.show(text, false);
        expect(picture(host)).toBe(shown(text));
    });
});

test("finished blocks keep their nodes", () => {
    const host = document.createElement("div");
    const view = new MarkdownView(host);
    view.show("# One\n\nTwo *three*\n\nFour", true);
    const [first, second] = [host.querySelector("h4"), host.querySelector("em")];
    view.show("# One\n\nTwo *three*\n\nFour and **five**\n\n- six", true);
    expect(host.querySelector("h4")).toBe(first);
    expect(host.querySelector("em")).toBe(second);
});

test("a block that grows keeps its nodes", () => {
    const host = document.createElement("div");
    const view = new MarkdownView(host);
    view.show("| a | b |\n|---|---|\n| 1 |", true);
    const table = host.querySelector(".md-table");
    view.show("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |", true);
    expect(host.querySelector(".md-table")).toBe(table);
});

test("a very long text is drawn from its end, a slice at a time, and none of it is left out", () => {
    vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame"] });
    const clock = vi.spyOn(performance, "now");
    // As if drawing a group took longer than a slice.
    clock.mockImplementation(() => clock.mock.calls.length * 100);
    const host = document.createElement("div");
    new MarkdownView(host).show(Array.from({ length: 320 }, (_, at) => `Block ${at}`).join("\n\n"), false);
    const drawn = (): string[] => [...host.querySelectorAll(".md-block")].map((block) => block.textContent.trim());
    expect(drawn()).toHaveLength(16);
    expect(drawn().at(-1)).toBe("Block 319");
    expect(host.children).toHaveLength(20);
    for (let frame = 0; frame < 20; frame++) vi.advanceTimersToNextFrame();
    expect(drawn()).toEqual(Array.from({ length: 320 }, (_, at) => `Block ${at}`));
    expect(host.querySelector(".md-pending")).toBeNull();
    clock.mockRestore();
    vi.useRealTimers();
});

test("another text than before begins anew", () => {
    const host = document.createElement("div");
    const view = new MarkdownView(host);
    view.show("# One\n\nTwo\n\nThree\n\nFour", true);
    view.show("Five", false);
    expect(host.textContent.trim()).toBe("Five");
});

describe("what is half there while it comes", () => {
    test.each([
        ["**bold te", "bold te"],
        ["**bold*", "bold"],
        ["some **", "some"],
        ["`code", "code"],
        ["``a ` b", "a ` b"],
        ["some `", "some"],
        ["see [the docs", "see the docs"],
        ["see [the docs](https://exam", "see the docs"],
        ["see [the **docs", "see the docs"],
        ["![a cat](https://exa", "a cat"],
        ["list[0", "list[0"],
        ["a <stro", "a"],
        ["a < b", "a < b"],
        ["~~gone", "gone"],
        ["2 * 3", "2 * 3"],
        ["snake_case_name", "snake_case_name"],
        ["text\n-", "text"],
        ["text\n- [ ", "text"],
        ["text\n##", "text"],
        ["text\n``", "text"],
        ["- one\n- **two", "one\ntwo"],
        ["| a | **b", "a b"],
    ])("%j reads %j", (text, expected) => {
        expect(words(text).replace(/\s+/g, " ")).toBe(expected.replace(/\s+/g, " "));
    });

    test("a list under a line is never a heading", () => {
        expect(element("Here they are:\n-", "h4, h5", true)).toBeNull();
        expect(element("Here they are:\n- one", "li", true)?.textContent).toBe("one");
    });

    test("a table is one from its header on", () => {
        for (const text of ["| a | b", "| a | b |", "| a | b |\n|", "| a | b |\n|--", "| a | b |\n|---|---|\n"]) {
            expect(element(text, "th", true)?.textContent, text).toBe("a");
        }
    });

    test("half a fence is no line of code, and its language is shown when it is whole", () => {
        const block = (text: string): CodeBlock => element(text, "pass-code", true) as CodeBlock;
        expect(block("```pyth").info).toBe("");
        expect(block("```python\n").info).toBe("python");
        expect(block("```python\nx = 1\n``").code).toBe("x = 1");
        expect(block("```python\nx = 1\n``").isOpen).toBe(true);
        expect(block("```python\nx = 1\n```").isOpen).toBe(false);
    });
});

describe("what a model may not do", () => {
    test.each([
        '<img src=x onerror="alert(1)">',
        "<script>alert(1)</script>",
        "<iframe src=https://example.com></iframe>",
        "<style>body{display:none}</style>",
        "<form action=https://example.com><button>go</button></form>",
        "<svg onload=alert(1)><a href=javascript:alert(1)>x</a></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](command:workbench.action.quit)",
        "[x](file:///etc/passwd)",
        "[x](//example.com)",
        "[x](../../etc/passwd)",
        "[x](&#106;avascript:alert(1))",
        "![x](data:image/svg+xml;base64,AAAA)",
        "![x](https://example.com/track.png)",
        '<p onclick="alert(1)" style="color:red" class="card" id="x">x</p>',
        '<pre data-code="7">x</pre>',
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
        '<div><details open ontoggle="alert(1)">x</details></div>',
    ])("%s", (text) => {
        for (const isLive of [true, false]) {
            const host = document.createElement("div");
            new MarkdownView(host).show(text, isLive);
            const bad = "img, script, iframe, style, form, button, input, svg, math, object, embed, link, meta, base";
            expect(host.querySelector(bad)).toBeNull();
            for (const node of host.querySelectorAll<HTMLElement>(".md-block *")) {
                const names = node.getAttributeNames();
                expect(names.filter((name) => !["href", "title", "dir", "open"].includes(name))).toEqual([]);
                expect(node.getAttribute("href") ?? "https://").toMatch(/^https:\/\//);
            }
            expect(host.textContent).not.toBe("");
        }
    });

    test("HTML that the page does not know stays as text", () => {
        expect(shown("A `Vec` is a Vec<String> or a <Foo bar='1'/> here.")).toContain(
            "Vec<String> or a <Foo bar='1'/>",
        );
        expect(shown("<thinking>\nhm\n</thinking>")).toContain("<thinking>");
    });

    test("HTML that holds text is kept", () => {
        expect(element("H<sub>2</sub>O<br>water", "sub")?.textContent).toBe("2");
        expect(element("| a |\n|---|\n| b<br>c |", "td br")).not.toBeNull();
    });
});

describe("links", () => {
    test("lead to the web and into the workspace, and nowhere else", () => {
        expect(element("[x](https://example.com/a)", "a")?.getAttribute("href")).toBe("https://example.com/a");
        expect(element("[x](mailto:a@example.com)", "a")?.getAttribute("href")).toBe("mailto:a@example.com");
        expect(element("[x](src/main.ts:12)", "a")?.getAttribute("href")).toBe("src/main.ts:12");
        expect(element("[x](data:text/html,a)", "a")?.hasAttribute("href")).toBe(false);
    });

    test("a reference link that was used before it is defined becomes one", () => {
        const host = document.createElement("div");
        const view = new MarkdownView(host);
        const text = "See [the docs][1].\n\nTwo\n\nThree\n\nFour\n\n[1]: https://example.com/docs\n";
        for (let length = 1; length <= text.length; length += 5) view.show(text.slice(0, length), true);
        view.show(text, false);
        expect(host.querySelector("a")?.getAttribute("href")).toBe("https://example.com/docs");
    });
});

test("formulas keep every sign", () => {
    const host = document.createElement("div");
    new MarkdownView(host).show(
        "With \\(x_1 + y_1\\), $a_b * c_d * e$ and $$\\sum_{i}^n a_i b_i$$ for $5 or **$6**.",
        false,
    );
    expect(host.textContent.trim()).toBe(
        "With \\(x_1 + y_1\\), $a_b * c_d * e$ and $$\\sum_{i}^n a_i b_i$$ for $5 or $6.",
    );
});

test("the box of a task says whether it is done", () => {
    const host = document.createElement("div");
    new MarkdownView(host).show("- [x] one\n- [ ] two", false);
    expect([...host.querySelectorAll(".md-task")].map((box) => box.getAttribute("aria-label"))).toEqual([
        "done",
        "to do",
    ]);
});
