import { Actions, click, drawn, find, mounted, press, texts, transferOf, type } from "./support/page";

import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { EMPTY_DRAFT, type PanelState } from "../../src/common/panel";
import type { Status } from "../../src/protocol";
import { App } from "../../src/webview/app";
import { fileChip, MODEL, runningTurn, stateOf, statusOf, summaryOf, turnOf } from "./support/values";

let actions: Actions;
let app: App;

beforeEach(async () => {
    actions = new Actions();
    app = new App();
    app.state = stateOf();
    await mounted(app);
});

afterEach(() => {
    actions.stop();
    vi.useRealTimers();
});

async function become(more: Partial<PanelState>): Promise<void> {
    app.state = { ...app.state, ...more };
    await drawn();
}

test("an empty panel says what it is, which model answers, and three questions to begin with", () => {
    expect(texts(".empty-title")).toEqual(["Ask about your code"]);
    expect(texts(".empty .model")).toEqual(["Claude Sonnet 4.5"]);
    expect(document.querySelectorAll(".example")).toHaveLength(3);
});

test("an example attaches what it is about, and asks when that has come", async () => {
    await click(".example");
    const [draft, attach] = actions.take();
    expect(attach).toEqual({ type: "attach", what: "selection" });
    if (draft?.type !== "draft") throw new Error("no draft");
    await become({ draft: draft.draft });
    expect(actions.take("send")).toEqual([]);
    const whole = { ...draft.draft, chips: [fileChip("a.py")] };
    await become({ draft: whole });
    expect(actions.take("send")).toEqual([{ type: "send", draft: whole }]);
});

test("an example's question that was changed meanwhile is the person's to send", async () => {
    await click(".example");
    actions.take();
    await become({ draft: { ...EMPTY_DRAFT, text: "Something else" } });
    await become({ draft: { ...EMPTY_DRAFT, text: "Something else", chips: [fileChip("a.py")] } });
    expect(actions.take("send")).toEqual([]);
});

test("an example of which nothing came in time is not sent later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    await click(".example");
    const [draft] = actions.take();
    if (draft?.type !== "draft") throw new Error("no draft");
    await become({ draft: draft.draft });
    vi.advanceTimersByTime(5000);
    await become({ draft: { ...draft.draft, chips: [fileChip("a.py")] } });
    expect(actions.take("send")).toEqual([]);
});

test("without a key there is a card that sets one, or goes without", async () => {
    await become({ status: statusOf("needsKey") });
    expect(texts(".card vscode-button")).toEqual(["Set API Key", "Use the Offline Gateway"]);
    await click(".card vscode-button");
    await click(".card vscode-button[secondary]");
    expect(actions.take()).toEqual([
        { type: "remedy", remedy: { do: "setKey" }, turn: null },
        { type: "remedy", remedy: { do: "useOffline" }, turn: null },
    ]);
});

test("a model that stands in for another says so", async () => {
    await become({ model: { ...MODEL, wanted: "anthropic/claude-sonnet-4" } });
    expect(texts(".empty-hint")).toEqual([
        "The gateway does not have anthropic/claude-sonnet-4: Claude Sonnet 4.5 stands in for it.",
    ]);
});

test("a daemon that stopped has a card with its one button", async () => {
    const problem = { kind: "crashed", message: "It crashed.", remedy: { do: "restart" as const } };
    await become({ daemon: { state: "stopped", problem } });
    expect(texts(".standing .card-text")).toEqual(["It crashed."]);
    await click(".standing vscode-button");
    expect(actions.take()).toEqual([{ type: "remedy", remedy: { do: "restart" }, turn: null }]);
});

test("a daemon that starts is a quiet line", async () => {
    await become({ daemon: { state: "starting", problem: null } });
    expect(document.querySelector("vscode-progress-bar.busy")).not.toBeNull();
    expect(texts(".standing")).toEqual([]);
    await become({ model: null });
    expect([texts(".model"), texts(".model-to-come")]).toEqual([[], ["Starting…"]]);
});

