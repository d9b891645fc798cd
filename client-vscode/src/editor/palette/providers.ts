/** The providers behind a model, shown over the picker: what each charges, how fast and how steady it is. It chooses nothing. */
import * as vscode from "vscode";

import { providerLines } from "../../common/endpoints";
import type { Model } from "../../protocol";
import { DaemonError, type Link } from "../daemon/link";
import { activeFolder } from "../panel/places";

const t = vscode.l10n.t;

/** Until the person leaves it. `role`: whose routing is looked at. */
export async function showProviders(link: Link, model: Model, role: string): Promise<void> {
    const pick = vscode.window.createQuickPick();
    const asking = new vscode.CancellationTokenSource();
    pick.title = t("Providers of {0}", model.name);
    pick.placeholder = t("Which one serves is up to the routing: order, only and sort in the configuration");
    pick.matchOnDescription = pick.matchOnDetail = true;
    pick.buttons = [vscode.QuickInputButtons.Back];
    pick.busy = true;
    const left = new Promise<void>((resolve) => {
        pick.onDidHide(() => {
            resolve();
        });
        pick.onDidAccept(() => {
            resolve();
        });
        pick.onDidTriggerButton(() => {
            resolve();
        });
    });
    pick.show();
    void found(link, model, role, asking.token).then((items) => {
        pick.items = items;
        pick.busy = false;
    });
    await left;
    asking.cancel();
    asking.dispose();
    pick.dispose();
}

/** Never fails: what went wrong stands where the providers would. */
async function found(
    link: Link,
    model: Model,
    role: string,
    token: vscode.CancellationToken,
): Promise<vscode.QuickPickItem[]> {
    const folder = activeFolder();
    const params = { model: model.id, role, ...(folder === null ? {} : { workspaceFolder: folder }) };
    try {
        const lines = providerLines(await link.request("passerelle/endpoints", params, token), t);
        return lines.length > 0
            ? lines
            : [{ label: `$(info) ${t("The gateway names no provider.")}`, alwaysShow: true }];
    } catch (error) {
        if (!(error instanceof DaemonError)) link.log.error(error instanceof Error ? error : String(error));
        const sentence = error instanceof Error ? error.message : String(error);
        const icon = error instanceof DaemonError && error.kind === "unsupported" ? "info" : "error";
        return [{ label: `$(${icon}) ${sentence}`, alwaysShow: true }];
    }
}
