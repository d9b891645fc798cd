/** What a person is shown of a failure: its sentence, and the one thing that mends it. */
import type { ErrorData, ErrorKind } from "../protocol";
import type { Translate } from "./l10n";
import type { Problem, Remedy } from "./panel";

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
    cancelled: -32800,
    /** By the daemon, which ends. */
    serverCancelled: -32802,
} as const;

/** How a failure stands on a card. `nowMs` is when it came: a retry counts down from there. */
export function problemOf(failure: Failure, nowMs: number, t: Translate): Problem {
    const kind = failure.data?.kind ?? "";
    return {
        kind,
        message: failure.message === "" ? t("The daemon said nothing of what went wrong.") : failure.message,
        remedy: isKnown(kind) ? remedyOf(kind, failure.data?.retryAfterMs, nowMs) : remedyOfCode(failure.code),
    };
}

function remedyOf(kind: ErrorKind, retryAfterMs: number | undefined, nowMs: number): Remedy | null {
    switch (kind) {
        case "keyMissing":
        case "keyRefused":
            return { do: "setKey" };
        case "creditsExhausted":
            return { do: "chooseGateway" };
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
        case "budgetReached":
        case "misconfigured":
            return { do: "openConfiguration" };
        case "secretFound":
            // The person takes the secret out of what is sent; no button does that.
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
            return null;
        default:
            return { do: "showLog" };
    }
}

/** Each kind is named, so that one that the protocol gains is missed by the compiler. */
const KINDS: Record<ErrorKind, true> = {
    keyMissing: true,
    keyRefused: true,
    creditsExhausted: true,
    budgetReached: true,
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

function isKnown(kind: string): kind is ErrorKind {
    return Object.hasOwn(KINDS, kind);
}
