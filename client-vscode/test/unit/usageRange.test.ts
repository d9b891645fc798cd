import { describe, expect, test } from "vitest";

import type { Span, Wish } from "../../src/common/usage";
import { boundsOf, dayIn, keysOf, rangeOf } from "../../src/common/usageRange";

const wish = (span: Span, from = "", to = ""): Wish => ({ span, from, to, group: "model" });

describe("a span of days", () => {
    test.each<[Wish, string, string[]]>([
        [wish("7days"), "2026-11-20", ["2026-11-14", "2026-11-20", "day", "7"]],
        [wish("30days"), "2026-03-01", ["2026-01-31", "2026-03-01", "day", "30"]],
        [wish("month"), "2026-11-20", ["2026-11-01", "2026-11-20", "day", "20"]],
        [wish("month"), "2026-11-01", ["2026-11-01", "2026-11-01", "day", "1"]],
        [wish("12months"), "2026-11-30", ["2025-12-01", "2026-11-30", "month", "12"]],
        [wish("12months"), "2024-02-29", ["2023-03-01", "2024-02-29", "month", "12"]],
        [wish("custom", "2026-11-20", "2026-11-20"), "2026-11-20", ["2026-11-20", "2026-11-20", "hour", "24"]],
        [wish("custom", "2026-11-20", "2026-11-10"), "2026-11-20", ["2026-11-10", "2026-11-20", "day", "11"]],
        [wish("custom", "2026-08-01", "2026-11-18"), "2026-11-20", ["2026-08-01", "2026-11-18", "week", "17"]],
        [wish("custom", "2024-12-15", "2026-01-02"), "2026-11-20", ["2024-12-15", "2026-01-02", "month", "14"]],
    ])("%o on %s", (given, today, [first, last, bucket, count]) => {
        const range = rangeOf(given, today);

        expect(range).toEqual({ first, last, bucket });
        expect(String(keysOf(range).length)).toBe(count);
    });

    test("ends, for the daemon, before the day after it", () => {
        expect(boundsOf({ first: "2026-12-30", last: "2026-12-31", bucket: "day" })).toEqual({
            since: "2026-12-30",
            until: "2027-01-01",
        });
    });
});

describe("the keys of a range are written as the daemon writes them", () => {
    test.each<[Parameters<typeof keysOf>[0], string[]]>([
        [{ first: "2026-02-27", last: "2026-03-01", bucket: "day" }, ["2026-02-27", "2026-02-28", "2026-03-01"]],
        [{ first: "2026-11-18", last: "2026-11-24", bucket: "week" }, ["2026-11-16", "2026-11-23"]],
        [{ first: "2026-11-22", last: "2026-11-22", bucket: "week" }, ["2026-11-16"]],
        [{ first: "2026-11-30", last: "2027-01-01", bucket: "month" }, ["2026-11", "2026-12", "2027-01"]],
    ])("%o", (range, keys) => {
        expect(keysOf(range)).toEqual(keys);
    });

    test("hours", () => {
        const keys = keysOf({ first: "2026-11-20", last: "2026-11-20", bucket: "hour" });

        expect([keys[0], keys[9], keys[23]]).toEqual(["2026-11-20T00", "2026-11-20T09", "2026-11-20T23"]);
    });
});

test("a day is that of the person's zone", () => {
    const midnight = Date.parse("2026-11-20T23:30:00Z");

    expect(dayIn("Europe/Paris", midnight)).toBe("2026-11-21");
    expect(dayIn("America/New_York", midnight)).toBe("2026-11-20");
    expect(dayIn("No/Where", midnight)).toBe(dayIn("", midnight));
});