test.each([
    ["misconfigured", "Open Configuration"],
    ["overBudget", "Choose Gateway"],
] as const)("a status of %s stands above the composer with %j", async (state, label) => {
    await become({ status: statusOf(state, "Why."), turns: [turnOf("t1")] });
    expect(texts(".standing .card-text, .standing vscode-button")).toEqual(["Why.", label]);
});

test("a budget that stops all chats leads to where it stands; Vercel's credits to where they are bought", async () => {
    const budgets = [{ state: "reached", action: "stop", roles: [], models: [], path: "/c.toml", line: 3 }];
    const status = { ...statusOf("overBudget", "Used up."), budgets } as unknown as Status;
    await become({ status, turns: [turnOf("t1")] });
    await click(".standing vscode-button");
    expect(actions.take()).toEqual([
        { type: "remedy", remedy: { do: "openBudget", path: "/c.toml", line: 3 }, turn: null },
    ]);

    const gateway = { name: "vercel", url: "https://ai-gateway.vercel.sh/v1", key: null };
    await become({ status: { ...statusOf("overBudget", "No credits."), gateway }, turns: [turnOf("t1")] });
    expect(texts(".standing vscode-button")).toEqual(["Open Vercel’s Dashboard", "Choose Gateway"]);
});

test("what the card of the last question offers is not offered twice", async () => {
    const remedy = { do: "allowOnce" as const, budget: "budgets.0" };
    const other = { do: "openConfiguration" as const };
    const problem = { kind: "budgetReached", message: "Used up.", remedy, other };
    const budgets = [{ state: "reached", action: "stop", roles: [], models: [] }];
    const status = { ...statusOf("overBudget", "Used up."), budgets } as unknown as Status;
    await become({ status, turns: [turnOf("t1", { state: "failed", problem })] });
    expect(texts(".standing")).toEqual([]);
});

test("the menu leads to the usage, with what is left at the gateway", async () => {
    await become({ status: { ...statusOf("ready"), credits: { balanceUsd: 95.5, usedUsd: 4.5, at: "" } } });
    await click("pass-header pass-menu button");
    expect(texts(".menu-item").at(-1)).toBe("Show Usage ($95.50 of credits left)");
    find("pass-header .menu-item:last-of-type").click();
    expect(actions.take()).toEqual([{ type: "showUsage" }]);
});

test("a conversation that cannot be written down says why", async () => {
    await become({ conversation: summaryOf("c1", { problem: "No space left." }), turns: [turnOf("t1")] });
    expect(texts(".standing .card-text, .standing vscode-button")).toEqual(["No space left."]);
});

test("from the question one skips over the answers, and back", async () => {
    await become({ turns: [turnOf("t1")] });
    await click(".skip-back");
    expect(document.activeElement?.className).toBe("transcript-scroll");
    await click(".skip");
    expect(document.activeElement === find("textarea")).toBe(true);
});

test("Escape stops a running answer from anywhere, and does nothing where none runs", async () => {
    await press("Escape", {}, document.body);
    expect(actions.take()).toEqual([]);
    await become({ turns: [runningTurn("t1")] });
    await press("Escape", {}, document.body);
    expect(actions.take("stop")).toHaveLength(1);
});

test("the end of an answer is told to a screen reader", async () => {
    await become({ turns: [runningTurn("t1")] });
    await become({ turns: [turnOf("t1", { key: "key-t1" })] });
    expect(find("[aria-live=polite]").textContent).toBe("Answer complete");
});

test("the list opens over the conversation, takes the focus, and gives it back to the question", async () => {
    await become({ turns: [turnOf("t1")] });
    await click(".header-list");
    expect(actions.take()).toEqual([{ type: "list", open: true, query: "" }]);
    await become({ list: { ...app.state.list, open: true } });
    expect(find(".stage-under").hasAttribute("inert")).toBe(true);
    expect(document.querySelector(".list-busy vscode-progress-bar")).not.toBeNull();
    await become({ list: { open: true, query: "", conversations: [summaryOf("c1")], total: 1 } });
    expect(document.querySelector(".list-busy vscode-progress-bar")).toBeNull();
    await become({ list: { ...app.state.list, open: false } });
    expect(document.activeElement).toBe(find("textarea"));
});

