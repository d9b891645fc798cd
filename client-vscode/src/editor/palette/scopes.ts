/** Where a choice is kept: for this session, in the workspace's file, in the person's own. */
import * as vscode from "vscode";

import { sourceText } from "../../common/status";
import type { Scope } from "../../protocol";
import { activeFolder } from "../panel/places";

const t = vscode.l10n.t;

/** What a choice is kept with. */
export interface Keeping {
    scope: Scope;
    workspaceFolder?: string;
}

/** A workspace can keep nothing that nobody opened or trusts. */
export function scopes(): Scope[] {
    return folderOfChoice() === null ? ["session", "user"] : ["session", "workspace", "user"];
}

/** With the folder that is meant. A scope that cannot be here gives way to the person's own. */
export function keeping(scope: Scope): Keeping {
    const folder = folderOfChoice();
    if (scope !== "workspace") return { scope };
    return folder === null ? { scope: "user" } : { scope, workspaceFolder: folder };
}

/** Undefined where a person chose nothing. */
export async function askScope(title: string, current: Scope): Promise<Scope | undefined> {
    const items = scopes().map((scope) => ({
        label: `$(${ICONS[scope]}) ${scopeText(scope)}`,
        description: scope === current ? t("as before") : "",
        detail: scopeDetail(scope),
        scope,
    }));
    const sorted = [
        ...items.filter((item) => item.scope === current),
        ...items.filter((item) => item.scope !== current),
    ];
    return (await vscode.window.showQuickPick(sorted, { title, placeHolder: t("Where is the choice kept?") }))?.scope;
}

export function scopeText(scope: Scope): string {
    return sourceText(scope, t);
}

export const ICONS: Record<Scope, string> = { session: "watch", workspace: "root-folder", user: "account" };

function scopeDetail(scope: Scope): string {
    switch (scope) {
        case "session":
            return t("Until Passerelle is restarted; nothing is written.");
        case "workspace":
            return t("Written into passerelle.toml in the folder, for all who work on it.");
        case "user":
            return t("Written into your own configuration, for all folders and all editors.");
    }
}

function folderOfChoice(): string | null {
    return vscode.workspace.isTrusted ? activeFolder() : null;
}
