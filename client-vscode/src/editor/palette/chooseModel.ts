/** "Choose Model": a model of the list for a role, kept where the person wants it. */
import * as vscode from "vscode";

import { memoryFrom, remembered, type ModelMemory } from "../../common/models";
import { shortName } from "../../common/status";
import type { Status } from "../../protocol";
import { DaemonError, type Link } from "../daemon/link";
import type { StatusFeed } from "../status/feed";
import { pickModel } from "./modelPicker";
import { keeping, scopes, scopeText } from "./scopes";
import { overruled } from "./overruled";

const t = vscode.l10n.t;
const MEMORY = "models";
const TOLD_MS = 5000;
const MOST_SUGGESTIONS = 3;

/** `role`: instead of the one that was chosen for the last time. Throws DaemonError. */
export async function chooseModel(
    link: Link,
    feed: StatusFeed,
    store: vscode.Memento,
    role: string | null,
): Promise<void> {
    const known = memoryFrom(store.get(MEMORY));
    const scope = scopes().includes(known.scope) ? known.scope : "user";
    const keep = (memory: ModelMemory): void => void store.update(MEMORY, memory);
    const picked = await pickModel(link, { ...known, scope, role: role ?? known.role }, keep);
    if (picked === null) return;
    const { model, memory } = picked;
    keep(remembered(memory, model.id));
    await select(link, feed, model.id, memory);
}

async function select(link: Link, feed: StatusFeed, model: string, { role, scope }: ModelMemory): Promise<void> {
    try {
        const status = await link.request("passerelle/selectModel", { role, model, ...keeping(scope) });
        feed.take(status);
        await told(status, model, role, scopeText(scope));
    } catch (error) {
        const other = await otherModel(error);
        if (other === null) throw error;
        if (other !== undefined) await select(link, feed, other, { role, scope, recents: [], favourites: [] });
    }
}

/** What serves now is what was chosen, unless something that goes before it says otherwise. */
async function told(status: Status, model: string, role: string, place: string): Promise<void> {
    const serving = status.roles[role];
    if (serving === undefined || serving.model === model) {
        const sentence = t("{0} serves {1} ({2}).", shortName(model), role, place);
        vscode.window.setStatusBarMessage(`$(check) ${sentence}`, TOLD_MS);
        return;
    }
    await overruled(t("The choice is kept, but {0} still serves {1}.", serving.model, role), serving.source);
}

/** The nearest that the gateway has, if it lacks a model; null where the error is another. */
async function otherModel(error: unknown): Promise<string | null | undefined> {
    const suggestions = error instanceof DaemonError ? (error.data?.suggestions ?? []) : [];
    if (!(error instanceof DaemonError) || suggestions.length === 0) return null;
    return vscode.window.showErrorMessage(error.message, ...suggestions.slice(0, MOST_SUGGESTIONS));
}
