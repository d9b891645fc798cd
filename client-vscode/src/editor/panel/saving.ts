/** "Save as": where a text goes is the person's to say. */
import { homedir } from "node:os";
import * as vscode from "vscode";

/** Null where the person thinks better of it. Throws what VS Code throws of a file that cannot be written. */
export async function saveAs(name: string, text: string): Promise<vscode.Uri | null> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
    const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, name) });
    if (target === undefined) return null;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    return target;
}
