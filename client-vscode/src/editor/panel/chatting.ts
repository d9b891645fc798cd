/**
 * The conversation that the panel shows: asked in, opened, left, and kept equal to what the daemon has of it.
 *
 * The daemon keeps the conversations, answers.ts reads what is being written. Knows no `vscode` but its types.
 */
import { EMPTY_DRAFT, type Draft, type PanelState, type PanelTurn } from "../../common/panel";
import { isBlank, revision } from "../../common/revise";
import * as talk from "../../common/talk";
import type { ChatResult, Conversation, ConversationSummary, DidChangeConversations } from "../../protocol";
import { DaemonError } from "../daemon/link";
import { Answers } from "./answers";
import type { Screen } from "./screen";
import type { Owned, Surroundings } from "./surroundings";

export class Chatting {
    private readonly answers: Answers;
    private readonly listeners: Owned[];
    private shown: string | null = null;
    /** By the key of a turn, the id of the one whose place it takes: the daemon refuses some before it gives them an id. */
    private readonly replacing = new Map<string, string>();
    /** Grows with each conversation that is wished for: what comes for an earlier wish is not shown. */
    private wish = 0;
    /** Grows when a turn begins and when it ends: what the daemon told before lacks it. */
    private steps = 0;

    constructor(
        private readonly screen: Screen,
        private readonly around: Surroundings,
    ) {
        this.answers = new Answers(around, {
            changed: (conversation, turn) => {
                if (conversation === this.shown) this.screen.tell({ type: "turn", turn });
            },
            grown: (conversation, key, piece) => {
                if (conversation === this.shown) this.screen.tell({ type: "delta", key, ...piece });
            },
        });
        const { link } = around;
        this.listeners = [
            this.answers,
            link.onNotification("passerelle/didChangeConversations", (changes) => {
                this.follow(changes);
            }),
            link.onDidChangeState(({ state }) => {
                if (state === "running") void this.refresh();
            }),
        ];
    }

    /** Asks what a draft asks. `refused` is called where that cannot be now: the draft is then still the person's. */
    async send(draft: Draft, refused: () => void): Promise<void> {
        const question = talk.questionOf(draft);
        if (question === null || !(await this.isFree())) refused();
        else await this.ask(question, draft.replaces === null ? null : this.meant(this.turn(draft.replaces)));
    }

    /** The question of a turn once more, also of one that failed: then in the place that it was meant for. */
    async again(name: string, { confirmed = false } = {}): Promise<void> {
        const turn = this.turn(name);
        if (turn === null || !(await this.isFree())) return;
        const meant = this.meant(turn);
        await this.ask(talk.questionAgain(turn), meant, { same: meant === turn, confirmed });
    }

    /** The person lets one request past a budget: this one. Throws DaemonError. */
    async allowOnce(name: string, budget: string): Promise<void> {
        if (this.turn(name) === null || !(await this.isFree())) return;
        const folder = this.shown === null ? null : this.folderOf(this.shown);
        await this.around.link.request("passerelle/budgets/allowOnce", { budget, ...inFolder(folder) });
        await this.again(name);
    }

    async goOn(): Promise<void> {
        const question = talk.questionOf({ ...EMPTY_DRAFT, text: this.around.t("Go on from where you stopped.") });
        if (question !== null && (await this.isFree())) await this.ask(question, null);
    }

    stop(): void {
        if (this.shown !== null) this.answers.stop(this.shown);
    }

    newChat(): void {
        this.wish++;
        this.choose(null);
        this.turnTo({ conversation: null, turns: [], total: null, context: null });
    }

    /** Shows a conversation. Throws DaemonError. */
    async open(conversation: string): Promise<void> {
        const wish = ++this.wish;
        const told = await this.around.link.request("passerelle/conversation", { conversation });
        if (wish === this.wish) this.show(told);
    }

