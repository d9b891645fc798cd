/** Failures of commands: one sentence, and the one button that mends it. Failures of chats have cards of their own. */
import * as vscode from "vscode";

import { problemOf } from "../../common/failure";
import type { Remedy } from "../../common/panel";
import { DaemonError } from "../daemon/link";

const t = vscode.l10n.t;

/** Runs a command's work. What goes wrong is told; what a person called off is not. Undefined then. */
export async function explained(log: vscode.LogOutputChannel, work: () => Thenable<unknown>): Promise<unknown> {
    try {
        return await work();
    } catch (error) {
        if (error instanceof DaemonError && error.isCancelled) return undefined;
        if (!(error instanceof DaemonError)) log.error(error instanceof Error ? error : String(error));
        await tell(error, work, log);
        return undefined;
    }
}

async function tell(error: unknown, work: () => Thenable<unknown>, log: vscode.LogOutputChannel): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const failure = error instanceof DaemonError ? error : { message, code: 0, data: null };
    const problem = problemOf(failure, Date.now(), t);
    const button = problem.remedy === null ? null : buttonOf(problem.remedy);
    const chosen = await vscode.window.showErrorMessage(problem.message, ...(button === null ? [] : [button.title]));
    if (button === null || chosen === undefined) return;
    if (button.command === null) await explained(log, work);
    else await vscode.commands.executeCommand(button.command);
}

/** `command` is null where the same is to be tried again. */
interface Button {
    title: string;
    command: string | null;
}

/** What mends a failure; null for what mends questions only: commands ask none. */
export function buttonOf(remedy: Remedy): Button | null {
    switch (remedy.do) {
        case "setKey":
            return { title: t("Set API Key"), command: "passerelle.setApiKey" };
        case "chooseModel":
            return { title: t("Choose Model"), command: "passerelle.chooseModel" };
        case "chooseGateway":
            return { title: t("Choose Gateway"), command: "passerelle.chooseGateway" };
        case "useOffline":
            return { title: t("Use Offline Gateway"), command: "passerelle.useOfflineGateway" };
        case "openConfiguration":
            return { title: t("Open Configuration"), command: "passerelle.openConfiguration" };
        case "restart":
            return { title: t("Restart"), command: "passerelle.restart" };
        case "newChat":
            return { title: t("New Chat"), command: "passerelle.newChat" };
        case "showLog":
            return { title: t("Show Log"), command: "passerelle.showLog" };
        case "retry":
        case "goOn":
            return { title: t("Try Again"), command: null };
        case "allowOnce":
        case "sendAnyway":
        case "openBudget":
        case "topUp":
            return null;
    }
}
