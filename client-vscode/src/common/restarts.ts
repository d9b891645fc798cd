/** When the daemon is started anew: never twice at once, and by itself only so often. */

/** Runs a task never twice at once. Whoever asks while it runs shares the one run that follows. */
export class OneAtATime {
    #running: Promise<void> | null = null;
    #next: Promise<void> | null = null;

    constructor(private readonly task: () => Promise<void>) {}

    /** Ends as the run does that began after this was called. */
    run(): Promise<void> {
        if (this.#running === null) return this.#begin();
        this.#next ??= this.#running.then(
            () => this.#begin(),
            () => this.#begin(),
        );
        return this.#next;
    }

    #begin(): Promise<void> {
        this.#next = null;
        this.#running = this.task().finally(() => {
            // A run that waits begins a moment from now: whoever asks in that moment shares it.
            if (this.#next === null) this.#running = null;
        });
        return this.#running;
    }
}

/** How often a daemon that ended by itself is started again by us: after that a person has to say so. */
const MOST = 3;
const WINDOW_MS = 3 * 60_000;

/** The times at which the daemon ended without being told to. */
export class Crashes {
    #times: number[] = [];

    /** Notes one; whether the daemon may be started again without asking. */
    mayRestart(nowMs: number): boolean {
        this.#times = [...this.#times.filter((time) => nowMs - time < WINDOW_MS), nowMs];
        return this.#times.length <= MOST;
    }

    /** A person wants it started: what was is forgiven. */
    forget(): void {
        this.#times = [];
    }
}
