/** The figures below an answer. */
import { describe, expect, test } from "vitest";

import type { Translate } from "../../src/common/l10n";
import { translator } from "../../src/common/l10n";
import { count } from "../../src/common/money";
import type { ChatResult } from "../../src/protocol";
import { figuresOf, seconds, waiting } from "../../src/webview/transcript/figures";

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
        const cost = figuresOf(RESULT, t)[2];
        expect(cost?.text).toBe("≈ $0.00042");
        expect(cost?.title).toContain("estimated");
    });

    test("say in full what they count", () => {
        expect(figuresOf(RESULT, t)[1]).toEqual({ text: "812 → 96", title: "Tokens in: 812, out: 96, reasoning: 64" });
    });
});
