/** Asks the daemon for all that the usage page shows. Knows no `vscode` but its types. */
import type { UsageData, Wish } from "../../common/usage";
import { boundsOf, dayIn, rangeOf } from "../../common/usageRange";
import type { Credits, EffectiveConfig } from "../../protocol";
import { DaemonError, type Link } from "../daemon/link";

export type Asking = Pick<Link, "request">;

/** `folder`: whose budgets hold, a URI; null for none. Throws DaemonError. */
export async function readUsage(link: Asking, wish: Wish, folder: string | null, nowMs: number): Promise<UsageData> {
    const place = folder === null ? {} : { workspaceFolder: folder };
    const today = dayIn(zoneOf(await link.request("passerelle/config", place)), nowMs);
    const range = rangeOf(wish, today);
    const bounds = boundsOf(range);
    const byTime = { ...bounds, groupBy: range.bucket };
    const thisMonth = { since: `${today.slice(0, 7)}-01`, groupBy: "day" as const };
    const [spend, time, groups, month, { budgets }, credits] = await Promise.all([
        link.request("passerelle/usage", { ...byTime, splitBy: "model" }),
        link.request("passerelle/usage", byTime),
        link.request("passerelle/usage", { ...bounds, groupBy: wish.group }),
        link.request("passerelle/usage", thisMonth),
        link.request("passerelle/budgets", place),
        creditsOf(link),
    ]);
    const isQuiet = groups.total.attempts === 0 && month.total.attempts === 0;
    const isUnused = isQuiet && (await link.request("passerelle/usage", { groupBy: "month" })).total.attempts === 0;
    return { today, wish, spend, time, groups, month, budgets, credits, isUnused };
}

/** A gateway that does not tell, or cannot be reached, hides no ledger. */
async function creditsOf(link: Asking): Promise<Credits | string | null> {
    try {
        return await link.request("passerelle/credits", {});
    } catch (error) {
        if (!(error instanceof DaemonError)) throw error;
        return error.kind === "unsupported" ? null : error.message;
    }
}

/** Where the person's days begin; "" is the machine's zone. */
function zoneOf({ values }: EffectiveConfig): string {
    const zone = values.find(({ key }) => key === "spending.time_zone")?.value;
    return typeof zone === "string" ? zone : "";
}
