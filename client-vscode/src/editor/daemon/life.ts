/** The commands of the daemon's own life: restart it, read its log, and tell what a fault is found with. */
import { homedir } from "node:os";

import * as vscode from "vscode";

import { debugReport } from "../../common/report";
import type { Daemon } from "./daemon";

const t = vscode.l10n.t;

export function registerLife(context: vscode.ExtensionContext, daemon: Daemon): vscode.Disposable {
    const { registerCommand } = vscode.commands;
    return vscode.Disposable.from(
        registerCommand("passerelle.restart", () => restart(daemon)),
        registerCommand("passerelle.showLog", () => {
            daemon.log.show();
        }),
        registerCommand("passerelle.copyDebugInformation", async () => {
            await vscode.env.clipboard.writeText(reportOf(context, daemon));
            void vscode.window.showInformationMessage(t("The debug information is in the clipboard. It holds no key."));
        }),
    );
}

/** Why it does not run, if it does not, is told by the daemon. */
async function restart(daemon: Daemon): Promise<void> {
    const options = { location: vscode.ProgressLocation.Window, title: t("Starting the daemon…") };
    await vscode.window.withProgress(options, () => daemon.restart());
}

function reportOf(context: vscode.ExtensionContext, daemon: Daemon): string {
    const { version } = context.extension.packageJSON as { version: string };
    return debugReport({
        extension: version,
        editor: `${vscode.env.appName} ${vscode.version}, ${vscode.env.appHost}`,
        platform: `${process.platform} ${process.arch}`,
        trusted: vscode.workspace.isTrusted,
        remote: vscode.env.remoteName ?? null,
        daemon: daemon.state,
        status: daemon.status,
        because: daemon.because,
        settings: vscode.workspace.getConfiguration("passerelle").get<unknown>("settings"),
        home: homedir(),
    });
}