    /** Shows a conversation that the daemon has just told. */
    show(told: Conversation): void {
        this.wish++;
        const isSame = told.summary.id === this.shown;
        const turns = this.turnsOf(told, isSame ? this.screen.state.turns : []);
        this.choose(told.summary.id);
        this.turnTo({ conversation: told.summary, turns, total: told.total, context: talk.contextOf(turns) });
    }

    /** What an earlier window showed; one that is gone gives way to a new chat. The daemon may not run yet. */
    restore(conversation: string): void {
        this.shown = conversation;
        if (this.around.link.state.state === "running") void this.refresh();
    }

    /** Asks the daemon how the shown conversation is now: after its restart, and after an end that told no figures. */
    async refresh(): Promise<void> {
        const { shown, wish, steps } = this;
        if (shown === null) return;
        try {
            const told = await this.around.link.request("passerelle/conversation", { conversation: shown });
            if (shown !== this.shown || wish !== this.wish) return;
            if (steps === this.steps) this.update(told);
            else await this.refresh();
        } catch (error) {
            // Any other failure is told by the state of the daemon, and its next start comes here again.
            const isGone = error instanceof DaemonError && error.kind === "conversationUnknown";
            if (isGone && shown === this.shown) this.detach();
        }
    }

    dispose(): void {
        for (const listener of this.listeners) listener.dispose();
    }

    private async ask(
        question: talk.Question,
        replaced: PanelTurn | null,
        { same = false, confirmed = false } = {},
    ): Promise<void> {
        const conversation = this.shown ?? this.around.newId();
        const turn = talk.asked(this.around.newId(), new Date(this.around.now()).toISOString(), question);
        const request = talk.requestOf(question, replaced, this.screen.state.turns, same);
        const workspaceFolder = this.folderOf(conversation);
        const isPrivate = this.screen.state.private;
        this.choose(conversation);
        if (replaced !== null && replaced.id !== null) this.replacing.set(turn.key, replaced.id);
        this.place(turn, replaced);
        this.closeList();
        if (this.screen.state.conversation === null) {
            const summary = talk.begun(conversation, turn, { workspaceFolder, private: isPrivate });
            this.screen.tell({ type: "conversation", conversation: summary, total: null, context: null });
        }
        // Of what an earlier refusal has kept, this may be the question.
        this.screen.keep(this.screen.state.draft);
        this.steps++;
        const result = await this.answers.read(turn, {
            ...request,
            conversation,
            ...inFolder(workspaceFolder),
            ...(isPrivate ? { private: true } : {}),
            ...(confirmed ? { confirmed: true } : {}),
        });
        this.steps++;
        if (this.shown !== conversation) return;
        if (result === null) await this.refresh();
        else this.account(result);
        this.keepRefused(turn.key);
    }

    /** A question that the daemon did not even begin is kept by nobody else: the next window begins with it. */
    private keepRefused(key: string): void {
        const turn = this.turn(key);
        if (turn?.id !== null || turn.state !== "failed" || !isBlank(this.screen.state.draft)) return;
        const draft = revision(turn, this.around.t);
        if (draft !== null) this.screen.keep({ ...draft, replaces: null });
    }

    /** At the end, or in the place of the turn that it replaces and of those after it. */
    private place(turn: PanelTurn, replaced: PanelTurn | null): void {
        if (replaced?.id === null) {
            const { state } = this.screen;
            const turns = [...state.turns.filter((known) => known.key !== replaced.key), turn];
            this.screen.tell({ type: "state", state: { ...state, turns } });
        } else {
            this.screen.tell({ type: "turn", turn, ...(replaced === null ? {} : { replaces: replaced.id }) });
        }
    }

    private account(result: ChatResult): void {
        const { conversation, total, context } = this.screen.state;
        this.screen.tell({
            type: "conversation",
            conversation,
            total: talk.totalWith(total, result),
            context: result.context ?? context,
        });
    }

    private follow({ changed, deleted }: DidChangeConversations): void {
        for (const summary of changed) {
            this.answers.identify(summary);
            if (summary.id !== this.shown) continue;
            const { total, context } = this.screen.state;
            this.screen.tell({ type: "conversation", conversation: summary, total, context });
            if (this.answers.running(summary.id) === null && this.isBehind(summary)) void this.refresh();
        }
        if (this.shown !== null && deleted.includes(this.shown)) this.newChat();
    }

