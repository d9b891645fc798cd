/** One answer for the editor's language model API: asked from the daemon, passed on piece by piece. */
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

import { argumentsOf, askedOf, optionsOf, toolsOf, type Help } from "../../common/modelsTalk";
import type { ChatDelta, ChatParams, ChatResult, ToolCall } from "../../protocol";
import { DaemonError, type Link } from "../daemon/link";
import type { ReasoningMemory } from "./reasoning";

const t = vscode.l10n.t;

type Progress = vscode.Progress<vscode.LanguageModelResponsePart>;
type Thinking = new (text: string) => vscode.LanguageModelTextPart;

/** Only newer editors have it, and the types do not. */
const ThinkingPart = Reflect.get(vscode, "LanguageModelThinkingPart") as Thinking | undefined;

export class Answer implements vscode.Disposable {
    readonly #token = `editor-${randomUUID()}`;
    readonly #listening: vscode.Disposable;
    #text = "";

    constructor(
        private readonly link: Link,
        private readonly reasoning: ReasoningMemory,
        private readonly progress: Progress,
    ) {
        this.#listening = link.onNotification("passerelle/chat/delta", (delta) => {
            if (delta.token === this.#token) this.#pass(delta);
        });
    }

    dispose(): void {
        this.#listening.dispose();
    }

    /** Throws LanguageModelError, or CancellationError. */
    async ask(
        model: string,
        messages: readonly vscode.LanguageModelChatRequestMessage[],
        options: vscode.ProvideLanguageModelChatResponseOptions,
        token: vscode.CancellationToken,
    ): Promise<void> {
        const params = this.#params(model, messages, options);
        const result = await this.link.request("passerelle/chat", params, token).catch((error: unknown) => {
            throw editorError(error);
        });
        this.#end(result);
    }

    #params(
        model: string,
        messages: readonly vscode.LanguageModelChatRequestMessage[],
        { tools, toolMode, modelOptions }: vscode.ProvideLanguageModelChatResponseOptions,
    ): ChatParams {
        const asked = askedOf(messages, this.#help());
        const chosen = optionsOf(modelOptions ?? {});
        const { log } = this.link;
        if (asked.leftOut.length > 0) log.info(`Left out of what an extension sent: ${asked.leftOut.join(", ")}`);
        if (chosen.unknown.length > 0) log.info(`Unknown model options of an extension: ${chosen.unknown.join(", ")}`);
        const required = toolMode === vscode.LanguageModelChatToolMode.Required;
        return {
            token: this.#token,
            model,
            messages: asked.messages,
            options: chosen.options,
            ...(tools === undefined || tools.length === 0
                ? {}
                : { tools: toolsOf(tools), toolChoice: required ? "required" : "auto" }),
        };
    }

    #help(): Help {
        return {
            base64: (bytes) => Buffer.from(bytes).toString("base64"),
            isThinking: (part) => ThinkingPart !== undefined && part instanceof ThinkingPart,
            reasoningOf: (callId) => this.reasoning.of(callId),
        };
    }

    #pass({ text, reasoning }: ChatDelta): void {
        if (reasoning !== undefined && ThinkingPart !== undefined) this.progress.report(new ThinkingPart(reasoning));
        if (text === undefined) return;
        this.#text += text;
        this.progress.report(new vscode.LanguageModelTextPart(text));
    }

    /** What comes with the whole answer: its tool calls, and what was wrong with it. */
    #end({ message, finish, problem }: ChatResult): void {
        const rest = message.content.startsWith(this.#text) ? message.content.slice(this.#text.length) : "";
        if (rest !== "") this.progress.report(new vscode.LanguageModelTextPart(rest));
        const calls = message.toolCalls ?? [];
        if (message.reasoningDetails !== undefined) {
            this.reasoning.keep(
                calls.map((call) => call.id),
                message.reasoningDetails,
            );
        }
        if (finish === "cutOff") throw new vscode.LanguageModelError(problem ?? t("The answer broke off."));
        for (const call of calls) this.progress.report(toolCallPart(call));
        if (finish === "length") this.link.log.info("An answer for an extension ended at the limit of its length.");
        if (finish === "filtered")
            throw vscode.LanguageModelError.Blocked(t("The provider's filter stopped the answer."));
    }
}

function toolCallPart(call: ToolCall): vscode.LanguageModelToolCallPart {
    const input = argumentsOf(call);
    if (input === null) {
        throw new vscode.LanguageModelError(
            t("The model called the tool {0} with arguments that are no JSON object.", call.name),
        );
    }
    return new vscode.LanguageModelToolCallPart(call.id, call.name, input);
}

/** The daemon's sentence, with the code that other extensions look at. */
function editorError(error: unknown): unknown {
    if (!(error instanceof DaemonError)) return error;
    if (error.isCancelled) return new vscode.CancellationError();
    switch (error.kind) {
        case "modelUnknown":
            return vscode.LanguageModelError.NotFound(error.message);
        case "keyMissing":
        case "keyRefused":
        case "forbidden":
            return vscode.LanguageModelError.NoPermissions(error.message);
        case "creditsExhausted":
        case "budgetReached":
        case "confirmCost":
        case "rateLimited":
        case "secretFound":
            return vscode.LanguageModelError.Blocked(error.message);
        default:
            return new vscode.LanguageModelError(error.message);
    }
}
