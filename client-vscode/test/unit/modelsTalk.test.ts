import { describe, expect, it } from "vitest";

import { argumentsOf, askedOf, optionsOf, toolsOf, type Help, type RequestMessage } from "../../src/common/modelsTalk";
import { messageTokens } from "../../src/common/tokens";

// The editor's classes, as far as their shape goes.
class TextPart {
    constructor(readonly value: string) {}
}
class DataPart {
    constructor(
        readonly data: Uint8Array,
        readonly mimeType: string,
    ) {}
}
class CallPart {
    constructor(
        readonly callId: string,
        readonly name: string,
        readonly input: object,
    ) {}
}
class ResultPart {
    constructor(
        readonly callId: string,
        readonly content: unknown[],
    ) {}
}
class ThinkingPart {
    constructor(readonly value: string) {}
}

const help: Help = {
    base64: (bytes) => Buffer.from(bytes).toString("base64"),
    isThinking: (part) => part instanceof ThinkingPart,
    reasoningOf: (callId) => (callId === "call_1" ? [{ signature: "s" }] : undefined),
};
const USER = 1;
const ASSISTANT = 2;
const SYSTEM = 3;

function asked(...messages: [number, ...unknown[]][]) {
    return askedOf(
        messages.map(([role, ...content]): RequestMessage => ({ role, content })),
        help,
    );
}

describe("messages", () => {
    it("become text where they are text", () => {
        expect(
            asked(
                [SYSTEM, new TextPart("Be brief.")],
                [USER, new TextPart("Hi "), new TextPart("there")],
                [ASSISTANT, new TextPart("Ho")],
            ),
        ).toEqual({
            messages: [
                { role: "system", content: "Be brief." },
                { role: "user", content: "Hi there" },
                { role: "assistant", content: "Ho" },
            ],
            leftOut: [],
        });
    });

    it("keep images where they stood among the text", () => {
        const image = new DataPart(new Uint8Array([1, 2, 3]), "image/png");

        expect(asked([USER, new TextPart("Look:"), image, new TextPart("What is it?")]).messages).toEqual([
            {
                role: "user",
                content: [
                    { type: "text", text: "Look:" },
                    { type: "image", mediaType: "image/png", data: "AQID" },
                    { type: "text", text: "What is it?" },
                ],
            },
        ]);
    });

    it("carry data that is text as text, and say what they could not carry", () => {
        const json = new DataPart(new TextEncoder().encode('{"a":"é"}'), "application/json");
        const mark = new DataPart(new Uint8Array(1), "cache_control");

        expect(asked([USER, json, mark, 7])).toEqual({
            messages: [{ role: "user", content: '{"a":"é"}' }],
            leftOut: ["cache_control", "number"],
        });
    });

    it("are left out when nothing is in them", () => {
        expect(asked([USER], [ASSISTANT, new TextPart("")], [USER, new TextPart("Hi")]).messages).toEqual([
            { role: "user", content: "Hi" },
        ]);
    });

    it("do not send a model its own thoughts as text", () => {
        expect(asked([ASSISTANT, new ThinkingPart("Hm."), new TextPart("Yes")]).messages).toEqual([
            { role: "assistant", content: "Yes" },
        ]);
    });
});

describe("tools", () => {
    it("put several results of one message after their calls, in order, and what was said after them", () => {
        const { messages } = asked(
            [
                ASSISTANT,
                new TextPart("I look."),
                new CallPart("call_1", "read", { path: "a" }),
                new CallPart("call_2", "list", {}),
            ],
            [
                USER,
                new TextPart("Go on."),
                new ResultPart("call_1", [new TextPart("x"), new TextPart("y")]),
                new ResultPart("call_2", []),
            ],
        );

        expect(messages).toEqual([
            {
                role: "assistant",
                content: "I look.",
                toolCalls: [
                    { id: "call_1", name: "read", arguments: '{"path":"a"}' },
                    { id: "call_2", name: "list", arguments: "{}" },
                ],
                reasoningDetails: [{ signature: "s" }],
            },
            { role: "tool", toolCallId: "call_1", content: "xy" },
            { role: "tool", toolCallId: "call_2", content: "" },
            { role: "user", content: "Go on." },
        ]);
    });

    it("show a picture that a tool gave in the message after", () => {
        const image = new DataPart(new Uint8Array([1]), "image/png");
        const { messages } = asked([USER, new ResultPart("call_9", [new TextPart("Done."), image])]);

        expect(messages).toEqual([
            { role: "tool", toolCallId: "call_9", content: "Done.\n(What is no text follows in the next message.)" },
            { role: "user", content: [{ type: "image", mediaType: "image/png", data: "AQ==" }] },
        ]);
    });

    it("take a result of prompt-tsx as JSON", () => {
        expect(asked([USER, new ResultPart("c", [{ value: { node: 1 } }])]).messages).toEqual([
            { role: "tool", toolCallId: "c", content: '{"node":1}' },
        ]);
    });

    it("have no text where the model wrote none", () => {
        expect(asked([ASSISTANT, new CallPart("c", "f", {})]).messages).toEqual([
            { role: "assistant", content: null, toolCalls: [{ id: "c", name: "f", arguments: "{}" }] },
        ]);
    });

    it("get a schema where they have none", () => {
        expect(toolsOf([{ name: "f", description: "d", inputSchema: undefined }])).toEqual([
            { name: "f", description: "d", parameters: { type: "object", properties: {} } },
        ]);
    });

    it.each([
        ['{"a":1}', { a: 1 }],
        ["", {}],
        ['{"a":', null],
        ["[1]", null],
        ["null", null],
    ])("read the arguments %j as %j", (text, input) => {
        expect(argumentsOf({ id: "c", name: "f", arguments: text })).toEqual(input);
    });
});

describe("model options", () => {
    it("are known by the names that extensions use", () => {
        expect(optionsOf({ temperature: 0, max_tokens: 10, top_p: 0.5, stop: "x", reasoning_effort: "low" })).toEqual({
            options: { temperature: 0, maxTokens: 10, topP: 0.5, stop: ["x"], reasoning: "low" },
            unknown: [],
        });
    });

    it("that nobody knows, or that are ill-typed, are named", () => {
        const given = { temperature: "hot", stop: [1], reasoning_effort: "huge", seed: 1, toString: 1, n: undefined };

        expect(optionsOf(given)).toEqual({
            options: {},
            unknown: ["temperature", "stop", "reasoning_effort", "seed", "toString"],
        });
    });
});

describe("messageTokens", () => {
    it("counts text, tool calls and results as deep as they go, and a fixed price for an image", () => {
        expect(messageTokens([new TextPart("x".repeat(40))])).toBe(14);
        expect(messageTokens([new ResultPart("call", [new TextPart("x".repeat(40))])])).toBe(15);
        expect(messageTokens([new DataPart(new Uint8Array(9), "image/png")])).toBe(1004);
        expect(messageTokens([new DataPart(new Uint8Array(40), "application/json")])).toBe(14);
    });

    it("counts the editor's own form of a message, too", () => {
        expect(messageTokens([{ type: "text", value: "x".repeat(40) }])).toBe(15);
    });
});
