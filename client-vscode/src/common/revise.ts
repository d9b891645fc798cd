/** Taking up an earlier question again: what the composer then holds. */
import { imageChip } from "./chips";
import type { Translate } from "./l10n";
import type { Chip, Draft, PanelTurn } from "./panel";
import type { Part } from "../protocol";

/** The draft that takes the turn's place when it is sent; null while it is being answered. */
export function revision(turn: PanelTurn, t: Translate): Draft | null {
    if (turn.state === "running") return null;
    const parts = questionOf(turn);
    const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    const images = parts.flatMap((part): Chip[] => (part.type === "image" ? [imageChip(part, t("Image"))] : []));
    return { text, chips: [...turn.attachments, ...images], replaces: turn.id ?? turn.key };
}

/** What ArrowUp in an empty composer takes up: the last question. */
export function lastRevision(turns: PanelTurn[], t: Translate): Draft | null {
    const last = turns.at(-1);
    return last === undefined ? null : revision(last, t);
}

/** Whether nothing is written and nothing attached. */
export function isBlank(draft: Draft): boolean {
    return draft.text.trim() === "" && draft.chips.length === 0;
}

function questionOf(turn: PanelTurn): Part[] {
    const content = turn.messages.findLast((message) => message.role === "user")?.content ?? "";
    return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
