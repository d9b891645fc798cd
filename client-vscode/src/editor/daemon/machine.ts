/** What a daemon is found and started with; another one in tests. */
import type * as vscode from "vscode";

import type { LaunchFacts } from "../../common/launch";
import type { Run, RunOptions } from "./run";
import { forgetPythons, lookAround } from "./surroundings";

export type AnyRun = Pick<Run, "start" | "end" | "request" | "notify">;

/** What a daemon is found and started with. */
export interface Machine {
    lookAround: (context: vscode.ExtensionContext) => Promise<LaunchFacts>;
    forgetPythons: (context: vscode.ExtensionContext) => Promise<void>;
    newRun: (options: RunOptions) => Promise<AnyRun>;
}

export const THIS_MACHINE: Machine = {
    lookAround,
    forgetPythons,
    newRun: async (options) => {
        // Most of the extension's code is the language client: it is loaded when all else is there.
        const { Run } = await import("./run");
        return new Run(options);
    },
};
