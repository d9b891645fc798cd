/** Keeps the newest words in sight while the reader is at the end, and lets go when they scroll away. */

/** This near to the end is at the end: a line more may come before the reader is seen to be there. */
const NEAR_PX = 40;

export class Stick {
    isStuck = true;
    private last = 0;
    private scroller: HTMLElement | null = null;
    private observer: ResizeObserver | null = null;

    /** `changed` is told when the reader comes to the end or leaves it. */
    constructor(private readonly changed: () => void) {}

    attach(scroller: HTMLElement, content: HTMLElement): void {
        this.detach();
        this.scroller = scroller;
        scroller.addEventListener("scroll", this.onScroll, { passive: true });
        if (typeof ResizeObserver === "undefined") return;
        // It is called before the frame is drawn: what has grown is never seen out of place.
        this.observer = new ResizeObserver(this.follow);
        this.observer.observe(content);
        this.observer.observe(scroller);
    }

    detach(): void {
        this.scroller?.removeEventListener("scroll", this.onScroll);
        this.observer?.disconnect();
        this.scroller = this.observer = null;
    }

    /** To the newest words, and to stay with them. */
    toEnd(): void {
        this.become(true);
        this.follow();
    }

    readonly follow = (): void => {
        const { scroller } = this;
        if (scroller === null || !this.isStuck) return;
        scroller.scrollTop = scroller.scrollHeight;
        this.last = scroller.scrollTop;
    };

    private readonly onScroll = (): void => {
        const { scroller } = this;
        if (scroller === null) return;
        const { scrollTop, scrollHeight, clientHeight } = scroller;
        if (scrollHeight - scrollTop - clientHeight <= NEAR_PX) this.become(true);
        // What grows moves nothing up: only a reader does.
        else if (scrollTop < this.last) this.become(false);
        this.last = scrollTop;
    };

    private become(isStuck: boolean): void {
        if (this.isStuck === isStuck) return;
        this.isStuck = isStuck;
        this.changed();
    }
}
