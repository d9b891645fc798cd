/** Draws a Markdown text that may still be growing: finished blocks keep their nodes. */
import type { Links, Tokens } from "marked";

import { type Block, Blocks } from "./blocks";
import { lex } from "./lexing";
import { mend } from "./mend";
import { morph } from "./morph";
import { codeBlock, render } from "./render";

interface Drawn {
    element: HTMLElement;
    /** What it was drawn from; null if it has to be drawn anew. */
    raw: string | null;
    isLive: boolean;
}

/** So many blocks are laid out together: the browser has to watch each group, and to lay out what comes into sight. */
const GROUP = 16;
/** Up to so many groups are drawn at once; more of them a slice at a time, the last ones first. */
const AT_ONCE = 8;
const SLICE_MS = 12;

export class MarkdownView {
    private readonly source = new Blocks();
    private blocks: readonly Block[] = [];
    private links: Links = {};
    private isLive = false;
    private readonly drawn = new Map<number, Drawn>();
    /** The groups that have to be looked at. */
    private readonly waiting = new Set<number>();
    private frame: number | null = null;

    constructor(private readonly host: HTMLElement) {}

    /** Shows the whole text so far; `isLive` while more of it may come. */
    show(text: string, isLive: boolean): void {
        const { blocks, same, links, isRelinked } = this.source.update(text);
        Object.assign(this, { blocks, links, isLive });
        if (isRelinked) for (const drawn of this.drawn.values()) drawn.raw = null;
        this.shorten();
        const groups = Math.ceil(blocks.length / GROUP);
        for (let group = Math.floor(same / GROUP); group < groups; group++) {
            this.waiting.add(group);
            this.arrange(group);
        }
        this.drawWaiting();
    }

    /** Gives up what it was to draw later. */
    stop(): void {
        if (this.frame !== null) cancelAnimationFrame(this.frame);
        this.frame = null;
    }

    private readonly drawWaiting = (): void => {
        this.stop();
        const isMuch = this.waiting.size > AT_ONCE;
        const until = performance.now() + SLICE_MS;
        for (const group of [...this.waiting].sort((one, other) => other - one)) {
            this.waiting.delete(group);
            this.drawGroup(group);
            if (isMuch && performance.now() > until) {
                this.frame = requestAnimationFrame(this.drawWaiting);
                return;
            }
        }
    };

    private drawGroup(group: number): void {
        const place = this.groupAt(group);
        for (let at = group * GROUP; at < (group + 1) * GROUP; at++) {
            const block = this.blocks[at];
            if (block !== undefined) this.draw(place, at, block, this.isLive && at === this.blocks.length - 1);
        }
        place.classList.remove("md-pending");
    }

    private draw(place: HTMLElement, at: number, block: Block, isLive: boolean): void {
        const drawn = this.drawn.get(at);
        if (drawn?.raw === block.raw && drawn.isLive === isLive) return;
        const nodes = nodesOf(block, isLive, this.links);
        const element = drawn?.element ?? document.createElement("div");
        this.drawn.set(at, { element, raw: block.raw, isLive });
        if (drawn !== undefined) {
            morph(element, nodes);
            return;
        }
        element.className = "md-block";
        element.append(nodes);
        place.append(element);
    }

    /** Takes away what is beyond the end: the text is another one, or its end reads otherwise now. */
    private shorten(): void {
        for (const [at, { element }] of this.drawn) {
            if (at < this.blocks.length) continue;
            element.remove();
            this.drawn.delete(at);
        }
        const groups = Math.ceil(this.blocks.length / GROUP);
        for (const group of this.waiting) if (group >= groups) this.waiting.delete(group);
        for (const empty of [...this.host.children].slice(groups)) empty.remove();
    }

    /** Says how high a group will be, about, for the scroll bar: it is not laid out before it is near the window. */
    private arrange(group: number): void {
        const blocks = this.blocks.slice(group * GROUP, (group + 1) * GROUP);
        const lines = blocks.reduce((sum, block) => sum + linesOf(block), 0);
        this.groupAt(group).style.setProperty("--md-lines", String(lines));
    }

    private groupAt(group: number): HTMLElement {
        const known = this.host.children[group];
        if (known instanceof HTMLElement) return known;
        const element = document.createElement("div");
        element.className = "md-group md-pending";
        this.host.append(element);
        return element;
    }
}

function nodesOf(block: Block, isLive: boolean, links: Links): DocumentFragment {
    if (block.token.type === "code") {
        const fragment = document.createDocumentFragment();
        const text = isLive ? mend(block.raw, block.token) : block.raw;
        const token = text === block.raw ? block.token : lex(text, links).tokens[0];
        if (token?.type === "code") fragment.append(codeBlock(token as Tokens.Code, isLive));
        return fragment;
    }
    if (!isLive) return render([block.token], false);
    return render(lex(mend(block.raw, block.token), links).tokens, true);
}

const SIGNS_A_LINE = 60;
/** The head and the frame of a code block. */
const LINES_AROUND_CODE = 3;

function linesOf({ raw, token }: Block): number {
    const lines = raw.trimEnd().split("\n");
    if (token.type === "code") return lines.length + LINES_AROUND_CODE;
    return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / SIGNS_A_LINE)), 1);
}
