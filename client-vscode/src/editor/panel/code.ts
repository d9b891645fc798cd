/** What is done with a block of code or a link from an answer, but for applying it to a file. */
import * as vscode from "vscode";

import { parseLink } from "../../common/links";
import type { Chip } from "../../common/panel";
import { isOfPerson, showFile, textEditor } from "./places";

/** At the cursor, in place of what is selected; without an editor, in a new document. Undone in one step. */
export async function insert(code: string): Promise<void> {
    const editor = textEditor();
    if (editor === null) {
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: code }));
        return;
    }
    const isDone = await editor.edit((edit) => {
        for (const selection of editor.selections) edit.replace(selection, code);
    });
    if (isDone) await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    else void vscode.window.showWarningMessage(vscode.l10n.t("{0} cannot be edited.", editor.document.fileName));
}

/** The web after VS Code's own question, files of the workspace in an editor, and nothing else. */
export async function openLink(href: string): Promise<void> {
    const link = parseLink(href);
    if (link?.to === "web") {
        await vscode.env.openExternal(vscode.Uri.parse(link.url, true));
        return;
    }
    const uri = link === null ? null : await inWorkspace(link.path);
    if (link === null || uri === null) {
        void vscode.window.showWarningMessage(vscode.l10n.t("“{0}” is no file of this workspace.", href));
        return;
    }
    const at = { line: link.line ?? 0, character: 0 };
    await showFile(uri, link.line === null ? undefined : { start: at, end: at });
}

/** The file of a chip, at its range or its first problem. An image is in the page already. */
export async function openChip(chip: Chip): Promise<void> {
    if (chip.type === "image") return;
    const { attachment } = chip;
    const uri = vscode.Uri.parse(attachment.uri);
    if (!isOfPerson(uri)) return;
    const range = attachment.kind === "file" ? attachment.range : attachment.items?.[0]?.range;
    await showFile(uri, range);
}

/** Null where no folder of the workspace has this file; a path that climbs out of all of them is none of theirs. */
async function inWorkspace(path: string): Promise<vscode.Uri | null> {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
        const uri = isAbsolute(path) ? folder.uri.with({ path: rooted(path) }) : vscode.Uri.joinPath(folder.uri, path);
        const normal = vscode.Uri.joinPath(uri, ".");
        if (vscode.workspace.getWorkspaceFolder(normal) === undefined) continue;
        if (await isFile(normal)) return normal;
    }
    return null;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
    try {
        return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
    } catch {
        return false;
    }
}

function isAbsolute(path: string): boolean {
    return path.startsWith("/") || /^[a-z]:\//i.test(path);
}

function rooted(path: string): string {
    return path.startsWith("/") ? path : `/${path}`;
}
