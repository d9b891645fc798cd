/** What a person is shown of a failure: its sentence, and the one thing that mends it. */
import type { BudgetState, ErrorData, ErrorKind } from "../protocol";
import type { Translate } from "./l10n";
import { creditsPage } from "./links";
import type { Problem, Remedy } from "./panel";
import { fileName } from "./paths";

/** An error of the daemon, or of the way to it. */
export interface Failure {
    message: string;
    code: number;
    data: ErrorData | null;
}

/** JSON-RPC's numbers that are told apart here. The first two never come from a daemon. */
export const Code = {
    /** The daemon ended before it answered. */
    ended: -32097,
    /** There is no daemon, and none is being started. */
    absent: -32096,
    /** An older daemon, which does not know of what it was asked. */
    methodUnknown: -32601,
    cancelled: -32800,
    /** By the daemon, which ends. */
    serverCancelled: -32802,
} as const;

/**
 * How a failure stands on a card. `nowMs` is when it came: a retry counts down from there. `gatewayUrl` is that of the
 * gateway that was asked, where it is known.
 */
export function problemOf(failure: Failure, nowMs: number, t: Translate, gatewayUrl = ""): Problem {
    const kind = failure.data?.kind ?? "";
    const message = failure.message === "" ? t("The daemon said nothing of what went wrong.") : failure.message;
    if (kind === "budgetReached") {
        const budget = failure.data?.budget;
        return { kind, message: withFileName(message, budget), ...waysPast(budget) };
    }
    if (kind === "confirmCost") return { kind, message, remedy: { do: "sendAnyway" } };
    if (kind === "creditsExhausted") return { kind, message, ...waysToPay(gatewayUrl) };
    const remedy = isKnown(kind) ? remedyOf(kind, failure.data?.retryAfterMs, nowMs) : remedyOfCode(failure.code);
    return { kind, message, remedy };
}

/** A card is narrow: it names the file of a budget without the folders, for its button leads there. */
export function withFileName(sentence: string, budget: BudgetState | null | undefined): string {
    return budget?.path === undefined ? sentence : sentence.replaceAll(budget.path, fileName(budget.path));
}

/** What the daemon has kept of a failure names no budget: asked again, it will. */
function waysPast(budget: BudgetState | undefined): { remedy: Remedy; other: Remedy } {
    const other = budgetPlace(budget);
    if (budget === undefined) return { remedy: { do: "retry", retryAt: null }, other };
    return { remedy: { do: "allowOnce", budget: budget.key }, other };
}

/** Where a budget can be changed. */
export function budgetPlace(budget: Pick<BudgetState, "path" | "line"> | undefined): Remedy {
    if (budget?.path === undefined) return { do: "openConfiguration" };
    return { do: "openBudget", path: budget.path, line: budget.line ?? 1 };
}

/** Where one pays is known of one gateway only. */
export function waysToPay(gatewayUrl: string): { remedy: Remedy; other?: Remedy } {
    const url = creditsPage(gatewayUrl);
    if (url === null) return { remedy: { do: "chooseGateway" } };
    return { remedy: { do: "topUp", url }, other: { do: "chooseGateway" } };
}

type OneWay = Exclude<ErrorKind, "budgetReached" | "confirmCost" | "creditsExhausted">;

function remedyOf(kind: OneWay, retryAfterMs: number | undefined, nowMs: number): Remedy | null {
    switch (kind) {
        case "keyMissing":
        case "keyRefused":
            return { do: "setKey" };
        case "forbidden":
        case "modelUnknown":
        case "refused":
            return { do: "chooseModel" };
        case "contextTooLong":
        case "conversationUnknown":
            return { do: "newChat" };
        case "rateLimited":
        case "unavailable":
        case "unreachable":
        case "timedOut":
        case "streamBroken":
            return { do: "retry", retryAt: retryAfterMs === undefined ? null : nowMs + retryAfterMs };
        case "misconfigured":
            return { do: "openConfiguration" };
        case "unsupported":
        case "secretFound":
            // What the gateway lacks no button brings; and the person takes the secret out of what is sent.
            return null;
    }
}

/** Of a failure that has no kind, or one of a newer daemon. */
function remedyOfCode(code: number): Remedy | null {
    switch (code) {
        case Code.ended:
        case Code.serverCancelled:
            return { do: "retry", retryAt: null };
        case Code.absent:
            return { do: "restart" };
        case Code.cancelled:
        case Code.methodUnknown:
            return null;
        default:
            return { do: "showLog" };
    }
}

/** Each kind is named, so that one that the protocol gains is missed by the compiler. */
const KINDS: Record<OneWay, true> = {
    keyMissing: true,
    keyRefused: true,
    unsupported: true,
    forbidden: true,
    modelUnknown: true,
    contextTooLong: true,
    refused: true,
    rateLimited: true,
    unavailable: true,
    unreachable: true,
    timedOut: true,
    streamBroken: true,
    secretFound: true,
    misconfigured: true,
    conversationUnknown: true,
};

function isKnown(kind: string): kind is OneWay {
    return Object.hasOwn(KINDS, kind);
}
