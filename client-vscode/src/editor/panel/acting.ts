/** Does what the page asks: one short case for each action. What it asks was checked by src/common/actions.ts. */
import * as vscode from "vscode";

import { EMPTY_DRAFT, type PanelAction, type Remedy } from "../../common/panel";
import { placeOf } from "../../common/status";
import { findTurn } from "../../common/talk";
import type { ExportFormat } from "../../protocol";
import { DaemonError, type Link } from "../daemon/link";
import type { Applying } from "./applying";
import { attached, fromUris, suggestions, type Attached } from "./attaching";
import type { Chatting } from "./chatting";
import { insert, openChip, openLink } from "./code";
import { saveAs } from "./saving";
import type { Screen } from "./screen";
import type { Shelf } from "./shelf";
import type { WorkspaceFiles } from "./workspaceFiles";

interface Rooms {
    screen: Screen;
    chatting: Chatting;
    shelf: Shelf;
    applying: Applying;
    files: WorkspaceFiles;
    link: Pick<Link, "log" | "restart" | "status">;
}

export class Acting {
    /** The newest `suggest`: only it is answered. */
    private suggesting = 0;

    constructor(private readonly rooms: Rooms) {}

    /** Never fails: what goes wrong is told to the person. */
    async act(action: PanelAction): Promise<void> {
        try {
            await (this.talk(action) ?? this.serve(action));
        } catch (error) {
            this.complain(error);
        }
    }

    /** What belongs to conversations; undefined for the rest. */
    private talk(action: PanelAction): Promise<void> | undefined {
        const { screen, chatting, shelf } = this.rooms;
        switch (action.type) {
            case "send":
                // The page has emptied it already.
                screen.note({ type: "draft", draft: EMPTY_DRAFT });
                return chatting.send(action.draft, () => {
                    screen.tell({ type: "draft", draft: action.draft });
                });
            case "regenerate":
            case "retry":
                return chatting.again(action.turn);
            case "goOn":
                return chatting.goOn();
            case "open":
                return chatting.open(action.conversation);
            case "list":
                return shelf.list(action.open, action.query);
            case "rename":
                return shelf.rename(action.conversation, action.title);
            case "delete":
                return shelf.delete(action.conversation);
            case "branch":
                return shelf.branch(action.turn);
            case "export":
                return this.export(action.conversation, action.format);
            default:
                return undefined;
        }
    }

    private async serve(action: PanelAction): Promise<void> {
        const { screen, chatting, applying } = this.rooms;
        switch (action.type) {
            case "stop":
                chatting.stop();
                break;
            case "newChat":
                chatting.newChat();
                break;
            case "setPrivate":
                screen.note({ type: "private", private: action.private });
                break;
            case "draft":
                screen.note(action);
                break;
            case "showUsage":
                await vscode.commands.executeCommand("passerelle.showUsage");
                break;
            case "chooseModel":
                await vscode.commands.executeCommand("passerelle.chooseModel", { role: "chat" });
                break;
            case "attach":
                this.attach(await attached(action.what, this.seesImages));
                break;
            case "dropped":
                this.attach(await fromUris(uris(action.uris), this.seesImages));
                break;
            case "suggest":
                await this.suggest(action.request, action.query);
                break;
            case "copy":
                await vscode.env.clipboard.writeText(action.text);
                break;
            case "insert":
                await insert(action.code);
                break;
            case "apply":
                await applying.suggest(action.code, findTurn(screen.state.turns, action.turn ?? ""));
                break;
            case "openChip":
                await openChip(action.chip);
                break;
            case "openLink":
                await openLink(action.href);
                break;
            case "remedy":
                await this.mend(action.remedy, action.turn);
        }
    }

    private get seesImages(): boolean {
        return this.rooms.screen.state.model?.vision ?? true;
    }

    private attach({ chips, complaints }: Attached): void {
        if (chips.length > 0) this.rooms.screen.tell({ type: "chips", chips });
        if (complaints.length > 0) void vscode.window.showWarningMessage(complaints.join(" "));
        this.rooms.screen.focus();
    }

    private async suggest(request: number, query: string): Promise<void> {
        this.suggesting = request;
        const found = await suggestions(query, this.rooms.files);
        if (request === this.suggesting) {
            this.rooms.screen.tell({ type: "suggestions", request, suggestions: found });
        }
    }

    private async export(conversation: string, format: ExportFormat): Promise<void> {
        const { name, text } = await this.rooms.shelf.export(conversation, format);
        const target = await saveAs(name, text);
        if (target !== null) await vscode.window.showTextDocument(target);
    }

    /** `turn`: the one whose card has the button; null for the panel's own. */
    private async mend(remedy: Remedy, turn: string | null): Promise<void> {
        const { chatting, link } = this.rooms;
        switch (remedy.do) {
            case "goOn":
                return chatting.goOn();
            case "newChat":
                chatting.newChat();
                return;
            case "setKey":
                return this.setKey(turn);
            case "openConfiguration":
                return this.openConfiguration();
            case "openBudget":
                await vscode.commands.executeCommand("passerelle.showProblem", remedy.path, remedy.line, 1);
                return;
            case "topUp":
                return openLink(remedy.url);
            case "allowOnce":
                return turn === null ? undefined : chatting.allowOnce(turn, remedy.budget);
            case "sendAnyway":
                return turn === null ? undefined : chatting.again(turn, { confirmed: true });
            case "retry":
                return turn === null ? link.restart() : chatting.again(turn);
            default:
                await vscode.commands.executeCommand(COMMANDS[remedy.do]);
        }
    }

    /** With a key, the question that lacked it is asked again. */
    private async setKey(turn: string | null): Promise<void> {
        const isStored = await vscode.commands.executeCommand("passerelle.setApiKey");
        if (isStored === true && turn !== null) await this.rooms.chatting.again(turn);
    }

    /** At the fault, where a file has one. */
    private async openConfiguration(): Promise<void> {
        const fault = this.rooms.link.status?.problems.find((problem) => problem.severity === "error");
        if (fault === undefined) await vscode.commands.executeCommand("passerelle.openConfiguration");
        else await vscode.commands.executeCommand("passerelle.showProblem", ...placeOf(fault));
    }

    private complain(error: unknown): void {
        if (error instanceof DaemonError && error.isCancelled) return;
        const isKnown = error instanceof DaemonError || error instanceof vscode.FileSystemError;
        if (!isKnown) this.rooms.link.log.error(error instanceof Error ? error : String(error));
        const why = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(why);
    }
}

const COMMANDS: Record<"chooseModel" | "chooseGateway" | "useOffline" | "restart" | "showLog", string> = {
    chooseModel: "passerelle.chooseModel",
    chooseGateway: "passerelle.chooseGateway",
    useOffline: "passerelle.useOfflineGateway",
    restart: "passerelle.restart",
    showLog: "passerelle.showLog",
};

/** What was dropped may be no URI at all; that is then no file either, and said so. */
function uris(texts: string[]): vscode.Uri[] {
    return texts.map((text) => vscode.Uri.parse(text));
}
