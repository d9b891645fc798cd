/** "Set API Key", "Remove API Key": keys go into the editor's own store of secrets, and from there to the daemon alone. */
import * as vscode from "vscode";

import { keyComplaint, keyPage } from "../../common/apiKey";
import type { Keys } from "../daemon/keys";
import { DaemonError, type Link } from "../daemon/link";
import type { StatusFeed } from "../status/feed";

const t = vscode.l10n.t;
const OFFLINE = "offline";
/** The daemon is told of a new key by another way; it hears of it in a moment. */
const HEARD_LIMIT_MS = 3000;

/** `gateway`: null for the one that serves. Whether a key was stored. Throws DaemonError. */
export async function setApiKey(link: Link, feed: StatusFeed, keys: Keys, gateway: string | null): Promise<boolean> {
    const name = gateway ?? (await gatewayOf(link, feed));
    if (name === undefined) return false;
    const key = await askKey(name);
    if (key === undefined) return false;
    await keys.set(name, key);
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t("Asking {0}…", name) }, () =>
        tried(link, feed, name),
    );
    return true;
}

export async function removeApiKey(keys: Keys): Promise<void> {
    const names = await keys.list();
    const title = t("Remove API Key");
    if (names.length === 0) {
        void vscode.window.showInformationMessage(t("No key is stored in this editor."));
        return;
    }
    const name = await vscode.window.showQuickPick(names, { title, placeHolder: t("Of which gateway?") });
    if (name === undefined) return;
    const remove = t("Remove");
    const question = t("Remove the key of {0} from this editor?", name);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
    await keys.remove(name);
    void vscode.window.showInformationMessage(t("The key of {0} was removed from this editor.", name));
}

/** The one that serves, unless it needs no key: then which, is asked. */
async function gatewayOf(link: Link, feed: StatusFeed): Promise<string | undefined> {
    const active = feed.status?.gateway.name;
    if (active !== undefined && active !== OFFLINE) return active;
    const { gateways } = await link.request("passerelle/gateways", {});
    const others = gateways.filter((choice) => choice.name !== OFFLINE);
    const items = others.map((choice) => ({ label: choice.name, description: choice.url }));
    if (items.length === 1) return items[0]?.label;
    return (await vscode.window.showQuickPick(items, { title: t("Set API Key"), placeHolder: t("Of which gateway?") }))
        ?.label;
}

/** The key as it was pasted, without what surrounds it; undefined where none was given. */
async function askKey(gateway: string): Promise<string | undefined> {
    const page = keyPage(gateway);
    const box = vscode.window.createInputBox();
    box.title = t("API key for {0}", gateway);
    box.prompt = t("It is kept in this editor's secret storage.");
    box.placeholder = t("Paste the key");
    box.password = true;
    box.ignoreFocusOut = true;
    box.buttons = page === null ? [] : [{ iconPath: new vscode.ThemeIcon("link-external"), tooltip: t("Get a Key") }];
    const listening: vscode.Disposable[] = [];
    const answer = new Promise<string | undefined>((resolve) => {
        listening.push(
            box.onDidTriggerButton(() => {
                if (page !== null) void vscode.env.openExternal(vscode.Uri.parse(page));
            }),
            box.onDidChangeValue(() => {
                box.validationMessage = box.value.trim() === "" ? undefined : (keyComplaint(box.value, t) ?? undefined);
            }),
            box.onDidAccept(() => {
                const complaint = keyComplaint(box.value, t);
                if (complaint === null) resolve(box.value.trim());
                else box.validationMessage = complaint;
            }),
            box.onDidHide(() => {
                resolve(undefined);
            }),
        );
    });
    box.show();
    try {
        return await answer;
    } finally {
        for (const one of listening) one.dispose();
        box.dispose();
    }
}

/** Asks the gateway with the new key, and says in a sentence how it went. */
async function tried(link: Link, feed: StatusFeed, gateway: string): Promise<void> {
    if (feed.status?.gateway.name !== gateway) {
        await offerToUse(gateway);
        return;
    }
    await heard(feed, gateway);
    try {
        await link.request("passerelle/models", { limit: 1, refresh: true });
    } catch (error) {
        if (!(error instanceof DaemonError)) throw error;
        await feed.refresh();
        await refused(gateway, error);
        return;
    }
    await feed.refresh();
    stored(gateway, feed);
}

/** The gateway took the list's request; whether there is still something about it, its status tells. */
function stored(gateway: string, { status }: StatusFeed): void {
    const whole = t("The key of {0} is stored.", gateway);
    const sentence = t("The key of {0} is stored. {1}", gateway, status?.message ?? "");
    if (status?.state === "ready") void vscode.window.showInformationMessage(sentence);
    // A fault in a file has nothing to do with the key.
    else if (status === null || status.state === "misconfigured") void vscode.window.showInformationMessage(whole);
    else void vscode.window.showWarningMessage(sentence);
}

async function offerToUse(gateway: string): Promise<void> {
    const use = t("Use {0}", gateway);
    if ((await vscode.window.showInformationMessage(t("The key of {0} is stored.", gateway), use)) === use) {
        await vscode.commands.executeCommand("passerelle.chooseGateway", { gateway });
    }
}

async function refused(gateway: string, error: DaemonError): Promise<void> {
    const another = t("Set Another Key");
    const sentence = t("The key of {0} is stored, but: {1}", gateway, error.message);
    const buttons = error.kind === "keyRefused" || error.kind === "forbidden" ? [another] : [];
    if ((await vscode.window.showErrorMessage(sentence, ...buttons)) === another) {
        await vscode.commands.executeCommand("passerelle.setApiKey", { gateway });
    }
}

/** Until the daemon names the store as the place of the gateway's key, or it takes too long. */
async function heard(feed: StatusFeed, gateway: string): Promise<void> {
    const isHeard = (): boolean => feed.status?.gateway.key === `editor:${gateway}` || feed.status === null;
    if (isHeard()) return;
    await new Promise<void>((resolve) => {
        const timer = setTimeout(end, HEARD_LIMIT_MS);
        const listening = feed.onDidChange(() => {
            if (isHeard()) end();
        });
        function end(): void {
            clearTimeout(timer);
            listening.dispose();
            resolve();
        }
    });
}
