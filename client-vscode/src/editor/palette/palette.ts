/** The commands of the palette, and of the menus that name them. Each is one line here; what it does is beside. */
import * as vscode from "vscode";

import type { Keys } from "../daemon/keys";
import type { Link } from "../daemon/link";
import type { Panel } from "../panel/panel";
import type { StatusFeed } from "../status/feed";
import { removeApiKey, setApiKey } from "./apiKeys";
import { askAboutSelection, explain, fixDiagnostics, followDiagnostics } from "./asking";
import { chooseModel } from "./chooseModel";
import { ConfigurationPage, openWorkspaceConfiguration } from "./configuration";
import { chooseGateway, useOfflineGateway } from "./gateways";
import { explained } from "./notify";

/** What the commands work with. */
export interface Rooms {
    link: Link;
    feed: StatusFeed;
    keys: Keys;
    panel: Panel;
    /** Where favourites and recents are kept. */
    store: vscode.Memento;
}

/**
 * All commands but those of the daemon's own life (`restart`, `showLog`, `copyDebugInformation`).
 *
 * `chooseModel` takes `{ role }`, `setApiKey` and `chooseGateway` take `{ gateway }`.
 */
export function registerPalette(rooms: Rooms): vscode.Disposable {
    const page = new ConfigurationPage(rooms.link);
    const commands = Object.entries(commandsOf(rooms, page)).map(([name, run]) =>
        vscode.commands.registerCommand(`passerelle.${name}`, (argument?: unknown) =>
            explained(rooms.link.log, () => run(argument)),
        ),
    );
    return vscode.Disposable.from(page, followDiagnostics(), followKeys(rooms.keys), ...commands);
}

type Run = (argument: unknown) => Thenable<unknown>;

function commandsOf({ link, feed, keys, panel, store }: Rooms, page: ConfigurationPage): Record<string, Run> {
    return {
        newChat: () => panel.newChat(),
        askAboutSelection: () => askAboutSelection(panel),
        explain: () => explain(panel),
        fixDiagnostics: () => fixDiagnostics(panel),
        chooseModel: (argument) => chooseModel(link, feed, store, named(argument, "role")),
        chooseGateway: (argument) => chooseGateway(link, feed, named(argument, "gateway")),
        useOfflineGateway: () => useOfflineGateway(link, feed),
        setApiKey: (argument) => setApiKey(link, feed, keys, named(argument, "gateway")),
        removeApiKey: () => removeApiKey(keys),
        showEffectiveConfiguration: () => page.show(),
        openWorkspaceConfiguration,
        // The daemon's own, with the same words in every editor.
        refreshModels: () => refreshed(link, feed),
        openConfiguration: () => link.execute("passerelle.openConfiguration"),
        showStatus: () => link.execute("passerelle.showStatus"),
        getStarted: () =>
            vscode.commands.executeCommand("workbench.action.openWalkthrough", "passerelle.passerelle#start", false),
    };
}

async function refreshed(link: Link, feed: StatusFeed): Promise<void> {
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Refreshing the models…") };
    await vscode.window.withProgress(options, () => link.execute("passerelle.refreshModels"));
    await feed.refresh();
}

/** Sets `passerelle.hasStoredKey` from now on. */
function followKeys(keys: Keys): vscode.Disposable {
    const follow = async (): Promise<void> => {
        const names = await keys.list();
        await vscode.commands.executeCommand("setContext", "passerelle.hasStoredKey", names.length > 0);
    };
    // Without the store there is nothing to remove, either.
    const quietly = (): void => void follow().catch(() => undefined);
    quietly();
    return keys.onDidChange(quietly);
}

function named(argument: unknown, name: string): string | null {
    const value: unknown = typeof argument === "object" && argument !== null ? Reflect.get(argument, name) : null;
    return typeof value === "string" && value !== "" ? value : null;
}
