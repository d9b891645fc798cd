/**
 * A talk of the editor's language model API as one of the daemon's, and back.
 *
 * The parts are told apart by their shape: their classes belong to the editor, and some of them only newer ones have.
 * Nothing is sent or shown here.
 */
import type { ChatOptions, Message, Part, Reasoning, Tool, ToolCall } from "../protocol";

/** As `vscode.LanguageModelChatRequestMessage`. */
export interface RequestMessage {
    /** 1 user, 2 assistant, 3 system. */
    role: number;
    content: readonly unknown[];
}

/** As `vscode.LanguageModelChatTool`. */
export interface RequestTool {
    name: string;
    description: string;
    inputSchema?: object | undefined;
}

/** What the daemon is asked, and what could not be put into it. */
export interface Asked {
    messages: Message[];
    /** A word for each part that was left out, for the log. */
    leftOut: string[];
}

/** What the conversion cannot know. */
export interface Help {
    base64(bytes: Uint8Array): string;
    /** Reasoning of the model is not sent back as its text. */
    isThinking(part: unknown): boolean;
    /** What an earlier answer with this call must be sent back with; undefined where it is not known any more. */
    reasoningOf(callId: string): object[] | undefined;
}

type Input =
    | { kind: "text"; text: string }
    | { kind: "image"; part: Part }
    | { kind: "call"; call: ToolCall }
    | { kind: "result"; callId: string; content: Input[] }
    | { kind: "unknown"; word: string }
    | { kind: "none" };

export function askedOf(messages: readonly RequestMessage[], help: Help): Asked {
    const leftOut: string[] = [];
    const converted = messages.flatMap((message) => {
        const inputs = message.content.map((part) => inputOf(part, help));
        leftOut.push(...inputs.flatMap((input) => (input.kind === "unknown" ? [input.word] : [])));
        if (message.role === ASSISTANT) return assistantMessage(inputs, help);
        return message.role === SYSTEM ? systemMessage(inputs) : userMessages(inputs);
    });
    return { messages: converted, leftOut };
}

export function toolsOf(tools: readonly RequestTool[]): Tool[] {
    return tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        parameters: inputSchema ?? { type: "object", properties: {} },
    }));
}

/** The options that we know, under the names that extensions use; and the names that nobody knows. */
export function optionsOf(given: Readonly<Record<string, unknown>>): { options: ChatOptions; unknown: string[] } {
    const options: ChatOptions = {};
    const unknown: string[] = [];
    for (const [name, value] of Object.entries(given)) {
        if (value === undefined || value === null) continue;
        const option = Object.hasOwn(OPTIONS, name) ? (OPTIONS[name]?.(value) ?? null) : null;
        if (option === null) unknown.push(name);
        else Object.assign(options, option);
    }
    return { options, unknown };
}

/** The arguments of a tool call as the editor wants them; null for what is no JSON object. */
export function argumentsOf(call: ToolCall): object | null {
    if (call.arguments.trim() === "") return {};
    try {
        const input: unknown = JSON.parse(call.arguments);
        return typeof input === "object" && input !== null && !Array.isArray(input) ? input : null;
    } catch {
        return null;
    }
}

const ASSISTANT = 2;
const SYSTEM = 3;
const EFFORTS: Reasoning[] = ["none", "minimal", "low", "medium", "high"];

type Option = (value: unknown) => ChatOptions | null;
const number =
    (name: "temperature" | "maxTokens" | "topP"): Option =>
    (value) =>
        typeof value === "number" && Number.isFinite(value) ? { [name]: value } : null;
const stop: Option = (value) => {
    const words: unknown[] = Array.isArray(value) ? value : [value];
    return words.every((word) => typeof word === "string") ? { stop: words } : null;
};
const reasoning: Option = (value) => {
    const effort = EFFORTS.find((known) => known === value);
    return effort === undefined ? null : { reasoning: effort };
};
const OPTIONS: Partial<Record<string, Option>> = {
    temperature: number("temperature"),
    max_tokens: number("maxTokens"),
    maxTokens: number("maxTokens"),
    max_completion_tokens: number("maxTokens"),
    top_p: number("topP"),
    topP: number("topP"),
    stop,
    reasoning_effort: reasoning,
    reasoningEffort: reasoning,
};

