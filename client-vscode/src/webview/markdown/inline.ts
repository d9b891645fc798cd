/** What is open at the end of a paragraph: emphasis, code, a link, a tag. */

/** The target of a link that has not come yet; src/webview/markdown/links.ts lets it lead nowhere. */
export const PENDING = "pending:";

interface Mark {
    sign: string;
    count: number;
    at: number;
}

interface Open {
    marks: Mark[];
    /** Where brackets were opened. */
    brackets: number[];
}

/** Where the last paragraph, item, cell or heading of a block begins: what was open before it stays as it is. */
const PARAGRAPH = /\n[ \t>]*(?=\n|(?:[-+*]|\d{1,9}[.)])[ \t]|#{1,6}[ \t]|\|)/g;

/** The text with all that is open at its end closed, or hidden where nothing but the sign has come. */
export function closeInline(text: string): string {
    const open: Open = { marks: [], brackets: [] };
    let at = 0;
    for (const match of text.matchAll(PARAGRAPH)) at = match.index + match[0].length;
    while (at < text.length) {
        const next = step(text, at, open);
        if (typeof next === "string") return next;
        at = next;
    }
    return closed(text, open);
}

/** Reads what begins at a place: where to go on, or the whole text mended if its end has been found. */
function step(text: string, at: number, open: Open): number | string {
    switch (text.charAt(at)) {
        case "\\":
            return at + 2;
        case "`":
            return code(text, at, open);
        case "<":
            return tag(text, at, open);
        case "[":
            open.brackets.push(at);
            return at + 1;
        case "]":
            return bracket(text, at, open);
        case "*":
        case "_":
        case "~":
            return emphasis(text, at, open);
        default:
            return at + 1;
    }
}

function code(text: string, at: number, open: Open): number | string {
    const run = runAt(text, at);
    const from = at + run.length;
    const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(text.slice(from));
    if (end !== null) return from + end.index + run.length;
    const inside = text.slice(from).replace(/`+$/, "");
    if (inside.trim() === "") return closed(text.slice(0, at), open);
    return closed(`${text.slice(0, from)}${inside}${run}`, open);
}

function tag(text: string, at: number, open: Open): number | string {
    const whole = /^<[^<>\n]+>/.exec(text.slice(at));
    if (whole !== null) return at + whole[0].length;
    return /^<(?:[a-z/!][^<>\n]*)?$/i.test(text.slice(at)) ? closed(text.slice(0, at), open) : at + 1;
}

/** The end of a link's words: its target may be on its way. */
function bracket(text: string, at: number, open: Open): number | string {
    const start = open.brackets.pop();
    if (start === undefined || text.charAt(at + 1) !== "(") return at + 1;
    const target = /^\((?:[^()\n]|\([^()\n]*\))*\)/.exec(text.slice(at + 1));
    if (target !== null) return at + 1 + target[0].length;
    if (text.slice(at).includes("\n")) return at + 1;
    const inside = open.marks.filter((mark) => mark.at > start);
    const words = closed(text.slice(0, at), { marks: inside, brackets: [] });
    const outside = { marks: open.marks.filter((mark) => mark.at < start), brackets: [] };
    return closed(`${words}](${PENDING})`, outside);
}

function emphasis(text: string, at: number, open: Open): number {
    const run = runAt(text, at);
    const [before, after] = [text.charAt(at - 1), text.charAt(at + run.length)];
    const sign = run.charAt(0);
    if (sign === "~" && run.length !== 2) return at + run.length;
    let count = run.length;
    const own = open.marks.findLast((mark) => mark.sign === sign);
    if (own !== undefined && /\S/.test(before)) {
        const closing = Math.min(count, own.count);
        own.count -= closing;
        count -= closing;
        if (own.count === 0) open.marks.splice(open.marks.indexOf(own));
    }
    const canOpen = !/\s/.test(after) && !/[\p{L}\p{N}]/u.test(before);
    if (count > 0 && canOpen) open.marks.push({ sign, count, at: at + run.length - count });
    return at + run.length;
}

/** Closes what is open, the innermost first; a mark that nothing follows yet is not shown. */
function closed(text: string, open: Open): string {
    const bracket = open.brackets.at(-1);
    let end = withoutTrailing(text, open);
    let closing = "";
    for (const mark of open.marks.toReversed()) {
        if (mark.at + mark.count >= end.length && closing === "") end = end.slice(0, mark.at).trimEnd();
        else closing += mark.sign.repeat(mark.count);
    }
    if (bracket === undefined || bracket >= end.length || !isLink(text, bracket)) return end + closing;
    const isImage = text.charAt(bracket - 1) === "!";
    return end.slice(0, isImage ? bracket - 1 : bracket) + end.slice(bracket + 1) + closing;
}

/** Spaces at the end would keep the closing signs from closing. */
function withoutTrailing(text: string, open: Open): string {
    return open.marks.length > 0 ? text.trimEnd() : text;
}

/** `list[0]` is no link; `[words` may become one. */
function isLink(text: string, bracket: number): boolean {
    return !/[\p{L}\p{N}_)\]]/u.test(text.charAt(bracket - 1));
}

function runAt(text: string, at: number): string {
    let end = at;
    while (text.charAt(end) === text.charAt(at)) end++;
    return text.slice(at, end);
}
