/** The composition root: who is made with what, and in which order all ends. */
import * as vscode from "vscode";

import { Daemon } from "./editor/daemon/daemon";
import { Keys } from "./editor/daemon/keys";
import { registerLife } from "./editor/daemon/life";
import { offerFirstSteps } from "./editor/firstRun/firstRun";
import { registerModels } from "./editor/lm/provider";
import { registerPalette } from "./editor/palette/palette";
import { registerPanel } from "./editor/panel/panel";
import { StatusFeed } from "./editor/status/feed";
import { showStatus } from "./editor/status/items";
import { registerUsage } from "./editor/usage/tab";

/** For `deactivate`, which is waited for and given nothing. */
let daemon: Daemon | null = null;

/** Nothing here waits: the daemon starts by itself, and requests wait for it. */
export function activate(context: vscode.ExtensionContext): void {
    const log = vscode.window.createOutputChannel("Passerelle", { log: true });
    context.subscriptions.push(log);
    try {
        compose(context, log);
    } catch (error) {
        // VS Code says nothing of an extension that cannot be activated.
        const why = error instanceof Error ? error.message : String(error);
        log.error(error instanceof Error ? error : why);
        void vscode.window.showErrorMessage(vscode.l10n.t("Passerelle could not begin: {0}", why));
        throw error;
    }
}

export async function deactivate(): Promise<void> {
    await daemon?.close();
    daemon = null;
}

function compose(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): void {
    const keys = new Keys(context.secrets);
    const link = (daemon = new Daemon(context, keys, log));
    const panel = registerPanel(context, link);
    const feed = new StatusFeed(link);
    context.subscriptions.push(
        keys,
        panel,
        feed,
        showStatus(feed),
        registerPalette({ link, feed, keys, panel, store: context.globalState }),
        registerUsage(context, link, feed),
        registerModels(link, feed),
        registerLife(context, link),
        offerFirstSteps(feed, context.globalState),
    );
    // All listen by now.
    void link.restart();
}
