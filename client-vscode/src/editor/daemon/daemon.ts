/** Keeps one daemon running for this window, and is the way to it. */
import * as vscode from "vscode";

import { Code } from "../../common/failure";
import { chooseLaunch, type Launch } from "../../common/launch";
import type { DaemonState, Problem } from "../../common/panel";
import { Crashes, OneAtATime } from "../../common/restarts";
import type { ErrorData, Notifications, Requests, Status } from "../../protocol";
import type { Keys } from "./keys";
import { currentLayer } from "./layer";
import { DaemonError, type Link } from "./link";
import { type AnyRun, THIS_MACHINE } from "./machine";

const t = vscode.l10n.t;

const STARTING: DaemonState = { state: "starting", problem: null };
const RUNNING: DaemonState = { state: "running", problem: null };

/** All that the daemon tells. */
const NEWS = Object.keys({
    "passerelle/chat/delta": true,
    "passerelle/didChangeStatus": true,
    "passerelle/didChangeModels": true,
    "passerelle/didChangeConfig": true,
    "passerelle/didChangeConversations": true,
} satisfies Record<keyof Notifications, true>);

export class Daemon implements Link {
    readonly #restarts = new OneAtATime(() => this.#startAnew());
    readonly #crashes = new Crashes();
    readonly #stateChanged = new vscode.EventEmitter<DaemonState>();
    readonly #statusChanged = new vscode.EventEmitter<Status>();
    readonly #news = new Map(NEWS.map((method) => [method, new vscode.EventEmitter<unknown>()]));
    readonly #owned: vscode.Disposable[];
    #state = STARTING;
    #status: Status | null = null;
    #run: AnyRun | null = null;
    /** Settings or keys have changed since the daemon was told. */
    #isNewsForDaemon = false;
    #isClosed = false;
    #because: string | null = null;

