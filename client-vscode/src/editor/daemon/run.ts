/** One daemon from its start to its end: a process, and the language client that speaks with it. */
import * as vscode from "vscode";
import {
    CloseAction,
    ErrorAction,
    type DynamicFeature,
    LanguageClient,
    type LanguageClientOptions,
    RevealOutputChannelOn,
    State,
    type StaticFeature,
} from "vscode-languageclient/node";

import type { Launch } from "../../common/launch";
import type { SecretParams, SecretResult } from "../../protocol";
import { DaemonProcess } from "./process";

/** A daemon answers `initialize` before it has loaded most of itself. */
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 1500;

/** What can be attached to a question: the daemon is told of these documents as they are on the screen. */
const DOCUMENTS = ["file", "untitled", "vscode-notebook-cell", "vscode-vfs"].map((scheme) => ({ scheme }));

export interface RunOptions {
    launch: Launch;
    log: vscode.LogOutputChannel;
    /** `initializationOptions`. */
    options: object;
    /** The notifications that are listened to. */
    news: readonly string[];
    onNews: (method: string, params: unknown) => void;
    /** The key of a name that the daemon asks for; null where none is stored. */
    reveal: (name: string) => Promise<string | null>;
    /** It ended, and nobody had told it to; only after `start` has succeeded. */
    onCrash: () => void;
}

export class Run {
    readonly #client: LanguageClient;
    #process: DaemonProcess | null = null;
    #isReady = false;
    #isOver = false;

    constructor(private readonly given: RunOptions) {
        this.#client = new Client("passerelle", "Passerelle", () => this.#spawn(), this.#clientOptions());
        for (const method of given.news) {
            this.#client.onNotification(method, (params: unknown) => {
                given.onNews(method, params);
            });
        }
        this.#client.onRequest("passerelle/secret", async ({ name }: SecretParams): Promise<SecretResult> => {
            given.log.debug("The daemon asks for a key.");
            return { value: await given.reveal(name) };
        });
    }

    /** @throws Error if it cannot be started, or gives no answer in time. Then it is ended already. */
    async start(): Promise<void> {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_, reject) => {
            timer = setTimeout(() => {
                reject(new Error(`The daemon did not answer within ${START_LIMIT_MS / 1000} s.`));
            }, START_LIMIT_MS);
        });
        try {
            await Promise.race([this.#client.start(), late]);
            this.#isReady = true;
        } catch (error) {
            await this.end();
            throw error;
        } finally {
            clearTimeout(timer);
        }
    }

    request<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
        // An undefined token would be sent as a second parameter.
        return token === undefined
            ? this.#client.sendRequest<T>(method, params)
            : this.#client.sendRequest<T>(method, params, token);
    }

    notify(method: string, params: unknown): Promise<void> {
        return this.#client.sendNotification(method, params);
    }

    /** Tells it to end, and sees that it does. Never fails. */
    async end(): Promise<void> {
        this.#isOver = true;
        try {
            if (this.#client.state === State.Running) await this.#client.stop(STOP_LIMIT_MS);
        } catch (error) {
            this.given.log.warn(`The daemon did not stop in good order: ${String(error)}`);
        }
        await this.#process?.end();
    }

    async #spawn(): Promise<DaemonProcess["child"]> {
        const process = await DaemonProcess.start(this.given.launch, this.given.log);
        this.#process = process;
        void process.ended.then((how) => {
            this.given.log.info(`The daemon ended ${how}.`);
        });
        return process.child;
    }

    #closed(): void {
        if (this.#isOver || !this.#isReady) return;
        this.#isOver = true;
        this.given.onCrash();
    }

    #clientOptions(): LanguageClientOptions {
        return {
            documentSelector: DOCUMENTS,
            outputChannel: this.given.log,
            traceOutputChannel: withoutTraces(this.given.log),
            revealOutputChannelOn: RevealOutputChannelOn.Never,
            initializationOptions: this.given.options,
            initializationFailedHandler: () => false,
            // What the process says on standard error is relayed where it is started.
            stdioOptions: { stdout: () => undefined, stderr: () => undefined },
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => {
                    this.#closed();
                    return {
                        action: CloseAction.DoNotRestart,
                        handled: true,
                        message: "The way to the daemon is closed.",
                    };
                },
            },
            middleware: {
                // The daemon helps in settings files only: for others it need not be asked.
                provideCompletionItem: (document, position, context, token, next) =>
                    isToml(document) ? next(document, position, context, token) : null,
                provideHover: (document, position, token, next) =>
                    isToml(document) ? next(document, position, token) : null,
            },
        };
    }
}

/** Failures are told by `Daemon`, once, with a button. */
class Client extends LanguageClient {
    override error(message: string, data?: unknown): void {
        super.error(message, data, false);
    }

    /**
     * Passes over what scripts/build.mjs leaves out of the bundle. The daemon's commands are among it: the palette has
     * them, so that they are there, and wait, while no daemon runs.
     */
    override registerFeature(feature: Partial<StaticFeature> & Partial<DynamicFeature<unknown>>): void {
        if (feature.fillClientCapabilities !== undefined) super.registerFeature(feature as StaticFeature);
    }
}

/** The log, deaf to traces: they would hold questions, answers and keys. */
function withoutTraces(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
    return Object.create(log, {
        logLevel: { value: vscode.LogLevel.Info },
        onDidChangeLogLevel: { value: () => new vscode.Disposable(() => undefined) },
        trace: { value: () => undefined },
    }) as vscode.LogOutputChannel;
}

function isToml(document: vscode.TextDocument): boolean {
    return document.uri.path.endsWith(".toml");
}
