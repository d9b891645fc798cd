/** "Show Usage": an editor tab with what was spent. What it shows is the desk's; here are the tab and what a click does. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

import { decodeUsageAction, decodeWish, type UsageAction, type UsageState } from "../../common/usage";
import { boundsOf, rangeOf } from "../../common/usageRange";
import type { UsageFormat } from "../../protocol";
import type { Link } from "../daemon/link";
import { buttonOf, explained } from "../palette/notify";
import { problemIn } from "../panel/faults";
import { pageOf } from "../panel/html";
import { activeFolder } from "../panel/places";
import { saveAs } from "../panel/saving";
import type { StatusFeed } from "../status/feed";
import { Desk } from "./desk";
import { readUsage } from "./reading";

const t = vscode.l10n.t;
const VIEW = "passerelle.usage";

/** Several answers may end together. */
const PAUSE_MS = 1000;

/** The command `passerelle.showUsage`, and the tab that comes back with the window. */
export function registerUsage(context: vscode.ExtensionContext, link: Link, feed: StatusFeed): vscode.Disposable {
    const usage = new UsageTab(context.extensionUri, link);
    return vscode.Disposable.from(
        usage,
        feed.onDidChange(() => {
            usage.changed();
        }),
        vscode.commands.registerCommand("passerelle.showUsage", () => {
            usage.show();
        }),
        vscode.window.registerWebviewPanelSerializer(VIEW, usage),
    );
}

class UsageTab implements vscode.WebviewPanelSerializer, vscode.Disposable {
    readonly #desk: Desk;
    readonly #dist: vscode.Uri;
    #panel: vscode.WebviewPanel | null = null;

    constructor(
        private readonly extension: vscode.Uri,
        private readonly link: Link,
    ) {
        this.#dist = vscode.Uri.joinPath(extension, "dist");
        this.#desk = new Desk({
            read: (wish) => readUsage(link, wish, activeFolder(), Date.now()),
            problem: (error) => problemIn(error, link),
            later: (run) => {
                const timer = setTimeout(run, PAUSE_MS);
                return vscode.Disposable.from({
                    dispose: () => {
                        clearTimeout(timer);
                    },
                });
            },
        });
    }

    show(): void {
        if (this.#panel !== null) this.#panel.reveal();
        else this.#take(vscode.window.createWebviewPanel(VIEW, t("Usage"), vscode.ViewColumn.Active));
    }

    changed(): void {
        this.#desk.changed();
    }

    /** A tab of an earlier window: it shows what was wished there. */
    deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
        const wish = decodeWish(kept);
        if (wish !== null) this.#desk.wish(wish);
        this.#panel?.dispose();
        this.#take(panel);
        return Promise.resolve();
    }

    dispose(): void {
        this.#desk.dispose();
        this.#panel?.dispose();
    }

    #take(panel: vscode.WebviewPanel): void {
        this.#panel = panel;
        const { webview } = panel;
        const post = (state: UsageState): void => {
            // A page that is gone hears nothing, and the next is given the whole: there is nothing to be done.
            webview.postMessage(state).then(undefined, () => undefined);
        };
        panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "icon.png");
        webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
        webview.onDidReceiveMessage((message: unknown) => {
            const action = decodeUsageAction(message);
            if (action === null) this.link.log.warn("The usage page asked for something that it cannot ask for.");
            else if (action.type === "ready") this.#desk.attach(post);
            else void explained(this.link.log, () => this.#act(action));
        });
        // A hidden page is taken away, and says that it is ready when it is there again.
        panel.onDidChangeViewState(() => {
            if (!panel.visible) this.#desk.detach();
        });
        panel.onDidDispose(() => {
            if (this.#panel !== panel) return;
            this.#panel = null;
            this.#desk.detach();
        });
        webview.html = pageOf(webview, this.#dist, randomBytes(16).toString("hex"), "usage");
    }

    async #act(action: Exclude<UsageAction, { type: "ready" }>): Promise<void> {
        switch (action.type) {
            case "wish":
                this.#desk.wish(action.wish);
                break;
            case "refresh":
                await this.#desk.refresh();
                break;
            case "export":
                await this.#export(action.format);
                break;
            case "openBudget":
                await this.#openBudget(action.key);
                break;
            case "mend":
                await this.#mend();
                break;
            case "newChat":
                await vscode.commands.executeCommand("passerelle.newChat");
        }
    }

    /** Throws DaemonError, and what VS Code throws of a file that cannot be written. */
    async #export(format: UsageFormat): Promise<void> {
        const { data, wish } = this.#desk.state;
        if (data === null) return;
        const bounds = boundsOf(rangeOf(wish, data.today));
        const { name, text, rows } = await this.link.request("passerelle/usage/export", { format, ...bounds });
        const target = await saveAs(name, text);
        if (target === null) return;
        const open = t("Open");
        const sentence = t("Rows that were written to {0}: {1}", target.fsPath, rows);
        if ((await vscode.window.showInformationMessage(sentence, open)) === open) {
            await vscode.window.showTextDocument(target);
        }
    }

    async #openBudget(key: string): Promise<void> {
        const budget = this.#desk.state.data?.budgets.find((one) => one.key === key);
        if (budget?.path === undefined) await vscode.commands.executeCommand("passerelle.openConfiguration");
        else await vscode.commands.executeCommand("passerelle.showProblem", budget.path, budget.line ?? 1, 1);
    }

    async #mend(): Promise<void> {
        const remedy = this.#desk.state.problem?.remedy;
        const command = remedy == null ? null : (buttonOf(remedy)?.command ?? null);
        if (command !== null) await vscode.commands.executeCommand(command);
        await this.#desk.refresh();
    }
}
