/** What the rest of the extension knows of the daemon: ask, listen, restart. Nothing here starts a process. */
import type * as vscode from "vscode";

import type { DaemonState } from "../../common/panel";
import type { ErrorData, ErrorKind, Notifications, Requests, Status } from "../../protocol";

export interface Link {
    readonly state: DaemonState;
    readonly onDidChangeState: vscode.Event<DaemonState>;
    /** The last that was told; null before. */
    readonly status: Status | null;
    readonly onDidChangeStatus: vscode.Event<Status>;
    readonly log: vscode.LogOutputChannel;
    /**
     * Asks the daemon, once it runs; waits while it starts or is started anew.
     *
     * @throws DaemonError as the daemon answered, or with kind "" if there is none. Cancelling the token sends
     *   `$/cancelRequest` and ends in a DaemonError with `code` −32800.
     */
    request<M extends keyof Requests>(
        method: M,
        params: Requests[M][0],
        token?: vscode.CancellationToken,
    ): Promise<Requests[M][1]>;
    /** Hears a notification of whichever daemon runs, also after a restart. */
    onNotification<M extends keyof Notifications>(
        method: M,
        handler: (params: Notifications[M]) => void,
    ): vscode.Disposable;
    /** `workspace/executeCommand`. */
    execute(command: string): Promise<unknown>;
    restart(): Promise<void>;
}

/** An error of the daemon. The message is a sentence for a person. */
export class DaemonError extends Error {
    constructor(
        message: string,
        readonly code: number,
        readonly data: ErrorData | null,
    ) {
        super(message);
    }

    get kind(): ErrorKind | "" {
        return (this.data?.kind ?? "") as ErrorKind | "";
    }

    get isCancelled(): boolean {
        return this.code === -32800;
    }
}
