/**
 * The end of a text that is still being written, so that what is begun there looks right already: open emphasis is
 * closed, half a link shows its words, half a table is a table, and signs that may become anything wait unseen.
 */
import type { Token } from "marked";

import { closeInline } from "./inline";
import { innermost, openFence } from "./lexing";

/** The last block of a text, mended; `token` is how it reads without. */
export function mend(raw: string, token: Token): string {
    const inner = innermost([token]);
    if (inner?.type === "code") return withoutHalfFence(raw, openFence(inner));
    if (inner?.type === "html" || inner?.type === "def") return raw;
    const text = withoutHalfMarker(raw);
    return closeInline(inner?.type === "table" ? text : withTable(text));
}

/** Some of the signs that end the code have come: they are none of its lines. */
function withoutHalfFence(raw: string, fence: string | null): string {
    if (fence === null) return raw;
    const line = raw.slice(raw.lastIndexOf("\n") + 1);
    const signs = line.trim();
    const isHalf = raw.includes("\n") && signs !== "" && fence.startsWith(signs);
    return isHalf ? raw.slice(0, -line.length) : raw;
}

/**
 * A last line of nothing but a bullet, a number, hashes, or what may become a rule, a fence or the line under a heading.
 *
 * `text` and `-` under it are a heading to Markdown; most often, a list begins there.
 */
const HALF_MARKER =
    /(^|\n)[ \t>]*(?:[-+*=_]+|(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?|\d{1,9}[.)]?|#{1,6}|`{1,2}|~{1,2}|\|)?[ \t]*$/;

function withoutHalfMarker(raw: string): string {
    return raw.replace(HALF_MARKER, "");
}

/** A header and what has come of the line under it are a table from the first sign on. */
function withTable(raw: string): string {
    const lines = raw.split("\n");
    const isRule = /^[ \t>]*\|[ \t:|-]*$/.test(lines.at(-1) ?? "") && lines.length > 1;
    if (isRule) lines.pop();
    const header = lines.at(-1) ?? "";
    const row = /^([ \t>]*)\|[^\n]*$/.exec(header);
    if (row === null) return raw;
    // What stands in a row of its own, with text right above it and a rule not yet begun, may be anything.
    const closed = closeInline(header).replace(/[ \t|]*$/, " |");
    const cells = (closed.match(/(?<!\\)\|/g) ?? []).length - 1;
    return [...lines.slice(0, -1), closed, `${row[1] ?? ""}|${" --- |".repeat(cells)}`].join("\n");
}
