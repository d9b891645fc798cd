/** What the conversations need of the editor: small, so that they can be tested without one. */
import type * as vscode from "vscode";

import type { Translate } from "../../common/l10n";
import type { DaemonState, Problem } from "../../common/panel";
import type { Notifications, Status } from "../../protocol";
import type { Link } from "../daemon/link";

/** What ends when its owner does. */
export interface Owned {
    dispose(): unknown;
}

/** The part of a `Link` that is needed here. */
export interface Asking extends Pick<Link, "request" | "state" | "status"> {
    onDidChangeState(listener: (state: DaemonState) => void): Owned;
    onDidChangeStatus(listener: (status: Status) => void): Owned;
    onNotification<M extends keyof Notifications>(method: M, handler: (params: Notifications[M]) => void): Owned;
}

export interface Surroundings {
    link: Asking;
    t: Translate;
    /** A new id, for a conversation, a turn, a token. */
    newId(): string;
    /** Milliseconds since 1970. */
    now(): number;
    /** Runs once, a moment later: pieces that come in between reach the page together. */
    soon(run: () => void): void;
    newCancellation(): Pick<vscode.CancellationTokenSource, "token" | "cancel" | "dispose">;
    /** The folders of this window, and the one that a new conversation belongs to. URIs. */
    folders(): string[];
    activeFolder(): string | null;
    pathOf(uri: string): string;
    /** Whatever went wrong, as a card. */
    problemOf(error: unknown): Problem;
    /** Shows a sentence that belongs to no turn. */
    complain(sentence: string): void;
    /** The conversation that the next window begins with. */
    remember(conversation: string | null): void;
}
