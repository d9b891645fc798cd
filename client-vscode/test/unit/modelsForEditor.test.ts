import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import { informationOf } from "../../src/common/modelsForEditor";
import type { Model } from "../../src/protocol";

const t = translator(undefined);
const model: Model = {
    id: "anthropic/claude-sonnet-4.5-20250929",
    name: "Claude Sonnet 4.5",
    creator: "anthropic",
    description: "For coding.",
    releasedAt: "2025-09-29T00:00:00Z",
    contextWindow: 200_000,
    maxOutput: 64_000,
    capabilities: ["vision", "tools"],
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: null },
};

describe("informationOf", () => {
    it("tells the editor what the gateway said", () => {
        expect(informationOf(model, t)).toEqual({
            id: "anthropic/claude-sonnet-4.5-20250929",
            name: "Claude Sonnet 4.5",
            family: "claude-sonnet-4.5",
            version: "20250929",
            maxInputTokens: 136_000,
            maxOutputTokens: 64_000,
            tooltip:
                "anthropic/claude-sonnet-4.5-20250929 · 200k tokens of context · $3 → $15 /M, cached $0.30\n\nFor coding.",
            detail: "$3 → $15 /M, cached $0.30",
            capabilities: { imageInput: true, toolCalling: true },
            isUserSelectable: true,
        });
    });

    it("leaves half of the window to the question where the gateway gives all of it to the answer", () => {
        const wide = informationOf({ ...model, contextWindow: 128_000, maxOutput: 128_000 }, t);

        expect([wide.maxInputTokens, wide.maxOutputTokens]).toEqual([64_000, 128_000]);
    });

    it("guesses carefully where the gateway says nothing", () => {
        const id = "offline/guide";
        const bare = informationOf(
            { ...model, id, name: "", contextWindow: null, maxOutput: null, releasedAt: null, capabilities: [] },
            t,
        );

        expect(bare).toMatchObject({ name: "guide", family: "guide", version: "1" });
        expect([bare.maxInputTokens, bare.maxOutputTokens]).toEqual([28_672, 4096]);
        expect(bare.capabilities).toEqual({ imageInput: false, toolCalling: false });
    });

    it.each([
        ["openai/gpt-4o-2024-11-20", "gpt-4o", "2024-11-20"],
        ["openai/gpt-5-mini", "gpt-5-mini", "2025-09-29"],
        ["meta/llama-3.1-70b", "llama-3.1-70b", "2025-09-29"],
    ])("finds family and version of %s", (id, family, version) => {
        expect(informationOf({ ...model, id }, t)).toMatchObject({ family, version });
    });
});
