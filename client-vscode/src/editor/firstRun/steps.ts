/**
 * Tells the walkthrough which of its steps are done.
 *
 * The editor listens to changes of its keys only while it knows the walkthrough, and never again to one that was true
 * already then. So these keys are true for a moment only, each time when something may have changed.
 */
import * as vscode from "vscode";

import { contextKeys } from "../../common/status";
import type { StatusFeed } from "../status/feed";

const STEPS = ["ready", "modelChosen", "answered"] as const;

export function followSteps(feed: StatusFeed): vscode.Disposable {
    const tell = (): void => {
        const keys = contextKeys(feed.daemon, feed.status);
        for (const step of STEPS.filter((one) => keys[one])) {
            for (const value of [true, false]) {
                void vscode.commands.executeCommand("setContext", `passerelle.walkthrough.${step}`, value);
            }
        }
    };
    tell();
    return vscode.Disposable.from(
        feed.onDidChange(tell),
        vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
            // A walkthrough is a tab of no kind that extensions know.
            if ([...opened, ...changed].some((tab) => tab.input === undefined)) tell();
        }),
    );
}
