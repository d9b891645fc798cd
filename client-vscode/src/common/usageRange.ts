/** Spans of days, and the pieces of time that a chart shows of them. A day is a text, "2026-11-20", and the person's own. */
import type { Wish } from "./usage";

/** As `passerelle/usage` groups. */
export type Bucket = "hour" | "day" | "week" | "month";

/** Both days belong to it. */
export interface Range {
    first: string;
    last: string;
    bucket: Bucket;
}

/** Below these numbers of days a chart is by hour, by day, by week; else by month. */
const HOURS_UNTIL = 2;
const DAYS_UNTIL = 63;
const WEEKS_UNTIL = 190;

const DAY_MS = 86_400_000;

/** The span of a wish, as it is on that day. */
export function rangeOf(wish: Wish, today: string): Range {
    switch (wish.span) {
        case "7days":
            return { first: daysAfter(today, -6), last: today, bucket: "day" };
        case "30days":
            return { first: daysAfter(today, -29), last: today, bucket: "day" };
        case "month":
            return { first: `${today.slice(0, 7)}-01`, last: today, bucket: "day" };
        case "12months":
            return { first: `${monthsAfter(today.slice(0, 7), -11)}-01`, last: today, bucket: "month" };
        case "custom": {
            const [first, last] = wish.from <= wish.to ? [wish.from, wish.to] : [wish.to, wish.from];
            return { first, last, bucket: bucketFor(1 + (Date.parse(last) - Date.parse(first)) / DAY_MS) };
        }
    }
}

/** What to ask `passerelle/usage` for: `until` is exclusive. */
export function boundsOf({ first, last }: Range): { since: string; until: string } {
    return { since: first, until: daysAfter(last, 1) };
}

/** The keys of all pieces of a range, as the daemon writes them, also of those in which nothing was asked. */
export function keysOf({ first, last, bucket }: Range): string[] {
    switch (bucket) {
        case "hour":
            return days(first, last, 1).flatMap((day) => HOURS.map((hour) => `${day}T${hour}`));
        case "day":
            return days(first, last, 1);
        case "week":
            return days(mondayOf(first), last, 7);
        case "month":
            return months(first.slice(0, 7), last.slice(0, 7));
    }
}

/** The day that it is somewhere. An unknown or empty zone is the machine's own. */
export function dayIn(zone: string, nowMs: number): string {
    // Sweden writes days as ISO 8601 does.
    const how = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
    try {
        return new Intl.DateTimeFormat("sv-SE", { ...how, ...(zone === "" ? {} : { timeZone: zone }) }).format(nowMs);
    } catch {
        return new Intl.DateTimeFormat("sv-SE", how).format(nowMs);
    }
}

export function daysAfter(day: string, count: number): string {
    return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

function bucketFor(count: number): Bucket {
    if (count < HOURS_UNTIL) return "hour";
    if (count < DAYS_UNTIL) return "day";
    return count < WEEKS_UNTIL ? "week" : "month";
}

function days(first: string, last: string, step: number): string[] {
    const found: string[] = [];
    for (let day = first; day <= last; day = daysAfter(day, step)) found.push(day);
    return found;
}

function months(first: string, last: string): string[] {
    const found: string[] = [];
    for (let month = first; month <= last; month = monthsAfter(month, 1)) found.push(month);
    return found;
}

function monthsAfter(month: string, count: number): string {
    const date = new Date(`${month}-01`);
    date.setUTCMonth(date.getUTCMonth() + count);
    return date.toISOString().slice(0, 7);
}

/** A week begins on Monday. */
function mondayOf(day: string): string {
    return daysAfter(day, -((new Date(day).getUTCDay() + 6) % 7));
}
