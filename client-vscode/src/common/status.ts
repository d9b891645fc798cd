/** How the daemon is, as the status bar shows it: a word, what it means, and what a click does about it. */
import type { BudgetState, Credits, Problem, Source, Spent, State, Status } from "../protocol";
import { budgetName, budgetText, stoppingBudget } from "./budgets";
import type { Translate } from "./l10n";
import { dollars, spentText } from "./money";
import type { DaemonState } from "./panel";
import { fileName } from "./paths";

/** What the status items show. */
export interface StatusView {
    /** Of the status bar, with a codicon in front. */
    text: string;
    /** The same for a screen reader, without icons. */
    label: string;
    severity: "information" | "warning" | "error";
    /** Whether something is on its way. */
    busy: boolean;
    /** What the state means, in a sentence. */
    sentence: string;
    /** Markdown; all that comes from elsewhere is escaped. */
    tooltip: string;
    action: StatusAction;
}

/** A command of the editor that mends the state, or else the one that is most likely wanted. */
export interface StatusAction {
    title: string;
    command: string;
    arguments?: unknown[];
}

/** What `when` clauses and the walkthrough's steps ask for, without the prefix "passerelle.". */
export interface ContextKeys {
    running: boolean;
    state: State | "starting" | "stopped";
    gateway: string;
    ready: boolean;
    /** Whether somebody chose the model that serves chat. */
    modelChosen: boolean;
    /** Whether an answer has come since the daemon started. */
    answered: boolean;
    hasProblems: boolean;
}

/** The commands that a tooltip may run. */
export const TOOLTIP_COMMANDS = ["passerelle.showProblem", "passerelle.showUsage", "passerelle.openConfiguration"];

export function statusView(daemon: DaemonState, status: Status | null, nowMs: number, t: Translate): StatusView {
    if (daemon.state === "stopped") return stopped(daemon, t);
    if (daemon.state === "starting" || status === null) return starting(t);
    const words = wordsOf(status, t);
    const warned = status.problems.length > 0;
    return {
        text: `$(${words.icon}) ${words.text}`,
        label: `Passerelle: ${words.text}. ${status.message}`,
        severity: status.state !== "ready" ? words.severity : warned ? "warning" : "information",
        busy: false,
        sentence: status.message,
        tooltip: tooltip(status, nowMs, t),
        action: actionOf(status, t),
    };
}

export function contextKeys(daemon: DaemonState, status: Status | null): ContextKeys {
    if (daemon.state !== "running" || status === null) return { ...UNKNOWN, ...daemonKeys(daemon) };
    const ready = status.state === "ready";
    return {
        running: true,
        state: status.state,
        gateway: status.gateway.name,
        ready,
        modelChosen: ready && status.roles.chat?.source !== "default",
        answered: status.spent.requests > 0,
        hasProblems: status.problems.length > 0,
    };
}

/** The name of a model without its creator: "claude-sonnet-4.5" of "anthropic/claude-sonnet-4.5". */
export function shortName(model: string): string {
    return model.slice(model.indexOf("/") + 1);
}

/** Where a value comes from, in a word for a person. */
export function sourceText(source: Source, t: Translate): string {
    const words: Record<Source, string> = {
        default: t("built in"),
        user: t("your configuration"),
        workspace: t("this workspace"),
        editor: t("the editor's settings"),
        environment: t("the environment"),
        session: t("this session"),
    };
    return words[source];
}

/** How long ago a moment was; "" for what is none. */
export function ageText(iso: string | null, nowMs: number, t: Translate): string {
    const minutes = Math.floor((nowMs - Date.parse(iso ?? "")) / 60_000);
    if (Number.isNaN(minutes)) return "";
    if (minutes < 1) return t("just now");
    if (minutes < 60) return t("{0} min ago", minutes);
    return minutes < 60 * 24 ? t("{0} h ago", Math.floor(minutes / 60)) : t("{0} d ago", Math.floor(minutes / 1440));
}

