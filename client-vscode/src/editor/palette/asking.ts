/** "Ask about Selection", "Explain", "Fix Diagnostics": questions about the code in front of a person, put to the panel. */
import * as vscode from "vscode";

import { attached } from "../panel/attaching";
import type { Panel } from "../panel/panel";

const t = vscode.l10n.t;

/** The code goes into the draft; the question is the person's. */
export async function askAboutSelection(panel: Panel): Promise<void> {
    const { chips, complaints } = await attached("selection", false);
    if (chips.length > 0) await panel.ask("", chips, { send: false });
    tell(complaints);
}

/** The selection, or the whole file where nothing is selected. */
export async function explain(panel: Panel): Promise<void> {
    const { chips, complaints } = await attached("selection", false);
    if (chips.length > 0) await panel.ask(t("Explain this code."), chips, { send: true });
    tell(complaints);
}

/** Of the file, with the file itself: a diagnostic says little without the code around it. */
export async function fixDiagnostics(panel: Panel): Promise<void> {
    const [code, diagnostics] = await Promise.all([attached("selection", false), attached("diagnostics", false)]);
    if (diagnostics.chips.length > 0) {
        const chips = [...code.chips, ...diagnostics.chips];
        await panel.ask(t("Fix these problems. Show the changed code."), chips, { send: true });
    }
    tell(diagnostics.complaints);
}

/** Sets `passerelle.fileHasDiagnostics` for the active editor, from now on. */
export function followDiagnostics(): vscode.Disposable {
    const follow = (): void => {
        const uri = vscode.window.activeTextEditor?.document.uri;
        const has = uri !== undefined && vscode.languages.getDiagnostics(uri).length > 0;
        void vscode.commands.executeCommand("setContext", "passerelle.fileHasDiagnostics", has);
    };
    follow();
    return vscode.Disposable.from(
        vscode.window.onDidChangeActiveTextEditor(follow),
        vscode.languages.onDidChangeDiagnostics(({ uris }) => {
            const active = vscode.window.activeTextEditor?.document.uri.toString();
            if (uris.some((uri) => uri.toString() === active)) follow();
        }),
    );
}

function tell(complaints: string[]): void {
    if (complaints.length > 0) void vscode.window.showWarningMessage(complaints.join(" "));
}
