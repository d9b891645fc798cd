/**
 * The side panel, the extension host's half: what the page asks is checked and done, what happens is told to it.
 *
 * The page is not retained while it is hidden: the host owns the state and gives it anew, so a hidden panel costs
 * nothing. How conversations go is chatting.ts, what can be attached attaching.ts.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import * as vscode from "vscode";

import { decodeAction } from "../../common/actions";
import { isRunning, type Chip, type Draft, type PanelEvent } from "../../common/panel";
import type { Link } from "../daemon/link";
import { Acting } from "./acting";
import { Applying } from "./applying";
import { Chatting } from "./chatting";
import { coloursOfTheme, onDidChangeColours } from "./colours";
import { problemIn } from "./faults";
import { pageOf } from "./html";
import { Kept, type Store } from "./keeping";
import { KeptFile } from "./keptFile";
import { ModelOfChat } from "./model";
import { activeFolder, folders, pathOf } from "./places";
import { Screen } from "./screen";
import { Shelf } from "./shelf";
import type { Owned, Surroundings } from "./surroundings";
import { WorkspaceFiles } from "./workspaceFiles";

/** As package.json contributes it. */
const VIEW = "passerelle.panel";

/** Pieces of an answer reach the page together, as often as a screen is drawn. */
const FRAME_MS = 16;

/** What the rest of the extension may do with the panel. */
export interface Panel {
    /**
     * Asks at once, or puts text and chips into the draft and leaves the rest to the person, as it does while an answer
     * is being written. Shows the panel; does not wait for the answer.
     */
    ask(text: string, chips: Chip[], how: { send: boolean }): Promise<void>;
    /** Shows the panel, ready to be written in. */
    focus(): Promise<void>;
    newChat(): Promise<void>;
    dispose(): void;
}

export function registerPanel(context: vscode.ExtensionContext, link: Link): Panel {
    return new SidePanel(context, link);
}

class SidePanel implements Panel, vscode.WebviewViewProvider {
    private readonly screen = new Screen();
    private readonly chatting: Chatting;
    private readonly acting: Acting;
    private readonly model: ModelOfChat;
    private readonly owned: Owned[];
    /** Grows with each look at the theme: an older one is not shown. */
    private look = 0;

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly link: Link,
    ) {
        const kept = new Kept(storeOf(context), this.warn);
        const around = surroundings(link, kept);
        this.screen.note({ type: "draft", draft: kept.draft });
        this.screen.note({ type: "daemon", daemon: link.state });
        this.screen.onDraft = (draft, isPrivate) => {
            kept.keep(draft, isPrivate);
        };
        this.chatting = new Chatting(this.screen, around);
        const shelf = new Shelf(this.screen, around, this.chatting);
        this.model = new ModelOfChat(this.screen, around);
        const applying = new Applying(link);
        const files = new WorkspaceFiles();
        this.acting = new Acting({ screen: this.screen, chatting: this.chatting, shelf, applying, files, link });
        this.owned = [
            link.onDidChangeState((daemon) => {
                this.screen.tell({ type: "daemon", daemon });
            }),
            onDidChangeColours(() => void this.paint()),
            vscode.window.registerWebviewViewProvider(VIEW, this),
            ...[this.chatting, shelf, this.model, applying, files, kept],
        ];
        if (kept.conversation !== null) this.chatting.restore(kept.conversation);
    }

    resolveWebviewView(view: vscode.WebviewView): void {
        const dist = vscode.Uri.joinPath(this.context.extensionUri, "dist");
        const { webview } = view;
        webview.options = { enableScripts: true, localResourceRoots: [dist] };
        const post = (event: PanelEvent): void => {
            // A page that is gone hears nothing, and the next is given the whole: there is nothing to be done.
            webview.postMessage(event).then(undefined, () => undefined);
        };
        webview.onDidReceiveMessage((message: unknown) => {
            this.hear(message, post);
        });
        view.onDidChangeVisibility(() => {
            if (!view.visible) this.screen.detach(post);
        });
        view.onDidDispose(() => {
            this.screen.detach(post);
        });
        webview.html = pageOf(webview, dist, randomBytes(16).toString("hex"));
    }

    async ask(text: string, chips: Chip[], { send }: { send: boolean }): Promise<void> {
        await this.focus();
        const compose = (): void => {
            this.compose(text, chips);
        };
        if (!send || isRunning(this.screen.state)) compose();
        else this.chatting.send({ text, chips, replaces: null }, compose).catch(this.warn);
    }

    async focus(): Promise<void> {
        await vscode.commands.executeCommand(`${VIEW}.focus`);
        this.screen.focus();
    }

    async newChat(): Promise<void> {
        this.chatting.newChat();
        await this.focus();
    }

    dispose(): void {
        for (const one of this.owned) one.dispose();
    }

    private readonly warn = (error: unknown): void => {
        this.link.log.warn(error instanceof Error ? error.message : String(error));
    };

    private hear(message: unknown, post: (event: PanelEvent) => void): void {
        const action = decodeAction(message);
        if (action === null) {
            this.link.log.warn("The side panel asked for something that it cannot ask for.");
        } else if (action.type === "ready") {
            this.screen.attach(post);
            void this.paint();
            this.model.askCredits();
        } else {
            void this.acting.act(action);
        }
    }

    /** What the person has written already stays, before what is put there. */
    private compose(text: string, chips: Chip[]): void {
        const { draft } = this.screen.state;
        const joined = draft.text.trim() === "" || text === "" ? draft.text + text : `${draft.text}\n${text}`;
        // Without new words nothing is said of the old ones: the page may have newer ones by now.
        if (text !== "") this.screen.tell({ type: "draft", draft: { ...draft, text: joined } satisfies Draft });
        this.screen.tell({ type: "chips", chips });
        this.screen.focus();
    }

    private async paint(): Promise<void> {
        const look = ++this.look;
        try {
            const colours = await coloursOfTheme();
            if (look === this.look) this.screen.tell({ type: "theme", colours });
        } catch (error) {
            // The page has colours of its own.
            this.link.log.debug(`The theme's colours cannot be read: ${String(error)}`);
        }
    }
}

function storeOf({ storageUri, workspaceState }: vscode.ExtensionContext): Store {
    return storageUri?.scheme === "file" ? new KeptFile(join(storageUri.fsPath, "panel.json")) : workspaceState;
}

function surroundings(link: Link, kept: Kept): Surroundings {
    return {
        link,
        t: (message, ...values) => vscode.l10n.t(message, ...values),
        newId: randomUUID,
        now: Date.now,
        soon: (run) => {
            setTimeout(run, FRAME_MS);
        },
        newCancellation: () => new vscode.CancellationTokenSource(),
        folders,
        activeFolder,
        pathOf,
        problemOf: (error) => problemIn(error, link),
        complain: (sentence) => void vscode.window.showWarningMessage(sentence),
        remember: (conversation) => {
            kept.remember(conversation);
        },
    };
}
