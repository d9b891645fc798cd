/** Reports of the ledger that tests begin with. */
import type { UsageData, Wish } from "../../../src/common/usage";
import type { BudgetState, UsageReport, UsageRow, UsageSum } from "../../../src/protocol";

export const NOTHING: UsageSum = {
    requests: 0,
    attempts: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: 0,
    estimatedUsd: 0,
    savedUsd: 0,
    unknown: 0,
    firstDeltaMs: null,
    totalMs: null,
};

export function sumOf(more: Partial<UsageSum>): UsageSum {
    return { ...NOTHING, requests: 1, attempts: 1, ...more };
}

export function rowOf(key: string, more: Partial<UsageRow> = {}): UsageRow {
    return { ...sumOf(more), ...more, key };
}

export function reportOf(rows: UsageRow[] = [], total: UsageSum = NOTHING): UsageReport {
    return { rows, total, since: null, until: null, suggestions: { shown: 0, accepted: 0, costUsd: 0 } };
}

export const WISH: Wish = { span: "7days", from: "", to: "", group: "model" };

export function dataOf(more: Partial<UsageData> = {}): UsageData {
    const report = reportOf();
    return {
        ...{ today: "2026-11-20", wish: WISH, spend: report, time: report, groups: report, month: report },
        ...{ budgets: [], credits: null, isUnused: false },
        ...more,
    };
}

export function budgetOf(more: Partial<BudgetState> = {}): BudgetState {
    return {
        key: "budgets.0",
        per: "day",
        usd: 5,
        action: "stop",
        roles: [],
        models: [],
        spentUsd: 1,
        inFlightUsd: 0,
        state: "ok",
        resetsAt: null,
        source: "user",
        ...more,
    };
}
