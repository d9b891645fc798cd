/** Markdown to tokens, by marked. Nothing is drawn here. */
import { Lexer, type Links, Marked, type Token, type Tokens, type TokenizerExtension } from "marked";

/**
 * Formulas stay as they were written: without this, `\(` loses its backslash, and `$a_1 b_2$` gets emphasis.
 *
 * As in Pandoc, a dollar opens only before what is no space, and closes only before what is no digit: prices are none.
 */
const FORMULA =
    /^(?:\$\$[^$]+\$\$|\$(?![\s$])(?:[^$\n*`]*[^\s$\n*`])\$(?![\d$])|\\\([^\n]+?\\\)|\\\[(?:[^\n]|\n(?!\n))+?\\\])/;

const formula: TokenizerExtension = {
    name: "formula",
    level: "inline",
    start: (source) => {
        const at = source.search(/\$|\\[([]/);
        return at < 0 ? undefined : at;
    },
    tokenizer: (source) => {
        const raw = FORMULA.exec(source)?.[0];
        // A text token: the renderer escapes it and adds nothing.
        return raw === undefined ? undefined : { type: "text", raw, text: raw };
    },
};

const marked = new Marked({ extensions: [formula], gfm: true });

export interface Lexed {
    tokens: Token[];
    /** The targets of reference links: those that were handed in, and those that are defined here. */
    links: Links;
}

/** Lexes a text; `links` are reference links that are defined elsewhere. */
export function lex(text: string, links: Links): Lexed {
    const lexer = new Lexer(marked.defaults);
    Object.assign(lexer.tokens.links, links);
    const tokens = lexer.lex(text);
    return { tokens, links: tokens.links };
}

/** The innermost token at the end of a text: what is being written there. */
export function innermost(tokens: Token[]): Token | undefined {
    const last = tokens.findLast((token) => token.type !== "space");
    if (last === undefined) return undefined;
    if (last.type === "list") return innermost((last as Tokens.List).items.at(-1)?.tokens ?? []) ?? last;
    return last.type === "blockquote" ? (innermost(last.tokens ?? []) ?? last) : last;
}

const FENCE = /^[ \t>]*(`{3,}|~{3,})/;

/** The fence that a code block began with, if its end has not come; else null. */
export function openFence(token: Token): string | null {
    const fence = token.type === "code" ? FENCE.exec(token.raw)?.[1] : undefined;
    if (fence === undefined) return null;
    const last = token.raw.trimEnd().split("\n").slice(1).at(-1)?.trim() ?? "";
    const isClosed = last.length >= fence.length && last === fence.charAt(0).repeat(last.length);
    return isClosed ? null : fence;
}
