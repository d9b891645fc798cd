/** The conversations of a panel, between a daemon in memory and a page that only listens. */
import { expect } from "vitest";

import { EMPTY_DRAFT, type Draft, type PanelEvent, type PanelTurn } from "../../../src/common/panel";
import { DaemonError } from "../../../src/editor/daemon/link";
import { Chatting } from "../../../src/editor/panel/chatting";
import { Screen } from "../../../src/editor/panel/screen";
import type { Surroundings } from "../../../src/editor/panel/surroundings";
import type { ChatResult, Conversation } from "../../../src/protocol";
import { FakeLink, settled, summary, type Asked } from "./fakeLink";

export class ChatRig {
    readonly link = new FakeLink();
    readonly screen = new Screen();
    readonly events: PanelEvent[] = [];
    readonly complaints: string[] = [];
    readonly remembered: (string | null)[] = [];
    /** What waits for the next frame. */
    readonly soon: (() => void)[] = [];
    folders = ["file:///w"];
    readonly chatting: Chatting;

    constructor() {
        this.chatting = new Chatting(this.screen, this.surroundings());
        this.screen.attach((event) => this.events.push(event));
        this.events.length = 0;
    }

    ask(text: string, given: Partial<Draft> = {}): void {
        void this.chatting.send(draft(text, given), () => {
            throw new Error("refused");
        });
    }

    async answered(text: string, answer: ChatResult): Promise<void> {
        this.ask(text);
        await settled();
        await this.chat().answer(answer);
    }

    async open(told: Conversation): Promise<void> {
        const opened = this.chatting.open(told.summary.id);
        await this.link.last("passerelle/conversation").answer(told);
        await opened;
    }

    chat(): Asked<"passerelle/chat"> {
        return this.link.last("passerelle/chat");
    }

    piece(given: { text?: string; reasoning?: string }): void {
        this.link.say("passerelle/chat/delta", { token: this.chat().params.token, seq: 0, ...given });
    }

    frame(): void {
        for (const run of this.soon.splice(0)) run();
    }

    /** The turn that is shown, where there is one alone. */
    only(): PanelTurn {
        expect(this.screen.state.turns).toHaveLength(1);
        return this.screen.state.turns[0]!;
    }

    /** The daemon has begun the first turn of the conversation that was begun first. */
    begin(): void {
        const changed = [summary({ id: "id1", running: true, lastTurn: "t1" })];
        this.link.say("passerelle/didChangeConversations", { changed, deleted: [] });
    }

    private surroundings(): Surroundings {
        let ids = 0;
        return {
            link: this.link,
            t: (message) => message,
            newId: () => `id${++ids}`,
            now: () => 0,
            soon: (run) => this.soon.push(run),
            newCancellation: cancellation,
            folders: () => this.folders,
            activeFolder: () => this.folders[0] ?? null,
            pathOf: (uri) => uri,
            problemOf: (error) => {
                const { kind, message } = error as DaemonError;
                return { kind, message, remedy: { do: "retry", retryAt: null } };
            },
            complain: (sentence) => this.complaints.push(sentence),
            remember: (id) => this.remembered.push(id),
        };
    }
}

export function draft(text: string, given: Partial<Draft> = {}): Draft {
    return { ...EMPTY_DRAFT, text, ...given };
}

/** As the daemon says of a conversation that it does not have. */
export function unknown(): DaemonError {
    return new DaemonError("unknown", -32602, { kind: "conversationUnknown" });
}

function cancellation(): ReturnType<Surroundings["newCancellation"]> {
    const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
    return { token, cancel: () => (token.isCancellationRequested = true), dispose: () => undefined };
}
