/**
 * The answers that are being written, also in conversations that nobody looks at: each is read to its end.
 *
 * What is shown, and asked, is the business of chatting.ts. Knows no `vscode` but its types.
 */
import type { PanelTurn } from "../../common/panel";
import * as talk from "../../common/talk";
import type { ChatDelta, ChatParams, ChatResult, ConversationSummary } from "../../protocol";
import { DaemonError } from "../daemon/link";
import type { Owned, Surroundings } from "./surroundings";

/** Who hears of them. */
export interface Reader {
    /** The turn is another now: it has an id, or has ended. */
    changed(conversation: string, turn: PanelTurn): void;
    grown(conversation: string, key: string, piece: { text?: string; reasoning?: string }): void;
}

/** What the daemon is asked, but for the token. */
export type Asked = Omit<ChatParams, "token"> & { conversation: string };

type Cancellation = ReturnType<Surroundings["newCancellation"]>;

/** `text` and `reasoning` have come and are not in the turn yet. */
interface Run {
    conversation: string;
    token: string;
    turn: PanelTurn;
    text: string;
    reasoning: string;
    isStopping: boolean;
    stop: () => void;
    /** Resolved when nothing more comes. */
    ended: Promise<void>;
}

export class Answers {
    /** By conversation: it has one at a time. */
    private readonly runs = new Map<string, Run>();
    private readonly listener: Owned;
    private isFlushing = false;

    constructor(
        private readonly around: Surroundings,
        private readonly reader: Reader,
    ) {
        this.listener = around.link.onNotification("passerelle/chat/delta", (delta) => {
            this.take(delta);
        });
    }

    /** Asks, and reads the answer to its end. Null where it has none, or not the whole. */
    async read(turn: PanelTurn, params: Asked): Promise<ChatResult | null> {
        const cancellation = this.around.newCancellation();
        const run: Run = {
            conversation: params.conversation,
            token: this.around.newId(),
            turn,
            text: "",
            reasoning: "",
            isStopping: false,
            stop: () => {
                cancellation.cancel();
            },
            ended: Promise.resolve(),
        };
        this.runs.set(run.conversation, run);
        const answer = this.ask(run, params, cancellation);
        run.ended = answer.then(() => undefined);
        return answer;
    }

    /** The turn that is being answered in a conversation, with all that has come. */
    running(conversation: string): PanelTurn | null {
        this.flush();
        return this.runs.get(conversation)?.turn ?? null;
    }

    /** The daemon closes the connection and answers; until then the turn is running. */
    stop(conversation: string): void {
        const run = this.runs.get(conversation);
        if (run === undefined) return;
        run.isStopping = true;
        run.stop();
    }

    /** Whether the conversation can be asked in now; waits for an answer that is being stopped. */
    async isFree(conversation: string): Promise<boolean> {
        const run = this.runs.get(conversation);
        if (run?.isStopping === true) await run.ended;
        return !this.runs.has(conversation);
    }

    /** The daemon has begun the turn, and tells its id. */
    identify({ id, lastTurn, running }: ConversationSummary): void {
        const run = this.runs.get(id);
        if (run?.turn.id !== null || !running || lastTurn === null) return;
        this.flush();
        run.turn = { ...run.turn, id: lastTurn };
        this.reader.changed(id, run.turn);
    }

    /** What runs is left to the daemon: it keeps a turn that broke off as one, which a stop here would not be. */
    dispose(): void {
        this.listener.dispose();
    }

    private async ask(run: Run, params: Asked, cancellation: Cancellation): Promise<ChatResult | null> {
        const { link, t } = this.around;
        try {
            const result = await link.request("passerelle/chat", { ...params, token: run.token }, cancellation.token);
            this.end(run, (last) => talk.answered(last, result, t));
            return result;
        } catch (error) {
            this.end(run, (last) => this.broken(last, error));
            return null;
        } finally {
            cancellation.dispose();
        }
    }

    private take(delta: ChatDelta): void {
        const run = [...this.runs.values()].find((known) => known.token === delta.token);
        if (run === undefined) return;
        run.text += delta.text ?? "";
        run.reasoning += delta.reasoning ?? "";
        if (this.isFlushing) return;
        this.isFlushing = true;
        this.around.soon(() => {
            this.flush();
        });
    }

    private flush(): void {
        this.isFlushing = false;
        for (const run of this.runs.values()) {
            const { text, reasoning, turn } = run;
            if (text === "" && reasoning === "") continue;
            run.turn = { ...turn, text: turn.text + text, reasoning: turn.reasoning + reasoning };
            run.text = run.reasoning = "";
            const piece = { ...(text === "" ? {} : { text }), ...(reasoning === "" ? {} : { reasoning }) };
            this.reader.grown(run.conversation, turn.key, piece);
        }
    }

    private end(run: Run, last: (turn: PanelTurn) => PanelTurn): void {
        this.flush();
        run.turn = last(run.turn);
        if (this.runs.get(run.conversation) === run) this.runs.delete(run.conversation);
        this.reader.changed(run.conversation, run.turn);
    }

    private broken(turn: PanelTurn, error: unknown): PanelTurn {
        if (error instanceof DaemonError && error.isCancelled) return talk.cancelled(turn);
        return talk.broken(turn, this.around.problemOf(error));
    }
}
