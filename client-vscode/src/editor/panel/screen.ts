/** What the panel shows, and the page that shows it, if there is one. */
import { FIRST_STATE, reduce, type Draft, type PanelEvent, type PanelState } from "../../common/panel";

type Post = (event: PanelEvent) => void;

/** Owns the state. A page comes and goes: it is given the whole when it comes, and what happens from then on. */
export class Screen {
    /** Called with each new draft, and with whether it is for a private conversation. */
    onDraft: ((draft: Draft, isPrivate: boolean) => void) | null = null;
    private post: Post | null = null;
    private current: PanelState = FIRST_STATE;
    /** That the next page is to be written in at once. */
    private isWanted = false;

    get state(): PanelState {
        return this.current;
    }

    /** Whether there is a page. */
    get isShown(): boolean {
        return this.post !== null;
    }

    /** Something happened: here, and on the page. */
    tell(event: PanelEvent): void {
        this.note(event);
        this.post?.(event);
    }

    /** The page did something to itself, and tells: it needs no echo. */
    note(event: PanelEvent): void {
        const before = this.current;
        this.current = reduce(before, event);
        const { draft } = this.current;
        if (draft !== before.draft || this.current.private !== before.private)
            this.onDraft?.(draft, this.current.private);
    }

    /** Another draft than the one that is shown, for the next window to begin with. */
    keep(draft: Draft): void {
        this.onDraft?.(draft, this.current.private);
    }

    /** Ready to be written in, now or when there is a page. */
    focus(): void {
        this.isWanted = this.post === null;
        this.post?.({ type: "focus" });
    }

    /** A page is there and listens. */
    attach(post: Post): void {
        this.post = post;
        post({ type: "state", state: this.current });
        if (this.isWanted) this.focus();
    }

    /** The page is gone, or cannot hear: nothing that happens meanwhile is lost, for the next gets the whole. */
    detach(post: Post): void {
        if (this.post === post) this.post = null;
    }
}
