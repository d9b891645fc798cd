/** The list of this workspace's conversations, and what can be done with each. Knows no `vscode` but its types. */
import type { ConversationList } from "../../common/panel";
import { findTurn, newestFirst } from "../../common/talk";
import type { Conversations, ExportedConversation, ExportFormat } from "../../protocol";
import type { Chatting } from "./chatting";
import type { Screen } from "./screen";
import type { Owned, Surroundings } from "./surroundings";

/** How many a list shows at most; the rest is found by searching. */
const MOST = 200;

export class Shelf {
    private readonly listener: Owned;
    /** Grows with each list that is asked for: an older answer is not shown. */
    private wish = 0;

    constructor(
        private readonly screen: Screen,
        private readonly around: Surroundings,
        private readonly chatting: Chatting,
    ) {
        this.listener = around.link.onNotification("passerelle/didChangeConversations", () => {
            // A failure is told by the state of the daemon; the list stays as it was.
            if (this.screen.state.list.open) this.renew().catch(() => undefined);
        });
    }

    /** Opens, searches or closes the list. Throws DaemonError. */
    async list(open: boolean, query: string): Promise<void> {
        this.tell({ ...this.screen.state.list, open, query });
        if (open) await this.renew();
    }

    /** Throws DaemonError. */
    async rename(conversation: string, title: string): Promise<void> {
        if (title.trim() === "") return;
        await this.around.link.request("passerelle/conversation/rename", { conversation, title: title.trim() });
    }

    /** Throws DaemonError. The shown one gives way to a new chat. */
    async delete(conversation: string): Promise<void> {
        await this.around.link.request("passerelle/conversation/delete", { conversation });
        if (this.screen.state.conversation?.id === conversation) this.chatting.newChat();
        const { list } = this.screen.state;
        const conversations = list.conversations.filter(({ id }) => id !== conversation);
        const gone = list.conversations.length - conversations.length;
        this.tell({ ...list, conversations, total: list.total - gone });
    }

    /** Opens a new conversation with the turns up to one. Throws DaemonError. */
    async branch(name: string): Promise<void> {
        const { conversation, turns } = this.screen.state;
        const turn = findTurn(turns, name)?.id ?? null;
        if (conversation === null || turn === null) {
            this.around.complain(this.around.t("This turn is not kept by the daemon; nothing can branch from it."));
            return;
        }
        const { id } = conversation;
        this.chatting.show(
            await this.around.link.request("passerelle/conversation/branch", { conversation: id, turn }),
        );
    }

    /** Throws DaemonError. */
    async export(conversation: string, format: ExportFormat): Promise<ExportedConversation> {
        return this.around.link.request("passerelle/conversation/export", { conversation, format });
    }

    dispose(): void {
        this.listener.dispose();
    }

    private async renew(): Promise<void> {
        const wish = ++this.wish;
        const { query } = this.screen.state.list;
        const found = await Promise.all(this.places().map((folder) => this.ask(folder, query)));
        if (wish !== this.wish) return;
        const conversations = newestFirst(found.flatMap((some) => some.conversations));
        const total = found.reduce((sum, some) => sum + some.total, 0);
        this.tell({ ...this.screen.state.list, conversations, total });
    }

    /** A window without a folder sees all. */
    private places(): (string | null)[] {
        const folders = this.around.folders();
        return folders.length === 0 ? [null] : folders;
    }

    private async ask(folder: string | null, query: string): Promise<Conversations> {
        return this.around.link.request("passerelle/conversations", {
            ...(folder === null ? {} : { workspaceFolder: folder }),
            ...(query.trim() === "" ? {} : { query: query.trim() }),
            limit: MOST,
        });
    }

    private tell(list: ConversationList): void {
        this.screen.tell({ type: "list", list });
    }
}
