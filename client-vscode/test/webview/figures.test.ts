/** The figures below an answer. */
import { describe, expect, test } from "vitest";

import type { Translate } from "../../src/common/l10n";
import { translator } from "../../src/common/l10n";
import { count } from "../../src/common/money";
import type { ChatResult } from "../../src/protocol";
import { seconds, waiting } from "../../src/common/duration";
import { factsOf, figuresOf } from "../../src/webview/transcript/figures";

const t: Translate = translator(undefined);

const RESULT: ChatResult = {
    message: { role: "assistant", content: "" },
    finish: "stop",
    model: "openai/gpt-5-mini",
    provider: null,
    generation: null,
    usage: { inputTokens: 812, outputTokens: 96, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 64 },
    cost: { usd: 0.00042, source: "estimate" },
    timings: { firstDeltaMs: null, totalMs: 61_000 },
};

test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1k"],
    [1234, "1.2k"],
    [9949, "9.9k"],
    [12_345, "12k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [1_250_000, "1.3M"],
])("%i tokens are %s", (tokens, text) => {
    expect(count(tokens)).toBe(text);
});

test.each([
    [40, "0.0 s"],
    [480, "0.5 s"],
    [9949, "9.9 s"],
    [12_300, "12 s"],
    [200_000, "3 min 20 s"],
])("%i ms are %s", (ms, text) => {
    expect(seconds(ms, t)).toBe(text);
});

test("a wait has whole seconds", () => {
    expect([waiting(9, t), waiting(75, t)]).toEqual(["9 s", "1 min 15 s"]);
});

describe("an answer's figures", () => {
    test("leave out what nobody knows", () => {
        const unknown = figuresOf({ ...RESULT, usage: null, cost: { usd: null, source: "unknown" } }, t);
        expect(unknown.map((figure) => figure.text)).toEqual(["gpt-5-mini", "cost unknown", "1 min 1 s"]);
    });

    test("mark an estimate", () => {
        const cost = figuresOf(RESULT, t)[1];
        expect(cost?.text).toBe("≈ $0.00042");
        expect(cost?.title).toContain("estimated");
    });

    test("tell the share of the cache, what it saved, and what failed before", () => {
        const attempt = { by: "gateway", model: "a/b", provider: "x", success: false } as const;
        const figures = figuresOf(
            {
                ...RESULT,
                usage: {
                    inputTokens: 1000,
                    outputTokens: 5,
                    cachedTokens: 770,
                    cacheWriteTokens: 0,
                    reasoningTokens: 0,
                },
                cost: { usd: 0, source: "gateway", savedUsd: 0.002, byok: true },
                attempts: [attempt, { ...attempt, success: true }],
            },
            t,
        );
        expect(figures.map((figure) => figure.text)).toEqual([
            "gpt-5-mini",
            "1 failed attempt",
            "$0 + own key",
            "1k → 5",
            "77% cached",
            "$0.0020 saved",
            "1 min 1 s",
        ]);
    });

    test("say in whole sentences what an answer cost, and what filling the cache did", () => {
        const cost = { usd: 0.01, source: "gateway", savedUsd: -0.002, marketUsd: 0.02 } as const;
        expect(factsOf({ ...RESULT, cost }, t)).toEqual([
            "Cost, as the gateway says: $0.010",
            "The provider lists $0.020 for it",
            "Filling the prompt cache cost $0.0020; what is sent again will be cheaper",
            "Tokens in: 812, out: 96, reasoning: 64",
            "1 min 1 s in all",
        ]);
        expect(factsOf({ ...RESULT, usage: null, cost: { usd: null, source: "unknown" } }, t)[0]).toBe(
            "Nobody says what it cost",
        );
    });

    test("say in full what they count", () => {
        expect(figuresOf(RESULT, t)[2]).toEqual({ text: "812 → 96", title: "Tokens in: 812, out: 96, reasoning: 64" });
    });
});
