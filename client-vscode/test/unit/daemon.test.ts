import type * as vscode from "vscode";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { LaunchFacts } from "../../src/common/launch";
import { Daemon } from "../../src/editor/daemon/daemon";
import { Keys } from "../../src/editor/daemon/keys";
import type { DaemonError } from "../../src/editor/daemon/link";
import type { AnyRun } from "../../src/editor/daemon/machine";
import type { RunOptions } from "../../src/editor/daemon/run";
import type { Status } from "../../src/protocol";
import { editor, EventEmitter, Secrets } from "./support/vscode";

const FOUND: LaunchFacts = {
    trusted: true,
    windows: false,
    server: null,
    chosenPython: null,
    pythons: [],
    bundle: null,
    onPath: "/usr/bin/passerelle",
};
const LAUNCH_FAILS = new Error("It ended at once.");

/** A daemon in memory. */
class FakeRun implements AnyRun {
    isEnded = false;
    readonly asked: { method: string; params: unknown }[] = [];
    readonly told: unknown[] = [];
    answer: () => Promise<unknown> = () => Promise.resolve({});

    constructor(
        readonly given: RunOptions,
        private readonly starting: Promise<void>,
    ) {}

    start(): Promise<void> {
        return this.starting;
    }

    end(): Promise<void> {
        this.isEnded = true;
        return Promise.resolve();
    }

    request<T>(method: string, params: unknown): Promise<T> {
        this.asked.push({ method, params });
        return this.answer() as Promise<T>;
    }

    notify(method: string, params: unknown): Promise<void> {
        this.told.push({ method, params });
        return Promise.resolve();
    }
}

/** A window with one daemon; each start is as `starts` says, and succeeds when that is used up. */
class Rig {
    facts = FOUND;
    readonly runs: FakeRun[] = [];
    readonly starts: Promise<void>[] = [];
    readonly logged: string[] = [];
    readonly secrets = new Secrets();
    readonly keys = new Keys(this.secrets);
    readonly daemon = new Daemon({} as vscode.ExtensionContext, this.keys, this.log(), {
        lookAround: () => Promise.resolve(this.facts),
        forgetPythons: () => Promise.resolve(),
        newRun: (options) => {
            const run = new FakeRun(options, this.starts.shift() ?? Promise.resolve());
            this.runs.push(run);
            return Promise.resolve(run);
        },
    });

    get run(): FakeRun {
        return this.runs.at(-1)!;
    }

    /** The options that the last daemon was started with. */
    get options(): unknown {
        return (this.run.given.options as { passerelle: unknown }).passerelle;
    }

    /** Ends when the daemon is so. */
    async is(state: string): Promise<void> {
        while (this.daemon.state.state !== state) {
            await new Promise<void>((resolve) => {
                const listening = this.daemon.onDidChangeState(() => {
                    listening.dispose();
                    resolve();
                });
            });
        }
    }

    /** Ends when so many daemons have been started. */
    async has(runs: number): Promise<void> {
        while (this.runs.length < runs) await new Promise(setImmediate);
    }

    async crash(): Promise<void> {
        const { length } = this.runs;
        this.run.given.onCrash();
        if (this.daemon.state.state === "starting") await this.is("running");
        expect(this.runs.length).toBe(this.daemon.state.state === "running" ? length + 1 : length);
    }

    private log(): vscode.LogOutputChannel {
        const note = (text: unknown): number => this.logged.push(String(text));
        const log = { info: note, warn: note, error: note, debug: note, show: () => note("shown") };
        return log as unknown as vscode.LogOutputChannel;
    }
}

let rig: Rig;

beforeEach(() => {
    editor.isTrusted = true;
    editor.settings = {};
    editor.errors.length = 0;
    rig = new Rig();
});

afterEach(async () => {
    await rig.daemon.close();
});

function configurationChanged(section: string): void {
    editor.configurationChanged.fire({ affectsConfiguration: (asked) => asked === section });
}

/** What was thrown. */
async function failure(promise: Promise<unknown>): Promise<DaemonError> {
    return promise.then(
        () => Promise.reject(new Error("it did not fail")),
        (error: unknown) => error as DaemonError,
    );
}

test("what is asked while the daemon starts is asked when it runs", async () => {
    const asked = rig.daemon.request("passerelle/status", {});
    expect(rig.daemon.state).toEqual({ state: "starting", problem: null });

    await rig.daemon.restart();
    await asked;

    expect(rig.daemon.state).toEqual({ state: "running", problem: null });
    expect(rig.run.asked).toEqual([{ method: "passerelle/status", params: {} }]);
    expect(rig.options).toEqual({ trusted: true, settings: {}, secrets: true });
});

test("a wait for a daemon that starts can be cancelled", async () => {
    const cancelled = new EventEmitter<undefined>();
    const token = { isCancellationRequested: false, onCancellationRequested: cancelled.event };
    const asked = failure(rig.daemon.request("passerelle/status", {}, token));

    cancelled.fire(undefined);

    expect(await asked).toMatchObject({ isCancelled: true, kind: "" });
});

test("where there is no daemon, that is said once, and again to whoever asks", async () => {
    rig.facts = { ...FOUND, onPath: null };
    const waiting = failure(rig.daemon.request("passerelle/status", {}));
    await rig.daemon.restart();

    const { problem } = rig.daemon.state;
    expect(problem).toMatchObject({ remedy: { do: "restart" } });
    expect(problem!.message).toContain("There is no daemon");
    expect(editor.errors.map(({ message }) => message)).toEqual([problem!.message]);
    expect(await waiting).toMatchObject({ message: problem!.message, kind: "", code: -32096 });
    expect(await failure(rig.daemon.execute("passerelle.showStatus"))).toMatchObject({ message: problem!.message });
    expect(rig.runs).toEqual([]);
});

