import { beforeEach, describe, expect, it, vi } from "vitest";

import { DaemonError, type Link } from "../../src/editor/daemon/link";
import { Answer } from "../../src/editor/lm/answer";
import { ReasoningMemory } from "../../src/editor/lm/reasoning";
import type { ChatResult } from "../../src/protocol";
import { FakeLink, settled } from "./support/fakeLink";

vi.mock("vscode", async () => (await import("./support/fakeVscode")).fakeVscode);

const result: ChatResult = {
    message: { role: "assistant", content: "Hello" },
    finish: "stop",
    model: "a/one",
    provider: null,
    generation: null,
    usage: null,
    cost: { usd: null, source: "unknown" },
    timings: { firstDeltaMs: 1, totalMs: 2 },
};
const call = { id: "call_1", name: "read", arguments: '{"path":"a"}' };

let link: FakeLink;
let logged: string[];
let reported: unknown[];
let reasoning: ReasoningMemory;

beforeEach(() => {
    link = new FakeLink();
    logged = [];
    reported = [];
    reasoning = new ReasoningMemory();
});

/** Asks, and lets the daemon say `pieces` before it answers. What came of it: null, or the error. */
async function ask(
    pieces: object[],
    end: ChatResult | DaemonError,
    more: { content?: unknown[]; role?: number; options?: object } = {},
) {
    const log = { info: (line: string) => logged.push(line) };
    const answer = new Answer(Object.assign(link, { log }) as unknown as Link, reasoning, {
        report: (part) => reported.push(part),
    });
    const messages = [{ role: more.role ?? 1, content: more.content ?? [{ value: "Hi" }], name: undefined }];
    const options = { toolMode: 1, ...more.options };
    const asked = answer.ask("a/one", messages as never, options as never, {} as never).then(
        () => null,
        (error: unknown) => error as Error & { code?: string },
    );
    await settled();
    const { params } = link.last("passerelle/chat");
    pieces.forEach((piece, seq) => {
        link.say("passerelle/chat/delta", { token: params.token, seq, ...piece });
    });
    if (end instanceof DaemonError) await link.last("passerelle/chat").fail(end);
    else await link.last("passerelle/chat").answer(end);
    const error = await asked;
    answer.dispose();
    return { params, error };
}

describe("an answer for another extension", () => {
    it("is passed on as it comes, and what is not its own is not", async () => {
        const { error } = await ask(
            [{ text: "Hel" }, { token: "other", text: "no" }, { reasoning: "Hm." }, { text: "lo" }],
            result,
        );

        expect(error).toBeNull();
        expect(reported).toEqual([{ value: "Hel" }, { value: "Hm." }, { value: "lo" }]);
    });

    it("is whole also where a piece did not come", async () => {
        await ask([{ text: "Hel" }], result);

        expect(reported).toEqual([{ value: "Hel" }, { value: "lo" }]);
    });

    it("is asked without a conversation, for the model that was chosen", async () => {
        const { params } = await ask([], result);

        expect(params).toMatchObject({ model: "a/one", messages: [{ role: "user", content: "Hi" }] });
        expect(params.conversation).toBeUndefined();
        expect(params.tools).toBeUndefined();
    });

    it("must use a tool where the extension requires it", async () => {
        const tools = [{ name: "read", description: "Reads.", inputSchema: { type: "object" } }];
        const { params } = await ask([], result, { options: { tools, toolMode: 2 } });

        expect(params.toolChoice).toBe("required");
        expect(params.tools).toEqual([{ name: "read", description: "Reads.", parameters: { type: "object" } }]);
    });

    it("says in the log what it could not pass on", async () => {
        const content = [{ value: "Hi" }, { mimeType: "audio/wav", data: new Uint8Array(1) }];
        await ask([], result, { content, options: { modelOptions: { temperature: 0, seed: 1 } } });

        expect(logged).toEqual([
            "Left out of what an extension sent: audio/wav",
            "Unknown model options of an extension: seed",
        ]);
    });

    it("ends with its tool calls, and remembers what they must be sent back with", async () => {
        const message = { ...result.message, toolCalls: [call], reasoningDetails: [{ signature: "s" }] };
        await ask([{ text: "Hello" }], { ...result, finish: "toolCalls", message });
        const again = [{ callId: "call_1", name: "read", input: { path: "a" } }];
        const { params } = await ask([], result, { role: 2, content: again });

        expect(reported).toContainEqual({ callId: "call_1", name: "read", input: { path: "a" } });
        expect(params.messages[0]).toMatchObject({ reasoningDetails: [{ signature: "s" }] });
    });

    it("fails where the arguments of a call are broken", async () => {
        const message = { ...result.message, toolCalls: [{ ...call, arguments: '{"pa' }] };
        const { error } = await ask([], { ...result, finish: "toolCalls", message });

        expect(error?.message).toContain("called the tool read with arguments that are no JSON object");
    });

    it("fails after its text where it broke off, and calls no tool then", async () => {
        const message = { ...result.message, toolCalls: [call] };
        const { error } = await ask([{ text: "Hello" }], {
            ...result,
            message,
            finish: "cutOff",
            problem: "The stream broke.",
        });

        expect(reported).toEqual([{ value: "Hello" }]);
        expect(error?.message).toBe("The stream broke.");
    });

    it.each([
        ["modelUnknown", "NotFound"],
        ["keyRefused", "NoPermissions"],
        ["creditsExhausted", "Blocked"],
        ["budgetReached", "Blocked"],
        ["confirmCost", "Blocked"],
        ["unreachable", "Unknown"],
    ])("says of %s that it is %s, in the daemon's words", async (kind, code) => {
        const { error } = await ask([], new DaemonError("A sentence.", -32803, { kind }));

        expect(error).toMatchObject({ code, message: "A sentence." });
    });

    it("ends quietly where it was called off", async () => {
        const { error } = await ask([], new DaemonError("Cancelled.", -32800, null));

        expect(error?.constructor.name).toBe("CancellationError");
    });
});

describe("ReasoningMemory", () => {
    it("forgets the oldest", () => {
        for (let call = 0; call <= 200; call++) reasoning.keep([`call_${call}`], [{ call }]);

        expect(reasoning.of("call_0")).toBeUndefined();
        expect(reasoning.of("call_1")).toEqual([{ call: 1 }]);
        expect(reasoning.of("call_200")).toEqual([{ call: 200 }]);
    });
});
