import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import { costText, dollars, dollarsBy, priceText, spentText, tokensText } from "../../src/common/money";

const t = translator(undefined);
const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: null };

describe("dollars", () => {
    it.each([
        [0, "$0"],
        [0.00028, "$0.00028"],
        [0.0132, "$0.013"],
        [0.1, "$0.10"],
        [3.5, "$3.50"],
        [12345.678, "$12,345.68"],
        [1e-12, "$0.0000000000"],
    ])("shows %f as %s", (usd, text) => {
        expect(dollars(usd)).toBe(text);
    });

    it.each([
        [0.0005, [0.0015, 0.001, 0.0005, 0], ["$0.0015", "$0.0010", "$0.0005", "$0"]],
        [0.25, [0.75, 0.5], ["$0.75", "$0.50"]],
        [0.2, [0.6000000000000001], ["$0.60"]],
        [0.025, [0.05], ["$0.050"]],
        [2, [4, 2], ["$4", "$2"]],
        [500, [1500], ["$1,500"]],
        [0, [3], ["$3.00"]],
    ])("that are %f apart have the same digits", (step, values, texts) => {
        expect(values.map((usd) => dollarsBy(step, usd))).toEqual(texts);
    });
});

describe("priceText", () => {
    it("names what goes in, what comes out, and what was cached", () => {
        expect(priceText(price, t)).toBe("$3 → $15 /M, cached $0.30");
        expect(priceText({ ...price, input: 0.125, cacheRead: 0.0125 }, t)).toBe("$0.125 → $15 /M, cached $0.0125");
        expect(priceText({ ...price, input: 0.25, output: 1000, cacheRead: null }, t)).toBe("$0.25 → $1,000 /M");
    });

    it("says what is not known, and what costs nothing", () => {
        expect(priceText({ ...price, input: null, output: null }, t)).toBe("price unknown");
        expect(priceText({ ...price, input: null, cacheRead: null }, t)).toBe("? → $15 /M");
        expect(priceText({ input: 0, output: 0, cacheRead: null, cacheWrite: null }, t)).toBe("free");
    });
});

describe("tokensText", () => {
    it.each([
        [512, "512"],
        [8192, "8k"],
        [200_000, "200k"],
        [131_072, "131k"],
        [999_700, "1M"],
        [1_000_000, "1M"],
        [1_048_576, "1.05M"],
    ])("shows %d as %s", (tokens, text) => {
        expect(tokensText(tokens)).toBe(text);
    });
});

describe("costs", () => {
    it("marks an estimate, and does not call unknown nothing", () => {
        expect(costText({ usd: 0.0027, source: "gateway" }, t)).toBe("$0.0027");
        expect(costText({ usd: 0.0027, source: "estimate" }, t)).toBe("≈ $0.0027");
        expect(costText({ usd: null, source: "unknown" }, t)).toBe("cost unknown");
    });

    it("adds up what was charged and what is estimated", () => {
        expect(spentText({ costUsd: 0.1, estimatedUsd: 0, unknown: 0 })).toBe("$0.10");
        expect(spentText({ costUsd: 0.1, estimatedUsd: 0.02, unknown: 0 })).toBe("≈ $0.12");
        expect(spentText({ costUsd: 0.1, estimatedUsd: 0, unknown: 2 })).toBe("$0.10 + ?");
    });
});
