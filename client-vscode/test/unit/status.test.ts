import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import type { DaemonState } from "../../src/common/panel";
import { untilText } from "../../src/common/budgets";
import { ageText, contextKeys, escaped, shortName, statusView, TOOLTIP_COMMANDS } from "../../src/common/status";
import type { BudgetState, Problem, Status } from "../../src/protocol";
import { budgetOf } from "./support/usage";

const t = translator(undefined);
const NOW = Date.parse("2026-11-20T10:05:00Z");
const running: DaemonState = { state: "running", problem: null };

function status(more: Partial<Status> = {}): Status {
    return {
        state: "ready",
        message: "anthropic/claude-sonnet-4.5 serves chat.",
        gateway: { name: "vercel", url: "https://ai-gateway.vercel.sh/v1", key: "env:AI_GATEWAY_API_KEY" },
        roles: { chat: { model: "anthropic/claude-sonnet-4.5", source: "user" } },
        catalogue: { total: 313, fetchedAt: "2026-11-20T10:00:00Z", source: "live" },
        daemon: { version: "0.1.0", pid: 1, uptimeMs: 1, rssBytes: 1, connections: 1 },
        problems: [],
        spent: { requests: 2, costUsd: 0.013, estimatedUsd: 0, unknown: 0 },
        today: { requests: 5, costUsd: 0.31, estimatedUsd: 0 },
        ...more,
    };
}

const budget = budgetOf({
    ...{ spentUsd: 5.02, state: "reached", resetsAt: "2026-11-20T15:00:00Z" },
    ...{ path: "/home/ada/config.toml", line: 12 },
});

const problem: Problem = {
    path: "/home/ada/my (project)/passerelle.toml",
    line: 3,
    column: 1,
    key: "roles.chta",
    message: "Unknown role; did you mean `chat`?",
    severity: "error",
};

const view = (more: Partial<Status> = {}) => statusView(running, status(more), NOW, t);

describe("the status bar", () => {
    it("names the model and what the day has cost", () => {
        expect(view().text).toBe("$(sparkle) claude-sonnet-4.5 · $0.31");
        expect(view().severity).toBe("information");
        expect(view().label).toContain("claude-sonnet-4.5");
    });

    it("says that a cost is estimated, and nothing where nothing was asked", () => {
        const today = { requests: 1, costUsd: 0.01, estimatedUsd: 0.02 };

        expect(view({ today }).text).toBe("$(sparkle) claude-sonnet-4.5 · ≈ $0.030");
        expect(view({ today: { ...today, requests: 0 } }).text).toBe("$(sparkle) claude-sonnet-4.5");
    });

    it("tells what this daemon knows of, where the ledger cannot be read", () => {
        const older = status();
        delete older.today;

        expect(statusView(running, older, NOW, t).text).toBe("$(sparkle) claude-sonnet-4.5 · $0.013");
        expect(statusView(running, older, NOW, t).tooltip).not.toContain("today");
    });

    it("names the budget that stops all chats, and leads to where it stands", () => {
        const stopped = view({ state: "overBudget", budgets: [{ ...budget, per: "week", state: "near" }, budget] });

        expect(stopped).toMatchObject({
            text: "$(credit-card) Budget per day used up",
            severity: "warning",
            action: { command: "passerelle.showProblem", arguments: ["/home/ada/config.toml", 12, 1] },
        });
        const nowhere = { ...budget };
        delete nowhere.path;
        expect(view({ state: "overBudget", budgets: [nowhere] }).action.command).toBe("passerelle.openConfiguration");
    });

    it("names the budget also where it is one of some models", () => {
        const some = { ...budget, models: ["anthropic/*"] };

        expect(view({ state: "overBudget", budgets: [some] }).text).toBe(
            "$(credit-card) Budget per day (anthropic/*) used up",
        );
    });

    it("says that the credits are used up, where no budget that stops chats is", () => {
        const others: BudgetState[] = [
            { ...budget, action: "warn" },
            { ...budget, roles: ["inline"] },
            { ...budget, state: "near" },
        ];

        expect(view({ state: "overBudget", budgets: others }).text).toBe("$(credit-card) Credits used up");
    });

    it.each([
        ["needsKey", "passerelle.setApiKey"],
        ["unreachable", "passerelle.refreshModels"],
        ["overBudget", "passerelle.chooseGateway"],
        ["misconfigured", "passerelle.openConfiguration"],
        ["ready", "passerelle.chooseModel"],
    ] as const)("leads from %s to %s", (state, command) => {
        expect(view({ state }).action.command).toBe(command);
    });

    it("leads from a wrong file to the place in it, errors first", () => {
        const warning: Problem = { ...problem, line: 1, severity: "warning" };
        const { action } = view({ state: "misconfigured", problems: [warning, problem] });

        expect(action).toMatchObject({ command: "passerelle.showProblem", arguments: [problem.path, 3, 1] });
    });

    it("warns of problems while it is ready, and still leads to the models", () => {
        const warned = view({ problems: [problem] });

        expect(warned).toMatchObject({ text: "$(warning) claude-sonnet-4.5 · $0.31", severity: "warning" });
        expect(warned.action.command).toBe("passerelle.chooseModel");
    });

    it("is busy while the daemon starts, and offers a restart when it has stopped", () => {
        const why = { kind: "daemon", message: "No Python was found.", remedy: null };

        expect(statusView({ state: "starting", problem: null }, status(), NOW, t).busy).toBe(true);
        expect(statusView(running, null, NOW, t).busy).toBe(true);
        expect(statusView({ state: "stopped", problem: why }, status(), NOW, t)).toMatchObject({
            severity: "error",
            sentence: "No Python was found.",
            action: { command: "passerelle.restart" },
        });
    });
});