    readonly onDidChangeState = this.#stateChanged.event;
    readonly onDidChangeStatus = this.#statusChanged.event;

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly keys: Keys,
        readonly log: vscode.LogOutputChannel,
        private readonly machine = THIS_MACHINE,
    ) {
        this.#owned = [
            this.onNotification("passerelle/didChangeStatus", (status) => {
                this.#status = status;
                this.#statusChanged.fire(status);
            }),
            keys.onDidChange(() => {
                this.#tellSettings();
            }),
            vscode.workspace.onDidChangeConfiguration((event) => {
                this.#configurationChanged(event);
            }),
            vscode.workspace.onDidGrantWorkspaceTrust(() => {
                log.info("The workspace is trusted now: the daemon is started anew.");
                void this.restart();
            }),
        ];
    }

    get state(): DaemonState {
        return this.#state;
    }

    get status(): Status | null {
        return this.#status;
    }

    /** Why this daemon and no other was started last. */
    get because(): string | null {
        return this.#because;
    }

    async request<M extends keyof Requests>(
        method: M,
        params: Requests[M][0],
        token?: vscode.CancellationToken,
    ): Promise<Requests[M][1]> {
        return this.#ask<Requests[M][1]>(method, params, token);
    }

    onNotification<M extends keyof Notifications>(
        method: M,
        handler: (params: Notifications[M]) => void,
    ): vscode.Disposable {
        const emitter = this.#news.get(method);
        if (emitter === undefined) throw new Error(`unknown notification ${method}`);
        return emitter.event((params) => {
            handler(params as Notifications[M]);
        });
    }

    async execute(command: string): Promise<unknown> {
        return this.#ask<unknown>("workspace/executeCommand", { command });
    }

    /** Starts it, too. Never fails: how it went is in the state. */
    async restart(): Promise<void> {
        this.#crashes.forget();
        await this.#restarts.run();
    }

    /** Ends the daemon, for good. */
    async close(): Promise<void> {
        this.#isClosed = true;
        for (const owned of this.#owned) owned.dispose();
        await this.#run?.end();
        this.#stop(problem(t("Passerelle has been ended.")), false);
        for (const emitter of [this.#stateChanged, this.#statusChanged, ...this.#news.values()]) emitter.dispose();
    }

    async #ask<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
        const run = await this.#ready(token);
        try {
            return await run.request<T>(method, params, token);
        } catch (error) {
            throw daemonError(error);
        }
    }

    /** The daemon, once it runs. */
    async #ready(token?: vscode.CancellationToken): Promise<AnyRun> {
        while (this.#state.state === "starting" && !this.#isClosed) await this.#nextState(token);
        if (this.#state.state === "running" && this.#run !== null) return this.#run;
        throw new DaemonError(this.#state.problem?.message ?? t("The daemon does not run."), Code.absent, null);
    }

    #nextState(token?: vscode.CancellationToken): Promise<void> {
        return new Promise((resolve, reject) => {
            const end = (settle: () => void) => () => {
                changed.dispose();
                cancelled?.dispose();
                settle();
            };
            const changed = this.#stateChanged.event(end(resolve));
            const cancelled = token?.onCancellationRequested(
                end(() => {
                    reject(new DaemonError(t("Cancelled."), Code.cancelled, null));
                }),
            );
        });
    }

    /** One run of the queue: whatever runs is ended, and a daemon started, or a reason given why there is none. */
    async #startAnew(): Promise<void> {
        if (this.#isClosed) return;
        this.#setState(STARTING);
        const old = this.#run;
        this.#run = null;
        await old?.end();
        try {
            let isDecided = false;
            while (!isDecided) isDecided = await this.#isStarted();
        } catch (error) {
            this.log.error(error instanceof Error ? error : String(error));
            this.#stop(problem(t("The daemon cannot be started: {0}", messageOf(error))));
        }
    }

    /** Whether it is decided: it runs, or it is not to be tried again. */
    async #isStarted(): Promise<boolean> {
        const choice = chooseLaunch(await this.machine.lookAround(this.context), t);
        const options = { passerelle: await this.#options() };
        if (this.#hasClosed()) return true;
        if ("problem" in choice) {
            this.#stop(problem(choice.problem));
            return true;
        }
        this.#because = choice.because;
        this.log.info(`Starting ${choice.command} ${choice.args.join(" ")} (${choice.because})`);
        const run = await this.#newRun(choice, options);
        this.#run = run;
        try {
            await run.start();
        } catch (error) {
            return this.#failedToStart(error);
        }
        if (this.#hasClosed()) await run.end();
        // It may have ended in this very moment: then the queue has a run for that.
        else if (this.#run === run) this.#begun();
        return true;
    }

    async #newRun(launch: Launch, options: object): Promise<AnyRun> {
        const run = await this.machine.newRun({
            launch,
            log: this.log,
            options,
            news: NEWS,
            onNews: (method, params) => this.#news.get(method)?.fire(params),
            reveal: (name) => this.keys.reveal(name),
            onCrash: () => {
                this.#crashed(run);
            },
        });
        return run;
    }

    async #failedToStart(error: unknown): Promise<boolean> {
        this.#run = null;
        this.log.error(`The daemon did not start: ${messageOf(error)}`);
        await this.machine.forgetPythons(this.context);
        if (this.#isClosed || this.#crashes.mayRestart(Date.now())) return false;
        this.#stop(problem(t("The daemon could not be started: {0}", messageOf(error))));
        return true;
    }

    /** It may have been closed during any wait; the compiler does not think of that. */
    #hasClosed(): boolean {
        return this.#isClosed;
    }

    #begun(): void {
        this.#setState(RUNNING);
        if (this.#isNewsForDaemon) this.#tellSettings();
    }

    #crashed(run: AnyRun): void {
        if (run !== this.#run) return;
        this.#run = null;
        if (this.#crashes.mayRestart(Date.now())) {
            this.log.warn("The daemon ended by itself; it is started again.");
            this.#setState(STARTING);
            void this.#restarts.run();
        } else {
            this.#stop(problem(t("The daemon has ended several times in a row, and was not started again.")));
        }
    }

    #setState(state: DaemonState): void {
        this.#state = state;
        this.#stateChanged.fire(state);
    }

    #stop(why: Problem, isTold = true): void {
        this.log.error(why.message);
        this.#setState({ state: "stopped", problem: why });
        if (isTold) void this.#offer(why.message);
    }

    async #offer(message: string): Promise<void> {
        const restart = t("Restart");
        const showLog = t("Show Log");
        const chosen = await vscode.window.showErrorMessage(message, restart, showLog);
        if (chosen === restart) await this.restart();
        if (chosen === showLog) this.log.show();
    }

    async #options(): Promise<object> {
        this.#isNewsForDaemon = false;
        return { trusted: vscode.workspace.isTrusted, settings: await this.#layer(), secrets: true };
    }

    /** The editor's layer of settings. Keys that are late are told of when they are there. */
    #layer(): Promise<object> {
        return currentLayer(this.keys, this.log, () => {
            this.#tellSettings();
        });
    }

    #configurationChanged(event: vscode.ConfigurationChangeEvent): void {
        if (event.affectsConfiguration("passerelle.settings")) this.#tellSettings();
        if (["serverPath", "pythonPath"].some((name) => event.affectsConfiguration(`passerelle.${name}`))) {
            this.log.info("Which daemon is started has been set anew.");
            void this.restart();
        }
    }

    #tellSettings(): void {
        this.#isNewsForDaemon = true;
        const run = this.#run;
        if (this.#state.state !== "running" || run === null) return;
        this.#isNewsForDaemon = false;
        this.#layer()
            .then((layer) => run.notify("workspace/didChangeConfiguration", { settings: { passerelle: layer } }))
            .catch((error: unknown) => {
                // Of a daemon that has ended meanwhile: the next one is given all.
                this.log.warn(`The daemon was not told of the settings: ${messageOf(error)}`);
            });
    }
}

function problem(message: string): Problem {
    return { kind: "daemon", message, remedy: { do: "restart" } };
}

/** Of what the language client throws: with a number if the daemon answered, or the way to it is closed. */
function daemonError(error: unknown): DaemonError {
    const ended = t("The daemon ended before it answered.");
    const { code, data } = error as { code?: unknown; data?: ErrorData };
    if (typeof code !== "number") return new DaemonError(`${ended} ${messageOf(error)}`, Code.ended, null);
    if (code === Code.ended || code === Code.absent) return new DaemonError(ended, Code.ended, null);
    const tooOld = t("This daemon is too old for that. Update the one that passerelle.serverPath names.");
    return new DaemonError(code === Code.methodUnknown ? tooOld : messageOf(error), code, data ?? null);
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
