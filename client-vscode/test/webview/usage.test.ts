import { click, drawn, find, texts } from "./support/page";

import { afterEach, beforeAll, expect, test, vi } from "vitest";

import type { UsageAction, UsageState } from "../../src/common/usage";
import type { UsageChart } from "../../src/webview/usage/chart";
import { budgetOf, dataOf, reportOf, rowOf, sumOf, WISH } from "../unit/support/usage";

const posted: UsageAction[] = [];
const kept: unknown[] = [];
let answers = 0;

async function hear(more: Partial<UsageState>): Promise<void> {
    const state: UsageState = {
        wish: WISH,
        data: dataOf(),
        answer: ++answers,
        isAsking: false,
        problem: null,
        ...more,
    };
    window.dispatchEvent(new MessageEvent("message", { data: state }));
    await drawn();
}

const total = sumOf({ costUsd: 2, estimatedUsd: 1, unknown: 1, inputTokens: 100, cachedTokens: 40 });
const rows = [rowOf("b/dear", { costUsd: 1.5, estimatedUsd: 1 }), rowOf("a/cheap", { costUsd: 0.5 })];
const days = [
    rowOf("2026-11-19", { split: "b/dear", costUsd: 1.5, estimatedUsd: 1 }),
    rowOf("2026-11-20", { split: "a/cheap", costUsd: 0.5 }),
];
const FULL = dataOf({
    spend: reportOf(days, total),
    time: reportOf([rowOf("2026-11-20", { ...total, firstDeltaMs: { p50: 500, p95: 900 } })], total),
    groups: reportOf(rows, total),
    month: reportOf([rowOf("2026-11-20", { costUsd: 0.5 })], total),
    budgets: [budgetOf({ spentUsd: 4.5, state: "near", path: "/home/ada/config.toml", line: 3 })],
});

beforeAll(async () => {
    // jsdom paints nothing: what pictures tell is in the tables.
    HTMLCanvasElement.prototype.getContext = () => null;
    vi.stubGlobal("acquireVsCodeApi", () => ({
        postMessage: (action: UsageAction) => posted.push(action),
        setState: (wish: unknown) => kept.push(wish),
    }));
    await import("../../src/webview/usage/main");
});

afterEach(() => {
    posted.length = 0;
});

test("the page says that it is ready, and waits until the ledger was read", async () => {
    expect(posted).toEqual([{ type: "ready" }]);
    await hear({ data: null, isAsking: true });
    expect(texts(".waiting")).toEqual(["Reading the ledger…"]);
    expect(find("main").getAttribute("aria-busy")).toBe("true");
});

test("figures, budgets, charts and groups are shown, each chart as a table too", async () => {
    await hear({ data: FULL });

    expect(texts(".figure .value")).toEqual(["$0.50", "≈ $3.00 + ?", "$0"]);
    expect(texts(".budget-spent")).toEqual(["$4.50 of $5.00"]);
    expect(texts("usage-chart tbody").map((text) => text.replace(/\s+/g, " "))).toEqual([
        "Thu, Nov 19, 2026 $1.50 $1.00 $0 Fri, Nov 20, 2026 $0 $0 $0.50",
        "Fri, Nov 20, 2026 40 60 0",
        "Fri, Nov 20, 2026 0.5 s 0.9 s",
    ]);
    expect(texts(".groups tbody th")).toEqual(["b/dear", "a/cheap"]);
    expect(texts(".groups tfoot td")[0]).toBe("≈ $3.00 + ?");
    expect(texts(".legend").slice(0, 1)).toEqual(["dear cheap Hatched: estimated"]);
});

test("what is chosen is asked for, and kept for the next window", async () => {
    await hear({ data: FULL });
    document.querySelectorAll<HTMLInputElement>('input[name="group"]')[2]!.click();

    expect(posted.at(-1)).toEqual({ type: "wish", wish: { ...WISH, group: "role" } });
    expect(kept.at(-1)).toEqual(WISH);
});

