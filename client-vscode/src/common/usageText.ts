/** The words of the usage page: what a piece of time, a group and a figure are called. */
import type { BudgetState, UsageReport, UsageRow, UsageSum } from "../protocol";
import { budgetName } from "./budgets";
import { seconds } from "./duration";
import type { Translate } from "./l10n";
import { percentText } from "./meter";
import { count, dollars, dollarsBy, spentText } from "./money";
import { fileName } from "./paths";
import type { Group, UsageData } from "./usage";
import type { Bucket } from "./usageRange";
import { hitRate, usdOf } from "./usageSeries";

export interface Words {
    t: Translate;
    /** Of numbers and dates. */
    locale: string;
}

/** What the values of a chart are. */
export type Unit = "usd" | "tokens" | "ms";

/** A figure above the charts. `note` says more, in small. */
export interface Figure {
    id: "today" | "month" | "saved" | "credits" | "suggestions";
    label: string;
    value: string;
    note: string;
}

/** On an axis: "20 Nov", "14:00", "Nov 26". */
export function tick(key: string, bucket: Bucket, locale: string): string {
    if (bucket === "hour") return `${key.slice(11)}:00`;
    const how = bucket === "month" ? ({ month: "short", year: "2-digit" } as const) : SHORT_DAY;
    return written(key, how, locale);
}

/** In a tooltip and a table: "Friday, 20 November", "week of 16 November". */
export function moment(key: string, bucket: Bucket, { t, locale }: Words): string {
    switch (bucket) {
        case "hour":
            return `${written(key.slice(0, 10), SHORT_DAY, locale)}, ${key.slice(11)}:00`;
        case "day":
            return written(key, { weekday: "short", ...SHORT_DAY, year: "numeric" }, locale);
        case "week":
            return t("Week of {0}", written(key, { ...SHORT_DAY, year: "numeric" }, locale));
        case "month":
            return written(key, { month: "long", year: "numeric" }, locale);
    }
}

export function valueText(value: number, unit: Unit, t: Translate): string {
    switch (unit) {
        case "usd":
            return dollars(value);
        case "tokens":
            return count(Math.round(value));
        case "ms":
            return seconds(value, t);
    }
}

/** On an axis whose values are `step` apart: all of them to the same digit. */
export function axisText(value: number, step: number, unit: Unit, t: Translate): string {
    return unit === "usd" ? dollarsBy(step, value) : valueText(value, unit, t);
}

/** What a group is called; the key in full is a tooltip's business. */
export function groupName(group: Group, key: string, t: Translate): string {
    if (key === "") return t("(none)");
    if (group !== "workspace") return key;
    const path = key.replace(/\/+$/, "");
    const name = path.slice(path.lastIndexOf("/") + 1);
    try {
        return decodeURIComponent(name);
    } catch {
        return name; // Not written as a URI is.
    }
}

export function figures(data: UsageData, words: Words): Figure[] {
    const { t } = words;
    const today = data.month.rows.find(({ key }) => key === data.today);
    return [
        spentFigure("today", t("Today"), today ?? null, words),
        spentFigure("month", t("This month"), data.month.total, words),
        savedFigure(data.month.total, words),
        ...suggestionsFigure(data.month, t),
        ...creditsFigure(data, words),
    ];
}

/** A row of the table, as texts. */
export interface GroupLine {
    key: string;
    name: string;
    cost: string;
    requests: string;
    input: string;
    output: string;
    cached: string;
    saved: string;
    latency: string;
}

/** `row` is a group, or the total of all. */
export function groupLine(row: UsageSum & Partial<Pick<UsageRow, "key">>, group: Group, words: Words): GroupLine {
    const { t, locale } = words;
    const rate = hitRate(row);
    const key = row.key ?? "";
    return {
        key,
        name: row.key === undefined ? t("Total") : groupName(group, key, t),
        cost: costOf(row, t),
        requests: whole(row.requests, locale),
        input: count(row.inputTokens),
        output: count(row.outputTokens),
        cached: rate === null ? "–" : percentText(rate, locale),
        saved: signed(row.savedUsd),
        latency:
            row.firstDeltaMs === null
                ? "–"
                : `${seconds(row.firstDeltaMs.p50, t)} / ${seconds(row.firstDeltaMs.p95, t)}`,
    };
}

/** What a sum leaves out or only guesses; "" where it is all the gateways' word. */
export function doubts({ estimatedUsd, unknown }: UsageSum, t: Translate): string {
    const parts = [];
    if (estimatedUsd > 0) parts.push(t("{0} of it is estimated from the list’s prices.", dollars(estimatedUsd)));
    if (unknown === 1) parts.push(t("The cost of 1 request is unknown."));
    if (unknown > 1) parts.push(t("The cost of {0} requests is unknown.", unknown));
    return parts.join(" ");
}

