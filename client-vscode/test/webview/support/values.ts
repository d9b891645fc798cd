/** States, turns and chips that tests begin with. */
import type { Chip, PanelState, PanelTurn } from "../../../src/common/panel";
import { FIRST_STATE } from "../../../src/common/panel";
import type { ConversationSummary, Status } from "../../../src/protocol";

export const MODEL = {
    id: "anthropic/claude-sonnet-4.5",
    name: "Claude Sonnet 4.5",
    vision: true,
    wanted: null,
    confirm: null,
};

export function turnOf(id: string, more: Partial<PanelTurn> = {}): PanelTurn {
    return {
        key: `key-${id}`,
        id,
        at: "2026-11-20T10:00:00Z",
        messages: [{ role: "user", content: `question ${id}` }],
        attachments: [],
        state: "done",
        text: `answer ${id}`,
        reasoning: "",
        result: null,
        problem: null,
        ...more,
    };
}

export function runningTurn(id: string): PanelTurn {
    return turnOf(id, { id: null, state: "running", text: "" });
}

export function summaryOf(id: string, more: Partial<ConversationSummary> = {}): ConversationSummary {
    return {
        id,
        title: `title ${id}`,
        workspaceFolder: null,
        createdAt: "2026-11-20T10:00:00Z",
        changedAt: "2026-11-20T10:00:00Z",
        turns: 1,
        lastTurn: "t1",
        running: false,
        private: false,
        model: "anthropic/claude-sonnet-4.5",
        costUsd: 0.0132,
        ...more,
    };
}

export function fileChip(name: string): Chip {
    const uri = `file:///project/${name}`;
    return { type: "attachment", key: uri, label: name, detail: name, attachment: { kind: "file", uri } };
}

export function imageChip(name: string): Chip {
    const part = { type: "image" as const, mediaType: "image/png", data: "AAAA" };
    return { type: "image", key: name, label: name, detail: "image/png", part };
}

export function stateOf(more: Partial<PanelState> = {}): PanelState {
    return { ...FIRST_STATE, model: MODEL, daemon: { state: "running", problem: null }, ...more };
}

export function statusOf(state: Status["state"], message = "A sentence."): Status {
    return {
        state,
        message,
        gateway: { name: "vercel", url: "", key: null },
        roles: {},
        catalogue: { total: 0, fetchedAt: null, source: "builtin" },
        daemon: { version: "0", pid: 1, uptimeMs: 0, rssBytes: 0, connections: 1 },
        problems: [],
        spent: { requests: 0, costUsd: 0, estimatedUsd: 0, unknown: 0 },
    };
}
