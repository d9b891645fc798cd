/**
 * The first time, for a person who has no key: one quiet notification, and never another.
 *
 * The walkthrough is not opened by itself: whoever installs an extension is doing something else.
 */
import * as vscode from "vscode";

import type { StatusFeed } from "../status/feed";
import { followSteps } from "./steps";

const t = vscode.l10n.t;
const SEEN = "firstRun";

/** Offers the walkthrough, once, if the daemon needs a key; and tells the walkthrough which of its steps are done. */
export function offerFirstSteps(feed: StatusFeed, store: vscode.Memento): vscode.Disposable {
    return vscode.Disposable.from(followSteps(feed), waitForNeed(feed, store));
}

function waitForNeed(feed: StatusFeed, store: vscode.Memento): vscode.Disposable {
    if (store.get<boolean>(SEEN) === true || !isWelcome()) return new vscode.Disposable(() => undefined);
    const listening = feed.onDidChange(() => {
        const { status } = feed;
        if (status === null) return;
        // Whoever has a key from elsewhere, or a gateway that needs none, is under way already.
        listening.dispose();
        void store.update(SEEN, true);
        if (status.state === "needsKey") void offer();
    });
    return listening;
}

async function offer(): Promise<void> {
    const start = t("Get Started");
    const offline = t("Try Without a Key");
    const sentence = t("Passerelle is ready but for a key to your AI gateway.");
    const chosen = await vscode.window.showInformationMessage(sentence, start, offline);
    if (chosen === start) await vscode.commands.executeCommand("passerelle.getStarted");
    if (chosen === offline) await vscode.commands.executeCommand("passerelle.useOfflineGateway");
}

/** A person who wants no walkthroughs after an installation wants no word of them either. */
function isWelcome(): boolean {
    const welcome = vscode.workspace.getConfiguration("workbench.welcomePage.walkthroughs");
    return welcome.get<boolean>("openOnInstall", true);
}
