import { expect, test } from "vitest";

import { confirmOf, foreseenUsd } from "../../src/common/forecast";
import type { Draft } from "../../src/common/panel";
import type { Model } from "../../src/protocol";

const MODEL = {
    maxOutput: 64_000,
    price: { input: 3, output: 15, cacheRead: null, cacheWrite: null },
} as Model;
const CONFIRM = { aboveUsd: 0.1, inputUsd: 0.00001, answerUsd: 0.05 };

function draft(text: string, images = 0): Draft {
    const part = { type: "image" as const, mediaType: "image/png", data: "" };
    const chips = Array.from({ length: images }, (_, at) => ({
        type: "image" as const,
        key: `${at}`,
        label: "",
        detail: "",
        part,
    }));
    return { text, chips, replaces: null };
}

test("a usual long answer is reckoned with, or as long as the model's may be", () => {
    expect(confirmOf(0.5, MODEL)).toEqual({ aboveUsd: 0.5, inputUsd: 0.000003, answerUsd: 0.06144 });
    expect(confirmOf(0.5, { ...MODEL, maxOutput: 1000 })?.answerUsd).toBe(0.015);
});

test.each<[string, unknown, Model | null]>([
    ["a limit", 0, MODEL],
    ["a limit that is a number", "much", MODEL],
    ["a model", 0.5, null],
    ["a price", 0.5, { ...MODEL, price: { ...MODEL.price, output: null } }],
])("without %s nothing is foreseen", (_, above, model) => {
    expect(confirmOf(above, model)).toBeNull();
});

test.each<[string, Draft, number, number | null]>([
    ["a short question", draft("Why?"), 0, null],
    ["a long one", draft("word".repeat(6000)), 0, 0.11],
    ["a short one in a long conversation", draft("Why?"), 6000, 0.11001],
    ["one with many images", draft("Why?", 6), 0, 0.11001],
])("%s costs more than goes unasked, or does not", (_, asked, usedTokens, usd) => {
    const foreseen = foreseenUsd(asked, usedTokens, CONFIRM);
    if (usd === null) expect(foreseen).toBeNull();
    else expect(foreseen).toBeCloseTo(usd, 6);
});

test("where nothing has to be confirmed, nothing is foreseen", () => {
    expect(foreseenUsd(draft("word".repeat(6000)), 0, null)).toBeNull();
});
