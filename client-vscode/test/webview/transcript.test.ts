/** The turns on the page: what is shown of each, and what its buttons ask for. */
import "./support/page";
import "../../src/webview/transcript/transcript";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { PanelAction, PanelTurn } from "../../src/common/panel";
import type { ChatResult } from "../../src/protocol";
import type { Transcript } from "../../src/webview/transcript/transcript";

const RESULT: ChatResult = {
    message: { role: "assistant", content: "Yes." },
    finish: "stop",
    model: "anthropic/claude-sonnet-4.5",
    provider: "bedrock",
    generation: null,
    usage: { inputTokens: 9100, outputTokens: 340, cachedTokens: 7000, cacheWriteTokens: 0, reasoningTokens: 0 },
    cost: { usd: 0.0132, source: "gateway" },
    timings: { firstDeltaMs: 480, totalMs: 4200 },
};

function turn(id: string, more: Partial<PanelTurn> = {}): PanelTurn {
    return {
        key: `k-${id}`,
        id,
        at: new Date().toISOString(),
        messages: [{ role: "user", content: `Question ${id}` }],
        attachments: [],
        state: "done",
        text: "Yes.",
        reasoning: "",
        result: RESULT,
        problem: null,
        ...more,
    };
}

const running = (id: string, more: Partial<PanelTurn> = {}): PanelTurn =>
    turn(id, { id: null, state: "running", text: "", result: null, ...more });

let page: Transcript;
let actions: PanelAction[];

beforeEach(() => {
    page = document.createElement("pass-transcript");
    actions = [];
    page.addEventListener("panel-action", (event) => actions.push(event.detail));
    document.body.append(page);
});

afterEach(() => {
    page.remove();
    vi.useRealTimers();
});

/** Shows turns, and waits until all elements inside have drawn themselves. */
async function show(...turns: PanelTurn[]): Promise<void> {
    page.turns = turns;
    await settled();
}

async function settled(): Promise<void> {
    for (let depth = 0; depth < 6; depth++) await Promise.resolve().then(() => page.updateComplete);
    for (const element of page.querySelectorAll("*")) {
        if ("updateComplete" in element) await element.updateComplete;
    }
}

function find(selector: string): HTMLElement {
    const found = page.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`there is no ${selector} in ${page.innerHTML}`);
    return found;
}

const words = (selector: string): string => find(selector).textContent.replace(/\s+/g, " ").trim();

describe("a question", () => {
    test("is shown as it was written, without Markdown", async () => {
        await show(turn("1", { messages: [{ role: "user", content: "**a**\n  <b>b</b>" }] }));
        expect(find(".asked-text").textContent).toBe("**a**\n  <b>b</b>");
    });

    test("is folded when it is long, and unfolded on demand", async () => {
        await show(turn("1", { messages: [{ role: "user", content: "line\n".repeat(40) }] }));
        expect(find(".asked-text").classList).toContain("folded");
        find(".asked-more").click();
        await settled();
        expect(find(".asked-text").classList).not.toContain("folded");
        expect(find(".asked-more").getAttribute("aria-expanded")).toBe("true");
    });

    test("shows its images and opens its attachments", async () => {
        const chip = {
            type: "attachment" as const,
            key: "f",
            label: "a.ts",
            detail: "src/a.ts",
            attachment: { kind: "file" as const, uri: "file:///a.ts" },
        };
        const image = { type: "image" as const, mediaType: "image/png", data: "AAAA" };
        const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "See" }, image] }];
        await show(
            turn("1", {
                messages,
                attachments: [chip, { type: "image", key: "i", label: "i", detail: "i", part: image }],
            }),
        );
        expect([...page.querySelectorAll("img")].map((node) => node.src)).toEqual(["data:image/png;base64,AAAA"]);
        find(".asked-chip").click();
        expect(actions).toEqual([{ type: "openChip", chip }]);
    });

    test("is given to whoever edits it", async () => {
        const edited = vi.fn();
        page.addEventListener("edit-turn", (event) => {
            edited(event.detail.turn);
        });
        const shown = turn("1");
        await show(shown);
        find(".asked-edit").click();
        expect(edited).toHaveBeenCalledWith(shown);
    });

    test("cannot be edited while an answer is being written", async () => {
        await show(turn("1"), running("2"));
        expect(find(".asked-edit")).toHaveProperty("disabled", true);
    });
});

