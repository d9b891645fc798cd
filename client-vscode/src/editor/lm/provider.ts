/**
 * The gateway's models for every other extension, and for the editor's own picker.
 *
 * It converts and passes on: messages are held by whoever asks, so the daemon keeps nothing of them.
 */
import * as vscode from "vscode";

import { informationOf, type ModelInformation } from "../../common/modelsForEditor";
import { messageTokens, textTokens } from "../../common/tokens";
import { DaemonError, type Link } from "../daemon/link";
import type { StatusFeed } from "../status/feed";
import { Answer } from "./answer";
import { ReasoningMemory } from "./reasoning";

const t = vscode.l10n.t;
/** As package.json contributes it. */
const VENDOR = "passerelle";

export function registerModels(link: Link, feed: StatusFeed): vscode.Disposable {
    const models = new ModelsForEditor(link, feed);
    return vscode.Disposable.from(models, vscode.lm.registerLanguageModelChatProvider(VENDOR, models));
}

class ModelsForEditor implements vscode.LanguageModelChatProvider<ModelInformation>, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #listening: vscode.Disposable[];
    readonly #reasoning = new ReasoningMemory();
    /** What the list depends on, as it was told last. */
    #known = "";

    readonly onDidChangeLanguageModelChatInformation = this.#changed.event;

    constructor(
        private readonly link: Link,
        private readonly feed: StatusFeed,
    ) {
        this.#listening = [
            link.onNotification("passerelle/didChangeModels", () => {
                this.#changed.fire();
            }),
            feed.onDidChange(() => {
                this.#follow();
            }),
        ];
    }

    dispose(): void {
        this.#changed.dispose();
        for (const one of this.#listening) one.dispose();
    }

    /** Without a key there are none: the editor would offer what cannot answer. When a person asks, the key is asked for. */
    async provideLanguageModelChatInformation(
        { silent }: { silent: boolean },
        token: vscode.CancellationToken,
    ): Promise<ModelInformation[]> {
        try {
            if (await this.#needsKey(token)) {
                if (silent) return [];
                await vscode.commands.executeCommand("passerelle.setApiKey");
                if (await this.#needsKey(token)) return [];
            }
            const { models } = await this.link.request("passerelle/models", {}, token);
            return models.map((model) => informationOf(model, t));
        } catch (error) {
            if (!(error instanceof DaemonError)) throw error;
            if (!error.isCancelled) this.link.log.warn(`The editor was given no models: ${error.message}`);
            return [];
        }
    }

    async provideLanguageModelChatResponse(
        model: ModelInformation,
        messages: readonly vscode.LanguageModelChatRequestMessage[],
        options: vscode.ProvideLanguageModelChatResponseOptions,
        progress: vscode.Progress<vscode.LanguageModelResponsePart>,
        token: vscode.CancellationToken,
    ): Promise<void> {
        const answer = new Answer(this.link, this.#reasoning, progress);
        try {
            await answer.ask(model.id, messages, options, token);
        } finally {
            answer.dispose();
        }
    }

    provideTokenCount(
        _model: ModelInformation,
        text: string | vscode.LanguageModelChatRequestMessage,
    ): Promise<number> {
        return Promise.resolve(typeof text === "string" ? textTokens(text) : messageTokens(text.content));
    }

    async #needsKey(token: vscode.CancellationToken): Promise<boolean> {
        const { state } = await this.link.request("passerelle/status", {}, token);
        return state === "needsKey";
    }

    /** Another gateway, or a key that came or went, is another list. */
    #follow(): void {
        const { status } = this.feed;
        if (status === null) return;
        const known = `${status.gateway.name} ${status.gateway.url} ${String(status.state === "needsKey")}`;
        if (known === this.#known) return;
        this.#known = known;
        this.#changed.fire();
    }
}
