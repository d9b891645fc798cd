/** The figures of an answer, as the line below it has them. */
import { seconds } from "../../common/duration";
import type { Translate } from "../../common/l10n";
import { costText, count, dollars, savedText } from "../../common/money";
import type { ChatResult, Cost, Usage } from "../../protocol";

/** One figure: what is shown, and what it is in full, for the tooltip and for those who do not see the line. */
export interface Figure {
    text: string;
    title: string;
    /** A narrow panel leaves it to the details. */
    isMinor?: boolean;
}

/** "sonnet · bedrock", "$0.013", "9.1k → 340", "77% cached", "$0.019 saved", "0.5 s / 4.2 s": what is not known is not there. */
export function figuresOf(result: ChatResult, t: Translate): Figure[] {
    const { usage, cost, timings, provider } = result;
    const failed = (result.attempts ?? []).filter((attempt) => !attempt.success).length;
    const cached = usage === null ? 0 : percentCached(usage);
    const saved = savedText(cost.savedUsd ?? 0, t);
    return [
        model(result.model, provider, t),
        ...(failed === 0 ? [] : [attempts(failed, t)]),
        costOf(cost, t),
        ...(usage === null ? [] : [tokens(usage, t)]),
        ...(cached === 0 ? [] : [{ text: t("{0}% cached", cached), title: cachedFact(cached, t), isMinor: true }]),
        ...(saved === "" ? [] : [{ text: saved, title: t("By the prompt cache: {0}", saved), isMinor: true }]),
        { ...time(timings, t), isMinor: true },
    ];
}

/** What there is to say of an answer, in whole sentences: its money, its tokens, its time. */
export function factsOf({ cost, usage, timings }: ChatResult, t: Translate): string[] {
    const { title } = costOf(cost, t);
    const facts = [cost.usd === null ? title : `${title}: ${costText(cost, t)}`];
    if (cost.marketUsd !== undefined) facts.push(t("The provider lists {0} for it", dollars(cost.marketUsd)));
    if (cost.byok === true) facts.push(t("The provider bills you apart, for your own key"));
    if (usage !== null && usage.cachedTokens > 0) facts.push(cachedFact(percentCached(usage), t));
    const saved = cost.savedUsd ?? 0;
    if (saved > 0) facts.push(t("The prompt cache saved {0}", dollars(saved)));
    if (saved < 0) {
        facts.push(t("Filling the prompt cache cost {0}; what is sent again will be cheaper", dollars(-saved)));
    }
    if (usage !== null) facts.push(tokens(usage, t).title);
    return [...facts, time(timings, t).title];
}

function cachedFact(percent: number, t: Translate): string {
    return t("{0}% of what was sent came from the prompt cache", percent);
}

function percentCached({ inputTokens, cachedTokens }: Usage): number {
    return inputTokens === 0 ? 0 : Math.round((100 * cachedTokens) / inputTokens);
}

function attempts(failed: number, t: Translate): Figure {
    const text = failed === 1 ? t("1 failed attempt") : t("{0} failed attempts", failed);
    return { text, title: t("{0} before this answer; its details say why", text) };
}

function model(id: string, provider: string | null, t: Translate): Figure {
    // The maker is said by the name already, and the line is short.
    const name = id.slice(id.indexOf("/") + 1);
    if (provider === null) return { text: name, title: t("Answered by {0}", id) };
    return { text: `${name} · ${provider}`, title: t("Answered by {0}, served by {1}", id, provider) };
}

function tokens(usage: Usage, t: Translate): Figure {
    const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
    const parts = [t("Tokens in: {0}", inputTokens)];
    if (cachedTokens > 0) parts.push(t("from the cache: {0}", cachedTokens));
    if (cacheWriteTokens > 0) parts.push(t("written to the cache: {0}", cacheWriteTokens));
    parts.push(t("out: {0}", outputTokens));
    if (reasoningTokens > 0) parts.push(t("reasoning: {0}", reasoningTokens));
    return { text: `${count(inputTokens)} → ${count(outputTokens)}`, title: parts.join(", ") };
}

function costOf(cost: Cost, t: Translate): Figure {
    const text = cost.byok === true ? t("{0} + own key", costText(cost, t)) : costText(cost, t);
    if (cost.usd === null || cost.source === "unknown") return { text, title: t("Nobody says what it cost") };
    const title =
        cost.source === "estimate" ? t("Cost, estimated from the list’s prices") : t("Cost, as the gateway says");
    return { text, title };
}

function time({ firstDeltaMs, totalMs }: ChatResult["timings"], t: Translate): Figure {
    const total = seconds(totalMs, t);
    if (firstDeltaMs === null) return { text: total, title: t("{0} in all", total) };
    const first = seconds(firstDeltaMs, t);
    return { text: `${first} / ${total}`, title: t("{0} to the first word, {1} in all", first, total) };
}
