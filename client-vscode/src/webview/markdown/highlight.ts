/**
 * Code to coloured lines, a part at a time, so that no part of a long text is read twice while it grows.
 *
 * A part is complete when it has so many lines; what comes after it is read on its own from where the language is in
 * none of its strings, comments or other spans.
 */
import { highlighter } from "./languages";

/** HTML of one line: spans with class names of highlight.js around escaped text. */
export type Line = string;

/** Small enough to be read anew for each line that comes, many enough to make few parts. */
export const PART_LINES = 100;
/** A string or a comment longer than this is taken for a mistake: the next part begins afresh. */
const LONGEST_SPAN_LINES = 10 * PART_LINES;

export class Highlighting {
    /** The lines from here on are read together with the next part: they end inside a span. */
    private pending: string[] = [];

    constructor(private readonly language: string) {}

    /** The lines of a part that will not change any more. Parts are given in their order, each once. */
    finish(lines: string[]): Line[] {
        const { coloured, isWhole } = this.read(lines);
        const spans = this.pending.length + lines.length;
        this.pending = isWhole || spans > LONGEST_SPAN_LINES ? [] : [...this.pending, ...lines];
        return coloured;
    }

    /** The lines of the last part, so far. */
    peek(lines: string[]): Line[] {
        return this.read(lines).coloured;
    }

    private read(lines: string[]): { coloured: Line[]; isWhole: boolean } {
        const code = [...this.pending, ...lines].join("\n");
        // The line end shows whether a span goes on in the next line.
        const result = highlighter.highlight(`${code}\n`, { language: this.language, ignoreIllegals: true });
        const coloured = linesOf(result.value).slice(this.pending.length, this.pending.length + lines.length);
        return { coloured, isWhole: isOutside(result._top) };
    }
}

/** Whether a language's reading ended outside all of its spans. */
function isOutside(top: unknown): boolean {
    return typeof top === "object" && top !== null && !("parent" in top && top.parent !== undefined);
}

/** Cuts coloured code into lines, each with its own spans closed and opened again. */
export function linesOf(html: string): Line[] {
    const open: string[] = [];
    return html.split("\n").map((line) => {
        const before = open.join("");
        for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
            if (tag === "</span>") open.pop();
            else open.push(tag);
        }
        return before + line + "</span>".repeat(open.length);
    });
}
