/** The names of the workspace's files, without what the person excludes from view and search. */
import * as vscode from "vscode";

import { excludeGlob } from "../../common/namedFiles";

/** How many files are looked at; of a larger workspace, what is open is still found. */
const MOST_FILES = 20_000;

export class WorkspaceFiles {
    private known: Promise<vscode.Uri[]> | null = null;
    private readonly listeners: vscode.Disposable[];

    constructor() {
        const forget = (): void => {
            this.forget();
        };
        this.listeners = [
            vscode.workspace.onDidCreateFiles(forget),
            vscode.workspace.onDidDeleteFiles(forget),
            vscode.workspace.onDidRenameFiles(forget),
            vscode.workspace.onDidChangeWorkspaceFolders(forget),
        ];
    }

    /** Read once while a person is typing a name: call `forget` where a new name begins. */
    async all(): Promise<vscode.Uri[]> {
        this.known ??= this.read();
        return this.known;
    }

    forget(): void {
        this.known = null;
    }

    dispose(): void {
        for (const listener of this.listeners) listener.dispose();
    }

    private async read(): Promise<vscode.Uri[]> {
        const exclude = (section: string): Record<string, unknown> | undefined =>
            vscode.workspace.getConfiguration(section).get<Record<string, unknown>>("exclude");
        return vscode.workspace.findFiles("**/*", excludeGlob(exclude("files"), exclude("search")), MOST_FILES);
    }
}
