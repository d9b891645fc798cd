/**
 * What a person copies into a report of a fault. Nothing is filtered out of it: it is put together from facts that have
 * no place for a secret, a question or an answer, and each word that a person may have chosen is held against a form.
 */
import type { GatewayStatus, Problem as ConfigProblem, Status } from "../protocol";
import type { DaemonState } from "./panel";

export interface ReportFacts {
    extension: string;
    editor: string;
    platform: string;
    trusted: boolean;
    /** Where the window's files are: "ssh-remote" and the like; null for this machine. */
    remote: string | null;
    daemon: DaemonState;
    status: Status | null;
    /** Why this daemon was started, with the Python's version. */
    because: string | null;
    /** The setting `passerelle.settings`: its keys are told, its values are not. */
    settings: unknown;
    home: string;
}

export function debugReport(facts: ReportFacts): string {
    const { status } = facts;
    const lines = [
        `extension: ${facts.extension}`,
        `editor: ${facts.editor}`,
        `platform: ${facts.platform}`,
        `remote: ${facts.remote ?? "no"}`,
        `trusted: ${yesOrNo(facts.trusted)}`,
        `daemon: ${named(facts.daemon.state)}${facts.daemon.problem === null ? "" : `, problem ${named(facts.daemon.problem.kind)}`}`,
        `started as: ${facts.because ?? "not"}`,
        ...(status === null ? ["status: none yet"] : statusLines(status, facts.home)),
        `settings: ${keysOf(facts.settings).join(", ") || "none"}`,
    ];
    return `${["### Passerelle", "", ...lines.map((line) => `- ${line}`)].join("\n")}\n`;
}

function statusLines(status: Status, home: string): string[] {
    const { daemon, catalogue, spent } = status;
    return [
        `daemon's version: ${daemon.version}, up ${Math.round(daemon.uptimeMs / 1000)} s, ${Math.round(daemon.rssBytes / 2 ** 20)} MiB, ${daemon.connections} connections`,
        `state: ${named(status.state)}`,
        `gateway: ${gatewayLine(status.gateway)}`,
        `catalogue: ${catalogue.total} models, ${named(catalogue.source)}`,
        ...Object.entries(status.roles).map(
            ([role, { model, source, wanted }]) =>
                `role ${named(role)}: ${modelId(model)} (${named(source)}${wanted === undefined ? "" : ", another is configured"})`,
        ),
        `spent: ${spent.requests} answers`,
        `problems: ${status.problems.length}`,
        ...status.problems.map((problem) => `problem: ${problemLine(problem, home)}`),
    ];
}

function gatewayLine({ name, url, key }: GatewayStatus): string {
    return `${named(name)}, host ${hostOf(url)}, key ${key === null ? "none" : schemeOf(key)}`;
}

/** Without its message, which quotes what was written. */
function problemLine({ path, line, column, key, severity }: ConfigProblem, home: string): string {
    return `${severity} at ${withoutHome(path, home)}:${line}:${column}, ${key.split(".").map(known).join(".")}`;
}

function hostOf(url: string): string {
    try {
        return new URL(url).host;
    } catch {
        return "none";
    }
}

function schemeOf(reference: string): string {
    return /^(env|file|cmd|keyring|editor):/.exec(reference)?.[1] ?? "other";
}

/** A model as gateways name them: "creator/model". */
function modelId(id: string): string {
    return /^[\w.-]{1,40}\/[\w.:-]{1,80}$/.test(id) ? id : "(unusual)";
}

/** A short name; a key is longer than this. */
function named(name: string): string {
    return /^[\w-]{1,20}$/.test(name) ? name : "(unusual)";
}

/** The dotted paths of a tree's leaves; words that are not of the settings' own are told as `*`. */
function keysOf(tree: unknown, path: readonly string[] = []): string[] {
    const isTable = typeof tree === "object" && tree !== null && !Array.isArray(tree);
    if (!isTable) return path.length === 0 ? [] : [path.map(known).join(".")];
    return Object.entries(tree).flatMap(([key, value]) => keysOf(value, [...path, key]));
}

function known(word: string): string {
    return WORDS.has(word) ? word : "*";
}

/** A path of this machine without the person's name. */
function withoutHome(text: string, home: string): string {
    return home === "" ? text : text.replaceAll(home, "~");
}

function yesOrNo(is: boolean): string {
    return is ? "yes" : "no";
}

/** Of "Configuration keys" in protocol.md; a test holds them to it. */
export const WORDS: ReadonlySet<string> = new Set(
    `gateway roles chat inline edit title commit models temperature max_tokens reasoning top_p stop timeouts connect_s
    first_byte_s idle_s total_s routing order only sort fallbacks zero_data_retention disallow_prompt_training tags user
    caching mode conversations keep_days private titles enabled delay_ms max_lines candidates languages daily_usd budgets
    per usd action actions prompt role gateways url key headers proxy ca_bundle byok api_key spending time_zone
    warn_below_usd confirm_above_usd service_tier fallback`.split(/\s+/),
);