/** "" where nothing went in. */
export function cachedText(sum: UsageSum, { t, locale }: Words): string {
    const rate = hitRate(sum);
    return rate === null ? "" : t("{0} of what went in was cached", percentText(rate, locale));
}

/** A budget and how it stands. */
export interface BudgetLine {
    key: string;
    name: string;
    /** "$4.20 of $5". */
    spent: string;
    /** In per cent, at most 100, and what running requests may add to it. */
    percent: number;
    flying: number;
    state: BudgetState["state"];
    /** What the state means, and when it begins anew. */
    note: string;
    /** "config.toml:12"; null where no file says it. */
    place: string | null;
}

export function budgetLine(budget: BudgetState, words: Words): BudgetLine {
    const { usd, spentUsd, inFlightUsd } = budget;
    const share = (part: number): number => (usd === 0 ? 100 : Math.min(100, (part / usd) * 100));
    const percent = share(spentUsd);
    return {
        key: budget.key,
        name: budgetName(budget, words.t),
        spent: words.t("{0} of {1}", dollars(spentUsd), dollars(usd)),
        percent,
        flying: Math.min(100 - percent, share(inFlightUsd)),
        // A budget that stops nothing alarms nobody.
        state: budget.state === "reached" && budget.action === "warn" ? "near" : budget.state,
        note: budgetNote(budget, words),
        place: placeOf(budget),
    };
}

const SHORT_DAY = { day: "numeric", month: "short" } as const;

function written(day: string, how: Intl.DateTimeFormatOptions, locale: string): string {
    return new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(new Date(day));
}

function whole(value: number, locale: string): string {
    return new Intl.NumberFormat(locale).format(value);
}

function signed(usd: number): string {
    if (usd === 0) return "–";
    return usd < 0 ? `−${dollars(-usd)}` : dollars(usd);
}

/** "+ ?" alone would read as a sum: where nothing at all is known, it is said. */
function costOf(sum: UsageSum, t: Translate): string {
    return usdOf(sum) === 0 && sum.unknown > 0 ? t("unknown") : spentText(sum);
}

function requestsText(requests: number, { t, locale }: Words): string {
    return requests === 1 ? t("1 request") : t("{0} requests", whole(requests, locale));
}

function spentFigure(id: "today" | "month", label: string, sum: UsageSum | null, words: Words): Figure {
    if (sum === null) return { id, label, value: dollars(0), note: requestsText(0, words) };
    return { id, label, value: costOf(sum, words.t), note: requestsText(sum.requests, words) };
}

function savedFigure(total: UsageSum, words: Words): Figure {
    const { t } = words;
    const isLoss = total.savedUsd < 0;
    const value = isLoss ? `−${dollars(-total.savedUsd)}` : dollars(total.savedUsd);
    const note = isLoss ? t("Filling the cache cost more than it saved") : cachedText(total, words);
    return { id: "saved", label: t("Saved this month"), value, note };
}

function creditsFigure({ credits }: UsageData, { t }: Words): Figure[] {
    if (credits === null) return [];
    const label = t("Credits");
    if (typeof credits === "string") return [{ id: "credits", label, value: "?", note: credits }];
    const note = t("{0} used so far", dollars(credits.usedUsd));
    return [{ id: "credits", label, value: dollars(credits.balanceUsd), note }];
}

/** Absent where nothing was suggested: an editor without ghost text has no such cost. */
function suggestionsFigure({ suggestions: { shown, accepted, costUsd } }: UsageReport, t: Translate): Figure[] {
    if (shown === 0) return [];
    const label = t("Per accepted suggestion");
    const value = accepted === 0 ? "–" : dollars(costUsd / accepted);
    return [{ id: "suggestions", label, value, note: t("This month: {0} of {1} accepted", accepted, shown) }];
}

function budgetNote({ state, action, resetsAt, inFlightUsd }: BudgetState, { t, locale }: Words): string {
    const parts = [];
    if (state === "near") parts.push(t("Nearly used up."));
    if (state === "reached") parts.push(action === "stop" ? t("Reached: requests are stopped.") : t("Reached."));
    if (inFlightUsd > 0) parts.push(t("Being answered now: up to {0}.", dollars(inFlightUsd)));
    if (resetsAt !== null) {
        const how = { weekday: "short", ...SHORT_DAY, hour: "2-digit", minute: "2-digit" } as const;
        parts.push(t("Resets {0}.", new Intl.DateTimeFormat(locale, how).format(new Date(resetsAt))));
    }
    if (action === "warn") parts.push(t("Warns only."));
    return parts.join(" ");
}

function placeOf({ path, line }: BudgetState): string | null {
    if (path === undefined) return null;
    return line === undefined ? fileName(path) : `${fileName(path)}:${line}`;
}