/** Text of unknown origin as Markdown that shows it letter by letter. */
export function escaped(text: string): string {
    return text.replace(/\s+/g, " ").replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

const UNKNOWN: ContextKeys = {
    running: false,
    state: "starting",
    gateway: "",
    ready: false,
    modelChosen: false,
    answered: false,
    hasProblems: false,
};

function daemonKeys(daemon: DaemonState): Pick<ContextKeys, "running" | "state"> {
    return { running: daemon.state === "running", state: daemon.state === "stopped" ? "stopped" : "starting" };
}

interface Words {
    icon: string;
    text: string;
    severity: "information" | "warning" | "error";
}

function stopped(daemon: DaemonState, t: Translate): StatusView {
    const sentence = daemon.problem?.message ?? t("Passerelle does not run.");
    const title = t("Restart");
    return {
        text: "$(error) Passerelle",
        label: `Passerelle: ${sentence}`,
        severity: "error",
        busy: false,
        sentence,
        tooltip: `**Passerelle** · ${escaped(sentence)}`,
        action: { title, command: "passerelle.restart" },
    };
}

function starting(t: Translate): StatusView {
    const sentence = t("Passerelle is starting.");
    return {
        text: "$(loading~spin) Passerelle",
        label: sentence,
        severity: "information",
        busy: true,
        sentence,
        tooltip: `**Passerelle** · ${escaped(sentence)}`,
        action: { title: t("Show Log"), command: "passerelle.showLog" },
    };
}

function wordsOf(status: Status, t: Translate): Words {
    switch (status.state) {
        case "ready":
            return { icon: readyIcon(status), text: readyText(status), severity: "information" };
        case "needsKey":
            return { icon: "key", text: t("API key needed"), severity: "warning" };
        case "unreachable":
            return { icon: "debug-disconnect", text: t("Gateway unreachable"), severity: "warning" };
        case "misconfigured":
            return { icon: "error", text: t("Misconfigured"), severity: "error" };
        case "overBudget":
            return { icon: "credit-card", text: overBudgetText(status, t), severity: "warning" };
    }
}

function overBudgetText(status: Status, t: Translate): string {
    const budget = stoppingBudget(status);
    return budget === null ? t("Credits used up") : t("{0} used up", budgetName(budget, t));
}

function readyIcon(status: Status): string {
    return status.problems.length > 0 ? "warning" : "sparkle";
}

function readyText(status: Status): string {
    const model = shortName(status.roles.chat?.model ?? "Passerelle");
    const spent = spentBriefly(status);
    return spent === "" ? model : `${model} · ${spent}`;
}

/** What the day came to; what this daemon knows of, where its ledger cannot be read. */
function spentBriefly({ today, spent }: Status): string {
    if (today === undefined) return spent.requests > 0 ? spentText(spent) : "";
    return today.requests > 0 ? spentText({ ...today, unknown: 0 }) : "";
}

/** What mends the state; with nothing to mend, the choice of a model. */
function actionOf(status: Status, t: Translate): StatusAction {
    const first = status.problems.find((problem) => problem.severity === "error") ?? status.problems[0];
    switch (status.state) {
        case "needsKey":
            return { title: t("Set API Key"), command: "passerelle.setApiKey" };
        case "unreachable":
            return { title: t("Try Again"), command: "passerelle.refreshModels" };
        case "overBudget":
            return overBudgetAction(stoppingBudget(status), t);
        case "misconfigured":
            if (first !== undefined) {
                return { title: t("Show Problem"), command: "passerelle.showProblem", arguments: placeOf(first) };
            }
            return { title: t("Open Configuration"), command: "passerelle.openConfiguration" };
        case "ready":
            return { title: t("Choose Model"), command: "passerelle.chooseModel", arguments: [{ role: "chat" }] };
    }
}

function overBudgetAction(budget: BudgetState | null, t: Translate): StatusAction {
    if (budget === null) return { title: t("Choose Gateway"), command: "passerelle.chooseGateway" };
    if (budget.path === undefined) return { title: t("Open Configuration"), command: "passerelle.openConfiguration" };
    const place = [budget.path, budget.line ?? 1, 1];
    return { title: t("Open the Budget"), command: "passerelle.showProblem", arguments: place };
}

function tooltip(status: Status, nowMs: number, t: Translate): string {
    const { gateway, roles, catalogue } = status;
    const rows = [
        ...moneyRows(status, nowMs, t),
        [t("Gateway"), [gateway.name, gateway.url].filter((part) => part !== "").join(" · ")],
        [t("Key"), gateway.key ?? t("none")],
        ...Object.entries(roles).map(([role, one]) => [
            t("Model for {0}", role),
            `${one.model} (${sourceText(one.source, t)}${one.wanted === undefined ? "" : `; ${t("instead of {0}", one.wanted)}`})`,
        ]),
        [t("Models"), catalogueText(catalogue.total, ageText(catalogue.fetchedAt, nowMs, t), t)],
    ];
    const table = rows.map(([name = "", value = ""]) => `| ${escaped(name)} | ${escaped(value)} |`);
    const parts = [
        `**Passerelle** · ${escaped(status.message)}`,
        ["| | |", "| :-- | :-- |", ...table].join("\n"),
        ...(status.problems.length === 0 ? [] : [status.problems.map(problemLine).join("\n")]),
        `[$(graph) ${t("Show Usage")}](command:passerelle.showUsage) · [$(gear) ${t("Open Configuration")}](command:passerelle.openConfiguration)`,
    ];
    return parts.join("\n\n");
}

function moneyRows({ today, spent, budgets = [], credits }: Status, nowMs: number, t: Translate): string[][] {
    return [
        ...(today === undefined ? [] : [[t("Spent today"), spentSentence({ ...today, unknown: 0 }, t)]]),
        [t("Spent this session"), spentSentence(spent, t)],
        ...budgets.map((budget) => [budgetName(budget, t), budgetText(budget, nowMs, t)]),
        ...(credits === undefined ? [] : [[t("Credits"), creditsText(credits, nowMs, t)]]),
    ];
}

function creditsText({ balanceUsd, at }: Credits, nowMs: number, t: Translate): string {
    return t("{0} left, asked {1}", dollars(balanceUsd), ageText(at, nowMs, t));
}

function spentSentence({ requests, costUsd, estimatedUsd, unknown }: Spent, t: Translate): string {
    const usd = dollars(costUsd + estimatedUsd);
    const facts = [
        requests === 1 ? t("{0} for one answer", usd) : t("{0} for {1} answers", usd, requests),
        ...(estimatedUsd > 0 ? [t("{0} of it estimated", dollars(estimatedUsd))] : []),
        ...(unknown > 0 ? [t("{0} of unknown cost", unknown)] : []),
    ];
    return requests === 0 ? t("nothing yet") : facts.join(", ");
}

function catalogueText(total: number, age: string, t: Translate): string {
    const count = total === 1 ? t("1 model") : t("{0} models", total);
    return age === "" ? count : t("{0}, asked {1}", count, age);
}

function problemLine(problem: Problem): string {
    const icon = problem.severity === "error" ? "$(error)" : "$(warning)";
    const place = `command:passerelle.showProblem?${encoded(JSON.stringify(placeOf(problem)))}`;
    const name = `${fileName(problem.path)}:${problem.line}`;
    return `- ${icon} [${escaped(name)}](${place}) ${escaped(problem.message)}`;
}

/** For a link's target: a parenthesis would end it. */
function encoded(text: string): string {
    return encodeURIComponent(text).replace(/[()']/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}

/** The arguments of `passerelle.showProblem`. */
export function placeOf(problem: Problem): unknown[] {
    return [problem.path, problem.line, problem.column];
}
