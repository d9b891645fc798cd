/** Tokens to the page's nodes. Every node comes through the sanitiser; code blocks are elements of our own. */
import { Parser, Renderer, type Token, type Tokens } from "marked";

import { t } from "../l10n";
import type { CodeBlock } from "./code";
import { openFence } from "./lexing";
import { safeTarget } from "./links";
import { isKnownHtml, sanitise } from "./sanitise";

/** What the page's headings leave to those of an answer. */
const FIRST_HEADING = 4;
const LAST_HEADING = 6;

/** The nodes of some blocks. With `isLive`, code without an end is still being written. */
export function render(tokens: Token[], isLive: boolean): DocumentFragment {
    const renderer = new PageRenderer();
    const fragment = sanitise(new Parser({ renderer }).parse(tokens));
    for (const place of fragment.querySelectorAll("[data-code]")) {
        const code = renderer.codes[Number(place.getAttribute("data-code"))];
        if (code === undefined) place.removeAttribute("data-code");
        else place.replaceWith(codeBlock(code, isLive));
    }
    for (const link of fragment.querySelectorAll("a")) finishLink(link);
    for (const box of fragment.querySelectorAll("input")) box.replaceWith(taskBox(box.checked));
    for (const table of fragment.querySelectorAll("table")) wrapTable(table);
    for (const block of fragment.querySelectorAll("p, h4, h5, h6, ul, ol, table, blockquote, summary")) {
        block.setAttribute("dir", "auto");
    }
    return fragment;
}

/** A code block alone: the most common block of all, and the longest; it needs no sanitiser, being text. */
export function codeBlock(token: Tokens.Code, isLive: boolean): CodeBlock {
    const block = document.createElement("pass-code");
    block.isOpen = isLive && openFence(token) !== null;
    // While its first line is being written, the language is only half there.
    block.info = block.isOpen && !token.raw.includes("\n") ? "" : (token.lang ?? "");
    block.code = token.text;
    return block;
}

class PageRenderer extends Renderer {
    readonly codes: Tokens.Code[] = [];

    override code(token: Tokens.Code): string {
        this.codes.push(token);
        return `<pre data-code="${this.codes.length - 1}"></pre>`;
    }

    override heading({ tokens, depth }: Tokens.Heading): string {
        const level = Math.min(LAST_HEADING, depth + FIRST_HEADING - 1);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    }

    override html(token: Tokens.HTML | Tokens.Tag): string {
        if (isKnownHtml(token.text)) return token.text;
        const text = escaped(token.text.trimEnd()).replaceAll("\n", "<br>");
        return token.block ? `<p>${text}</p>` : text;
    }

    override link({ href, tokens }: Tokens.Link): string {
        return `<a href="${escaped(href)}">${this.parser.parseInline(tokens)}</a>`;
    }

    /** The page loads nothing from elsewhere: an image is a link to it. */
    override image({ href, text }: Tokens.Image): string {
        return `<a href="${escaped(href)}">${escaped(text === "" ? t("image") : text)}</a>`;
    }
}

function finishLink(link: HTMLAnchorElement): void {
    const target = safeTarget(link.getAttribute("href") ?? "");
    if (target === null) link.removeAttribute("href");
    else link.setAttribute("href", target);
    if (target !== null) link.title = target;
}

function taskBox(isDone: boolean): HTMLElement {
    const box = document.createElement("span");
    box.className = `md-task codicon codicon-${isDone ? "pass-filled" : "circle-large"}`;
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", isDone ? t("done") : t("to do"));
    return box;
}

/** A wide table scrolls in a box of its own. */
function wrapTable(table: Element): void {
    const box = document.createElement("div");
    box.className = "md-table";
    table.replaceWith(box);
    box.append(table);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
