/** Which turns are drawn: those near the window at once, the others when there is time, the newest first. */

/** So many of the newest are drawn at once: they fill the panel. */
const FIRST = 4;
/** A turn is drawn this far before it comes into sight. */
const MARGIN = "1500px 0px";

export class Nearness {
    private readonly drawn = new Set<string>();
    private waiting: string[] = [];
    private observer: IntersectionObserver | null = null;
    private watched = new WeakSet<Element>();
    private idle: number | null = null;

    /** `changed` is told when more are to be drawn. */
    constructor(private readonly changed: () => void) {}

    /** Takes the keys of all turns, the oldest first. */
    update(keys: string[]): void {
        for (const key of keys.slice(-FIRST)) this.drawn.add(key);
        const known = new Set(keys);
        for (const key of this.drawn) if (!known.has(key)) this.drawn.delete(key);
        this.waiting = keys.filter((key) => !this.drawn.has(key));
        this.drawLater();
    }

    isDrawn(key: string): boolean {
        return this.drawn.has(key);
    }

    attach(scroller: HTMLElement): void {
        if (typeof IntersectionObserver === "undefined") return;
        this.watched = new WeakSet();
        this.observer = new IntersectionObserver(this.onNear, { root: scroller, rootMargin: MARGIN });
    }

    /** Watches the turns' elements that are not drawn yet; each has its key in `data-key`. */
    watch(elements: Iterable<Element>): void {
        const { observer } = this;
        if (observer === null) return;
        for (const element of elements) {
            const isWanted = element instanceof HTMLElement && !this.drawn.has(element.dataset.key ?? "");
            if (isWanted && !this.watched.has(element)) observer.observe(element);
            if (isWanted) this.watched.add(element);
            else if (this.watched.delete(element)) observer.unobserve(element);
        }
    }

    detach(): void {
        this.observer?.disconnect();
        this.observer = null;
        if (this.idle !== null) cancelIdle(this.idle);
        this.idle = null;
    }

    private readonly onNear = (entries: IntersectionObserverEntry[]): void => {
        const near = entries.filter((entry) => entry.isIntersecting);
        this.draw(near.map(({ target }) => (target instanceof HTMLElement ? (target.dataset.key ?? "") : "")));
    };

    private drawLater(): void {
        if (this.idle !== null || this.waiting.length === 0) return;
        this.idle = whenIdle(() => {
            this.idle = null;
            this.draw(this.waiting.slice(-1));
        });
    }

    private draw(keys: string[]): void {
        const fresh = keys.filter((key) => this.waiting.includes(key));
        for (const key of fresh) this.drawn.add(key);
        this.waiting = this.waiting.filter((key) => !this.drawn.has(key));
        if (fresh.length > 0) this.changed();
        this.drawLater();
    }
}

/** Some browsers know of no idle time. */
function whenIdle(does: () => void): number {
    return typeof requestIdleCallback === "undefined" ? requestAnimationFrame(does) : requestIdleCallback(does);
}

function cancelIdle(handle: number): void {
    if (typeof cancelIdleCallback === "undefined") cancelAnimationFrame(handle);
    else cancelIdleCallback(handle);
}