describe("an answer", () => {
    test("waits in sight, with the model that is asked", async () => {
        page.model = "Sonnet";
        await show(running("1"));
        expect(words("pass-waiting")).toBe("Waiting for Sonnet");
    });

    test("counts the seconds until its first word", async () => {
        vi.useFakeTimers();
        page.turns = [running("1")];
        await vi.advanceTimersByTimeAsync(3100);
        expect(words(".waited")).toBe("3 s");
    });

    test("takes the place of the waiting", async () => {
        await show(running("1"));
        await show(running("1", { text: "Some **bo" }));
        expect(page.querySelector("pass-waiting")).toBeNull();
        expect(words("pass-markdown")).toBe("Some bo");
        expect(find("pass-markdown strong").textContent).toBe("bo");
    });

    test("says in a line who answered, what it took and what it cost", async () => {
        await show(turn("1"));
        const figures = [...page.querySelectorAll(".figures [aria-hidden]")].map((node) => node.textContent);
        expect(figures).toEqual(["claude-sonnet-4.5 · bedrock", "$0.013", "9.1k → 340", "77% cached", "0.5 s / 4.2 s"]);
    });

    test("can be copied, asked for again and branched from", async () => {
        await show(turn("1"));
        for (const name of ["copy", "refresh", "git-branch"]) find(`.turn-${name}`).click();
        expect(actions).toEqual([
            { type: "copy", text: "Yes." },
            { type: "regenerate", turn: "1" },
            { type: "branch", turn: "1" },
        ]);
    });

    test("is asked for again only at the end: what came after an earlier one would go", async () => {
        await show(turn("1"), turn("2"));
        const again = [...page.querySelectorAll(".turn-refresh")];
        expect(again.map((button) => button.closest<HTMLElement>("pass-turn")?.dataset.turn)).toEqual(["2"]);
    });

    test("shows the tools that it asks for", async () => {
        const toolCalls = [{ id: "1", name: "read_file", arguments: '{"path":"a"}' }];
        const message = { role: "assistant" as const, content: "", toolCalls };
        await show(turn("1", { text: "", result: { ...RESULT, message } }));
        expect(words(".tool summary")).toBe("Called read_file");
        expect(find(".tool-arguments").textContent).toBe('{"path":"a"}');
    });

    test("says so when it is empty, or was cut by a limit", async () => {
        const empty = { ...RESULT, message: { role: "assistant" as const, content: "" } };
        await show(turn("1", { text: "", result: empty }));
        expect(words(".turn-note")).toBe("The answer is empty.");
        await show(turn("2", { result: { ...RESULT, finish: "length" } }));
        expect(words(".turn-note")).toContain("came to the end");
    });

    test("names itself for those who do not see it", async () => {
        await show(turn("1"), turn("2"));
        expect([...page.querySelectorAll("h2")].map((node) => node.textContent)).toEqual(["Question 1", "Question 2"]);
        expect(find(".transcript-scroll").getAttribute("role")).toBe("log");
        expect(find(".transcript-scroll").getAttribute("aria-live")).toBe("off");
        for (const button of page.querySelectorAll(".icon-button")) {
            expect(button.getAttribute("aria-label"), button.className).toBeTruthy();
        }
    });
});

describe("reasoning", () => {
    test("is folded away, and says that it goes on", async () => {
        await show(running("1", { reasoning: "I *think*" }));
        expect(words(".fold")).toBe("Thinking…");
        expect(page.querySelector(".fold-body")).toBeNull();
        find(".fold").click();
        await settled();
        expect(find(".fold-body em").textContent).toBe("think");
    });

    test("says how long it took, if that was seen", async () => {
        await show(running("1", { reasoning: "I think" }));
        await show(running("1", { reasoning: "I think", text: "So" }));
        expect(words(".fold")).toMatch(/^Thought for \d\.\d s$/);
    });

    test("does not say how long it took, if nobody saw it", async () => {
        await show(turn("1", { reasoning: "I think" }));
        expect(words(".fold")).toBe("Thought");
    });
});

