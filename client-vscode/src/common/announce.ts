/** What a screen reader is told when the state changes by itself: never the answer's own words, which are in the page. */
import type { Translate } from "./l10n";
import type { PanelState, PanelTurn } from "./panel";

/** The sentence for the step from one state to the next; null where there is nothing to say. */
export function announcement(before: PanelState, after: PanelState, t: Translate): string | null {
    if (before === after) return null;
    return (
        ofTurns(before.turns, after.turns, t) ??
        ofDaemon(before, after, t) ??
        ofChips(before, after, t) ??
        ofList(before, after, t)
    );
}

function ofTurns(before: PanelTurn[], after: PanelTurn[], t: Translate): string | null {
    if (before === after) return null;
    const last = after.at(-1);
    if (last === undefined) return null;
    const known = before.find((turn) => turn.key === last.key);
    if (known?.state === last.state) return null;
    if (known === undefined && last.state !== "running") return null;
    return ofTurn(last, t);
}

function ofTurn(turn: PanelTurn, t: Translate): string {
    switch (turn.state) {
        case "running":
            return t("The answer is being written");
        case "done":
            return t("Answer complete");
        case "cancelled":
            return t("Stopped");
        case "cutOff":
            return t("The answer broke off");
        case "failed":
            return turn.problem?.message ?? t("The question could not be answered");
    }
}

function ofDaemon(before: PanelState, after: PanelState, t: Translate): string | null {
    if (before.daemon.state === after.daemon.state) return null;
    switch (after.daemon.state) {
        case "starting":
            return null;
        case "running":
            return before.daemon.state === "stopped" ? t("The daemon runs again") : null;
        case "stopped":
            return after.daemon.problem?.message ?? t("The daemon has stopped");
    }
}

function ofChips(before: PanelState, after: PanelState, t: Translate): string | null {
    if (before.draft.chips === after.draft.chips || before.draft.replaces !== after.draft.replaces) return null;
    const known = new Set(before.draft.chips.map((chip) => chip.key));
    const added = after.draft.chips.filter((chip) => !known.has(chip.key)).map((chip) => chip.label);
    return added.length === 0 ? null : t("Attached: {0}", added.join(", "));
}

function ofList(before: PanelState, after: PanelState, t: Translate): string | null {
    if (!after.list.open || before.list.conversations === after.list.conversations) return null;
    return after.list.total === 1 ? t("1 conversation") : t("{0} conversations", after.list.total);
}
