import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import type { DaemonState } from "../../src/common/panel";
import { ageText, contextKeys, escaped, shortName, statusView } from "../../src/common/status";
import type { Problem, Status } from "../../src/protocol";

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
        ...more,
    };
}

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
    it("names the model and what the session has cost", () => {
        expect(view().text).toBe("$(sparkle) claude-sonnet-4.5 · $0.013");
        expect(view().severity).toBe("information");
        expect(view().label).toContain("claude-sonnet-4.5");
    });

    it("says that a cost is estimated, and nothing where nothing was asked", () => {
        const spent = { requests: 1, costUsd: 0.01, estimatedUsd: 0.02, unknown: 0 };

        expect(view({ spent }).text).toBe("$(sparkle) claude-sonnet-4.5 · ≈ $0.030");
        expect(view({ spent: { ...spent, requests: 0 } }).text).toBe("$(sparkle) claude-sonnet-4.5");
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

        expect(warned).toMatchObject({ text: "$(warning) claude-sonnet-4.5 · $0.013", severity: "warning" });
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

    it("leaves a model's creator away", () => {
        expect(shortName("anthropic/claude-sonnet-4.5")).toBe("claude-sonnet-4.5");
        expect(shortName("llama")).toBe("llama");
    });

    it("keeps letters of all languages as they are", () => {
        expect(escaped("é 你\n$x")).toBe("é 你 \\$x");
    });
});
