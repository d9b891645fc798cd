/** `<pass-markdown>`: a Markdown text, which may still be growing. Links are followed by the host. */
import { customElement, property } from "lit/decorators.js";

import { PageElement } from "../app-element";
import { MarkdownView } from "./view";

/** Drawing may take this part of the time, so that the page answers while much text comes. */
const SHARE = 5;
const FRAME_MS = 16;

@customElement("pass-markdown")
export class MarkdownText extends PageElement {
    @property({ attribute: false }) text = "";
    /** More of it may come. */
    @property({ attribute: false }) isLive = false;
    private readonly view = new MarkdownView(this);
    private timer: ReturnType<typeof setTimeout> | null = null;
    private restUntil = 0;

    constructor() {
        super();
        this.addEventListener("click", this.follow);
        this.addEventListener("auxclick", this.follow);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.forgetTimer();
        this.view.stop();
    }

    override connectedCallback(): void {
        super.connectedCallback();
        if (this.hasUpdated) this.requestUpdate();
    }

    protected override updated(): void {
        const wait = this.restUntil - performance.now();
        if (!this.isLive || wait <= 0) this.draw();
        else this.timer ??= setTimeout(this.draw, wait);
    }

    private readonly draw = (): void => {
        this.forgetTimer();
        const start = performance.now();
        this.view.show(this.text, this.isLive);
        const now = performance.now();
        this.restUntil = now + Math.max(FRAME_MS / 2, (now - start) * SHARE);
    };

    private forgetTimer(): void {
        if (this.timer !== null) clearTimeout(this.timer);
        this.timer = null;
    }

    /** Also keeps the editor's own handler of links from opening it a second time. */
    private readonly follow = (event: Event): void => {
        const link = event.target instanceof Element ? event.target.closest("a") : null;
        if (link === null) return;
        event.preventDefault();
        event.stopPropagation();
        const href = link.getAttribute("href");
        if (href !== null) this.act({ type: "openLink", href });
    };
}

declare global {
    interface HTMLElementTagNameMap {
        "pass-markdown": MarkdownText;
    }
}
