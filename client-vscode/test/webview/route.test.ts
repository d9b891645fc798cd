/** How an answer came about, as its turn tells it when asked. */
import { click, drawn, find, mounted, texts } from "./support/page";

import { beforeEach, expect, test } from "vitest";

import type { ChatResult } from "../../src/protocol";
import { TurnElement } from "../../src/webview/transcript/turn";
import { turnOf } from "./support/values";

const PLAIN: ChatResult = {
    message: { role: "assistant", content: "Yes." },
    finish: "stop",
    model: "a/b",
    provider: "bedrock",
    generation: null,
    usage: null,
    cost: { usd: 0.0132, source: "gateway" },
    timings: { firstDeltaMs: 480, totalMs: 4200 },
};
const ROUTED: ChatResult = {
    ...PLAIN,
    cost: { ...PLAIN.cost, savedUsd: 0.0189, marketUsd: 0.014, byok: true },
    attempts: [
        { by: "daemon", model: "x/y", provider: null, success: false, error: "It was overloaded." },
        { by: "gateway", model: "a/b", provider: "anthropic", success: false, status: 529 },
        { by: "gateway", model: "a/b", provider: "bedrock", success: true, credential: "byok", durationMs: 4200 },
    ],
    warnings: ["Budget per day: $4 of $5 are spent."],
};

let turn: TurnElement;

beforeEach(() => {
    turn = new TurnElement();
    turn.isDrawn = true;
});

async function show(result: ChatResult): Promise<void> {
    turn.turn = turnOf("1", { result });
    await mounted(turn);
    await drawn();
}

test("every attempt is told when it is asked for, with what it cost and saved", async () => {
    await show(ROUTED);
    expect(texts("pass-route")).toEqual([]);
    await click(".turn-details");
    expect(texts(".route-attempts li")).toEqual([
        "Failed: the gateway x/y It was overloaded.",
        "Failed: anthropic a/b · status 529",
        "Answered: bedrock a/b · 4.2 s · with your own key",
    ]);
    expect(texts(".route-facts li")).toEqual([
        "Cost, as the gateway says: $0.013",
        "The provider lists $0.014 for it",
        "The provider bills you apart, for your own key",
        "The prompt cache saved $0.019",
        "0.5 s to the first word, 4.2 s in all",
    ]);
    expect(find(".turn-details").getAttribute("aria-expanded")).toBe("true");
    await click(".turn-details");
    expect(texts("pass-route")).toEqual([]);
});

test("the provider is named also where nobody tells of attempts", async () => {
    await show(PLAIN);
    await click(".turn-details");
    expect(texts(".route-attempts")).toEqual(["Answered: bedrock a/b"]);
});

test("a warning is a quiet line", async () => {
    await show(ROUTED);
    expect(texts(".turn-note")).toEqual(["Budget per day: $4 of $5 are spent."]);
});
