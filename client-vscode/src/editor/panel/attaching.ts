/** Chips from what the editor has: selection, open files, files by name, by dialog or by drop, diagnostics. */
import * as vscode from "vscode";

import { chipOf, diagnosticsOf, imageChip, imageType, MOST_IMAGE_BYTES } from "../../common/chips";
import { rankFiles, type NamedFile } from "../../common/namedFiles";
import type { Chip, PanelAction, Suggestion } from "../../common/panel";
import type { Attachment } from "../../protocol";
import { fromEditor, openDocuments, pathOf, textEditor } from "./places";
import type { WorkspaceFiles } from "./workspaceFiles";

/** What to attach, and what to tell the person about what could not be. */
export interface Attached {
    chips: Chip[];
    complaints: string[];
}

export type What = Extract<PanelAction, { type: "attach" }>["what"];

const MOST_SUGGESTIONS = 20;

/** `seesImages`: whether the model does. */
export async function attached(what: What, seesImages: boolean): Promise<Attached> {
    switch (what) {
        case "selection":
            return selection();
        case "openFiles":
            return { chips: openDocuments().map((uri) => chip(wholeFile(uri))), complaints: [] };
        case "diagnostics":
            return diagnostics();
        case "file":
            return fromUris((await vscode.window.showOpenDialog({ canSelectMany: true })) ?? [], seesImages);
    }
}

/** Files that were dropped or chosen. An image becomes a part of the question, if the model sees. */
export async function fromUris(uris: vscode.Uri[], seesImages: boolean): Promise<Attached> {
    const each = await Promise.all(uris.map((uri) => fromUri(uri, seesImages)));
    return {
        chips: each.flatMap((one) => (typeof one === "string" ? [] : [one])),
        complaints: each.filter((one) => typeof one === "string"),
    };
}

/** The files that `@query` may mean. A sign without a name begins anew: then the workspace is read again. */
export async function suggestions(query: string, files: WorkspaceFiles): Promise<Suggestion[]> {
    if (query.trim() === "") files.forget();
    const open = openDocuments().map((uri): NamedFile => named(uri, true));
    const known = new Set(open.map(({ uri }) => uri));
    const rest = query.trim() === "" ? [] : await files.all();
    const others = rest.filter((uri) => !known.has(uri.toString())).map((uri) => named(uri, false));
    return rankFiles(query, [...open, ...others], MOST_SUGGESTIONS).map(({ uri, path }) => {
        const found = chip({ kind: "file", uri });
        return { label: found.label, detail: path, chip: found };
    });
}

function named(uri: vscode.Uri, isOpen: boolean): NamedFile {
    return { uri: uri.toString(), path: vscode.workspace.asRelativePath(uri), isOpen };
}

/** Where nothing is selected, the whole file. */
function selection(): Attached {
    const editor = textEditor();
    if (editor === null) return { chips: [], complaints: [vscode.l10n.t("No editor is open.")] };
    const { uri } = editor.document;
    const range = editor.selection.isEmpty ? {} : { range: fromEditor(editor.selection) };
    return { chips: [chip({ kind: "file", uri: uri.toString(), ...range })], complaints: [] };
}

function diagnostics(): Attached {
    const editor = textEditor();
    if (editor === null) return { chips: [], complaints: [vscode.l10n.t("No editor is open.")] };
    const { uri } = editor.document;
    const items = vscode.languages.getDiagnostics(uri).map((item) => ({
        range: fromEditor(item.range),
        message: item.message,
        // VS Code counts from 0, LSP from 1.
        severity: item.severity + 1,
        ...(item.source === undefined ? {} : { source: item.source }),
    }));
    const attachment = diagnosticsOf(uri.toString(), items);
    if (attachment !== null) return { chips: [chip(attachment)], complaints: [] };
    const path = vscode.workspace.asRelativePath(uri);
    return { chips: [], complaints: [vscode.l10n.t("There are no problems in {0}.", path)] };
}

/** A sentence in place of a chip says why there is none. */
async function fromUri(uri: vscode.Uri, seesImages: boolean): Promise<Chip | string> {
    const path = vscode.workspace.asRelativePath(uri);
    try {
        const stat = await vscode.workspace.fs.stat(uri);
        if ((stat.type & vscode.FileType.Directory) !== 0) {
            return vscode.l10n.t("{0} is a folder; attach its files.", path);
        }
        const mediaType = imageType(uri.path);
        if (mediaType === null) {
            await openIfElsewhere(uri);
            return chip(wholeFile(uri));
        }
        if (!seesImages) return vscode.l10n.t("The model does not see images; {0} was not attached.", path);
        if ((stat.size * 4) / 3 > MOST_IMAGE_BYTES) return vscode.l10n.t("{0} is too large for a question.", path);
        const data = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("base64");
        return imageChip({ type: "image", mediaType, data }, path.split("/").at(-1) ?? path);
    } catch {
        return vscode.l10n.t("{0} cannot be read.", path);
    }
}

/** The daemon reads what is in a workspace folder, or open: a person sees what else is sent. */
async function openIfElsewhere(uri: vscode.Uri): Promise<void> {
    if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) return;
    await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true });
}

function wholeFile(uri: vscode.Uri): Attachment {
    return { kind: "file", uri: uri.toString() };
}

function chip(attachment: Attachment): Chip {
    return chipOf(attachment, pathOf, vscode.l10n.t);
}
