import { expect, test } from "vitest";

import { translator } from "../../src/common/l10n";
import { fillOf, totalLine } from "../../src/common/meter";
import type { ConversationTotal } from "../../src/protocol";

const t = translator(undefined);
const TOTAL: ConversationTotal = {
    inputTokens: 9100,
    outputTokens: 340,
    cachedTokens: 7000,
    costUsd: 0.0132,
    estimatedUsd: 0,
    unknown: 0,
};

test("the window's fill says tokens of tokens, in the editor's language", () => {
    expect(fillOf({ usedTokens: 12300, windowTokens: 200000 }, "en", t)).toEqual({
        percent: 6,
        isWarning: false,
        sentence: "12,300 of 200,000 tokens",
    });
    expect(fillOf({ usedTokens: 12300, windowTokens: 200000 }, "de", t)?.sentence).toBe("12.300 of 200.000 tokens");
});

test("more than four fifths is a warning, and more than all is all", () => {
    expect(fillOf({ usedTokens: 80, windowTokens: 100 }, "en", t)?.isWarning).toBe(false);
    expect(fillOf({ usedTokens: 81, windowTokens: 100 }, "en", t)?.isWarning).toBe(true);
    expect(fillOf({ usedTokens: 300, windowTokens: 100 }, "en", t)?.percent).toBe(100);
});

test.each([null, { usedTokens: 5, windowTokens: null }, { usedTokens: 5, windowTokens: 0 }])(
    "%j fills nothing that is known",
    (context) => {
        expect(fillOf(context, "en", t)).toBeNull();
    },
);

test("a total has cost, tokens and the share that was cached", () => {
    const line = totalLine(TOTAL, "en", t);
    expect([line?.cost, line?.tokens, line?.cached]).toEqual(["$0.013", "9.4k tokens", "77% cached"]);
    expect(line?.details).toContain("Tokens in: 9,100, of them cached: 7,000");
    expect(line?.details).not.toContain("Estimated");
});

test("what the prompt cache took off, or cost at first, is part of it where that is known", () => {
    expect(totalLine(TOTAL, "en", t)?.saved).toBeNull();
    expect(totalLine({ ...TOTAL, savedUsd: 0.0189 }, "en", t)).toMatchObject({
        saved: "$0.019 saved",
        details: expect.stringContaining("By the prompt cache: $0.019 saved") as string,
    });
    expect(totalLine({ ...TOTAL, savedUsd: -0.002 }, "en", t)?.saved).toBe("$0.0020 to fill the cache");
});

test("what is estimated or unknown says so", () => {
    const mixed = totalLine({ ...TOTAL, estimatedUsd: 0.002, unknown: 1 }, "en", t);
    expect(mixed?.cost).toBe("≈ $0.015 + ?");
    expect(mixed?.details).toContain("Answers of unknown cost: 1");
    expect(totalLine({ ...TOTAL, costUsd: 0, unknown: 2 }, "en", t)?.cost).toBe("cost unknown");
});

test("a conversation without any answer has no total", () => {
    const nothing = { ...TOTAL, inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: 0 };
    expect(totalLine(nothing, "en", t)).toBeNull();
});