describe("a turn that ended badly", () => {
    test("keeps the text that had come, and goes on at a press", async () => {
        const problem = { kind: "streamTruncated", message: "the line was cut.", remedy: { do: "goOn" as const } };
        await show(turn("1", { state: "cutOff", text: "Half", problem }));
        expect(words("pass-markdown")).toBe("Half");
        expect(words(".problem-text")).toBe("Broken off: the line was cut.");
        find(".problem vscode-button").click();
        expect(actions).toEqual([{ type: "remedy", remedy: { do: "goOn" }, turn: "1" }]);
    });

    test("goes on only from the end of the conversation", async () => {
        const problem = { kind: "streamTruncated", message: "the line was cut.", remedy: { do: "goOn" as const } };
        await show(turn("1", { state: "cutOff", text: "Half", problem }), turn("2"));
        expect(words(".problem-text")).toBe("Broken off: the line was cut.");
        expect(page.querySelector(".problem vscode-button")).toBeNull();
    });

    test("says that it was stopped", async () => {
        await show(turn("1", { state: "cancelled", text: "Half", result: null }));
        expect(words(".turn-note")).toBe("Stopped");
    });

    test("shows one sentence and one button that mends it", async () => {
        const problem = { kind: "keyMissing", message: "No key.", remedy: { do: "setKey" as const } };
        await show(turn("1", { state: "failed", text: "", result: null, problem }));
        expect(words(".problem-text")).toBe("No key.");
        expect([...page.querySelectorAll("vscode-button")].map((button) => button.textContent.trim())).toEqual([
            "Set API Key",
        ]);
    });

    test("that the person has to decide offers both ways, by the turn's key where it has no id", async () => {
        const remedy = { do: "allowOnce" as const, budget: "budgets.0" };
        const other = { do: "openBudget" as const, path: "/c.toml", line: 3 };
        const problem = { kind: "budgetReached", message: "Used up.", remedy, other };
        await show(turn("1", { id: null, state: "failed", text: "", result: null, problem }));
        const buttons = [...page.querySelectorAll<HTMLElement>(".problem vscode-button")];
        expect(buttons.map((button) => button.textContent.trim())).toEqual(["Allow One More", "Open the Budget"]);
        for (const button of buttons) button.click();
        expect(actions).toEqual([
            { type: "remedy", remedy, turn: "k-1" },
            { type: "remedy", remedy: other, turn: "k-1" },
        ]);
    });

    test("that was held back for its cost is sent anyway, or taken back to be changed", async () => {
        const problem = { kind: "confirmCost", message: "$1.20.", remedy: { do: "sendAnyway" as const } };
        const taken: (string | undefined)[] = [];
        page.addEventListener("edit-turn", ({ detail }) => taken.push(detail.turn.key));
        await show(turn("1", { id: null, state: "failed", text: "", result: null, problem }));
        const [send, cancel] = page.querySelectorAll<HTMLElement>(".problem vscode-button");
        send?.click();
        expect(actions).toEqual([{ type: "remedy", remedy: { do: "sendAnyway" }, turn: "k-1" }]);
        cancel?.click();
        expect(taken).toEqual(["k-1"]);
    });

    test("counts down to when it may be asked again, and can be asked before", async () => {
        vi.useFakeTimers();
        const remedy = { do: "retry" as const, retryAt: Date.now() + 2500 };
        page.turns = [
            turn("1", { state: "failed", text: "", result: null, problem: { kind: "", message: "Wait.", remedy } }),
        ];
        await vi.advanceTimersByTimeAsync(0);
        expect(words(".problem-left")).toBe("ready in 3 s");
        expect(words(".problem vscode-button")).toBe("Try Again Now");
        find(".problem vscode-button").click();
        expect(actions).toEqual([{ type: "remedy", remedy, turn: "1" }]);
        await vi.advanceTimersByTimeAsync(3000);
        expect(page.querySelector(".problem-left")).toBeNull();
        expect(words(".problem vscode-button")).toBe("Try Again");
    });
});

describe("many turns", () => {
    test("the newest are drawn at once, the others when there is time, and none is left out", async () => {
        vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame"] });
        page.turns = Array.from({ length: 12 }, (_, at) => turn(String(at)));
        await settled();
        const drawn = (): string[] =>
            [...page.querySelectorAll<HTMLElement>("pass-turn.drawn")].map((node) => node.dataset.turn ?? "");
        expect(drawn()).toEqual(["8", "9", "10", "11"]);
        vi.advanceTimersToNextFrame();
        await settled();
        expect(drawn()).toEqual(["7", "8", "9", "10", "11"]);
        for (let frame = 0; frame < 8; frame++) {
            vi.advanceTimersToNextFrame();
            await settled();
        }
        expect(drawn()).toHaveLength(12);
    });

    test("a turn keeps its element while its answer comes", async () => {
        await show(turn("1"), running("2", { text: "a" }));
        const element = find('[data-key="k-2"]');
        await show(turn("1"), running("2", { text: "a b" }));
        await show(turn("1"), turn("2", { text: "a b c" }));
        expect(find('[data-key="k-2"]')).toBe(element);
        expect(words('[data-key="k-2"] pass-markdown')).toBe("a b c");
    });
});