test("the title is renamed in place, and the conversation deleted after a second word", async () => {
    await become({ conversation: summaryOf("c1"), turns: [turnOf("t1")] });
    await click(".title-button");
    find<VscodeTextfield>("pass-rename vscode-textfield").value = "Better";
    await press("Enter", {}, find("pass-rename vscode-textfield"));
    await click(".header pass-menu .icon-button");
    await click(".menu-item:nth-of-type(4)");
    expect(actions.take().map((action) => action.type)).toEqual(["rename"]);
    await click(".delete-for-good");
    expect(actions.take()).toEqual([{ type: "delete", conversation: "c1" }]);
});

test("the menu of an empty panel offers what can be done then: private", async () => {
    await click(".header pass-menu .icon-button");
    expect(document.querySelectorAll(".menu-item:disabled")).toHaveLength(4);
    await click("[role=menuitemcheckbox]");
    expect(actions.take()).toEqual([{ type: "setPrivate", private: true }]);
    await become({ private: true });
    expect(texts(".header .badge")).toEqual(["Private"]);
});

test("a menu that is left by Escape gives the focus back, and stops no answer", async () => {
    await become({ turns: [runningTurn("t1")] });
    await click(".header pass-menu .icon-button");
    await press("Escape");
    expect([texts("[role=menu]"), actions.take()]).toEqual([[], []]);
    expect(document.activeElement).toBe(find(".header pass-menu .icon-button"));
});

test("a menu closes when one presses elsewhere", async () => {
    await click(".header pass-menu .icon-button");
    find(".stage").dispatchEvent(new Event("pointerdown", { bubbles: true }));
    await drawn();
    expect(texts("[role=menu]")).toEqual([]);
});

test("what is dropped anywhere on the panel is attached", async () => {
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: transferOf({ "text/uri-list": "file:///a.py" }) });
    find(".stage").dispatchEvent(event);
    await drawn();
    expect(actions.take()).toEqual([{ type: "dropped", uris: ["file:///a.py"] }]);
});

test("ArrowUp in the empty composer takes up the last question", async () => {
    const revised = vi.fn();
    app.addEventListener("revise", revised);
    await become({ turns: [turnOf("t1")] });
    find("textarea").focus();
    await press("ArrowUp");
    const [event] = revised.mock.calls[0] as [CustomEvent];
    expect(event.detail).toEqual({ text: "question t1", chips: [], replaces: "t1" });
});

test("the line below tells cost and the fill of the window, with a warning when it is nearly full", async () => {
    const total = {
        inputTokens: 9100,
        outputTokens: 340,
        cachedTokens: 7000,
        costUsd: 0.01,
        estimatedUsd: 0,
        unknown: 0,
    };
    await become({ total, context: { usedTokens: 171_000, windowTokens: 200_000 } });
    expect(texts(".total-part")).toEqual(["$0.010", "9.4k tokens", "77% cached"]);
    const meter = find("[role=meter]");
    expect(meter.getAttribute("aria-valuenow")).toBe("86");
    expect(meter.title).toContain("171,000 of 200,000 tokens");
    expect(meter.className).toContain("meter-warning");
    expect(find(".meter-fill").style.width).toBe("86%");
});

test("what is written while an answer runs stays", async () => {
    await become({ turns: [runningTurn("t1")] });
    await type("next");
    const [draft] = actions.take("draft");
    if (draft?.type !== "draft") throw new Error("no draft");
    await become({ draft: draft.draft });
    await become({ turns: [turnOf("t1", { key: "key-t1" })] });
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("next");
});
