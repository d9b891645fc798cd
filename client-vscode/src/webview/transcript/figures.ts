/** The figures of an answer, as the line below it has them. */
import type { Translate } from "../../common/l10n";
import { costText, count } from "../../common/money";
import type { ChatResult, Cost, Usage } from "../../protocol";

/** One figure: what is shown, and what it is in full, for the tooltip and for those who do not see the line. */
export interface Figure {
    text: string;
    title: string;
}

/** "sonnet · bedrock", "9.1k (7k cached) → 340", "$0.0132", "0.5 s · 4.2 s": what is not known is not there. */
export function figuresOf(result: ChatResult, t: Translate): Figure[] {
    const { usage, cost, timings, provider } = result;
    const figures = [model(result.model, provider, t)];
    if (usage !== null) figures.push(tokens(usage, t));
    figures.push(costOf(cost, t));
    figures.push(time(timings, t));
    return figures;
}

/** 0.5 s, 4.2 s, 12 s, 3 min 20 s. */
export function seconds(ms: number, t: Translate): string {
    const tenths = Math.round(ms / 100) / 10;
    if (tenths < 10) return t("{0} s", tenths.toFixed(1));
    return waiting(Math.round(ms / 1000), t);
}

/** 9 s, 3 min 20 s. */
export function waiting(whole: number, t: Translate): string {
    if (whole < 60) return t("{0} s", whole);
    return t("{0} min {1} s", Math.floor(whole / 60), whole % 60);
}

function model(id: string, provider: string | null, t: Translate): Figure {
    // The maker is said by the name already, and the line is short.
    const name = id.slice(id.indexOf("/") + 1);
    if (provider === null) return { text: name, title: t("Answered by {0}", id) };
    return { text: `${name} · ${provider}`, title: t("Answered by {0}, served by {1}", id, provider) };
}

function tokens(usage: Usage, t: Translate): Figure {
    const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
    const input =
        cachedTokens > 0 ? t("{0} ({1} cached)", count(inputTokens), count(cachedTokens)) : count(inputTokens);
    const parts = [t("Tokens in: {0}", inputTokens)];
    if (cachedTokens > 0) parts.push(t("from the cache: {0}", cachedTokens));
    if (cacheWriteTokens > 0) parts.push(t("written to the cache: {0}", cacheWriteTokens));
    parts.push(t("out: {0}", outputTokens));
    if (reasoningTokens > 0) parts.push(t("reasoning: {0}", reasoningTokens));
    return { text: `${input} → ${count(outputTokens)}`, title: parts.join(", ") };
}

function costOf(cost: Cost, t: Translate): Figure {
    const text = costText(cost, t);
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

/** One decimal below ten, none above; never "4.0". */
