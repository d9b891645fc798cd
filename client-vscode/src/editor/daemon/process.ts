/** The daemon's process: started, heard on its standard error, and ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import { createInterface } from "node:readline";

import type * as vscode from "vscode";

import type { Launch } from "../../common/launch";

/** It ends by itself when its standard input does; then it is asked to, then it is made to. */
const PATIENCE_MS = 1000;

export class DaemonProcess {
    /** How it ended, for the log. */
    readonly ended: Promise<string>;

    private constructor(readonly child: ChildProcess) {
        this.ended = new Promise((resolve) => {
            child.once("exit", (code, signal) => {
                resolve(signal === null ? `with exit code ${code ?? "unknown"}` : `by the signal ${signal}`);
            });
        });
    }

    /** Resolves when it runs. @throws Error if it cannot be started. */
    static async start(launch: Launch, log: vscode.LogOutputChannel): Promise<DaemonProcess> {
        const child = spawn(launch.command, launch.args, {
            // Not the project: nothing there may be taken for a part of the daemon.
            cwd: homedir(),
            shell: launch.shell,
            windowsHide: true,
        });
        await new Promise((resolve, reject) => {
            child.once("spawn", resolve);
            child.once("error", reject);
        });
        child.on("error", (error) => {
            log.error(`The daemon's process: ${error.message}`);
        });
        createInterface({ input: child.stderr }).on("line", (line) => {
            relay(line, log);
        });
        return new DaemonProcess(child);
    }

    async end(): Promise<void> {
        this.child.stdin?.end();
        for (const signal of ["SIGTERM", "SIGKILL"] as const) {
            if (await this.#isOver()) return;
            this.child.kill(signal);
        }
        await this.#isOver();
    }

    async #isOver(): Promise<boolean> {
        let timer: NodeJS.Timeout | undefined;
        const waited = new Promise<false>((resolve) => {
            timer = setTimeout(resolve, PATIENCE_MS, false);
        });
        try {
            return await Promise.race([this.ended.then(() => true), waited]);
        } finally {
            clearTimeout(timer);
        }
    }
}

/** A line of the daemon's log, with its own level. */
function relay(line: string, log: vscode.LogOutputChannel): void {
    if (line.startsWith("WARNING ")) log.warn(line.slice("WARNING ".length));
    else if (line.startsWith("INFO ")) log.info(line.slice("INFO ".length));
    else log.error(line);
}