test("a daemon that crashes is started again three times, then the person is asked", async () => {
    await rig.daemon.restart();
    for (let crash = 0; crash < 3; crash++) await rig.crash();
    expect(rig.daemon.state.state).toBe("running");
    expect(editor.errors).toEqual([]);

    await rig.crash();
    expect(rig.daemon.state).toMatchObject({ state: "stopped", problem: { remedy: { do: "restart" } } });
    expect(editor.errors).toHaveLength(1);

    editor.errors[0]!.press("Restart");
    await rig.is("running");
    expect(rig.runs).toHaveLength(5);
    await rig.crash();
    expect(rig.daemon.state.state).toBe("running");
});

test("the log is a button away", async () => {
    rig.facts = { ...FOUND, onPath: null };
    await rig.daemon.restart();

    editor.errors[0]!.press("Show Log");
    await new Promise(setImmediate);

    expect(rig.logged).toContain("shown");
});

test("a start that fails is tried again, and not for ever", async () => {
    for (let start = 0; start < 9; start++) rig.starts.push(Promise.reject(LAUNCH_FAILS));
    const handled = Promise.allSettled(rig.starts);
    await rig.daemon.restart();
    await handled;

    expect(rig.runs).toHaveLength(4);
    expect(rig.daemon.state.problem!.message).toBe("The daemon could not be started: It ended at once.");
});

test("a request that the daemon's end cut off says so, and other errors are the daemon's own", async () => {
    await rig.daemon.restart();

    rig.run.answer = () => Promise.reject(Object.assign(new Error("disposed"), { code: -32097 }));
    expect(await failure(rig.daemon.request("passerelle/status", {}))).toMatchObject({
        message: "The daemon ended before it answered.",
        kind: "",
        code: -32097,
    });

    const data = { kind: "rateLimited", retryAfterMs: 5000 };
    rig.run.answer = () => Promise.reject(Object.assign(new Error("Too many."), { code: -32803, data }));
    expect(await failure(rig.daemon.request("passerelle/status", {}))).toMatchObject({
        message: "Too many.",
        kind: "rateLimited",
        code: -32803,
        data,
    });

    rig.run.answer = () => Promise.reject(Object.assign(new Error("Method not found"), { code: -32601 }));
    expect((await failure(rig.daemon.request("passerelle/usage", {}))).message).toContain("too old");
});

test("what the daemon tells is heard from each daemon, and not from one that was left", async () => {
    const heard: unknown[] = [];
    rig.daemon.onNotification("passerelle/chat/delta", (delta) => heard.push(delta.text));
    await rig.daemon.restart();
    rig.run.given.onNews("passerelle/chat/delta", { token: "c", seq: 0, text: "one" });
    rig.run.given.onNews("passerelle/didChangeStatus", { state: "ready" });
    await rig.daemon.restart();
    rig.run.given.onNews("passerelle/chat/delta", { token: "c", seq: 0, text: "two" });

    expect(heard).toEqual(["one", "two"]);
    expect(rig.runs[0]!.isEnded).toBe(true);
    expect(rig.daemon.status).toEqual({ state: "ready" } as Status);

    rig.runs[0]!.given.onCrash();
    expect(rig.daemon.state.state).toBe("running");
});

test("a key that is stored or changed is told of by its reference, and its value only on request", async () => {
    editor.settings.settings = { gateway: "work" };
    await rig.daemon.restart();
    await rig.keys.set("work", "sk-made-up-0000");
    await new Promise(setImmediate);

    const settings = { passerelle: { gateway: "work", gateways: { work: { key: "editor:work" } } } };
    expect(rig.run.told).toEqual([{ method: "workspace/didChangeConfiguration", params: { settings } }]);
    expect(await rig.run.given.reveal("work")).toBe("sk-made-up-0000");
    expect(await rig.run.given.reveal("other")).toBeNull();

    await rig.keys.set("work", "sk-made-up-1111");
    await new Promise(setImmediate);
    expect(rig.run.told).toHaveLength(2);
    expect(JSON.stringify([rig.logged, rig.run.told, rig.options])).not.toContain("sk-made-up");
});

test("settings that change while the daemon starts are told when it runs", async () => {
    const begin = deferred();
    rig.starts.push(begin.promise);
    const started = rig.daemon.restart();
    await rig.has(1);
    editor.settings.settings = { gateway: "late" };
    configurationChanged("passerelle.settings");

    begin.resolve();
    await started;
    await new Promise(setImmediate);

    expect(rig.options).toMatchObject({ settings: {} });
    expect(rig.run.told).toEqual([
        { method: "workspace/didChangeConfiguration", params: { settings: { passerelle: { gateway: "late" } } } },
    ]);
});

test("trust and another program start the daemon anew", async () => {
    editor.isTrusted = false;
    await rig.daemon.restart();
    expect(rig.options).toMatchObject({ trusted: false });

    editor.isTrusted = true;
    editor.trustGranted.fire(undefined);
    await rig.has(2);
    expect(rig.options).toMatchObject({ trusted: true });

    configurationChanged("passerelle.serverPath");
    await rig.has(3);
    expect(rig.runs.map((run) => run.isEnded)).toEqual([true, true, false]);
});

test("the last daemon ends with the window, and nothing is started or shown after it", async () => {
    await rig.daemon.restart();
    await rig.daemon.close();
    await rig.daemon.restart();

    expect(rig.runs.map((run) => run.isEnded)).toEqual([true]);
    expect(editor.errors).toEqual([]);
    expect(await failure(rig.daemon.request("passerelle/status", {}))).toMatchObject({ kind: "" });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => {
        resolve = settle;
    });
    return { promise, resolve };
}
