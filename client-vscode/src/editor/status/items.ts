/** What shows the status: the status bar, the language status, and the keys that `when` clauses ask for. */
import * as vscode from "vscode";

import { contextKeys, statusView, TOOLTIP_COMMANDS, type StatusView } from "../../common/status";
import type { StatusFeed } from "./feed";

/** Shows the feed from now on, until it is disposed of. */
export function showStatus(feed: StatusFeed): vscode.Disposable {
    const items = new Items();
    const show = (): void => {
        items.show(statusView(feed.daemon, feed.status, Date.now(), vscode.l10n.t));
        for (const [key, value] of Object.entries(contextKeys(feed.daemon, feed.status))) {
            void vscode.commands.executeCommand("setContext", `passerelle.${key}`, value);
        }
    };
    show();
    return vscode.Disposable.from(
        items,
        feed.onDidChange(show),
        vscode.commands.registerCommand("passerelle.showProblem", showProblem),
    );
}

const SEVERITIES = {
    information: vscode.LanguageStatusSeverity.Information,
    warning: vscode.LanguageStatusSeverity.Warning,
    error: vscode.LanguageStatusSeverity.Error,
};
const BACKGROUNDS = {
    information: undefined,
    warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
    error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

class Items implements vscode.Disposable {
    readonly #bar = vscode.window.createStatusBarItem("passerelle.status", vscode.StatusBarAlignment.Right, 100);
    readonly #language = vscode.languages.createLanguageStatusItem("passerelle.status", { pattern: "**" });

    dispose(): void {
        this.#bar.dispose();
        this.#language.dispose();
    }

    show(view: StatusView): void {
        this.#bar.name = "Passerelle";
        this.#bar.text = view.text;
        this.#bar.tooltip = markdown(view.tooltip);
        this.#bar.command = view.action;
        this.#bar.backgroundColor = BACKGROUNDS[view.severity];
        this.#bar.accessibilityInformation = { label: view.label, role: "button" };
        this.#bar.show();
        this.#language.name = "Passerelle";
        this.#language.text = view.text;
        this.#language.detail = view.sentence;
        this.#language.severity = SEVERITIES[view.severity];
        this.#language.busy = view.busy;
        this.#language.command = view.action;
        this.#language.accessibilityInformation = { label: view.label };
    }
}

function markdown(text: string): vscode.MarkdownString {
    const string = new vscode.MarkdownString(text, true);
    string.isTrusted = { enabledCommands: TOOLTIP_COMMANDS };
    return string;
}

/** Where a problem stands, in an editor. Lines and columns count from 1. */
async function showProblem(path: unknown, line: unknown, column: unknown): Promise<void> {
    if (typeof path !== "string" || typeof line !== "number" || typeof column !== "number") return;
    try {
        const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
        const place = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
        await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
    } catch {
        void vscode.window.showErrorMessage(vscode.l10n.t("{0} cannot be opened.", path));
    }
}