function inputOf(part: unknown, help: Help): Input {
    if (typeof part === "string") return { kind: "text", text: part };
    if (!isRecord(part)) return { kind: "unknown", word: typeof part };
    if (help.isThinking(part)) return { kind: "none" };
    if (typeof part.callId === "string") return toolInput(part.callId, part, help);
    if (typeof part.mimeType === "string" && part.data instanceof Uint8Array) {
        return dataInput(part.mimeType, part.data, help);
    }
    if (part.value === undefined) return { kind: "unknown", word: part.constructor.name };
    // What is no string is what prompt-tsx makes of a tool's result.
    return { kind: "text", text: typeof part.value === "string" ? part.value : JSON.stringify(part.value) };
}

function toolInput(callId: string, part: Record<string, unknown>, help: Help): Input {
    if (Array.isArray(part.content)) {
        return { kind: "result", callId, content: part.content.map((inner) => inputOf(inner, help)) };
    }
    if (typeof part.name !== "string") return { kind: "unknown", word: part.constructor.name };
    return { kind: "call", call: { id: callId, name: part.name, arguments: JSON.stringify(part.input ?? {}) } };
}

function dataInput(mimeType: string, data: Uint8Array, help: Help): Input {
    if (mimeType.startsWith("image/")) {
        return { kind: "image", part: { type: "image", mediaType: mimeType, data: help.base64(data) } };
    }
    if (mimeType === "application/pdf") {
        return { kind: "image", part: { type: "file", mediaType: mimeType, data: help.base64(data) } };
    }
    if (/^text\/|[/+]json$/.test(mimeType)) return { kind: "text", text: new TextDecoder().decode(data) };
    // Such as the editor's own marks for caches, which mean nothing to a gateway.
    return { kind: "unknown", word: mimeType };
}

function systemMessage(inputs: Input[]): Message[] {
    const text = textOf(inputs);
    return text === "" ? [] : [{ role: "system", content: text }];
}

function assistantMessage(inputs: Input[], help: Help): Message[] {
    const text = textOf(inputs);
    const calls = inputs.flatMap((input) => (input.kind === "call" ? [input.call] : []));
    if (calls.length === 0) return text === "" ? [] : [{ role: "assistant", content: text }];
    const details = calls.map((call) => help.reasoningOf(call.id)).find((known) => known !== undefined);
    return [
        {
            role: "assistant",
            content: text === "" ? null : text,
            toolCalls: calls,
            ...(details === undefined ? {} : { reasoningDetails: details }),
        },
    ];
}

/** Results of tools must come right after their calls, so they go first; what of them is no text goes after them. */
function userMessages(inputs: Input[]): Message[] {
    const results = inputs.filter((input) => input.kind === "result");
    const shown = results.flatMap((result) => picturesOf(result.content));
    const said = inputs.flatMap((input) => partsOf(input));
    const parts = joined([...shown, ...said]);
    return [
        ...results.map((result): Message => ({
            role: "tool",
            toolCallId: result.callId,
            content: resultText(result.content),
        })),
        ...(parts.length === 0 ? [] : [{ role: "user", content: plainOf(parts) } as const]),
    ];
}

function resultText(content: Input[]): string {
    const text = textOf(content);
    if (picturesOf(content).length === 0) return text;
    return [text, "(What is no text follows in the next message.)"].filter((line) => line !== "").join("\n");
}

function picturesOf(content: Input[]): Part[] {
    return content.flatMap((input) => (input.kind === "image" ? [input.part] : []));
}

function partsOf(input: Input): Part[] {
    if (input.kind === "image") return [input.part];
    return input.kind === "text" && input.text !== "" ? [{ type: "text", text: input.text }] : [];
}

/** Texts that follow each other are one. */
function joined(parts: Part[]): Part[] {
    return parts.reduce<Part[]>((all, part) => {
        const last = all.at(-1);
        if (last?.type !== "text" || part.type !== "text") return [...all, part];
        return [...all.slice(0, -1), { type: "text", text: last.text + part.text }];
    }, []);
}

function plainOf(parts: Part[]): string | Part[] {
    const [only] = parts;
    return parts.length === 1 && only?.type === "text" ? only.text : parts;
}

function textOf(inputs: Input[]): string {
    return inputs.map((input) => (input.kind === "text" ? input.text : "")).join("");
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null;
}
