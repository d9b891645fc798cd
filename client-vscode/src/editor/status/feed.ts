/** The daemon's status, kept up to date for whoever shows it. Shows nothing itself. */
import * as vscode from "vscode";

import type { DaemonState } from "../../common/panel";
import type { Status } from "../../protocol";
import type { Link } from "../daemon/link";

export class StatusFeed implements vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #listening: vscode.Disposable[];
    #status: Status | null;
    #asking = Promise.resolve();
    /** What has not begun to ask yet. */
    #queued: Promise<void> | null = null;

    /** The state of the daemon or its status is another. */
    readonly onDidChange = this.#changed.event;

    constructor(private readonly link: Link) {
        this.#status = link.status;
        this.#listening = [
            link.onDidChangeState((state) => {
                if (state.state !== "running") this.#status = null;
                this.#changed.fire();
                if (state.state === "running") void this.refresh();
            }),
            link.onDidChangeStatus((status) => {
                this.take(status);
            }),
            // Other windows have daemons of their own, and what those spend is the person's too.
            vscode.window.onDidChangeWindowState(({ focused }) => {
                if (focused && link.state.state === "running") void this.refresh();
            }),
        ];
        if (link.state.state === "running") void this.refresh();
    }

    dispose(): void {
        this.#changed.dispose();
        for (const one of this.#listening) one.dispose();
    }

    get daemon(): DaemonState {
        return this.link.state;
    }

    /** Null until the daemon has told one. */
    get status(): Status | null {
        return this.#status;
    }

    /** A status that came as the answer to a request. */
    take(status: Status): void {
        this.#status = status;
        this.#changed.fire();
    }

    /** Asks the daemon; while it is being asked, once more afterwards. A failure leaves what is known. */
    refresh(): Promise<void> {
        this.#queued ??= this.#asking = this.#asking.then(() => {
            this.#queued = null;
            return this.#ask();
        });
        return this.#queued;
    }

    /** Never throws. */
    async #ask(): Promise<void> {
        try {
            this.take(await this.link.request("passerelle/status", {}));
        } catch (error) {
            this.link.log.debug(`status: ${error instanceof Error ? error.message : String(error)}`);
        }
    }
}
