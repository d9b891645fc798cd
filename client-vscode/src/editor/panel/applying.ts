/**
 * "Apply to File": the daemon says where a block of code belongs, a diff shows it, the person accepts or rejects.
 *
 * Nothing is changed before that, and a file that was changed meanwhile is looked at anew.
 */
import * as vscode from "vscode";

import { edited, targetOf } from "../../common/applying";
import type { PanelTurn } from "../../common/panel";
import type { ApplyResult, Range } from "../../protocol";
import type { Link } from "../daemon/link";
import { fromEditor, openDocuments, textEditor, toEditor } from "./places";

export const SCHEME = "passerelle-apply";

/** How often the daemon is asked again because the document changed while it read. */
const MOST_TRIES = 3;

/** A block that is shown next to the file that it is for. */
interface Suggestion {
    shown: vscode.Uri;
    target: vscode.Uri;
    code: string;
    /** Of the document when the edits were made for it. */
    version: number;
    edits: ApplyResult["edits"];
    text: string;
}

export class Applying implements vscode.TextDocumentContentProvider {
    private readonly suggestions = new Map<string, Suggestion>();
    private readonly listeners: vscode.Disposable[];
    private count = 0;

    constructor(private readonly link: Pick<Link, "request">) {
        this.listeners = [
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            vscode.workspace.onDidCloseTextDocument(({ uri }) => this.suggestions.delete(uri.toString())),
            vscode.commands.registerCommand("passerelle.applyAccept", (uri?: vscode.Uri) => this.accept(uri)),
            vscode.commands.registerCommand("passerelle.applyReject", (uri?: vscode.Uri) => this.reject(uri)),
        ];
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.suggestions.get(uri.toString())?.text ?? "";
    }

    /** Shows where a block of an answer would go. Throws DaemonError, and what VS Code throws of a file it cannot open. */
    async suggest(code: string, turn: PanelTurn | null): Promise<void> {
        const editor = textEditor()?.document.uri.toString() ?? null;
        const named = targetOf({ editor, turn });
        const target = named === null ? await askForTarget(turn) : vscode.Uri.parse(named);
        if (target !== null) await this.show(target, code);
    }

    dispose(): void {
        for (const listener of this.listeners) listener.dispose();
    }

    private async show(target: vscode.Uri, code: string): Promise<void> {
        // Opened first: the daemon then reads what the editor has.
        const document = await vscode.workspace.openTextDocument(target);
        const result = await this.place(document, code);
        const name = target.path.split("/").at(-1) ?? target.path;
        if (result === null) {
            void vscode.window.showWarningMessage(vscode.l10n.t("{0} changes all the time; try again.", name));
        } else if (result.edits.length === 0) {
            void vscode.window.showInformationMessage(vscode.l10n.t("{0} says this already.", name));
        } else {
            const { edits } = result;
            const text = edited(document.getText(), edits);
            // The path ends as the file's, so that the suggestion has its language; the query makes it another document.
            const shown = vscode.Uri.from({ scheme: SCHEME, path: target.path, query: `${++this.count}` });
            this.suggestions.set(shown.toString(), { shown, target, code, version: document.version, edits, text });
            const title = vscode.l10n.t("{0} ↔ suggested", name);
            await vscode.commands.executeCommand("vscode.diff", target, shown, title, { preview: true });
        }
    }

    /** Null if the document was never the one that the daemon had read. */
    private async place(document: vscode.TextDocument, code: string): Promise<ApplyResult | null> {
        for (let tries = 0; tries < MOST_TRIES; tries++) {
            const { version } = document;
            const range = selectedIn(document);
            const result = await this.link.request("passerelle/apply", {
                uri: document.uri.toString(),
                code,
                ...(range === null ? {} : { range }),
            });
            if (document.version === version && (result.version ?? version) === version) return result;
        }
        return null;
    }

    private async accept(uri?: vscode.Uri): Promise<void> {
        const suggestion = this.find(uri);
        if (suggestion === null) return;
        const document = await vscode.workspace.openTextDocument(suggestion.target);
        if (document.version !== suggestion.version) {
            void vscode.window.showInformationMessage(
                vscode.l10n.t(
                    "{0} was changed meanwhile; this is the suggestion for it as it is now.",
                    nameOf(document),
                ),
            );
            await this.close(suggestion);
            await this.show(suggestion.target, suggestion.code);
            return;
        }
        const edit = new vscode.WorkspaceEdit();
        const edits = suggestion.edits.map(({ range, newText }) => new vscode.TextEdit(toEditor(range), newText));
        edit.set(suggestion.target, edits);
        if (!(await vscode.workspace.applyEdit(edit))) {
            void vscode.window.showErrorMessage(vscode.l10n.t("{0} cannot be edited.", nameOf(document)));
            return;
        }
        await this.close(suggestion);
        const at = edits[0]?.range.start;
        const selection = at === undefined ? {} : { selection: new vscode.Range(at, at) };
        await vscode.window.showTextDocument(document, { preview: false, ...selection });
    }

    private async reject(uri?: vscode.Uri): Promise<void> {
        const suggestion = this.find(uri);
        if (suggestion !== null) await this.close(suggestion);
    }

    /** The one that a button names, else the one that is in front. */
    private find(uri?: vscode.Uri): Suggestion | null {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        const shown = uri ?? (input instanceof vscode.TabInputTextDiff ? input.modified : undefined);
        return this.suggestions.get(shown?.toString() ?? "") ?? null;
    }

    private async close(suggestion: Suggestion): Promise<void> {
        this.suggestions.delete(suggestion.shown.toString());
        const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
        await vscode.window.tabGroups.close(tabs.filter((tab) => shows(tab, suggestion.shown)));
    }
}

/** Among the files that the question named and those that are open. Null if the person turned away. */
async function askForTarget(turn: PanelTurn | null): Promise<vscode.Uri | null> {
    const named = turn?.attachments.flatMap((chip) => (chip.type === "attachment" ? [chip.attachment.uri] : [])) ?? [];
    const uris = [...named.map((uri) => vscode.Uri.parse(uri)), ...openDocuments()];
    const unique = [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
    const other = { label: vscode.l10n.t("Another file…"), uri: null };
    const items = unique.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    const placeHolder = vscode.l10n.t("The file that this code is for");
    const choice = await vscode.window.showQuickPick([...items, other], { placeHolder });
    if (choice === undefined) return null;
    return choice.uri ?? (await vscode.window.showOpenDialog())?.[0] ?? null;
}

function selectedIn(document: vscode.TextDocument): Range | null {
    const editor = textEditor();
    return editor?.document === document ? fromEditor(editor.selection) : null;
}

function shows(tab: vscode.Tab, uri: vscode.Uri): boolean {
    return tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === uri.toString();
}

function nameOf(document: vscode.TextDocument): string {
    return document.uri.path.split("/").at(-1) ?? document.uri.path;
}
