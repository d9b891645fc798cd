/** "Choose Gateway", "Use Offline Gateway": which of the gateways serves, kept where the person wants it. */
import * as vscode from "vscode";

import { sourceText } from "../../common/status";
import type { GatewayChoice, Scope, Status } from "../../protocol";
import type { Link } from "../daemon/link";
import type { StatusFeed } from "../status/feed";
import { askScope, keeping, scopes } from "./scopes";

const t = vscode.l10n.t;
const OFFLINE = "offline";
/** In place of the name of one that is to be added; no name is empty. */
const ADD = "";

interface GatewayItem extends vscode.QuickPickItem {
    gateway: string;
}

/** `gateway`: null to ask which. Throws DaemonError. */
export async function chooseGateway(link: Link, feed: StatusFeed, gateway: string | null): Promise<void> {
    const title = t("Choose Gateway");
    const chosen = gateway ?? (await ask(link, title));
    if (chosen === undefined) return;
    if (chosen === ADD) {
        await vscode.commands.executeCommand("passerelle.openConfiguration");
        return;
    }
    const scope = await askScope(title, scopes().includes("workspace") ? "workspace" : "user");
    if (scope !== undefined) await select(link, feed, chosen, scope);
}

/** For the person, in all editors: whoever has no key has none anywhere. Throws DaemonError. */
export async function useOfflineGateway(link: Link, feed: StatusFeed): Promise<void> {
    await select(link, feed, OFFLINE, "user");
}

async function ask(link: Link, title: string): Promise<string | undefined> {
    const items = link.request("passerelle/gateways", {}).then(({ gateways }) => itemsOf(gateways));
    const placeHolder = t("Which gateway do you want to talk to?");
    return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.gateway;
}

async function select(link: Link, feed: StatusFeed, gateway: string, scope: Scope): Promise<void> {
    const asked = link.request("passerelle/selectGateway", { gateway, ...keeping(scope) });
    const location = vscode.ProgressLocation.Window;
    const status = await vscode.window.withProgress({ location, title: t("Asking {0}…", gateway) }, () => asked);
    feed.take(status);
    await told(status, gateway);
}

async function told(status: Status, gateway: string): Promise<void> {
    if (status.gateway.name !== gateway) {
        const sentence = t("The choice is kept, but the gateway {0} still serves here.", status.gateway.name);
        const show = t("Show Effective Configuration");
        if ((await vscode.window.showWarningMessage(sentence, show)) === show) {
            await vscode.commands.executeCommand("passerelle.showEffectiveConfiguration");
        }
        return;
    }
    if (status.state === "ready") {
        void vscode.window.showInformationMessage(status.message);
        return;
    }
    const setKey = t("Set API Key");
    const buttons = status.state === "needsKey" ? [setKey] : [];
    if ((await vscode.window.showWarningMessage(status.message, ...buttons)) === setKey) {
        await vscode.commands.executeCommand("passerelle.setApiKey", { gateway });
    }
}

function itemsOf(gateways: GatewayChoice[]): GatewayItem[] {
    return [
        ...gateways.map((choice) => ({
            label: `${choice.active ? "$(check) " : ""}${choice.name}`,
            description: choice.url === "" ? t("built in, started when it is first used") : choice.url,
            detail: [keyText(choice), sourceText(choice.source, t)].join(" · "),
            gateway: choice.name,
        })),
        { label: "", kind: vscode.QuickPickItemKind.Separator, gateway: ADD },
        {
            label: `$(add) ${t("Add a gateway…")}`,
            description: t("in your own configuration"),
            alwaysShow: true,
            gateway: ADD,
        },
    ];
}

function keyText(choice: GatewayChoice): string {
    if (choice.name === OFFLINE) return t("needs no key");
    return choice.key === null ? t("no key") : t("key: {0}", choice.key);
}