    /** Whether somebody else has asked or answered. */
    private isBehind(summary: ConversationSummary): boolean {
        const { turns } = this.screen.state;
        const last = turns.findLast((turn) => turn.id !== null)?.id ?? null;
        return last !== summary.lastTurn || turns.some((turn) => turn.state === "running") !== summary.running;
    }

    private update(told: Conversation): void {
        const { state } = this.screen;
        const turns = this.turnsOf(told, state.turns);
        const events = talk.turnEvents(state.turns, turns);
        const { summary: conversation, total } = told;
        const context = talk.contextOf(turns);
        if (events === null) {
            this.screen.tell({ type: "state", state: { ...state, conversation, turns, total, context } });
            return;
        }
        for (const event of [...events, { type: "conversation" as const, conversation, total, context }]) {
            this.screen.tell(event);
        }
    }

    /** The daemon has it no more: what is shown stays, and goes along when the next question begins it anew. */
    private detach(): void {
        const { state } = this.screen;
        this.choose(null);
        const turns = state.turns.map((turn) => ({ ...turn, id: null }));
        const isPrivate = state.private || state.conversation?.private === true;
        this.screen.tell({ type: "state", state: { ...state, conversation: null, turns, private: isPrivate } });
    }

    private turnsOf(told: Conversation, shown: PanelTurn[]): PanelTurn[] {
        const { around } = this;
        const turns = talk.turnsOf(told, shown, {
            t: around.t,
            pathOf: (uri) => around.pathOf(uri),
            problemOf: ({ kind, message }) => around.problemOf(new DaemonError(message, REQUEST_FAILED, { kind })),
        });
        const running = this.answers.running(told.summary.id);
        return running === null ? turns : talk.withRunning(turns, running);
    }

    /** What is being written stays, but takes the place of no turn of another conversation. */
    private turnTo(next: Pick<PanelState, "conversation" | "turns" | "total" | "context">): void {
        const { state } = this.screen;
        const isSame = next.conversation !== null && next.conversation.id === state.conversation?.id;
        const draft = isSame ? state.draft : { ...state.draft, replaces: null };
        this.screen.tell({ type: "state", state: { ...state, ...next, draft, list: { ...state.list, open: false } } });
    }

    /** The question is seen where it was asked. */
    private closeList(): void {
        const { list } = this.screen.state;
        if (list.open) this.screen.tell({ type: "list", list: { ...list, open: false } });
    }

    private choose(conversation: string | null): void {
        this.shown = conversation;
        this.around.remember(conversation);
    }

    /** Whether a question can be asked now; if not, the person is told. */
    private async isFree(): Promise<boolean> {
        const { shown } = this;
        const isFree = shown === null || (await this.answers.isFree(shown));
        if (!isFree) this.around.complain(this.around.t("An answer is being written; stop it first."));
        return isFree && shown === this.shown;
    }

    /** The turn whose place another takes: that of one which was refused is the one that it was to replace. */
    private meant(turn: PanelTurn | null): PanelTurn | null {
        const replaced = turn?.id === null ? this.turn(this.replacing.get(turn.key) ?? "") : null;
        return replaced ?? turn;
    }

    private turn(name: string): PanelTurn | null {
        return talk.findTurn(this.screen.state.turns, name);
    }

    /** A conversation stays in its folder for as long as the window has it. */
    private folderOf(conversation: string): string | null {
        const known = this.screen.state.conversation;
        const own = known?.id === conversation ? known.workspaceFolder : null;
        return own !== null && this.around.folders().includes(own) ? own : this.around.activeFolder();
    }
}

function inFolder(folder: string | null): { workspaceFolder?: string } {
    return folder === null ? {} : { workspaceFolder: folder };
}

/** As LSP has it: well asked, but it could not be done. */
const REQUEST_FAILED = -32803;
