import { describe, expect, test } from "vitest";

import { translator } from "../../src/common/l10n";
import type { Group } from "../../src/common/usage";
import type { Bucket } from "../../src/common/usageRange";
import { budgetLine, doubts, figures, groupLine, groupName, moment, tick } from "../../src/common/usageText";
import type { BudgetState, UsageSum } from "../../src/protocol";
import { budgetOf, dataOf, NOTHING, reportOf, rowOf, sumOf } from "./support/usage";

const t = translator(undefined);
const words = { t, locale: "en-GB" };

test.each<[string, Bucket, string, string]>([
    ["2026-11-20", "day", "20 Nov", "Fri, 20 Nov 2026"],
    ["2026-11-20T09", "hour", "09:00", "20 Nov, 09:00"],
    ["2026-11-16", "week", "16 Nov", "Week of 16 Nov 2026"],
    ["2026-11", "month", "Nov 26", "November 2026"],
])("%s, a piece of time, is called", (key, bucket, short, long) => {
    expect([tick(key, bucket, "en-GB"), moment(key, bucket, words)]).toEqual([short, long]);
});

test.each<[Group, string, string]>([
    ["model", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5"],
    ["workspace", "file:///home/ada/projet%20%C3%A9t%C3%A9/", "projet été"],
    ["workspace", "file:///home/ada/100%", "100%"],
    ["workspace", "", "(none)"],
    ["client", "", "(none)"],
])("of the groups by %s, %j is called %j", (group, key, name) => {
    expect(groupName(group, key, t)).toBe(name);
});

describe("the figures", () => {
    const texts = (more: Parameters<typeof dataOf>[0]): Record<string, string[]> =>
        Object.fromEntries(figures(dataOf(more), words).map(({ id, value, note }) => [id, [value, note]]));

    test("are today's, this month's and what caching saved, estimates and what is unknown told", () => {
        const today = rowOf("2026-11-20", { costUsd: 0.2, requests: 1 });
        const total = sumOf({
            ...{ costUsd: 1, estimatedUsd: 0.5, unknown: 2, requests: 1200 },
            ...{ inputTokens: 200, cachedTokens: 50, savedUsd: 0.3 },
        });

        expect(texts({ month: reportOf([rowOf("2026-11-19", { costUsd: 0.8 }), today], total) })).toEqual({
            today: ["$0.20", "1 request"],
            month: ["≈ $1.50 + ?", "1,200 requests"],
            saved: ["$0.30", "25% of what went in was cached"],
        });
    });

    test("of a month in which nothing was asked are zeros", () => {
        expect(texts({})).toEqual({ today: ["$0", "0 requests"], month: ["$0", "0 requests"], saved: ["$0", ""] });
    });

    test("say when caching cost more than it saved", () => {
        expect(texts({ month: reportOf([], sumOf({ savedUsd: -0.02 })) }).saved).toEqual([
            "−$0.020",
            "Filling the cache cost more than it saved",
        ]);
    });

    test.each([
        [null, undefined],
        ["No key is to be had.", ["?", "No key is to be had."]],
        [{ balanceUsd: 95.5, usedUsd: 4.5, at: "" }, ["$95.50", "$4.50 used so far"]],
    ])("of credits %o are %o", (credits, expected) => {
        expect(texts({ credits }).credits).toEqual(expected);
    });

    test.each([
        [{ shown: 0, accepted: 0, costUsd: 0 }, undefined],
        [{ shown: 9, accepted: 0, costUsd: 0.1 }, ["–", "This month: 0 of 9 accepted"]],
        [{ shown: 9, accepted: 4, costUsd: 0.1 }, ["$0.025", "This month: 4 of 9 accepted"]],
    ])("of suggestions %o are %o", (suggestions, expected) => {
        expect(texts({ month: { ...reportOf(), suggestions } }).suggestions).toEqual(expected);
    });
});

test.each<[Partial<UsageSum>, string]>([
    [{ costUsd: 1 }, ""],
    [{ estimatedUsd: 0.5 }, "$0.50 of it is estimated from the list’s prices."],
    [{ unknown: 1 }, "The cost of 1 request is unknown."],
    [
        { estimatedUsd: 0.5, unknown: 3 },
        "$0.50 of it is estimated from the list’s prices. The cost of 3 requests is unknown.",
    ],
])("of a sum with %o it is said: %j", (sum, sentence) => {
    expect(doubts(sumOf(sum), t)).toBe(sentence);
});

test("a line of the table has what is known, and no zero for what is not", () => {
    const full = {
        ...{ costUsd: 1, requests: 1500, inputTokens: 12_000, cachedTokens: 3000, outputTokens: 340, savedUsd: -0.1 },
        firstDeltaMs: { p50: 450, p95: 1900 },
    };
    const cells = Object.values(groupLine(rowOf("x", full), "model", words));
    const none = Object.values(groupLine({ ...NOTHING, unknown: 1 }, "model", words));

    expect(cells).toEqual(["x", "x", "$1.00", "1,500", "12k", "340", "25%", "−$0.10", "0.5 s / 1.9 s"]);
    expect(none).toEqual(["", "Total", "unknown", "0", "0", "0", "–", "–", "–"]);
});

describe("a budget", () => {
    const line = (more: Partial<BudgetState>) => budgetLine(budgetOf(more), words);

    test("is named by what it counts, and leads to its line", () => {
        const budget = { roles: ["chat"], models: ["openai/*"], path: "C:\\Users\\ada\\config.toml", line: 12 };

        expect(line(budget)).toMatchObject({ name: "Budget per day for chat (openai/*)", place: "config.toml:12" });
        expect(line({ per: "workspace" })).toMatchObject({ name: "Budget per workspace", place: null });
    });

    test.each<[Partial<BudgetState>, number, number]>([
        [{ spentUsd: 1, inFlightUsd: 1 }, 20, 20],
        [{ spentUsd: 4, inFlightUsd: 3 }, 80, 20],
        [{ spentUsd: 9, inFlightUsd: 3 }, 100, 0],
        [{ usd: 0, spentUsd: 0 }, 100, 0],
    ])("with %o fills its bar by %d and %d per cent", (budget, percent, flying) => {
        expect(line(budget)).toMatchObject({ percent, flying });
    });

    test("says what it stops, and when it begins anew", () => {
        const { note } = line({ state: "reached", inFlightUsd: 0.5, resetsAt: "2026-11-20T12:00:00Z" });

        expect(note).toMatch(/^Reached: requests are stopped\. Being answered now: up to \$0\.50\. Resets Fri/);
        expect(line({ state: "reached", action: "warn" }).note).toBe("Reached. Warns only.");
        expect(line({ state: "near" }).note).toBe("Nearly used up.");
    });
});
