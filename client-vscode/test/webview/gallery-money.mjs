// What answers cost and how they came about, for the gallery: cards that hold a question back, details, warnings, totals.
import { MODEL, STATUS, turn } from "./gallery-states.mjs";
import { answered, talk } from "./gallery-turns.mjs";

const failed = (by, provider, status, error, durationMs) => ({
    by,
    model: "anthropic/claude-sonnet-4.5",
    provider,
    success: false,
    status,
    error,
    durationMs,
});

const ROUTED = {
    ...turn("x", "").result,
    cost: { usd: 0.0132, source: "gateway", savedUsd: 0.0189, marketUsd: 0.0141, byok: true },
    attempts: [
        failed("daemon", null, 503, "The gateway was overloaded.", 210),
        failed("gateway", "anthropic", 529, "Overloaded: Anthropic’s servers are busy; try again later.", 1310),
        {
            by: "gateway",
            model: "anthropic/claude-sonnet-4.5",
            provider: "bedrock",
            success: true,
            credential: "byok",
            durationMs: 4200,
        },
    ],
    warnings: ["Budget per day for chat: $4.20 of $5 are spent."],
};

const held = (id, question, problem) => answered(id, question, "", { state: "failed", result: null, problem });

const MONEY = {
    ...talk(
        answered("t1", "Why does the decoder lose events?", "It splits at U+2028.", { result: ROUTED }),
        held("t2", "And with CRLF?", {
            kind: "budgetReached",
            message: "The budget of $5.00 per day is used up: $5.02 are spent. It begins anew at midnight.",
            remedy: { do: "allowOnce", budget: "budgets.0" },
            other: { do: "openBudget", path: "/home/ada/.config/passerelle/config.toml", line: 12 },
        }),
        held("t3", "And now all of it?", {
            kind: "creditsExhausted",
            message: "The gateway vercel has no credits or budget left for you. Add some in its dashboard.",
            remedy: { do: "topUp", url: "https://vercel.com" },
            other: { do: "chooseGateway" },
        }),
        held("t4", "Review the whole repository", {
            kind: "confirmCost",
            message:
                "This would cost about $1.20 with anthropic/claude-opus-4.1, more than the $0.50 of spending.confirm_above_usd.",
            remedy: { do: "sendAnyway" },
        }),
    ),
    total: {
        inputTokens: 91000,
        outputTokens: 3400,
        cachedTokens: 70000,
        costUsd: 0.132,
        estimatedUsd: 0.002,
        unknown: 0,
        savedUsd: 0.019,
    },
    model: { ...MODEL, confirm: { aboveUsd: 0.5, inputUsd: 0.00001, answerUsd: 0.6 } },
    status: { ...STATUS, credits: { balanceUsd: 95.5, usedUsd: 4.5, at: "2026-11-20T10:00:00Z" } },
    draft: { text: "One question more", chips: [], replaces: null },
};

/** It stays open from one width to the next. */
async function opened(button) {
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
}

export const SCENES = [
    {
        name: "money",
        height: 1100,
        state: MONEY,
        act: async (page) => {
            await opened(page.locator(".turn-details").first());
        },
    },
    {
        name: "money-menu",
        height: 480,
        state: MONEY,
        act: async (page) => {
            await opened(page.locator("pass-header pass-menu > button"));
        },
    },
];