test("other days begin with those that are shown, and a day that is none yet is not asked for", async () => {
    await hear({ data: FULL });
    document.querySelectorAll<HTMLInputElement>('input[name="span"]')[4]!.click();
    const wish = { ...WISH, span: "custom" as const, from: "2026-11-14", to: "2026-11-20" };
    expect(posted.at(-1)).toEqual({ type: "wish", wish });

    await hear({ data: FULL, wish });
    const from = find<HTMLInputElement>('input[type="date"]');
    expect(from.value).toBe("2026-11-14");
    posted.length = 0;
    from.value = "";
    from.dispatchEvent(new Event("change"));
    expect(posted).toEqual([]);
    from.value = "0202-10-01";
    from.dispatchEvent(new Event("change"));
    expect(posted).toEqual([]);
    from.value = "2026-10-01";
    from.dispatchEvent(new Event("change"));
    expect(posted).toEqual([{ type: "wish", wish: { ...wish, from: "2026-10-01" } }]);
});

test("buttons ask for what they say", async () => {
    await hear({ data: FULL });
    for (const button of document.querySelectorAll<HTMLButtonElement>(".actions button")) button.click();
    await click(".budget-place");

    expect(posted).toEqual([
        { type: "refresh" },
        { type: "export", format: "csv" },
        { type: "export", format: "json" },
        { type: "openBudget", key: "budgets.0" },
    ]);
});

test("a ledger in which nothing is says how to begin", async () => {
    await hear({ data: dataOf({ isUnused: true }) });
    expect(texts("h2")).toEqual(["Nothing was asked yet"]);
    await click("vscode-button");
    expect(posted).toEqual([{ type: "newChat" }]);
});

test("nothing can be exported before the ledger was read", async () => {
    const disabled = (): boolean[] => [...document.querySelectorAll("button")].map((button) => button.disabled);
    await hear({ data: null });
    expect(disabled()).toEqual([false, true, true]);
    await hear({ data: dataOf() });
    expect(disabled()).toEqual([false, false, false]);
});

test("a chart is made once for each answer, though every state brings a copy of it", async () => {
    const views = (): unknown[] => [...document.querySelectorAll<UsageChart>("usage-chart")].map(({ view }) => view);
    await hear({ data: FULL });
    const before = views();
    await hear({ data: structuredClone(FULL), answer: answers, isAsking: true });
    expect(views().every((view, at) => view === before[at])).toBe(true);
    await hear({ data: FULL });
    expect(views()[0]).not.toBe(before[0]);
});

test("days in which nothing was asked are said to be quiet, and others can be chosen", async () => {
    await hear({ data: dataOf({ month: FULL.month }) });

    expect(texts(".quiet")).toEqual(["Nothing was asked in this time. Choose a longer range."]);
    expect(document.querySelectorAll('input[name="span"]')).toHaveLength(5);
});

test("a failure stands above what was known, with what mends it", async () => {
    const problem = {
        ...{ kind: "misconfigured", message: "The ledger cannot be read." },
        remedy: { do: "openConfiguration" as const },
    };
    await hear({ data: FULL, problem });

    expect(texts('[role="alert"] .card-text')).toEqual(["The ledger cannot be read."]);
    expect(document.querySelectorAll("usage-chart")).toHaveLength(3);
    await click('[role="alert"] vscode-button');
    expect(posted).toEqual([{ type: "mend" }]);
});

test("days in which nothing was paid say so instead of an empty chart", async () => {
    const unpaid = sumOf({ inputTokens: 100, unknown: 2 });
    const time = reportOf([rowOf("2026-11-20", unpaid)], unpaid);
    await hear({ data: dataOf({ time, spend: time, groups: reportOf([rowOf("x", unpaid)], unpaid), month: time }) });

    expect(texts(".part").slice(0, 1)).toEqual(["Spend The cost of 2 requests is unknown."]);
    expect(document.querySelectorAll("usage-chart")).toHaveLength(1);
});
