/** What the next window of this workspace begins with: the conversation that was shown, and the draft. */
import { decodeDraft } from "../../common/actions";
import { worthKeeping } from "../../common/chips";
import { EMPTY_DRAFT, type Draft } from "../../common/panel";

const CONVERSATION = "passerelle.conversation";
const DRAFT = "passerelle.draft";

/** A draft changes with each letter; it is written when the person pauses. */
const PAUSE_MS = 500;

/** Where it is written: a file of the workspace's, or VS Code's own store where no folder is open. */
export interface Store {
    get(key: string): unknown;
    update(key: string, value: unknown): Thenable<void>;
    flush?(): void;
}

export class Kept {
    private timer: NodeJS.Timeout | null = null;
    private draftToWrite: Draft | null = null;

    constructor(
        private readonly store: Store,
        private readonly failed: (error: unknown) => void,
    ) {}

    get conversation(): string | null {
        const kept: unknown = this.store.get(CONVERSATION);
        return typeof kept === "string" ? kept : null;
    }

    get draft(): Draft {
        return decodeDraft(this.store.get(DRAFT)) ?? EMPTY_DRAFT;
    }

    remember(conversation: string | null): void {
        if (conversation !== this.conversation) this.write(CONVERSATION, conversation ?? undefined);
    }

    /** Not what is written in private: that stays in memory. */
    keep(draft: Draft, isPrivate: boolean): void {
        this.draftToWrite = isPrivate ? EMPTY_DRAFT : { ...draft, chips: worthKeeping(draft.chips) };
        this.timer ??= setTimeout(() => {
            this.flush();
        }, PAUSE_MS);
    }

    /** Writes what is not written yet. */
    dispose(): void {
        this.flush();
        try {
            this.store.flush?.();
        } catch (error) {
            this.failed(error);
        }
    }

    private flush(): void {
        if (this.timer !== null) clearTimeout(this.timer);
        this.timer = null;
        if (this.draftToWrite !== null) this.write(DRAFT, this.draftToWrite);
        this.draftToWrite = null;
    }

    private write(key: string, value: unknown): void {
        this.store.update(key, value).then(undefined, this.failed);
    }
}
