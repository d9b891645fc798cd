/** How an error stands on a page: the daemon's by its kind; any other is a fault of ours, which goes into the log. */
import * as vscode from "vscode";

import { problemOf } from "../../common/failure";
import type { Problem } from "../../common/panel";
import { DaemonError, type Link } from "../daemon/link";

export function problemIn(error: unknown, link: Pick<Link, "log" | "status">): Problem {
    if (error instanceof DaemonError) return problemOf(error, Date.now(), vscode.l10n.t, link.status?.gateway.url);
    link.log.error(error instanceof Error ? error : String(error));
    const message = vscode.l10n.t("The extension has a fault; its log says more.");
    return { kind: "", message, remedy: { do: "showLog" } };
}
