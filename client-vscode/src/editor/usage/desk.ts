/** Owns what the usage page shows, and asks anew when it may be out of date: soon while it is seen, later while it is not. */
import type { Problem } from "../../common/panel";
import { FIRST_WISH, type UsageData, type UsageState, type Wish } from "../../common/usage";

export interface World {
    /** Throws what `problem` explains. */
    read(wish: Wish): Promise<UsageData>;
    problem(error: unknown): Problem;
    /** Runs once, a while later, unless it is called off. */
    later(run: () => void): { dispose(): unknown };
}

type Post = (state: UsageState) => void;

export class Desk {
    #state: UsageState = { wish: FIRST_WISH, data: null, answer: 0, isAsking: false, problem: null };
    #post: Post | null = null;
    #isStale = true;
    /** Grows with each question: an older answer is not shown. */
    #asked = 0;
    #waiting: { dispose(): unknown } | null = null;

    constructor(private readonly world: World) {}

    get state(): UsageState {
        return this.#state;
    }

    /** A page is there, and is seen. */
    attach(post: Post): void {
        this.#post = post;
        if (this.#isStale) void this.refresh();
        else post(this.#state);
    }

    /** It is gone or hidden. */
    detach(): void {
        this.#post = null;
        this.#forget();
    }

    /** The person wants to see something else. */
    wish(wish: Wish): void {
        this.#state = { ...this.#state, wish };
        if (this.#post === null) this.#isStale = true;
        else void this.refresh();
    }

    /** What is shown may be out of date. */
    changed(): void {
        this.#isStale = true;
        if (this.#post === null || this.#waiting !== null) return;
        this.#waiting = this.world.later(() => void this.refresh());
    }

    /** Never throws: what goes wrong is shown, beside what was known before. */
    async refresh(): Promise<void> {
        this.#forget();
        this.#isStale = false;
        const asked = ++this.#asked;
        this.#become({ isAsking: true });
        const { wish } = this.#state;
        try {
            const data = await this.world.read(wish);
            if (asked === this.#asked) this.#become({ data, answer: asked, isAsking: false, problem: null });
        } catch (error) {
            if (asked === this.#asked) this.#become({ isAsking: false, problem: this.world.problem(error) });
        }
    }

    dispose(): void {
        this.detach();
        // What is still being asked is told to nobody.
        this.#asked += 1;
    }

    #forget(): void {
        this.#waiting?.dispose();
        this.#waiting = null;
    }

    #become(change: Partial<UsageState>): void {
        this.#state = { ...this.#state, ...change };
        this.#post?.(this.#state);
    }
}