describe("the tooltip", () => {
    it("tells gateway, key, roles, spending and the age of the list", () => {
        const spent = { requests: 3, costUsd: 0.01, estimatedUsd: 0.02, unknown: 1 };
        const wanted = { model: "b/two", source: "default", wanted: "b/one" } as const;
        const plain = view({ spent, roles: { ...status().roles, title: wanted } }).tooltip.replaceAll("\\", "");

        expect(plain).toContain("| Gateway | vercel · https://ai-gateway.vercel.sh/v1 |");
        expect(plain).toContain("| Key | env:AI_GATEWAY_API_KEY |");
        expect(plain).toContain("| Model for chat | anthropic/claude-sonnet-4.5 (your configuration) |");
        expect(plain).toContain("| Model for title | b/two (built in; instead of b/one) |");
        expect(plain).toContain("$0.030 for 3 answers, $0.020 of it estimated, 1 of unknown cost");
        expect(plain).toContain("| Models | 313 models, asked 5 min ago |");
    });

    it("tells the day, each budget with what is left of it, and the credits", () => {
        const near: BudgetState = {
            ...budget,
            per: "month",
            roles: ["chat", "title"],
            models: ["anthropic/*"],
            spentUsd: 4,
            inFlightUsd: 0.2,
            resetsAt: null,
        };
        const credits = { balanceUsd: 95.5, usedUsd: 4.5, at: "2026-11-20T10:04:00Z" };
        const plain = view({ budgets: [budget, near], credits }).tooltip.replaceAll("\\", "");

        expect(plain).toContain("| Spent today | $0.31 for 5 answers |");
        expect(plain).toContain("| Budget per day | ▰▰▰▰▰▰▰▰▰▰ 100%, $5.02 of $5.00, resets in 5 h |");
        expect(plain).toContain("| Budget per month for chat, title (anthropic/*) | ▰▰▰▰▰▰▰▰▱▱ 84%, $4.20 of $5.00 |");
        expect(plain).toContain("| Credits | $95.50 left, asked 1 min ago |");
    });

    it("leads to the usage and to the configuration", () => {
        for (const command of ["passerelle.showUsage", "passerelle.openConfiguration"]) {
            expect(view().tooltip).toContain(`](command:${command})`);
            expect(TOOLTIP_COMMANDS).toContain(command);
        }
    });

    it("links each problem to its place, also where the path has parentheses", () => {
        const { tooltip } = view({ problems: [problem] });
        const link = /\]\(command:passerelle\.showProblem\?([^)]*)\)/.exec(tooltip)?.[1] ?? "";

        expect(JSON.parse(decodeURIComponent(link))).toEqual([problem.path, 3, 1]);
    });

    it("shows words from outside letter by letter", () => {
        const gateway = { name: "[x](command:evil)|<b>", url: "", key: null };
        const { tooltip } = view({ gateway });

        expect(tooltip).not.toContain("](command:evil)");
        expect(tooltip).toContain("\\[x\\]\\(command\\:evil\\)\\|\\<b\\>");
    });
});

describe("context keys", () => {
    it("know nothing before the daemon runs", () => {
        expect(contextKeys({ state: "starting", problem: null }, status())).toMatchObject({
            running: false,
            state: "starting",
            ready: false,
        });
        expect(contextKeys({ state: "stopped", problem: null }, null).state).toBe("stopped");
    });

    it("tell what the walkthrough waits for", () => {
        expect(contextKeys(running, status())).toEqual({
            running: true,
            state: "ready",
            gateway: "vercel",
            ready: true,
            modelChosen: true,
            answered: true,
            hasProblems: false,
        });
        const roles = { chat: { model: "a/b", source: "default" } } as const;
        expect(contextKeys(running, status({ roles })).modelChosen).toBe(false);
    });
});

describe("words", () => {
    it.each([
        ["2026-11-20T10:04:30Z", "just now"],
        ["2026-11-20T09:15:00Z", "50 min ago"],
        ["2026-11-20T05:00:00Z", "5 h ago"],
        ["2026-11-10T05:00:00Z", "10 d ago"],
        ["nonsense", ""],
        [null, ""],
    ])("tells the age of %s as %j", (iso, text) => {
        expect(ageText(iso, NOW, t)).toBe(text);
    });

    it.each([
        ["2026-11-20T10:05:20Z", "resets in 1 min"],
        ["2026-11-20T10:45:00Z", "resets in 40 min"],
        ["2026-11-21T23:00:00Z", "resets in 37 h"],
        ["2026-11-30T23:00:00Z", "resets in 11 d"],
        [null, ""],
    ])("tells that a budget which begins anew at %s %j", (iso, text) => {
        expect(untilText(iso, NOW, t)).toBe(text);
    });

    it("leaves a model's creator away", () => {
        expect(shortName("anthropic/claude-sonnet-4.5")).toBe("claude-sonnet-4.5");
        expect(shortName("llama")).toBe("llama");
    });

    it("keeps letters of all languages as they are", () => {
        expect(escaped("é 你\n$x")).toBe("é 你 \\$x");
    });
});
