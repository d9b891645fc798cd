/** A block of code on its way into a file: which file, what it would look like, and whether it is still the one that was read. */
import type { TextEdit } from "../protocol";
import type { PanelTurn } from "./panel";

/** What is open, as far as it matters here. */
export interface Surroundings {
    /** The file of the active editor, else of the last one that was. */
    editor: string | null;
    /** The turn that the block is from. */
    turn: PanelTurn | null;
}

/**
 * The file that a block is for; null where the person has to say.
 *
 * The one in front of them, unless the question named others: then the one that it named.
 */
export function targetOf(here: Surroundings): string | null {
    const named = new Set(here.turn?.attachments.flatMap((chip) => fileOf(chip)) ?? []);
    if (here.editor !== null && (named.size === 0 || named.has(here.editor))) return here.editor;
    const [only] = named;
    return named.size === 1 && only !== undefined ? only : null;
}

/** The text after edits that are in the order of the document and do not overlap; positions count in UTF-16. */
export function edited(text: string, edits: TextEdit[]): string {
    const starts = lineStarts(text);
    const pieces: string[] = [];
    let at = 0;
    for (const { range, newText } of edits) {
        const from = offset(text, starts, range.start);
        const to = offset(text, starts, range.end);
        if (from < at || to < from) throw new RangeError("edits overlap or are out of order");
        pieces.push(text.slice(at, from), newText);
        at = to;
    }
    return [...pieces, text.slice(at)].join("");
}

function fileOf(chip: PanelTurn["attachments"][number]): string[] {
    return chip.type === "attachment" ? [chip.attachment.uri] : [];
}

/** Lines end as the editor ends them: with LF, CRLF or CR. */
function lineStarts(text: string): number[] {
    const starts = [0];
    for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
    return starts;
}

/** Past the end of a line is its end, past the last line the end of the text, as in every editor. */
function offset(text: string, starts: number[], position: { line: number; character: number }): number {
    const start = starts[position.line];
    if (start === undefined) return text.length;
    const next = starts[position.line + 1];
    const line = text.slice(start, next).replace(/[\r\n]+$/, "");
    return start + Math.min(position.character, line.length);
}
