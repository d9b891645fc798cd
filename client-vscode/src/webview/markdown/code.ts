/** `<pass-code>`: a code block, with what can be done with it. It changes no file: the host does. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon, PageElement } from "../app-element";
import { t } from "../l10n";
import { CodeLines } from "./code-lines";
import { type Language, languageOf } from "./languages";

const COPIED_MS = 1600;

@customElement("pass-code")
export class CodeBlock extends PageElement {
    @property({ attribute: false }) code = "";
    /** The first line of its fence: the language, and what else stands there. */
    @property({ attribute: false }) info = "";
    /** More of it may come. */
    @property({ attribute: false }) isOpen = false;
    @state() private isWrapped = false;
    @state() private isCopied = false;
    private copiedTimer: ReturnType<typeof setTimeout> | undefined;
    private lines: CodeLines | null = null;

    /** Takes over what another block shows. */
    become(other: CodeBlock): void {
        this.code = other.code;
        this.info = other.info;
        this.isOpen = other.isOpen;
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearTimeout(this.copiedTimer);
        this.lines?.stop();
    }

    override connectedCallback(): void {
        super.connectedCallback();
        // Taken out and put in again, it has to go on where it stopped.
        if (this.hasUpdated) this.requestUpdate("code", null);
    }

    protected override render(): TemplateResult {
        const language = languageOf(this.info);
        const name = language.name;
        return html`
            <div class="code-head">
                <span class="code-language">${name === "" ? t("Code") : name}</span>
                <span class="code-actions">
                    ${this.button("wrap", "word-wrap", t("Wrap Long Lines"), this.wrap, this.isWrapped)}
                    ${this.isOpen ? nothing : this.renderActions(language)}
                </span>
            </div>
            <div
                class="code-body ${this.isWrapped ? "wrapped" : ""}"
                role="region"
                aria-label=${name === "" ? t("Code") : t("Code, {0}", name)}
            >
                <pre dir="ltr"><code class="hljs"></code></pre>
            </div>
            <span class="hidden" role="status">${this.isCopied ? t("Copied") : ""}</span>
        `;
    }

    private renderActions(language: Language): TemplateResult {
        const apply = (): void => {
            const turn = this.closest<HTMLElement>("[data-turn]")?.dataset.turn ?? null;
            this.act({ type: "apply", code: this.code, language: language.id, turn });
        };
        const insert = (): void => {
            this.act({ type: "insert", code: this.code });
        };
        const copied = this.isCopied;
        return html`
            ${this.button("insert", "insert", t("Insert at Cursor"), insert)}
            ${this.button("apply", "go-to-file", t("Apply to File…"), apply)}
            ${this.button(copied ? "copy done" : "copy", copied ? "check" : "copy", copied ? t("Copied") : t("Copy"), this.copy)}
        `;
    }

    private button(name: string, sign: string, label: string, does: () => void, isPressed?: boolean): TemplateResult {
        return html`<button
            type="button"
            class="icon-button code-${name}"
            title=${label}
            aria-label=${label}
            aria-pressed=${isPressed === undefined ? nothing : isPressed ? "true" : "false"}
            @click=${does}
        >
            ${icon(sign)}
        </button>`;
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has("info")) this.lines?.stop();
        const place = this.querySelector<HTMLElement>("code");
        if (place === null) return;
        if (changed.has("info") || this.lines === null) this.lines = new CodeLines(place, languageOf(this.info));
        if (changed.has("code") || changed.has("info") || changed.has("isOpen"))
            this.lines.show(this.code, this.isOpen);
    }

    private readonly wrap = (): void => {
        this.isWrapped = !this.isWrapped;
    };

    private readonly copy = (): void => {
        this.act({ type: "copy", text: this.code });
        this.isCopied = true;
        clearTimeout(this.copiedTimer);
        this.copiedTimer = setTimeout(() => {
            this.isCopied = false;
        }, COPIED_MS);
    };
}

declare global {
    interface HTMLElementTagNameMap {
        "pass-code": CodeBlock;
    }
}
