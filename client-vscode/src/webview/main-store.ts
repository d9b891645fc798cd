/**
 * The page's copy of the panel's state: what the host has told, and what the person has done since.
 *
 * It draws nothing and knows no editor: events go in, actions come out.
 */
import { foresee, isOvertaken, running, withStopped } from "../common/foresee";
import {
    type Draft,
    EMPTY_DRAFT,
    FIRST_STATE,
    type PanelAction,
    type PanelEvent,
    type PanelState,
    reduce,
} from "../common/panel";
import { isBlank } from "../common/revise";

/** What the store needs of the world around it. */
export interface Surroundings {
    post: (action: PanelAction) => void;
    /** Calls back before the next frame is drawn. */
    nextFrame: (draw: () => void) => void;
    /** Called with each new state. */
    changed: (before: PanelState, after: PanelState) => void;
}

/** How long a state that the host sends may be older than the words that it was sent. */
const SETTLED_MS = 200;
/** An image is not sent with every letter. */
const IMAGE_DRAFT_DELAY_MS = 1000;

export class Store {
    state: PanelState = FIRST_STATE;
    /** A draft that was put aside for the editing of an earlier question. */
    aside: Draft | null = null;
    private waiting: PanelEvent[] = [];
    private readonly stopping = new Set<string>();
    private draftTimer: ReturnType<typeof setTimeout> | null = null;
    private isUnsent = false;

    constructor(private readonly world: Surroundings) {}

    /** An event of the host. Deltas wait for the next frame, for many come between two; all keep their order. */
    receive(event: PanelEvent): void {
        if (event.type !== "delta") {
            this.catchUp(event);
            return;
        }
        const last = this.waiting.at(-1);
        if (last?.type === "delta" && last.key === event.key) {
            this.waiting.splice(-1, 1, joined(last, event));
            return;
        }
        this.waiting.push(event);
        if (this.waiting.length === 1) {
            this.world.nextFrame(() => {
                this.catchUp();
            });
        }
    }

    /** Something that the person does: shown at once, and sent to the host. */
    act(action: PanelAction): void {
        if (action.type === "stop") for (const key of running(this.state)) this.stopping.add(key);
        this.become(foresee(this.state, action));
        if (action.type === "draft") {
            this.sendDraft(action);
            return;
        }
        if (action.type === "send") this.forgetDraftTimer();
        else this.flush();
        this.world.post(action);
    }

    /**
     * Takes up an earlier question, or with null gives that up. What was being written is put aside until the question
     * is sent or given up.
     */
    revise(draft: Draft | null): void {
        const current = this.state.draft;
        if (draft === null) {
            this.takeBack(this.aside ?? EMPTY_DRAFT);
            return;
        }
        if (current.replaces === null && !isBlank(current)) this.aside = current;
        this.act({ type: "draft", draft });
    }

    /** Sends the draft that waits to be sent: the page may be gone in a moment. */
    flush(): void {
        const { isUnsent } = this;
        this.forgetDraftTimer();
        if (isUnsent) this.world.post({ type: "draft", draft: this.state.draft });
    }

    private catchUp(event?: PanelEvent): void {
        const events = event === undefined ? this.waiting : [...this.waiting, event];
        this.waiting = [];
        let state = this.state;
        for (const next of events) {
            if (isOvertaken(next, this.stopping)) continue;
            if (next.type === "turn") this.stopping.delete(next.turn.key);
            if (next.type === "draft") this.forgetDraftTimer();
            state = withStopped(this.reduced(state, next), this.stopping);
        }
        this.become(state);
        if (this.aside !== null && isBlank(state.draft) && state.draft.replaces === null) this.takeBack(this.aside);
    }

    /** A whole state is older than the words that have not been sent yet. */
    private reduced(state: PanelState, event: PanelEvent): PanelState {
        const next = reduce(state, event);
        if (event.type !== "state") return next;
        for (const turn of next.turns) if (turn.state !== "running") this.stopping.delete(turn.key);
        return this.draftTimer === null ? next : { ...next, draft: state.draft };
    }

    private takeBack(draft: Draft): void {
        this.aside = null;
        this.act({ type: "draft", draft });
    }

    private become(state: PanelState): void {
        const before = this.state;
        if (state === before) return;
        this.state = state;
        this.world.changed(before, state);
    }

    /** At once, for the page may be gone with the next key: what a page says when it is hidden is not always heard. */
    private sendDraft(action: Extract<PanelAction, { type: "draft" }>): void {
        this.forgetDraftTimer();
        this.isUnsent = action.draft.chips.some((chip) => chip.type === "image");
        if (!this.isUnsent) this.world.post(action);
        this.draftTimer = setTimeout(
            () => {
                this.flush();
            },
            this.isUnsent ? IMAGE_DRAFT_DELAY_MS : SETTLED_MS,
        );
    }

    private forgetDraftTimer(): void {
        if (this.draftTimer !== null) clearTimeout(this.draftTimer);
        this.draftTimer = null;
        this.isUnsent = false;
    }
}

type Delta = Extract<PanelEvent, { type: "delta" }>;

function joined(first: Delta, second: Delta): Delta {
    return {
        type: "delta",
        key: first.key,
        text: (first.text ?? "") + (second.text ?? ""),
        reasoning: (first.reasoning ?? "") + (second.reasoning ?? ""),
    };
}
