/** The editor's layer of settings as it is now: what `editorLayer` puts together, gathered. */
import * as vscode from "vscode";

import { editorLayer } from "../../common/settings";
import type { Keys } from "./keys";

/** The store of secrets may wait for a person who unlocks it; the daemon starts without. */
const KEYS_LIMIT_MS = 3000;

/** `whenLate` is called when a store that kept us waiting has answered after all: then there is more to be said. */
export async function currentLayer(
    keys: Keys,
    log: vscode.LogOutputChannel,
    whenLate: () => void,
): Promise<Record<string, unknown>> {
    const setting = vscode.workspace.getConfiguration("passerelle").get<unknown>("settings");
    const listed = keys.list().catch((error: unknown): string[] => {
        log.error(`The store of keys cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        return [];
    });
    const names = await within(KEYS_LIMIT_MS, listed);
    if (names !== null) return editorLayer(setting, names);
    log.warn("The store of keys does not answer yet.");
    void listed.then(whenLate);
    return editorLayer(setting, []);
}

/** Null if it takes longer. */
async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, limitMs, null);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
