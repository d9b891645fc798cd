/** Budgets as a person reads them: which one it is, how full, and when it begins anew. Whether a request fits is the daemon's to say. */
import type { BudgetState, Per, Status } from "../protocol";
import type { Translate } from "./l10n";
import { dollars } from "./money";

/** "Budget per day for chat, title (anthropic/*)". */
export function budgetName({ per, roles, models }: BudgetState, t: Translate): string {
    const names: Record<Per, string> = {
        day: t("Budget per day"),
        week: t("Budget per week"),
        month: t("Budget per month"),
        conversation: t("Budget per conversation"),
        workspace: t("Budget per workspace"),
    };
    const whose = roles.length === 0 ? names[per] : t("{0} for {1}", names[per], roles.join(", "));
    return models.length === 0 ? whose : `${whose} (${models.join(", ")})`;
}

/** "▰▰▰▰▰▰▰▰▱▱ 84%, $4.20 of $5, resets in 5 h"; what running requests may still cost counts, as it does for the daemon. */
export function budgetText(budget: BudgetState, nowMs: number, t: Translate): string {
    const { usd, spentUsd, inFlightUsd, resetsAt } = budget;
    const used = spentUsd + inFlightUsd;
    const share = usd > 0 ? used / usd : 1;
    const spent = t("{0} of {1}", dollars(used), dollars(usd));
    const facts = [`${bar(share)} ${Math.floor(share * 100)}%`, spent, untilText(resetsAt, nowMs, t)];
    return facts.filter((fact) => fact !== "").join(", ");
}

/** Of a status "overBudget", the budget that stops chats; null where it is the gateway's credits that are used up. */
export function stoppingBudget(status: Status): BudgetState | null {
    // Whether the model is one of a budget's, the daemon has found.
    const stops = ({ state, action, roles }: BudgetState): boolean =>
        state === "reached" && action === "stop" && (roles.length === 0 || roles.includes("chat"));
    return status.budgets?.find(stops) ?? null;
}

/** When a budget begins anew; "" where it never does. */
export function untilText(iso: string | null, nowMs: number, t: Translate): string {
    const minutes = Math.ceil((Date.parse(iso ?? "") - nowMs) / 60_000);
    if (Number.isNaN(minutes)) return "";
    if (minutes < 60) return t("resets in {0} min", Math.max(1, minutes));
    return minutes < 60 * 48
        ? t("resets in {0} h", Math.round(minutes / 60))
        : t("resets in {0} d", Math.round(minutes / 1440));
}

const BAR_LENGTH = 10;

/** Full only where nothing is left. */
function bar(share: number): string {
    const full = Math.min(BAR_LENGTH, Math.floor(share * BAR_LENGTH));
    return "▰".repeat(full) + "▱".repeat(BAR_LENGTH - full);
}
