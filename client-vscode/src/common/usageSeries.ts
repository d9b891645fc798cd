/** The numbers behind the usage page's charts: what is drawn, and what the tables beside them say. */
import type { Percentiles, UsageReport, UsageRow, UsageSum } from "../protocol";
import type { Translate } from "./l10n";
import { shortName } from "./status";

/** A chart over time: one value of each series for each key. */
export interface Chart {
    keys: string[];
    series: Series[];
}

export interface Series {
    name: string;
    /** Which of the theme's colours, and which pattern; `OTHERS` is the one that stands for many. */
    tone: number;
    /** From prices, not from the gateway: drawn hatched, written with "≈". */
    isEstimate: boolean;
    /** Null: nothing was measured. */
    values: (number | null)[];
}

/** How many models have a colour of their own. */
export const MOST_MODELS = 6;
export const OTHERS = MOST_MODELS;

/** Dollars in each piece of time, by model, the dearest first; what is estimated is a series of its own beside it. */
export function spendChart(report: UsageReport, keys: string[], t: Translate): Chart {
    const models = ranked(report.rows);
    const own = models.slice(0, MOST_MODELS);
    const rest = new Set(models.slice(MOST_MODELS));
    const names = distinct(own, t);
    const series = own.flatMap((model, tone) =>
        spendOf(report.rows, keys, { name: names[tone] ?? model, tone, has: (one) => one === model }),
    );
    const others = { name: t("Others: {0}", rest.size), tone: OTHERS, has: (one: string) => rest.has(one) };
    return { keys, series: [...series, ...(rest.size === 0 ? [] : spendOf(report.rows, keys, others))] };
}

/** Tokens in each piece of time: those in, told apart by the cache, and those out. */
export function tokensChart(report: UsageReport, keys: string[], t: Translate): Chart {
    const rows = new Map(report.rows.map((row) => [row.key, row]));
    const pick = (tone: number, name: string, value: (row: UsageRow) => number): Series => {
        return { name, tone, isEstimate: false, values: keys.map((key) => valueOf(rows.get(key), value)) };
    };
    return {
        keys,
        series: [
            pick(1, t("In, from the cache"), ({ cachedTokens }) => cachedTokens),
            pick(0, t("In, not from the cache"), ({ inputTokens, cachedTokens }) =>
                Math.max(0, inputTokens - cachedTokens),
            ),
            pick(2, t("Out"), ({ outputTokens }) => outputTokens),
        ],
    };
}

/** Milliseconds to the first piece of an answer: half of the answers were quicker, and 95 of 100. */
export function latencyChart(report: UsageReport, keys: string[], t: Translate): Chart {
    const rows = new Map(report.rows.map((row) => [row.key, row]));
    const pick = (tone: number, name: string, at: keyof Percentiles): Series => {
        const values = keys.map((key) => rows.get(key)?.firstDeltaMs?.[at] ?? null);
        return { name, tone, isEstimate: false, values };
    };
    return {
        keys,
        series: [pick(0, t("p50: half of the answers"), "p50"), pick(1, t("p95: 95 of 100 answers"), "p95")],
    };
}

/** Whether there is anything to draw. */
export function isEmpty({ series }: Chart): boolean {
    return series.every(({ values }) => values.every((value) => value === null || value === 0));
}

/** How much of what went in came from the cache; null where nothing went in. */
export function hitRate({ inputTokens, cachedTokens }: UsageSum): number | null {
    return inputTokens === 0 ? null : cachedTokens / inputTokens;
}

export function usdOf({ costUsd, estimatedUsd }: UsageSum): number {
    return costUsd + estimatedUsd;
}

/** Models, the dearest of all pieces of time together first. */
function ranked(rows: UsageRow[]): string[] {
    const spent = new Map<string, number>();
    for (const row of rows) spent.set(row.split ?? "", (spent.get(row.split ?? "") ?? 0) + usdOf(row));
    const paid = [...spent].filter(([, usd]) => usd > 0);
    return paid.sort(([, one], [, other]) => other - one).map(([model]) => model);
}

/** Without their creators, unless two are then called the same. */
function distinct(models: string[], t: Translate): string[] {
    const short = models.map(shortName);
    return models.map((model, at) => {
        const name = short[at] ?? model;
        if (model === "") return t("no model");
        return short.filter((one) => one === name).length > 1 ? model : name;
    });
}

interface Kind {
    name: string;
    tone: number;
    has: (model: string) => boolean;
}

function spendOf(rows: UsageRow[], keys: string[], { name, tone, has }: Kind): Series[] {
    const own = rows.filter((row) => has(row.split ?? ""));
    const pick = (isEstimate: boolean): Series => {
        const sums = new Map<string, number>();
        for (const row of own) {
            sums.set(row.key, (sums.get(row.key) ?? 0) + (isEstimate ? row.estimatedUsd : row.costUsd));
        }
        return { name, tone, isEstimate, values: keys.map((key) => sums.get(key) ?? 0) };
    };
    return [pick(false), pick(true)].filter(({ values }) => values.some((value) => value !== 0));
}

function valueOf(row: UsageRow | undefined, value: (row: UsageRow) => number): number {
    return row === undefined ? 0 : value(row);
}
