/** What is wrong outside of any turn, with the one button that mends it. */
import "@vscode-elements/elements/dist/vscode-button/index.js";

import { html, nothing, type TemplateResult } from "lit";

import type { DaemonState, PanelState, Problem, Remedy } from "../common/panel";
import type { ConversationSummary, Status } from "../protocol";
import { icon } from "./app-element";
import { t } from "./l10n";

/** The problem that stands above the composer; null while all is well, or an empty panel tells it already. */
export function standingProblem(state: PanelState): Problem | null {
    return daemonProblem(state.daemon) ?? statusProblem(state) ?? diskProblem(state.conversation);
}

export function renderProblem(problem: Problem, mend: (remedy: Remedy) => void): TemplateResult {
    const { remedy } = problem;
    return html`
        <div class="card standing" role="alert">
            <p class="card-text">${icon(WARNINGS.has(problem.kind) ? "warning" : "error")} ${problem.message}</p>
            ${
                remedy === null
                    ? nothing
                    : html`<div class="card-actions">
                          <vscode-button
                              @click=${() => {
                                  mend(remedy);
                              }}
                              >${remedyLabel(remedy)}</vscode-button
                          >
                      </div>`
            }
        </div>
    `;
}

export function remedyLabel(remedy: Remedy): string {
    switch (remedy.do) {
        case "setKey":
            return t("Set API Key");
        case "chooseModel":
            return t("Choose Model");
        case "chooseGateway":
            return t("Choose Gateway");
        case "useOffline":
            return t("Use the Offline Gateway");
        case "openConfiguration":
            return t("Open Configuration");
        case "restart":
            return t("Restart");
        case "newChat":
            return t("New Chat");
        case "goOn":
            return t("Go On");
        case "showLog":
            return t("Show Log");
        case "retry":
            return t("Try Again");
    }
}

function statusProblem({ status, turns }: PanelState): Problem | null {
    if (status === null || (status.state === "needsKey" && turns.length === 0)) return null;
    const remedy = STATUS_REMEDIES[status.state];
    // The card of the last question offers the same already.
    if (remedy === undefined || turns.at(-1)?.problem?.remedy?.do === remedy.do) return null;
    return { kind: status.state, message: sentenceOf(status), remedy };
}

/** A fault of a file by the file's name: its whole path is a tooltip's business. */
function sentenceOf({ state, message, problems }: Status): string {
    const fault = problems.find((problem) => problem.severity === "error");
    if (state !== "misconfigured" || fault === undefined) return message;
    const name = fault.path.split(/[\\/]/).at(-1) ?? fault.path;
    return `${name}:${fault.line}: ${fault.key === "" ? "" : `${fault.key}: `}${fault.message}`;
}

/** That the conversation cannot be written down: the daemon tries again by itself. */
function diskProblem(conversation: ConversationSummary | null): Problem | null {
    const message = conversation?.problem;
    return message === undefined ? null : { kind: WARNING, message, remedy: null };
}

function daemonProblem(daemon: DaemonState): Problem | null {
    if (daemon.state !== "stopped") return null;
    return daemon.problem ?? { kind: "stopped", message: t("The daemon has stopped."), remedy: { do: "restart" } };
}

const WARNING = "warning";
const WARNINGS: ReadonlySet<string> = new Set([WARNING, "overBudget", "needsKey"]);

/** "unreachable" is not here: asking again is the person's question itself, whose card tells more. */
const STATUS_REMEDIES: Partial<Record<string, Remedy>> = {
    needsKey: { do: "setKey" },
    misconfigured: { do: "openConfiguration" },
    overBudget: { do: "chooseGateway" },
};
