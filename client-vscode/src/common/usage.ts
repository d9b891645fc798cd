/** What the usage page and its host say to each other. The host owns the state, and gives the page the whole of it. */
import type { BudgetState, Credits, UsageFormat, UsageReport } from "../protocol";
import type { Problem } from "./panel";

export const SPANS = ["7days", "30days", "month", "12months", "custom"] as const;
export const GROUPS = ["model", "provider", "role", "workspace", "client"] as const;

export type Span = (typeof SPANS)[number];
export type Group = (typeof GROUPS)[number];

/** What a person wants to see. The two days, "2026-11-20", count for the span "custom" only; both belong to it. */
export interface Wish {
    span: Span;
    from: string;
    to: string;
    group: Group;
}

export interface UsageState {
    wish: Wish;
    /** Null until the daemon has answered. Belongs to the wish, but while `isAsking`. */
    data: UsageData | null;
    /** Another one for each `data`: the page is given a copy with every state. */
    answer: number;
    isAsking: boolean;
    /** Why the newest question was not answered; older data may stand beside it. */
    problem: Problem | null;
}

/** What the daemon said, all of it at once. */
export interface UsageData {
    /** The person's day when it was asked, which the spans end with. */
    today: string;
    wish: Wish;
    /** By time, and within that by model. */
    spend: UsageReport;
    /** By time alone: percentiles of groups cannot be added up. */
    time: UsageReport;
    /** By what the wish says. */
    groups: UsageReport;
    /** This month, by day. */
    month: UsageReport;
    budgets: BudgetState[];
    /** A sentence where the gateway does not say; null where it has no such thing. */
    credits: Credits | string | null;
    /** Whether the ledger holds nothing at all. */
    isUnused: boolean;
}

/** Page → host. */
export type UsageAction =
    | { type: "ready" }
    | { type: "wish"; wish: Wish }
    | { type: "refresh" }
    | { type: "export"; format: UsageFormat }
    /** Shows where a budget is written. */
    | { type: "openBudget"; key: string }
    /** What the shown problem offers. */
    | { type: "mend" }
    | { type: "newChat" };

export const FIRST_WISH: Wish = { span: "30days", from: "", to: "", group: "model" };

/** Null for what is no action: nothing that a page says is believed. */
export function decodeUsageAction(value: unknown): UsageAction | null {
    if (!isRecord(value)) return null;
    switch (value.type) {
        case "ready":
        case "refresh":
        case "mend":
        case "newChat":
            return { type: value.type };
        case "wish": {
            const wish = decodeWish(value.wish);
            return wish === null ? null : { type: "wish", wish };
        }
        case "export":
            return value.format === "csv" || value.format === "json" ? { type: "export", format: value.format } : null;
        case "openBudget":
            return typeof value.key === "string" ? { type: "openBudget", key: value.key } : null;
        default:
            return null;
    }
}

/** Also one that a page kept over a reload of the window. */
export function decodeWish(value: unknown): Wish | null {
    if (!isRecord(value)) return null;
    const span = SPANS.find((one) => one === value.span);
    const group = GROUPS.find((one) => one === value.group);
    const { from, to } = value;
    if (span === undefined || group === undefined || typeof from !== "string" || typeof to !== "string") return null;
    return span !== "custom" || (isDay(from) && isDay(to)) ? { span, from, to, group } : null;
}

/** Of this century: a year that is being typed, 0002 and 0020 on its way to 2026, is none yet. */
export function isDay(text: string): boolean {
    return /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null;
}
