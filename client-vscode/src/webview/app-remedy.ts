/** What is wrong outside of any turn, with the one button that mends it. */
import "@vscode-elements/elements/dist/vscode-button/index.js";

import { html, nothing, type TemplateResult } from "lit";

import { stoppingBudget } from "../common/budgets";
import { budgetPlace, waysToPay, withFileName } from "../common/failure";
import type { DaemonState, PanelState, Problem, Remedy } from "../common/panel";
import { fileName } from "../common/paths";
import type { ConversationSummary, Status } from "../protocol";
import { icon } from "./app-element";
import { t } from "./l10n";

/** The problem that stands above the composer; null while all is well, or an empty panel tells it already. */
export function standingProblem(state: PanelState): Problem | null {
    return daemonProblem(state.daemon) ?? statusProblem(state) ?? diskProblem(state.conversation);
}

export function renderProblem(problem: Problem, mend: (remedy: Remedy) => void): TemplateResult {
    const { remedy, other } = problem;
    return html`
        <div class="card standing" role="alert">
            <p class="card-text">${icon(WARNINGS.has(problem.kind) ? "warning" : "error")} ${problem.message}</p>
            ${
                remedy === null
                    ? nothing
                    : html`<div class="card-actions">
                          ${remedyButton(remedy, false, mend)}
                          ${other === undefined ? nothing : remedyButton(other, true, mend)}
                      </div>`
            }
        </div>
    `;
}

/** `label`: another than the remedy's own. */
export function remedyButton(
    remedy: Remedy,
    isSecondary: boolean,
    mend: (remedy: Remedy) => void,
    label = remedyLabel(remedy),
): TemplateResult {
    return html`<vscode-button
        ?secondary=${isSecondary}
        @click=${() => {
            mend(remedy);
        }}
        >${label}</vscode-button
    >`;
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
        case "allowOnce":
            return t("Allow One More");
        case "openBudget":
            return t("Open the Budget");
        case "sendAnyway":
            return t("Send Anyway");
        case "topUp":
            return t("Open Vercel’s Dashboard");
    }
}

function statusProblem({ status, turns }: PanelState): Problem | null {
    if (status === null || (status.state === "needsKey" && turns.length === 0)) return null;
    const ways = waysOf(status);
    const last = turns.at(-1)?.problem;
    // The card of the last question offers the same already.
    if (ways === null || last?.remedy?.do === ways.remedy.do || last?.other?.do === ways.remedy.do) return null;
    return { kind: status.state, message: sentenceOf(status), ...ways };
}

/** "unreachable" is not here: asking again is the person's question itself, whose card tells more. */
function waysOf(status: Status): (Pick<Problem, "other"> & { remedy: Remedy }) | null {
    switch (status.state) {
        case "needsKey":
            return { remedy: { do: "setKey" } };
        case "misconfigured":
            return { remedy: { do: "openConfiguration" } };
        case "overBudget": {
            const budget = stoppingBudget(status);
            return budget === null ? waysToPay(status.gateway.url) : { remedy: budgetPlace(budget) };
        }
        default:
            return null;
    }
}

/** A fault of a file by the file's name: its whole path is a tooltip's business. */
function sentenceOf(status: Status): string {
    const { state, message, problems } = status;
    if (state === "overBudget") return withFileName(message, stoppingBudget(status));
    const fault = problems.find((problem) => problem.severity === "error");
    if (state !== "misconfigured" || fault === undefined) return message;
    return `${fileName(fault.path)}:${fault.line}: ${fault.key === "" ? "" : `${fault.key}: `}${fault.message}`;
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
