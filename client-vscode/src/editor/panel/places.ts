/** Where things are in this window: folders, documents, editors. */
import * as vscode from "vscode";

import type { Range } from "../../protocol";

/** How a file is called in this window: its path inside the workspace, else the whole path. */
export function pathOf(uri: string): string {
    return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}

export function folders(): string[] {
    return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
}

/** The folder of the active editor's file, else the first. */
export function activeFolder(): string | null {
    const active = textEditor()?.document.uri;
    const folder = active === undefined ? undefined : vscode.workspace.getWorkspaceFolder(active);
    return (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri.toString() ?? null;
}

/** The editor that a person last worked in; not one of an output, and not a suggestion of ours. */
export function textEditor(): vscode.TextEditor | null {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor, ...visibleTextEditors];
    return editors.find(({ document }) => isOfPerson(document.uri)) ?? null;
}

/** Whether it is a document that a person edits, rather than what some program shows. */
export function isOfPerson(uri: vscode.Uri): boolean {
    if (["untitled", "vscode-notebook-cell"].includes(uri.scheme)) return true;
    return vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

/** The documents in tabs, the active first. */
export function openDocuments(): vscode.Uri[] {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const active = vscode.window.tabGroups.activeTabGroup.activeTab;
    const uris = [...(active === undefined ? [] : [active]), ...tabs].flatMap((tab) =>
        tab.input instanceof vscode.TabInputText && isOfPerson(tab.input.uri) ? [tab.input.uri] : [],
    );
    return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

/** Opens a file in an editor, at a range if there is one. Throws what VS Code throws of a file that is not there. */
export async function showFile(uri: vscode.Uri, range?: Range): Promise<void> {
    const selection = range === undefined ? {} : { selection: toEditor(range) };
    await vscode.window.showTextDocument(uri, { preview: true, ...selection });
}

export function toEditor({ start, end }: Range): vscode.Range {
    return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function fromEditor({ start, end }: vscode.Range): Range {
    return {
        start: { line: start.line, character: start.character },
        end: { line: end.line, character: end.character },
    };
}
