/** Money, tokens and windows as a person reads them. Unknown stays unknown, and an estimate says so. */
import type { Cost, Price, Spent } from "../protocol";
import type { Translate } from "./l10n";

/** At least cents, and two digits that say something: $0, $0.0032, $0.12, $3.50. */
export function dollars(usd: number): string {
    if (usd === 0) return "$0";
    const decimals = Math.min(10, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(usd)))));
    return `$${grouped(usd.toFixed(decimals))}`;
}

/** To the digit that `step` has, as an axis is labelled: "$0.0015", "$0.0010", "$0.0005", "$0". */
export function dollarsBy(step: number, usd: number): string {
    if (usd === 0 || step <= 0) return dollars(usd);
    const decimals = DECIMALS.find((count) => isWhole(step * 10 ** count)) ?? 10;
    return `$${grouped(usd.toFixed(decimals))}`;
}

/** Never tenths alone: "$0.50". */
const DECIMALS = [0, 2, 3, 4, 5, 6, 7, 8, 9];

/** "$3 → $15 /M, cached $0.30": per million tokens, in, out and from the cache. */
export function priceText(price: Price, t: Translate): string {
    const { input, output, cacheRead } = price;
    if (input === null && output === null) return t("price unknown");
    if (input === 0 && output === 0) return t("free");
    const both = `${rate(input)} → ${rate(output)} /M`;
    return cacheRead === null ? both : t("{0}, cached {1}", both, rate(cacheRead));
}

/** Tokens that were used: 340, 9.1k, 128k, 1.2M. */
export function count(tokens: number): string {
    if (tokens < 1000) return String(tokens);
    if (tokens < 999_500) return short(tokens / 1000, "k");
    return short(tokens / 1_000_000, "M");
}

/** A context window as its makers say it: 512, 200k, 131k (131,072), 1M, 1.05M (1,048,576). */
export function tokensText(tokens: number): string {
    if (tokens < 1000) return `${tokens}`;
    if (Math.round(tokens / 1000) < 1000) return `${Math.round(tokens / 1000)}k`;
    return `${(tokens / 1_000_000).toFixed(2).replace(/\.?0+$/, "")}M`;
}

/** What one answer cost: "$0.0027", "≈ $0.0027" for an estimate. */
export function costText(cost: Cost, t: Translate): string {
    if (cost.usd === null || cost.source === "unknown") return t("cost unknown");
    return cost.source === "estimate" ? `≈ ${dollars(cost.usd)}` : dollars(cost.usd);
}

/** What the prompt cache took off; filling it costs more than it saves at first. "" for nothing. */
export function savedText(usd: number, t: Translate): string {
    if (usd === 0) return "";
    return usd > 0 ? t("{0} saved", dollars(usd)) : t("{0} to fill the cache", dollars(-usd));
}

/** What all answers cost together, briefly; "+ ?" where the cost of some is not known. */
export function spentText(spent: Pick<Spent, "costUsd" | "estimatedUsd" | "unknown">): string {
    const about = spent.estimatedUsd > 0 ? "≈ " : "";
    return `${about}${dollars(spent.costUsd + spent.estimatedUsd)}${spent.unknown > 0 ? " + ?" : ""}`;
}

/** But for what a computer loses of a tenth. */
function isWhole(value: number): boolean {
    return value > 0.5 && Math.abs(value - Math.round(value)) < 1e-6;
}

/** A price per million tokens, to the digit, as price lists have it: whole dollars without cents, else with them. */
function rate(usd: number | null): string {
    if (usd === null) return "?";
    if (Number.isInteger(usd)) return `$${grouped(`${usd}`)}`;
    const digits = usd.toFixed(6).replace(/0+$/, "");
    return `$${grouped(digits.padEnd(digits.indexOf(".") + 3, "0"))}`;
}

/** Thousands apart; the digits behind the point stay together. */
function grouped(digits: string): string {
    const [whole = "", fraction] = digits.split(".");
    const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return fraction === undefined ? apart : `${apart}.${fraction}`;
}

function short(value: number, unit: string): string {
    return `${(value < 9.95 ? value.toFixed(1) : value.toFixed(0)).replace(/\.0$/, "")}${unit}`;
}
