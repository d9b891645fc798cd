/** A daemon in memory: a test answers each request by hand, and says what the daemon says. */
import type { DaemonState } from "../../../src/common/panel";
import type { DaemonError } from "../../../src/editor/daemon/link";
import type { Asking, Owned } from "../../../src/editor/panel/surroundings";
import type { ChatResult, Conversation, ConversationSummary, Notifications, Requests } from "../../../src/protocol";
import type { Status, Turn } from "../../../src/protocol";

type Method = keyof Requests;

/** A request that waits for its answer. */
export interface Asked<M extends Method = Method> {
    method: M;
    params: Requests[M][0];
    answer(result: Requests[M][1]): Promise<void>;
    fail(error: DaemonError): Promise<void>;
    isCancelled(): boolean;
}

export class FakeLink implements Asking {
    state: DaemonState = { state: "running", problem: null };
    status: Status | null = null;
    readonly asked: Asked[] = [];
    private readonly handlers = new Map<string, Set<(params: never) => void>>();

    readonly onDidChangeState: Asking["onDidChangeState"] = (listener) => this.listen("state", listener);
    readonly onDidChangeStatus: Asking["onDidChangeStatus"] = (listener) => this.listen("status", listener);

    readonly request: Asking["request"] = (method, params, token) =>
        new Promise((resolve, reject) => {
            this.asked.push({
                method,
                params,
                answer: async (result) => {
                    resolve(result);
                    await settled();
                },
                fail: async (error) => {
                    reject(error);
                    await settled();
                },
                isCancelled: () => token?.isCancellationRequested ?? false,
            });
        });

    readonly onNotification: Asking["onNotification"] = (method, handler) => this.listen(method, handler);

    /** The newest request of a method; a test that finds none fails. */
    last<M extends Method>(method: M): Asked<M> {
        const found = this.asked.findLast((asked) => asked.method === method);
        if (found === undefined) throw new Error(`nobody asked ${method}`);
        return found as unknown as Asked<M>;
    }

    count(method: Method): number {
        return this.asked.filter((asked) => asked.method === method).length;
    }

    say<M extends keyof Notifications>(method: M, params: Notifications[M]): void {
        for (const handler of this.handlers.get(method) ?? []) handler(params as never);
    }

    become(state: DaemonState["state"]): void {
        this.state = { state, problem: null };
        for (const handler of this.handlers.get("state") ?? []) handler(this.state as never);
    }

    tellStatus(status: Status): void {
        this.status = status;
        for (const handler of this.handlers.get("status") ?? []) handler(status as never);
    }

    private listen(name: string, handler: (params: never) => unknown): Owned {
        const handlers = this.handlers.get(name) ?? new Set();
        this.handlers.set(name, handlers.add(handler));
        return { dispose: () => handlers.delete(handler) };
    }
}

/** What follows from an answer has happened: each step of it waits for promises only. */
export async function settled(): Promise<void> {
    for (let step = 0; step < 20; step++) await Promise.resolve();
}

export function summary(given: Partial<ConversationSummary> = {}): ConversationSummary {
    return {
        id: "c1",
        title: "A title",
        workspaceFolder: null,
        createdAt: "2026-11-20T10:00:00Z",
        changedAt: "2026-11-20T10:05:00Z",
        turns: 1,
        lastTurn: "t1",
        running: false,
        private: false,
        model: null,
        costUsd: null,
        ...given,
    };
}

export function result(content: string, given: Partial<ChatResult> = {}): ChatResult {
    return {
        message: { role: "assistant", content },
        finish: "stop",
        model: "some/model",
        provider: null,
        generation: null,
        usage: { inputTokens: 10, outputTokens: 2, cachedTokens: 4, cacheWriteTokens: 0, reasoningTokens: 0 },
        cost: { usd: 0.5, source: "gateway" },
        timings: { firstDeltaMs: 1, totalMs: 2 },
        ...given,
    };
}

export function turn(id: string, given: Partial<Turn> = {}): Turn {
    return {
        id,
        at: "2026-11-20T10:00:00Z",
        messages: [{ role: "user", content: `question ${id}` }],
        attachments: [],
        model: null,
        state: "done",
        ...given,
    };
}

export function conversation(turns: Turn[], given: Partial<ConversationSummary> = {}): Conversation {
    const last = turns.at(-1)?.id ?? null;
    return {
        summary: summary({ turns: turns.length, lastTurn: last, ...given }),
        turns,
        total: { inputTokens: 7, outputTokens: 7, cachedTokens: 7, costUsd: 7, estimatedUsd: 7, unknown: 7 },
    };
}
