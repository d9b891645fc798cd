/** "Show Effective Configuration" and "Open Workspace Configuration". The person's own file is the daemon's to open. */
import * as vscode from "vscode";

import { effectivePage, type PlaceOnPage } from "../../common/effective";
import { workspaceTemplate } from "../../common/workspaceTemplate";
import type { Link } from "../daemon/link";
import { activeFolder } from "../panel/places";

const t = vscode.l10n.t;
const SCHEME = "passerelle-configuration";
const FILE = "passerelle.toml";

/** A read-only page with every value and where it comes from, kept up to date while it is open. */
export class ConfigurationPage
    implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable
{
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly #listening: vscode.Disposable[];
    /** By the page's address: which words of it lead to files. */
    readonly #places = new Map<string, PlaceOnPage[]>();

    readonly onDidChange = this.#changed.event;

    constructor(private readonly link: Link) {
        this.#listening = [
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
            link.onNotification("passerelle/didChangeConfig", () => {
                const pages = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === SCHEME);
                for (const { uri } of pages) this.#changed.fire(uri);
            }),
        ];
    }

    dispose(): void {
        this.#changed.dispose();
        for (const one of this.#listening) one.dispose();
    }

    /** Throws DaemonError. */
    async show(): Promise<void> {
        const uri = vscode.Uri.from({
            scheme: SCHEME,
            path: `/${t("Effective configuration")}.toml`,
            query: activeFolder() ?? "",
        });
        // What was shown earlier is not believed, and a failure is told rather than shown as a page.
        await this.#read(uri);
        this.#changed.fire(uri);
        const document = await vscode.workspace.openTextDocument(uri);
        const languages = await vscode.languages.getLanguages();
        // Few editors know TOML of themselves; this comes near.
        if (!languages.includes("toml")) await vscode.languages.setTextDocumentLanguage(document, "ini");
        await vscode.window.showTextDocument(document, { preview: true });
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        return this.#read(uri);
    }

    provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
        const places = this.#places.get(document.uri.toString()) ?? [];
        return places.map(({ row, start, end, path, line }) => {
            const target = vscode.Uri.file(path).with({ fragment: `L${line}` });
            const shown = new vscode.DocumentLink(new vscode.Range(row, start, row, end), target);
            shown.tooltip = path;
            return shown;
        });
    }

    async #read(uri: vscode.Uri): Promise<string> {
        const folder = uri.query === "" ? {} : { workspaceFolder: uri.query };
        const page = effectivePage(await this.link.request("passerelle/config", folder), t);
        this.#places.set(uri.toString(), page.places);
        return page.text;
    }
}

/** Opens the folder's file. One that is not there is made first: all commented out, so that it changes nothing. */
export async function openWorkspaceConfiguration(): Promise<void> {
    const folder = await folderToOpen();
    if (folder === undefined) return;
    const uri = vscode.Uri.joinPath(folder, FILE);
    if (!(await exists(uri))) {
        await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(workspaceTemplate(t)));
    }
    await vscode.window.showTextDocument(uri);
}

async function folderToOpen(): Promise<vscode.Uri | undefined> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri;
    if (folders[0] === undefined) {
        void vscode.window.showWarningMessage(t("Open a folder first: its configuration lies in it."));
    }
    return folders[0]?.uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
    try {
        await vscode.workspace.fs.stat(uri);
        return true;
    } catch (error) {
        if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return false;
        throw error;
    }
}
