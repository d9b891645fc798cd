import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { debugReport, type ReportFacts, WORDS } from "../../src/common/report";

const PROTOCOL = new URL("../../../protocol.md", import.meta.url);
const PLANTED = "sk-planted-5f3a9c27e1b84d60";

const FACTS: ReportFacts = {
    extension: "0.1.0",
    editor: "Visual Studio Code 1.104.0, desktop",
    platform: "linux x64",
    trusted: true,
    remote: null,
    daemon: { state: "running", problem: null },
    because: "bundled with the extension; Python 3.11.7 (found)",
    settings: { gateway: "work", gateways: { work: { key: "env:WORK" } } },
    home: "/home/ada",
    status: {
        state: "ready",
        message: "a/b serves chat.",
        gateway: { name: "work", url: "https://llm.example.com:8443/v1", key: "env:WORK" },
        roles: { chat: { model: "anthropic/claude-sonnet-4.5", source: "user", wanted: "a/b" } },
        catalogue: { total: 3, fetchedAt: null, source: "live" },
        daemon: { version: "0.1.0", pid: 1, uptimeMs: 61_000, rssBytes: 52_428_800, connections: 1 },
        problems: [
            {
                path: "/home/ada/project/passerelle.toml",
                line: 3,
                column: 1,
                key: "roles.chta",
                message: "Unknown role.",
                severity: "warning",
            },
        ],
        spent: { requests: 2, costUsd: 0.1, estimatedUsd: 0, unknown: 0 },
    },
};

test("the report says what a fault is found with", () => {
    expect(debugReport(FACTS)).toBe(`### Passerelle

- extension: 0.1.0
- editor: Visual Studio Code 1.104.0, desktop
- platform: linux x64
- remote: no
- trusted: yes
- daemon: running
- started as: bundled with the extension; Python 3.11.7 (found)
- daemon's version: 0.1.0, up 61 s, 50 MiB, 1 connections
- state: ready
- gateway: work, host llm.example.com:8443, key env
- catalogue: 3 models, live
- role chat: anthropic/claude-sonnet-4.5 (user, another is configured)
- spent: 2 answers
- problems: 1
- problem: warning at ~/project/passerelle.toml:3:1, roles.*
- settings: gateway, gateways.*.key
`);
});

test("before the first status there is a report too", () => {
    expect(debugReport({ ...FACTS, status: null, because: null, settings: undefined })).toContain("- status: none yet");
});

test("a key that was put anywhere does not appear", () => {
    const planted = plant(FACTS) as ReportFacts;
    planted.extension = FACTS.extension;
    planted.editor = FACTS.editor;
    planted.platform = FACTS.platform;
    planted.because = FACTS.because;
    planted.home = FACTS.home;
    planted.status!.daemon = FACTS.status!.daemon;
    planted.status!.problems[0]!.severity = "error";
    planted.status!.problems[0]!.path = FACTS.status!.problems[0]!.path;
    planted.status!.gateway.url = `https://${PLANTED}:${PLANTED}@llm.example.com/${PLANTED}?key=${PLANTED}`;
    planted.settings = { [PLANTED]: PLANTED, gateways: { [PLANTED]: { key: PLANTED, headers: { [PLANTED]: 1 } } } };

    expect(JSON.stringify(planted).split(PLANTED).length).toBeGreaterThan(20);
    expect(debugReport(planted)).not.toContain(PLANTED);
});

/** The same shape, with the key in every text, and in the names of the roles. */
function plant(value: unknown): unknown {
    if (typeof value === "string") return `${value.startsWith("env:") ? "env:" : ""}${PLANTED}`;
    if (Array.isArray(value)) return value.map(plant);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key === "chat" ? PLANTED : key, plant(each)] as const),
    );
}

test("the words of settings that are told are those of protocol.md", () => {
    const toml = /## Configuration keys\n.*?```toml\n(.*?)```/s.exec(readFileSync(PROTOCOL, "utf8"))![1]!;
    const code = toml.replaceAll(/#.*$/gm, "").replaceAll(/"[^"]*"/g, "");
    const words = [...code.matchAll(/(?:^|[{,[.] ?)([a-z_]+)(?= *=|[\].])/gm)].map((match) => match[1]!);
    const roles = ["edit", "title", "commit"];
    const names = ["work", "markdown", "vercel", "anthropic"];

    expect(new Set([...words, ...roles].filter((word) => !names.includes(word)))).toEqual(WORDS);
});
