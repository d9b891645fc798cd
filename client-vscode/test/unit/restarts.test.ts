import { expect, test } from "vitest";

import { Crashes, OneAtATime } from "../../src/common/restarts";

/** A task whose runs are ended by hand, in their order. */
class ByHand {
    begun = 0;
    readonly #runs: PromiseWithResolvers<void>[] = [];

    readonly work = (): Promise<void> => {
        this.begun += 1;
        const run = withResolvers();
        this.#runs.push(run);
        return run.promise;
    };

    succeed(): void {
        this.#runs.shift()!.resolve();
    }

    fail(error: Error): void {
        this.#runs.shift()!.reject(error);
    }
}

interface PromiseWithResolvers<T> {
    promise: Promise<T>;
    resolve: (value: T) => void;
    reject: (reason: unknown) => void;
}

/** `Promise.withResolvers` is not in Node 20. */
function withResolvers(): PromiseWithResolvers<void> {
    const made = {} as PromiseWithResolvers<void>;
    made.promise = new Promise<void>((resolve, reject) => {
        made.resolve = resolve;
        made.reject = reject;
    });
    return made;
}

test("all who ask while a run goes on share the one run after it", async () => {
    const task = new ByHand();
    const queue = new OneAtATime(task.work);

    const first = queue.run();
    const others = [queue.run(), queue.run(), queue.run()];
    expect(new Set(others).size).toBe(1);
    expect(task.begun).toBe(1);

    task.succeed();
    await first;
    await Promise.resolve();
    expect(task.begun).toBe(2);

    task.succeed();
    await Promise.all(others);
    expect(task.begun).toBe(2);
});

test("who asks during the second run gets a third", async () => {
    const task = new ByHand();
    const queue = new OneAtATime(task.work);
    const first = queue.run();
    const second = queue.run();
    task.succeed();
    await first;
    await Promise.resolve();

    const third = queue.run();
    expect(third).not.toBe(second);
    expect(task.begun).toBe(2);
    task.succeed();
    await second;
    await Promise.resolve();
    expect(task.begun).toBe(3);
    task.succeed();
    await third;
});

test("a run that fails tells those who asked for it, and the next one runs all the same", async () => {
    const task = new ByHand();
    const queue = new OneAtATime(task.work);
    const first = queue.run();
    const second = queue.run();

    task.fail(new Error("no such program"));

    await expect(first).rejects.toThrow("no such program");
    await Promise.resolve();
    expect(task.begun).toBe(2);
    task.succeed();
    await second;
});

test("when all is done the next run begins at once", async () => {
    const task = new ByHand();
    const queue = new OneAtATime(task.work);
    const first = queue.run();
    task.succeed();
    await first;

    void queue.run();

    expect(task.begun).toBe(2);
});

test("a daemon is started again three times in three minutes, and not a fourth time", () => {
    const crashes = new Crashes();

    expect([0, 1000, 2000, 3000].map((now) => crashes.mayRestart(now))).toEqual([true, true, true, false]);
});

test("what crashed long ago does not count", () => {
    const crashes = new Crashes();
    for (const now of [0, 1, 2]) crashes.mayRestart(now);

    expect(crashes.mayRestart(180_001)).toBe(true);
});

test("a person's restart forgives", () => {
    const crashes = new Crashes();
    for (const now of [0, 1, 2, 3]) crashes.mayRestart(now);

    crashes.forget();

    expect(crashes.mayRestart(4)).toBe(true);
});
