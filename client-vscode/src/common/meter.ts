/** The line under the composer: what the conversation has cost, and how full the model's window is. */
import type { Context, ConversationTotal } from "../protocol";
import type { Translate } from "./l10n";
import { count, dollars, savedText, spentText } from "./money";

/** How full the window is; `isWarning` from 80 % on, when it is time to begin a new conversation. */
export interface Fill {
    percent: number;
    isWarning: boolean;
    /** "12,300 of 200,000 tokens". */
    sentence: string;
}

/** Null where the gateway did not count, or does not say how large the window is. */
export function fillOf(context: Context | null, locale: string, t: Translate): Fill | null {
    if (context?.windowTokens == null || context.windowTokens <= 0) return null;
    const { usedTokens, windowTokens } = context;
    const share = usedTokens / windowTokens;
    return {
        percent: Math.min(100, Math.round(share * 100)),
        isWarning: share > WARNING_SHARE,
        sentence: t("{0} of {1} tokens", whole(usedTokens, locale), whole(windowTokens, locale)),
    };
}

/** The parts of the total that there is something to say of; `details` tells the same at length. */
export interface TotalLine {
    cost: string | null;
    tokens: string | null;
    cached: string | null;
    saved: string | null;
    details: string;
}

export function totalLine(total: ConversationTotal, locale: string, t: Translate): TotalLine | null {
    const tokens = total.inputTokens + total.outputTokens;
    const cost = costOf(total, t);
    if (tokens === 0 && cost === null) return null;
    const share = total.inputTokens === 0 ? 0 : total.cachedTokens / total.inputTokens;
    return {
        cost,
        tokens: tokens === 0 ? null : t("{0} tokens", count(tokens)),
        cached: share < 0.005 ? null : t("{0} cached", percentText(share, locale)),
        saved: (total.savedUsd ?? 0) === 0 ? null : savedText(total.savedUsd ?? 0, t),
        details: detailsOf(total, locale, t),
    };
}

const WARNING_SHARE = 0.8;

function costOf(total: ConversationTotal, t: Translate): string | null {
    const isFree = total.costUsd + total.estimatedUsd === 0;
    if (isFree && total.unknown > 0) return t("cost unknown");
    return isFree ? null : spentText(total);
}

function detailsOf(total: ConversationTotal, locale: string, t: Translate): string {
    const lines = [
        t("Tokens in: {0}, of them cached: {1}", whole(total.inputTokens, locale), whole(total.cachedTokens, locale)),
        t("Tokens out: {0}", whole(total.outputTokens, locale)),
        t("Charged by the gateway: {0}", dollars(total.costUsd)),
    ];
    if (total.estimatedUsd > 0) lines.push(t("Estimated from prices: {0}", dollars(total.estimatedUsd)));
    if (total.unknown > 0) lines.push(t("Answers of unknown cost: {0}", total.unknown));
    const saved = savedText(total.savedUsd ?? 0, t);
    if (saved !== "") lines.push(t("By the prompt cache: {0}", saved));
    return lines.join("\n");
}

/** "77%", or as the language writes it. */
export function percentText(share: number, locale: string): string {
    return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}

function whole(count: number, locale: string): string {
    return new Intl.NumberFormat(locale).format(count);
}
