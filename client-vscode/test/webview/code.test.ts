/** Code blocks: what is coloured, when, and what the buttons ask for. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { PanelAction } from "../../src/common/panel";
import type { CodeBlock } from "../../src/webview/markdown/code";
import { CodeLines } from "../../src/webview/markdown/code-lines";
import { Highlighting, linesOf, PART_LINES } from "../../src/webview/markdown/highlight";
import { highlighter, languageOf } from "../../src/webview/markdown/languages";

import "../../src/webview/markdown/code";

const TYPESCRIPT = `/** A comment
 * over lines. */
export class Box<T> extends Base {
    private text = \`one \${this.two("x")} three
four\`;

    async *feed(x: number): AsyncGenerator<string> {
        if (x > 0x10) return "a \\" b"; // end
    }
}`;

describe("the colours", () => {
    test("are the same for a text read in parts as for the whole", () => {
        const lines = Array.from({ length: 40 }, () => TYPESCRIPT)
            .join("\n")
            .split("\n");
        const highlighting = new Highlighting("typescript");
        const parts: string[] = [];
        for (let at = 0; at < lines.length; at += 7) parts.push(...highlighting.finish(lines.slice(at, at + 7)));
        const whole = highlighter.highlight(lines.join("\n"), { language: "typescript" });
        expect(parts).toEqual(linesOf(whole.value));
    });

    test("of a line are closed at its end", () => {
        expect(linesOf('<span class="a">x\ny</span>z')).toEqual([
            '<span class="a">x</span>',
            '<span class="a">y</span>z',
        ]);
    });

    test("never make markup of code", () => {
        const place = document.createElement("code");
        new CodeLines(place, languageOf("html")).show("<img src=x onerror=alert(1)>\n<b>", false);
        expect(place.querySelector("img, b")).toBeNull();
        expect(place.textContent).toBe("<img src=x onerror=alert(1)>\n<b>\n");
    });
});

describe("code that comes", () => {
    test("has every line as it is, whatever was shown before", () => {
        const place = document.createElement("code");
        const lines = new CodeLines(place, languageOf("ts"));
        for (let length = 1; length < TYPESCRIPT.length; length += 3) {
            lines.show(TYPESCRIPT.slice(0, length), true);
            expect(place.textContent).toBe(`${TYPESCRIPT.slice(0, length)}\n`);
        }
        lines.show(TYPESCRIPT, false);
        const whole = document.createElement("code");
        new CodeLines(whole, languageOf("ts")).show(TYPESCRIPT, false);
        expect(place.innerHTML).toBe(whole.innerHTML);
    });

    test("is coloured as far as its lines are whole", () => {
        const place = document.createElement("code");
        new CodeLines(place, languageOf("ts")).show("const a = 1;\nconst b", true);
        expect([...place.querySelectorAll(".hljs-keyword")].map((node) => node.textContent)).toEqual(["const"]);
    });

    test("keeps the lines that are there", () => {
        const place = document.createElement("code");
        const lines = new CodeLines(place, languageOf("ts"));
        lines.show("const a = 1;\nconst b", true);
        const first = place.querySelector(".hljs-keyword");
        lines.show("const a = 1;\nconst b = 2;\nlet", true);
        expect(place.querySelector(".hljs-keyword")).toBe(first);
    });

    test("is read a part at a time, however long it gets", () => {
        const read = vi.spyOn(highlighter, "highlight");
        const place = document.createElement("code");
        const lines = new CodeLines(place, languageOf("ts"));
        let code = "";
        for (let line = 0; line < 5 * PART_LINES; line++) lines.show((code += `const a${line} = 1;\n`), true);
        const longest = Math.max(...read.mock.calls.map(([text]) => text.split("\n").length));
        expect(longest).toBeLessThanOrEqual(PART_LINES + 1);
        read.mockRestore();
    });

    test("that turns out to be other code is shown as that", () => {
        const place = document.createElement("code");
        const lines = new CodeLines(place, languageOf("ts"));
        lines.show("const a = 1;\nconst b = 2;", false);
        lines.show("let c;", true);
        expect(place.textContent).toBe("let c;\n");
    });
});

describe("a block", () => {
    let block: CodeBlock;
    let actions: PanelAction[];

    beforeEach(async () => {
        const turn = document.createElement("div");
        turn.dataset.turn = "t1";
        block = document.createElement("pass-code");
        block.code = "x = 1";
        block.info = "python title=a.py";
        actions = [];
        block.addEventListener("panel-action", (event) => actions.push(event.detail));
        turn.append(block);
        document.body.append(turn);
        await block.updateComplete;
    });

    afterEach(() => {
        document.body.replaceChildren();
        vi.useRealTimers();
    });

    const press = async (name: string): Promise<void> => {
        block.querySelector<HTMLElement>(`.code-${name}`)?.click();
        await block.updateComplete;
    };

    test("names its language", () => {
        expect(block.querySelector(".code-language")?.textContent).toBe("Python");
        expect(block.querySelector(".code-body")?.getAttribute("aria-label")).toBe("Code, Python");
    });

    test("asks for what its buttons say", async () => {
        for (const name of ["copy", "insert", "apply"]) await press(name);
        expect(actions).toEqual([
            { type: "copy", text: "x = 1" },
            { type: "insert", code: "x = 1" },
            { type: "apply", code: "x = 1", language: "python", turn: "t1" },
        ]);
    });

    test("says for a moment that it was copied", async () => {
        vi.useFakeTimers();
        await press("copy");
        expect(block.querySelector("[role=status]")?.textContent).toBe("Copied");
        await vi.advanceTimersByTimeAsync(2000);
        expect(block.querySelector("[role=status]")?.textContent).toBe("");
    });

    test("wraps its lines on demand", async () => {
        await press("wrap");
        expect(block.querySelector(".code-body")?.classList).toContain("wrapped");
        expect(block.querySelector(".code-wrap")?.getAttribute("aria-pressed")).toBe("true");
    });

    test("offers nothing to do with half of it", async () => {
        block.isOpen = true;
        await block.updateComplete;
        expect(block.querySelector(".code-copy, .code-insert, .code-apply")).toBeNull();
    });
});

test.each([
    ["ts title=x", "ts", "TypeScript"],
    ["python:src/a.py", "python", "Python"],
    ["{.rust}", "rust", "Rust"],
    ["c++", "c++", "C++"],
    ["C#", "c#", "C#"],
    ["brainfuck", "brainfuck", "brainfuck"],
    ["", "", ""],
])("the first line %j is the language %s, %s", (info, id, name) => {
    expect(languageOf(info)).toMatchObject({ id, name });
});
