/** A choice that was kept, and does not hold here: something that goes before it says otherwise. */
import * as vscode from "vscode";

import { sourceText } from "../../common/status";
import type { Source } from "../../protocol";

const t = vscode.l10n.t;

/** Says so, and offers to look: the effective configuration names the place. */
export async function overruled(sentence: string, source: Source): Promise<void> {
    const show = t("Show Effective Configuration");
    const why = t("It is set in: {0}.", sourceText(source, t));
    if ((await vscode.window.showWarningMessage(`${sentence} ${why}`, show)) === show) {
        await vscode.commands.executeCommand("passerelle.showEffectiveConfiguration");
    }
}
