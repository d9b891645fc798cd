/**
 * A Markdown text that grows, as blocks: only its end is looked at again when more of it comes.
 *
 * The blocks are always those that the whole text would give at once (test/webview/markdown.test.ts tries every prefix).
 */
import type { Links, Token, Tokens } from "marked";

import { lex } from "./lexing";

export interface Block {
    raw: string;
    token: Token;
}

export interface Grown {
    blocks: readonly Block[];
    /** The blocks before this one are the same objects as the last time. */
    same: number;
    links: Links;
    /** Whether the targets of reference links are others than the last time: then every block may look different. */
    isRelinked: boolean;
}

export class Blocks {
    private text = "";
    private links: Links = {};
    private blocks: Block[] = [];
    /** The blocks that nothing can change any more, what they define, and where the text after them begins. */
    private final = 0;
    private finalLinks: Links = {};
    private tailAt = 0;

    /** Takes the whole text so far. */
    update(whole: string): Grown {
        const text = withoutReturns(whole);
        if (!text.startsWith(this.text)) this.forget();
        this.text = text;
        const known = JSON.stringify(this.links);
        const same = this.final;
        let lexed = lex(text.slice(this.tailAt), this.finalLinks);
        const isRelinked = JSON.stringify(lexed.links) !== known;
        if (isRelinked && same > 0) {
            // A reference link may have been used long before it is defined.
            this.forget();
            lexed = lex(text, {});
        }
        this.links = lexed.links;
        this.take(lexed.tokens);
        return { blocks: this.blocks, same: isRelinked ? 0 : same, links: this.links, isRelinked };
    }

    private forget(): void {
        this.blocks = [];
        this.links = {};
        this.finalLinks = {};
        this.final = this.tailAt = 0;
    }

    /** Puts the blocks of the tail after the final ones, and finds out which of them are final now. */
    private take(tokens: Token[]): void {
        const solid = tokens.filter((token) => token.type !== "space");
        this.blocks = [...this.blocks.slice(0, this.final), ...solid.map((token) => ({ raw: token.raw, token }))];
        const ends = finished(solid);
        if (ends === 0) return;
        const length = lengthBefore(tokens, solid[ends]);
        if (length === null) return;
        if (
            !this.text.startsWith(
                tokens
                    .map((token) => token.raw)
                    .join("")
                    .slice(0, length),
                this.tailAt,
            )
        )
            return;
        for (const token of solid.slice(0, ends)) this.finalLinks = { ...linksIn(token), ...this.finalLinks };
        this.final += ends;
        this.tailAt += length;
    }
}

/**
 * How many blocks nothing can change any more: all but the last two.
 *
 * Whether a block ends is decided by the first line of the next one, and that line is whole when a third block follows.
 */
function finished(solid: Token[]): number {
    const ends = Math.max(0, solid.length - 2);
    // The title of a definition may begin in the line after it, and end far below.
    const isOpen = solid[ends - 1]?.type === "def" && /^\s*["'(]/.test(solid[ends]?.raw ?? "");
    return isOpen ? 0 : ends;
}

/** What a block defines; the first definition of a name holds. */
function linksIn(token: Token): Links {
    if (token.type === "def") {
        const { tag, href, title } = token as Tokens.Def;
        return { [tag]: { href, title } };
    }
    const inner = token.type === "list" ? (token as Tokens.List).items : childrenOf(token);
    return inner.reduceRight<Links>((links, child) => ({ ...links, ...linksIn(child) }), {});
}

function childrenOf(token: Token): Token[] {
    return "tokens" in token ? (token.tokens ?? []) : [];
}

function lengthBefore(tokens: Token[], end: Token | undefined): number | null {
    let length = 0;
    for (const token of tokens) {
        if (token === end) return length;
        length += token.raw.length;
    }
    return null;
}

/** A return at the very end may be half a line end. */
function withoutReturns(text: string): string {
    return text.includes("\r") ? text.replace(/\r$/, "").replace(/\r\n?/g, "\n") : text;
}
