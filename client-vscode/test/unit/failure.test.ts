import { describe, expect, test } from "vitest";

import { Code, type Failure, problemOf } from "../../src/common/failure";
import { translator } from "../../src/common/l10n";
import type { Remedy } from "../../src/common/panel";
import type { BudgetState, ErrorData, ErrorKind } from "../../src/protocol";

const t = translator(undefined);
const NOW = 1_000_000;
const RETRY: Remedy = { do: "retry", retryAt: null };

function remedy(failure: Partial<Failure>): Remedy | null {
    return problemOf({ message: "It failed.", code: -32803, data: null, ...failure }, NOW, t).remedy;
}

const REMEDIES: Record<ErrorKind, Remedy | null> = {
    keyMissing: { do: "setKey" },
    keyRefused: { do: "setKey" },
    creditsExhausted: { do: "chooseGateway" },
    budgetReached: RETRY,
    confirmCost: { do: "sendAnyway" },
    unsupported: null,
    forbidden: { do: "chooseModel" },
    modelUnknown: { do: "chooseModel" },
    contextTooLong: { do: "newChat" },
    refused: { do: "chooseModel" },
    rateLimited: RETRY,
    unavailable: RETRY,
    unreachable: RETRY,
    timedOut: RETRY,
    streamBroken: RETRY,
    secretFound: null,
    misconfigured: { do: "openConfiguration" },
    conversationUnknown: { do: "newChat" },
};

test.each(Object.entries(REMEDIES))("%s is mended by its own button", (kind, expected) => {
    expect(remedy({ data: { kind } })).toEqual(expected);
});

describe("money", () => {
    const failed = (data: ErrorData, gateway = "") =>
        problemOf({ message: "It failed.", code: -32803, data }, NOW, t, gateway);
    const budget = { key: "budgets.1", path: "/home/ada/config.toml", line: 12 } as BudgetState;

    test("a budget can be let past once, or changed where it stands", () => {
        expect(failed({ kind: "budgetReached", budget })).toMatchObject({
            remedy: { do: "allowOnce", budget: "budgets.1" },
            other: { do: "openBudget", path: "/home/ada/config.toml", line: 12 },
        });
    });

    test("a card names the file of a budget, not its folders", () => {
        const message = "The budget of $5 per day (/home/ada/config.toml:12) is used up.";
        const problem = problemOf({ message, code: -32803, data: { kind: "budgetReached", budget } }, NOW, t);
        expect(problem.message).toBe("The budget of $5 per day (config.toml:12) is used up.");
    });

    test("a budget of no file is changed in the configuration", () => {
        const nowhere = { key: "budgets.1" } as BudgetState;
        expect(failed({ kind: "budgetReached", budget: nowhere }).other).toEqual({ do: "openConfiguration" });
    });

    test("where to pay is known of Vercel's gateway, and of no other", () => {
        const data = { kind: "creditsExhausted" };
        const vercel = failed(data, "https://ai-gateway.vercel.sh/v1");

        expect(JSON.stringify(vercel.remedy)).toContain('{"do":"topUp","url":"https://vercel.com/');
        expect(vercel.other).toEqual({ do: "chooseGateway" });
        for (const other of ["https://ai-gateway.vercel.sh.evil.example/v1", "https://llm.example.com/v1", ""]) {
            expect(failed(data, other)).toMatchObject({ remedy: { do: "chooseGateway" } });
        }
    });
});

test("a retry counts down where the gateway said how long", () => {
    expect(remedy({ data: { kind: "rateLimited", retryAfterMs: 5000 } })).toEqual({ do: "retry", retryAt: NOW + 5000 });
});

test("the daemon's sentence is shown as it is, with its kind", () => {
    const problem = problemOf(
        { message: "The gateway vercel has no credits.", code: -32803, data: { kind: "creditsExhausted" } },
        NOW,
        t,
    );

    expect(problem).toMatchObject({ kind: "creditsExhausted", message: "The gateway vercel has no credits." });
});

test("a failure without a sentence still has one", () => {
    expect(problemOf({ message: "", code: -32603, data: null }, NOW, t).message).toBe(
        "The daemon said nothing of what went wrong.",
    );
});

test.each([
    [Code.ended, RETRY],
    [Code.serverCancelled, RETRY],
    [Code.absent, { do: "restart" }],
    [Code.cancelled, null],
    [Code.methodUnknown, null],
    [-32603, { do: "showLog" }],
    [-32602, { do: "showLog" }],
])("without a kind the number %d decides", (code, expected) => {
    expect(remedy({ code })).toEqual(expected);
});

test("a kind of a newer daemon is a fault that the log says more of", () => {
    expect(remedy({ data: { kind: "tooLoud" } })).toEqual({ do: "showLog" });
    expect(remedy({ data: { kind: "constructor" } })).toEqual({ do: "showLog" });
});
