import { describe, expect, test } from "vitest";

import { translator } from "../../src/common/l10n";
import { isEmpty, latencyChart, OTHERS, spendChart, tokensChart } from "../../src/common/usageSeries";
import { reportOf, rowOf } from "./support/usage";

const t = translator(undefined);
const KEYS = ["2026-11-19", "2026-11-20"];

describe("what was spent, by model", () => {
    const spent = (key: string, split: string, costUsd: number, estimatedUsd = 0) =>
        rowOf(key, { split, costUsd, estimatedUsd });

    test("the dearest of all days stands first, and a day without it has none", () => {
        const rows = [spent("2026-11-19", "a/x", 1), spent("2026-11-20", "a/x", 1), spent("2026-11-20", "b/y", 3)];

        expect(spendChart(reportOf(rows), KEYS, t).series).toEqual([
            { name: "y", tone: 0, isEstimate: false, values: [0, 3] },
            { name: "x", tone: 1, isEstimate: false, values: [1, 1] },
        ]);
    });

    test("an estimate stands beside what its gateway said, in the same colour", () => {
        const { series } = spendChart(reportOf([spent("2026-11-20", "a/x", 1, 0.5)]), KEYS, t);

        expect(series.map(({ name, tone, isEstimate, values }) => [name, tone, isEstimate, values[1]])).toEqual([
            ["x", 0, false, 1],
            ["x", 0, true, 0.5],
        ]);
    });

    test("after six, the rest is one", () => {
        const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((usd) => spent("2026-11-20", `a/m${usd}`, usd));
        const { series } = spendChart(reportOf(rows), KEYS, t);

        expect(series.map(({ name }) => name)).toEqual(["m8", "m7", "m6", "m5", "m4", "m3", "Others: 2"]);
        expect(series.at(-1)).toEqual({ name: "Others: 2", tone: OTHERS, isEstimate: false, values: [0, 3] });
    });

    test("two models of one name are told apart by their creators", () => {
        const rows = [spent("2026-11-20", "a/x", 2), spent("2026-11-20", "b/x", 1), spent("2026-11-20", "", 0.5)];

        expect(spendChart(reportOf(rows), KEYS, t).series.map(({ name }) => name)).toEqual(["a/x", "b/x", "no model"]);
    });

    test("what cost nothing is no series", () => {
        const chart = spendChart(reportOf([spent("2026-11-20", "a/free", 0)]), KEYS, t);

        expect(chart.series).toEqual([]);
        expect(isEmpty(chart)).toBe(true);
    });
});

test("tokens in are told apart by the cache, and come to what the daemon counted", () => {
    const row = rowOf("2026-11-20", { inputTokens: 100, cachedTokens: 60, outputTokens: 7 });
    const chart = tokensChart(reportOf([row]), KEYS, t);

    expect(chart.series.map(({ values }) => values)).toEqual([
        [0, 60],
        [0, 40],
        [0, 7],
    ]);
    expect(isEmpty(chart)).toBe(false);
});

test("a time that nobody measured is no zero", () => {
    const rows = [rowOf("2026-11-19"), rowOf("2026-11-20", { firstDeltaMs: { p50: 500, p95: 900 } })];

    expect(latencyChart(reportOf(rows), KEYS, t).series.map(({ values }) => values)).toEqual([
        [null, 500],
        [null, 900],
    ]);
});
